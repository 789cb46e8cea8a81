"""Other words for the words of a question, kept beside the index."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FILE = "synonyms.json"


@dataclass(frozen=True, slots=True)
class Synonyms:
    """By language, what else a word may be called."""

    words: Mapping[str, Mapping[str, Sequence[str]]]

    def of(self, lang: str) -> Mapping[str, Sequence[str]]:
        """Return the words of one language."""
        return self.words.get(lang, {})

    def save(self, directory: Path) -> None:
        """Write them to a file of `directory`."""
        words = {
            lang: {_folded(word): list(others) for word, others in entries.items()}
            for lang, entries in self.words.items()
        }
        text = json.dumps(words, ensure_ascii=False, sort_keys=True)
        (directory / FILE).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> Synonyms:
        """Read what `save` wrote."""
        return cls(json.loads((directory / FILE).read_text(encoding="utf-8")))


def expanded(text: str, words: Mapping[str, Sequence[str]]) -> str:
    """Return `text` followed by the other names of the words that stand in it.

    >>> expanded("ゴミの出し方", {"ゴミ": ["廃棄物"]})
    'ゴミの出し方 廃棄物'
    """
    folded = _folded(text)
    others = [other for word, names in words.items() if word in folded for other in names]
    return " ".join((text, *dict.fromkeys(others)))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
