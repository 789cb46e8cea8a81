"""Addresses and places that answer a question, or that stand beside what tells which they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from assistant.forms import addresses, figures, names, places
from assistant.forms.answered import Answered, Reader, sentences
from assistant.forms.dates import days
from assistant.forms.form import Field
from assistant.forms.talk import ends_open
from assistant.forms.words import Words

_POSTAL = re.compile(r"(?<![\d-])(\d{3})[\s,、]*[-のノ]?[\s,、]*(\d{4})(?![\d-])")
_FIGURE = re.compile(r"\d")
_ADDRESS_JA = re.compile(r"[都道府県市区町村]|\d")


def answered_postal_code(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    """Return the postal code of an answer."""
    spoken = figures.dialled(text, vocabulary)
    for match in _POSTAL.finditer(spoken.text):
        return Answered(f"{match[1]}-{match[2]}", *spoken.span(*match.span()))
    return None


def answered_address(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    """Return the address of an answer, without the talk around it."""
    for pattern in (*vocabulary.here, *vocabulary.came_from, *vocabulary.goes_to):
        for match in pattern.finditer(text):
            rest = text[: match.start("place")] + text[match.end("place") :]
            if not _like_place(match["place"], vocabulary) and _ADDRESS_JA.search(rest):
                continue  # 実家に戻るんです、長野県松本市の
            return _placed(match["place"], *match.span("place"), vocabulary, 0.9)
    start, end = names.body(text, vocabulary)
    mark = _ADDRESS_JA if vocabulary.lang in ("ja", "ja-x-easy") else _FIGURE
    marked = [(at, s) for at, s in sentences(text) if mark.search(s)]
    if len(marked) == 1:
        start, end = marked[0][0], marked[0][0] + len(marked[0][1])
    elif not marked and vocabulary.lang in ("ja", "ja-x-easy"):
        start, end = _last_sentence(text, start, end)
    place = text[start:end]
    if len(place) < 2 or vocabulary.deny.match(text, start):
        return None
    if not _ADDRESS_JA.search(place) and ends_open(place, vocabulary):
        return None
    return _placed(place, start, end, vocabulary, 0.9)


def _last_sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """海外にいました。ドイツです: what is said last is the answer."""
    for at, sentence in sentences(text[:end]):
        start, end = (max(start, at), at + len(sentence)) if sentence.strip() else (start, end)
    return start, end


def _placed(place: str, start: int, end: int, vocabulary: Words, sure: float) -> Answered | None:
    postal = _POSTAL.match(place.lstrip("〒 "))
    if postal:
        place = place.lstrip("〒 ")[postal.end() :].strip(" 、,")
    lang = vocabulary.lang
    if not places.is_place(place.strip(), lang):  # なごや ends in no copula
        place = addresses.trimmed(place, vocabulary)
    if len(place) < 2:
        return None
    known = places.municipality(place, lang)
    if known:
        return Answered(known, start, end, sure, ("rest_of_address",))
    written = places.in_japanese(place, lang)
    if lang in ("ja", "ja-x-easy") and not _ADDRESS_JA.search(written):
        return Answered(written, start, end, 0.6, ("rest_of_address",))
    notes = () if re.search(r"\d", written) else ("rest_of_address",)
    if lang not in ("ja", "ja-x-easy") and not re.search(r"[一-龯]", written):
        notes = (*notes, "write_in_japanese")
    return Answered(written, start, end, sure if re.search(r"\d", written) else 0.7, notes)


def place_beside(cue: Callable[[Words], tuple[re.Pattern[str], ...]]) -> Reader:
    """Return a reader of the place in a sentence that holds the cue."""

    def read(field: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
        for start, sentence in sentences(text):
            for pattern in cue(vocabulary):
                for match in pattern.finditer(sentence):
                    span = (start + match.start("place"), start + match.end("place"))
                    place = addresses.without_day(match["place"], vocabulary)
                    if days(place, vocabulary.lang, today) or not _like_place(place, vocabulary):
                        continue
                    return _placed(match["place"], *span, vocabulary, 0.8)
        return None

    return read


def _like_place(place: str, vocabulary: Words) -> bool:
    """In Japanese and Chinese anything can stand before から; only a known place is one."""
    if vocabulary.lang not in ("ja", "ja-x-easy", "zh-Hans", "zh-Hant"):
        return True
    return bool(_ADDRESS_JA.search(place)) or places.is_place(place, vocabulary.lang)
