"""The official terms of a city's procedures and their fixed translations.

Entries are those of ``glossary.yaml``: `term`, `translations` by language,
`accepted` further forms by language, `easy` an explanation in やさしい日本語, and
`everyday` for general words, which each sentence puts in its own way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from knowledge.article import languages

STEM = 5
"""Letters of a word that no ending changes."""

SHARE = 0.7
"""The share of a translation's words, or pairs of characters, that an inflected form keeps."""

_BRACKETS = re.compile(r"[(（].*?[)）]")


class Glossary:
    """The terms of one city, looked for in texts; the longest of two that overlap counts."""

    def __init__(self, entries: Iterable[Mapping[str, Any]]) -> None:
        self._entries = {str(entry["term"]): entry for entry in entries}
        longest = sorted(self._entries, key=len, reverse=True)
        self._terms = re.compile("|".join(map(re.escape, longest)) or r"(?!)")

    def terms_in(self, japanese: str) -> list[str]:
        """Return the terms that stand in a Japanese text, each once, in its order."""
        return list(dict.fromkeys(self._terms.findall(japanese)))

    def official(self, term: str, lang: str) -> str:
        """Return how a term is put in `lang`: its translation, or its explanation; "" for none."""
        entry = self._entries[term]
        if lang == "ja-x-easy":
            easy = str(entry.get("easy", ""))
            return f"{term}（{easy}）" if easy else ""
        return str(entry["translations"].get(lang, ""))

    def lacking(self, japanese: str, text: str, lang: str) -> list[str]:
        """Return the terms of a Japanese text that its translation puts in words of its own.

        An inflected form counts, and so do the `accepted` forms, and the Japanese term
        itself, which is what stands on the sign. `text` has no ruby.
        """
        return [term for term in self.terms_in(japanese) if not self._is_put(term, text, lang)]

    def _is_put(self, term: str, text: str, lang: str) -> bool:
        entry, own = self._entries[term], folded(text)
        fixed = entry["translations"].get(lang)
        if fixed is None or entry.get("everyday") or folded(term) in own:
            return True
        forms = (fixed, *entry.get("accepted", {}).get(lang, ()))
        return any(_uses(own, form, lang) for form in forms)


def folded(text: str) -> str:
    """Return `text` with one form of each letter, one space between words."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(plain.split())


def _uses(text: str, wanted: str, lang: str) -> bool:
    bare = folded(_BRACKETS.sub(" ", wanted))
    if folded(wanted) in text or bare in text:
        return True
    if languages()[lang].script == "bigram":
        joined, bare = text.replace(" ", ""), bare.replace(" ", "")
        parts = [bare[start : start + 2] for start in range(len(bare) - 1)]
        return bool(parts) and sum(part in joined for part in parts) >= SHARE * len(parts)
    parts = [word[:STEM] for word in re.split(r"[\s\-/,]+", bare) if len(word) > 3]
    return bool(parts) and sum(part in text for part in parts) >= SHARE * len(parts)
