"""Words and phrases by language, kept in files: emergencies, wishes for a person, facets."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

_KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
_SPACED = re.compile(r"(?<=[ぁ-ゖァ-ヺー一-龯]) (?=[ぁ-ゖァ-ヺー一-龯])")
"""The spaces of easy Japanese, written between words; phrases are tried without them too."""


def fold(text: str) -> str:
    """Return `text` as the phrase files are matched: NFKC, case-folded, plain apostrophes."""
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


def _files(folder: str) -> dict[str, Any]:
    return {
        entry.name.removesuffix(".yaml"): yaml.safe_load(entry.read_text(encoding="utf-8"))
        for entry in resources.files("assistant").joinpath(folder).iterdir()
        if entry.name.endswith(".yaml")
    }


def _any(patterns: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{fold(p)})" for p in patterns)) if patterns else None


def _each(patterns: list[str]) -> tuple[re.Pattern[str], ...]:
    """Each on its own: with hundreds, three times as fast as one alternation of them."""
    return tuple(re.compile(fold(pattern)) for pattern in patterns)


@dataclass(frozen=True, slots=True)
class _Emergencies:
    lang: str
    kinds: tuple[tuple[str, tuple[re.Pattern[str], ...]], ...]
    unless: tuple[re.Pattern[str], ...]


@cache
def _emergencies() -> tuple[_Emergencies, ...]:
    found = []
    for lang, entry in _files("emergencies").items():
        kinds = tuple(
            (kind, _each(phrases["any"])) for kind, phrases in entry.items() if kind != "unless"
        )
        found.append(_Emergencies(lang, kinds, _each(entry.get("unless", []))))
    return tuple(found)


def emergency(text: str) -> str | None:
    """Return the kind of emergency `text` tells of, or None.

    Every language's phrases are tried, since a frightened person's language
    is not worth guessing (only text with kana in it is not Chinese); a
    language's own `unless` phrases (罹災証明, "fire insurance") silence only
    that language.
    """
    folded = fold(text)
    japanese = _KANA.search(folded) is not None
    forms = [folded]
    if _SPACED.search(folded):
        forms.append(_SPACED.sub("", folded))
    for language in _emergencies():
        if japanese and language.lang.startswith("zh"):
            continue
        kind = next((kind for kind, phrases in language.kinds if _found(phrases, forms)), None)
        if kind is not None and not _found(language.unless, forms):
            return kind
    return None


def sounds_calm(text: str, lang: str) -> bool:
    """Say whether `text` holds what nobody says in danger: the `unless` phrases of `lang`."""
    forms = [fold(text)]
    return any(_found(each.unless, forms) for each in _emergencies() if each.lang == lang)


def _found(patterns: tuple[re.Pattern[str], ...], forms: list[str]) -> bool:
    return any(pattern.search(form) for pattern in patterns for form in forms)


def known_emergencies() -> set[str]:
    """Return the kinds of emergency that the phrase files name."""
    return {kind for language in _emergencies() for kind, _ in language.kinds}


@cache
def _handoff() -> tuple[re.Pattern[str], ...]:
    patterns = (_any(entry) for entry in _files("handoff").values())
    return tuple(pattern for pattern in patterns if pattern)


def wants_person(text: str) -> bool:
    """Say whether somebody asks for a human being."""
    folded = fold(text)
    return any(pattern.search(folded) for pattern in _handoff())


@cache
def _facets() -> dict[str, dict[str, re.Pattern[str]]]:
    text = resources.files("assistant").joinpath("facets.yaml").read_text(encoding="utf-8")
    return {
        lang: {
            fact: re.compile("|".join(f"(?:{cue})" for cue in cues)) for fact, cues in entry.items()
        }
        for lang, entry in yaml.safe_load(text).items()
    }


@dataclass(frozen=True, slots=True)
class Facet:
    """The fact a question is after, and the question without the words that say so."""

    fact: str | None
    rest: str


def facet(text: str, lang: str) -> Facet:
    """Return which fact `text` asks for: the one whose cue is the longest match.

    >>> facet("転入届の持ち物は？", "ja")
    Facet(fact='bring', rest='転入届の は?')
    """
    asked = cues(text, lang)
    rest = fold(text)
    for pattern in _facets().get(lang, {}).values():
        rest = pattern.sub(" ", rest)
    return Facet(max(asked, key=lambda fact: asked[fact], default=None), rest)


def cues(text: str, lang: str) -> dict[str, int]:
    """Return the facts that words of `text` ask for, and how many characters say so at most.

    >>> cues("転入届の持ち物は？", "ja")
    {'bring': 3}
    """
    folded = fold(text)
    found = {
        fact: max((match.end() - match.start() for match in pattern.finditer(folded)), default=0)
        for fact, pattern in _facets().get(lang, {}).items()
    }
    return {fact: length for fact, length in found.items() if length}


@cache
def _elsewhere() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]:
    text = resources.files("assistant").joinpath("elsewhere.yaml").read_text(encoding="utf-8")
    found = []
    for topic, entry in yaml.safe_load(text).items():
        pattern = _any(entry["any"])
        assert pattern is not None
        found.append((topic, pattern, _any(entry.get("unless", []))))
    return tuple(found)


def elsewhere(text: str) -> str | None:
    """Return the topic of another office's business that `text` is about, or None."""
    folded = fold(text)
    for topic, pattern, unless in _elsewhere():
        if pattern.search(folded) and not (unless and unless.search(folded)):
            return topic
    return None


@cache
def _greetings() -> dict[str, re.Pattern[str]]:
    text = resources.files("assistant").joinpath("greetings.yaml").read_text(encoding="utf-8")
    return {
        kind: re.compile("|".join(f"(?:{fold(phrase)})" for phrase in phrases))
        for kind, phrases in yaml.safe_load(text).items()
    }


def greeting(text: str) -> str | None:
    """Return ``greeting`` or ``thanks`` where `text` is nothing else, or None."""
    bare = " ".join(
        "".join(ch if unicodedata.category(ch)[0] in "LMN" else " " for ch in fold(text)).split()
    )
    return next((kind for kind, form in _greetings().items() if form.fullmatch(bare)), None)
