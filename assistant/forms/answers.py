"""Reads what one field holds out of one thing that was said.

`answer_to` reads the answer to a question for the field, `volunteered` what was
said without being asked. Offsets are into the text after `words.normal`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from assistant.forms import household, places, things
from assistant.forms.dates import Day, days
from assistant.forms.form import Field
from assistant.forms.telephone import telephones
from assistant.forms.words import Words, words


@dataclass(frozen=True, slots=True)
class Answered:
    """A value read from a text, its place there, and how sure the reading is (0 to 1)."""

    value: object
    start: int
    end: int
    confidence: float = 0.95
    notes: tuple[str, ...] = ()


LONGEST_NAME = 50
"""Characters of the longest name; a longer answer is not a name."""

_FREE = frozenset({"name", "kana", "address", "text", "items"})
"""Kinds that nearly any words could fill, so that "I don't know" must be kept out."""

_POSTAL = re.compile(r"(?<!\d)(\d{3})\s*[-のノ]?\s*(\d{4})(?!\d)")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー][ぁ-ゖァ-ヺー・\s]*[ぁ-ゖァ-ヺー]")
_NO_NAME = re.compile(r"\d|[?？]")
_ADDRESS_JA = re.compile(r"[都道府県市区町村]|\d")
_NEXT_CLAUSE = re.compile(
    r"\s(?:and|y|e|và|at|dan|र|และ|i|yo|eu|ako|tôi|saya)\s|[,;]", re.IGNORECASE
)
_SENTENCE = re.compile(r"[^。.!?！？।\n]+(?:\.(?=\d)[^。.!?！？।\n]+)*")


def answer_to(field: Field, text: str, lang: str, today: date) -> Answered | None:
    """Return what `text` answers to the question for `field`; None where it does not."""
    vocabulary = words(lang)
    if field.kind in _FREE and vocabulary.unsure.search(text):
        return None
    return _ANSWERS[field.kind](field, text, vocabulary, today)


def volunteered(field: Field, text: str, lang: str, today: date) -> Answered | None:
    """Return what `text` says of `field` without having been asked for it."""
    reader = _CUES.get(field.cue) if field.kind != "choice" else _choice_volunteered
    if field.kind == "count" and field.name in ("copies", "certificates"):
        reader = _copies
    return reader(field, text, words(lang), today) if reader else None


def _body(text: str, vocabulary: Words) -> tuple[int, int]:
    """Where the answer lies in `text`, without what leads to it and what closes it."""
    start, end = 0, len(text)
    while (lead := vocabulary.lead.match(text, start)) and lead.end() > start:
        start = lead.end()
    tail = vocabulary.tail.search(text, start)
    if tail:
        end = tail.start()
    while start < end and text[start] in " 　、,。.":
        start += 1
    while end > start and text[end - 1] in " 　、,。.!！":
        end -= 1
    return start, end


def _name(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    said = _name_said(_, text, vocabulary, today)
    if said:
        return Answered(said.value, said.start, said.end)
    start, end = _body(text, vocabulary)
    name = text[start:end]
    if not 1 < len(name) <= LONGEST_NAME or _NO_NAME.search(name):
        return None
    if vocabulary.deny.search(text) or any(ch in name for ch in "、。,!"):
        return None
    return Answered(_tidy_name(name), start, end, 0.9)


def _name_said(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    for pattern in vocabulary.names:
        for match in pattern.finditer(text):
            start, end = match.span("name")
            name = text[start:end]
            cut = _name_end(name, vocabulary)
            name = name[:cut].strip()
            if len(name) > 1 and not _NO_NAME.search(name) and not _is_kin(name, vocabulary):
                return Answered(_tidy_name(name), start, start + cut, 0.85)
    return None


def _name_end(name: str, vocabulary: Words) -> int:
    """A name ends where the next clause begins."""
    stop = _NEXT_CLAUSE.search(name) or vocabulary.tail.search(name)
    return stop.start() if stop else len(name)


def _is_kin(name: str, vocabulary: Words) -> bool:
    return any(pattern.fullmatch(name) for _, pattern in vocabulary.kin)


def _tidy_name(name: str) -> str:
    name = re.sub(r"\s+", " ", name).strip(" '\"")
    return name.upper() if re.fullmatch(r"[A-Za-zÀ-ỹ' .-]+", name) else name


def _kana(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    start, end = _body(text, vocabulary)
    matches = list(_KANA.finditer(text, start, end))
    if not matches or re.search(r"[一-龯]", text[start:end]):
        matches = [m for m in matches if re.fullmatch(r"[ァ-ヺー・\s]+", m.group())]
    if not matches:
        return None
    best = max(matches, key=lambda m: len(m.group()))
    if vocabulary.deny.search(text):
        return None
    katakana = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in best.group())
    return Answered(re.sub(r"[\s・]+", " ", katakana).strip(), best.start(), best.end())


def _date(field: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    ahead = "not_in_future" not in field.rules
    found = days(text, vocabulary.lang, today, ahead=ahead)
    return _dated(field, found[0]) if found else None


def _dated(field: Field, day: Day) -> Answered | None:
    if field.name == "birth_date" and not day.year_said:
        return None
    notes = () if day.sure else (("year_not_said",) if not day.year_said else ("check_day",))
    return Answered(day.value.isoformat(), day.start, day.end, 0.95 if day.sure else 0.7, notes)


def _telephone(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    for number in telephones(text):
        return Answered(number.text, number.start, number.end)
    return None


def _postal_code(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    for match in _POSTAL.finditer(text):
        return Answered(f"{match[1]}-{match[2]}", match.start(), match.end())
    return None


def _address(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    for pattern in (*vocabulary.here, *vocabulary.came_from, *vocabulary.goes_to):
        for match in pattern.finditer(text):
            return _placed(match["place"], *match.span("place"), vocabulary, 0.9)
    start, end = _body(text, vocabulary)
    place = text[start:end]
    if len(place) < 2 or vocabulary.deny.search(text):
        return None
    return _placed(place, start, end, vocabulary, 0.9)


def _placed(place: str, start: int, end: int, vocabulary: Words, sure: float) -> Answered | None:
    postal = _POSTAL.match(place.lstrip("〒 "))
    if postal:
        place = place.lstrip("〒 ")[postal.end() :].strip(" 、,")
    place = place.strip(" 、,.。")
    if len(place) < 2:
        return None
    lang = vocabulary.lang
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


def _people(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    found = household.members(text, vocabulary)
    if found:
        return Answered(
            [{"kin": m.kin, "count": m.count} for m in found],
            min(m.start for m in found),
            max(m.end for m in found),
        )
    none = vocabulary.alone.search(text) or vocabulary.deny.search(text)
    return Answered([], none.start(), none.end()) if none else None


def _people_volunteered(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    for start, sentence in _sentences(text):
        if not vocabulary.moved.search(sentence) and not vocabulary.moving.search(sentence):
            continue
        if vocabulary.not_with.search(sentence):
            continue
        found = household.members(sentence, vocabulary)
        if found and vocabulary.together.search(sentence):
            return Answered(
                [{"kin": m.kin, "count": m.count} for m in found],
                start + min(m.start for m in found),
                start + max(m.end for m in found),
                0.8,
            )
        if alone := vocabulary.alone.search(sentence):
            return Answered([], start + alone.start(), start + alone.end(), 0.8)
    return None


def _choice(field: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    ids = [choice.id for choice in field.choices]
    if ids == ["yes", "no"]:
        deny, affirm = vocabulary.deny.search(text), vocabulary.affirm.search(text)
        match = deny or affirm
        return Answered("no" if deny else "yes", *match.span()) if match else None
    return _choice_volunteered(field, text, vocabulary, today)


def _choice_volunteered(field: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    lang = "ja" if vocabulary.lang == "ja-x-easy" else vocabulary.lang
    folded = text.casefold()
    hits = []
    for choice in field.choices:
        for word in choice.words.get(lang, ()):
            if (at := folded.find(word.casefold())) >= 0:
                hits.append((choice.id, at, at + len(word)))
    if len({hit[0] for hit in hits}) != 1:
        return None
    return Answered(*hits[0], 0.85)


def _count(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    match = vocabulary.copies.search(text) or re.search(
        rf"(?<![\w\d]){vocabulary.number}(?![\d])", text, re.IGNORECASE
    )
    match = match or re.search(vocabulary.number, text, re.IGNORECASE)
    if not match:
        return None
    said = match.groupdict().get("n") or match.group()
    return Answered(vocabulary.count(said), match.start(), match.end())


def _copies(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    match = vocabulary.copies.search(text)
    return (
        Answered(vocabulary.count(match["n"]), match.start(), match.end(), 0.8) if match else None
    )


def _text(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    start, end = _body(text, vocabulary)
    if end - start < 2 or vocabulary.deny.match(text):
        return None
    return Answered(text[start:end], start, end, 0.8)


def _items(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    found = things.things(text, vocabulary)
    if not found:
        return None
    listed = [{"item": thing.name, "count": thing.count} for thing in found]
    return Answered(listed, found[0].start, found[-1].end, 0.8)


def _never(_: Field, text: str, vocabulary: Words, today: date) -> None:
    """A My Number is typed by staff from the card and never taken from speech."""


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    for match in _SENTENCE.finditer(text):
        yield match.start(), match.group()


def _day_beside(cue: Callable[[Words], re.Pattern[str]], ahead: bool) -> _Reader:
    """A day in a sentence that holds the cue."""

    def read(field: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
        for start, sentence in _sentences(text):
            if not cue(vocabulary).search(sentence):
                continue
            other = vocabulary.born.search(sentence) if field.name != "birth_date" else None
            found = days(sentence, vocabulary.lang, today, ahead=ahead)
            if found and not other and (answer := _dated(field, found[0])):
                return replace(
                    answer,
                    start=start + answer.start,
                    end=start + answer.end,
                    confidence=min(answer.confidence, 0.85),
                )
        return None

    return read


def _place_beside(cue: Callable[[Words], tuple[re.Pattern[str], ...]]) -> _Reader:
    def read(field: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
        for start, sentence in _sentences(text):
            for pattern in cue(vocabulary):
                for match in pattern.finditer(sentence):
                    span = (start + match.start("place"), start + match.end("place"))
                    place = match["place"]
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


def _child_born(field: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    """The day a child was born, or else the day the family moved in."""
    for start, sentence in _sentences(text):
        if _of_child(sentence, vocabulary) and vocabulary.born.search(sentence):
            for day in days(sentence, vocabulary.lang, today):
                answer = _dated(field, day)
                if answer:
                    return replace(
                        answer, start=start + answer.start, end=start + answer.end, confidence=0.8
                    )
    return _day_beside(lambda w: w.moved, ahead=False)(field, text, vocabulary, today)


def _of_child(sentence: str, vocabulary: Words) -> bool:
    return any(
        m.kin in ("child", "son", "daughter") for m in household.members(sentence, vocabulary)
    )


def _own_birth(field: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    for start, sentence in _sentences(text):
        if _of_child(sentence, vocabulary):
            continue
        answer = _day_beside(lambda w: w.born, ahead=False)(field, sentence, vocabulary, today)
        if answer:
            return replace(answer, start=start + answer.start, end=start + answer.end)
    return None


_Reader = Callable[[Field, str, Words, date], Answered | None]

_ANSWERS: dict[str, _Reader] = {
    "name": _name,
    "kana": _kana,
    "date": _date,
    "telephone": _telephone,
    "postal_code": _postal_code,
    "address": _address,
    "people": _people,
    "choice": _choice,
    "count": _count,
    "text": _text,
    "items": _items,
    "my_number": _never,
}

_CUES: dict[str, _Reader] = {
    "name": _name_said,
    "born": _own_birth,
    "child_born": _child_born,
    "moved": _day_beside(lambda w: w.moved, ahead=False),
    "moving": _day_beside(lambda w: w.moving, ahead=True),
    "came_from": _place_beside(lambda w: w.came_from),
    "goes_to": _place_beside(lambda w: w.goes_to),
    "here": _place_beside(lambda w: w.here),
    "said": _telephone,
    "household": _people_volunteered,
}
