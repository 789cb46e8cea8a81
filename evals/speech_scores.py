"""What a transcript is worth: errors of characters and of sounds, terms, insertions."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz.distance import Levenshtein

from knowledge.japanese import reading
from speech.lexicon import Lexicon
from speech.sounds import sounds

SHORTEST = 3
"""Characters of a term that recall is measured on; shorter ones are everyday words."""

_MORA = re.compile(r"[^aiueoNQ]*[aiueoNQ]")


@dataclass
class Errors:
    """Edits and characters of references."""

    edits: int = 0
    size: int = 0

    def add(self, reference: Sequence[str], hypothesis: Sequence[str]) -> None:
        """Count one pair."""
        self.edits += Levenshtein.distance(reference, hypothesis)
        self.size += len(reference)

    @property
    def rate(self) -> float | None:
        """Edits for a character of the references."""
        return round(self.edits / self.size, 4) if self.size else None


@dataclass
class Tally:
    """Transcripts of one kind of clips, counted."""

    lexicon: Lexicon
    clips: int = 0
    characters: Errors = field(default_factory=Errors)
    kana: Errors = field(default_factory=Errors)
    by_lang: dict[str, Errors] = field(default_factory=lambda: defaultdict(Errors))
    terms: int = 0
    recalled: int = 0
    inserted: list[dict[str, Any]] = field(default_factory=list)
    wrong: int = 0
    hits: int = 0
    asked: int = 0

    def add(self, lang: str, reference: str, hypothesis: str, untaught: str = "") -> None:
        """Count a transcript; `untaught` is what the model heard before it was told terms."""
        self.clips += 1
        wanted, written = plain(reference), plain(hypothesis)
        self.characters.add(wanted, written)
        self.by_lang[lang].add(wanted, written)
        if lang.split("-")[0] != "ja":
            return
        self.kana.add(morae(reference), morae(hypothesis))
        said = [term for term in self.lexicon.found(reference) if len(term) >= SHORTEST]
        self.terms += len(said)
        self.recalled += sum(term in hypothesis for term in said)
        self.wrong += bool(unsaid(self.lexicon, reference, hypothesis, ""))
        brought = unsaid(self.lexicon, reference, hypothesis, untaught)
        if brought:
            self.inserted.append({"said": reference, "written": hypothesis, "terms": brought})

    def as_json(self) -> dict[str, Any]:
        """Return the rates."""
        report: dict[str, Any] = {
            "clips": self.clips,
            "cer": self.characters.rate,
            "by_lang": {lang: errors.rate for lang, errors in sorted(self.by_lang.items())},
        }
        if self.kana.size:
            report["kana_cer"] = self.kana.rate
        if self.terms:
            report["terms"] = self.terms
            report["term_recall"] = round(self.recalled / self.terms, 4)
            report["term_insertions"] = round(len(self.inserted) / self.clips, 4)
            report["misheard_as_terms"] = round(self.wrong / self.clips, 4)
        if self.asked:
            report["hit@10"] = round(self.hits / self.asked, 4)
        return report


def plain(text: str) -> str:
    """Return `text` as errors are counted on it: NFKC, no case, no punctuation, no spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        letter for letter in folded if unicodedata.category(letter)[0] not in ("P", "S", "Z", "C")
    )


def morae(text: str) -> list[str]:
    """Return how Japanese `text` is read, by morae; long vowels alike however written."""
    return _MORA.findall(sounds(reading(text)))


def unsaid(lexicon: Lexicon, reference: str, hypothesis: str, untaught: str) -> list[str]:
    """Return the terms written that were not said and that `untaught` does not hold either.

    A term counts as said when its sound is in the sound of the reference: another
    spelling is no insertion.
    """
    sound = sounds(reading(reference))
    return [
        term
        for term in dict.fromkeys(lexicon.found(hypothesis))
        if term not in reference
        and plain(term) not in plain(untaught)
        and lexicon.sound(term) not in sound
    ]


def latency(milliseconds: Sequence[float]) -> Mapping[str, float | None]:
    """Return the median and the 95th percentile."""
    ordered = sorted(milliseconds)
    if not ordered:
        return {"median": None, "p95": None}
    return {
        "median": round(ordered[len(ordered) // 2]),
        "p95": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]),
    }
