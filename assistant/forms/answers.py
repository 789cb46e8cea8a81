"""Reads what one field holds out of one thing that was said.

`answer_to` reads the answer to a question for the field, `volunteered` what was
said without being asked. Offsets are into the text after `words.normal`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from assistant.forms import addresses, figures, household, names, places, things
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


_FREE = frozenset({"name", "kana", "address", "text", "items"})
"""Kinds that nearly any words could fill, so that "I don't know" must be kept out."""

_POSTAL = re.compile(r"(?<!\d)(\d{3})\s*[-のノ]?\s*(\d{4})(?!\d)")
_ADDRESS_JA = re.compile(r"[都道府県市区町村]|\d")
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


def names_themselves(field: Field, text: str, lang: str) -> bool:
    """Say whether a person answers the question for somebody's name with `me`."""
    vocabulary = words(lang)
    start, end = names.body(text, vocabulary)
    return field.kind == "name" and bool(vocabulary.myself.fullmatch(text[start:end]))


def _name(field: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    found = names.answered_name(text, vocabulary, of_relative=not field.cue)
    return (
        Answered(found.text, found.start, found.end, 0.95 if found.said else 0.9) if found else None
    )


def _name_said(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    found = names.said_name(text, vocabulary)
    return Answered(found.text, found.start, found.end, 0.85) if found else None


def _kana(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    found = names.reading(text, vocabulary)
    return Answered(found.text, found.start, found.end) if found else None


def _after_correction(text: str, vocabulary: Words) -> int:
    """Where what a person said instead begins: 10日、いや、11日."""
    ends = [match.end() for match in vocabulary.correction.finditer(text) if match.start() > 0]
    return max(ends, default=0)


def _date(field: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    ahead = "not_in_future" not in field.rules
    found = days(text, vocabulary.lang, today, ahead=ahead, bare=True)
    found = [day for day in found if not vocabulary.not_on.match(text, day.end)]
    if field.name == "birth_date":
        found = [day for day in found if not _beside_others(text, day, vocabulary)]
        found = [day for day in found if day.year_said]
    cut = _after_correction(text, vocabulary)
    found = [day for day in found if day.start >= cut] or found
    if not found:
        return None
    since = [day for day in found if vocabulary.from_then.match(text, day.end)]
    return _dated(field, (since or found)[0])


def _beside_others(text: str, day: Day, vocabulary: Words) -> bool:
    """Say whether the day stands in a sentence about another member of the family."""
    for start, sentence in _sentences(text):
        if start <= day.start < start + len(sentence):
            return bool(household.members(sentence[: day.start - start], vocabulary))
    return False


def _dated(field: Field, day: Day) -> Answered | None:
    if field.name == "birth_date" and not day.year_said:
        return None
    notes = () if day.sure else (("year_not_said",) if not day.year_said else ("check_day",))
    return Answered(day.value.isoformat(), day.start, day.end, 0.95 if day.sure else 0.7, notes)


def _telephone(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    spoken = figures.dialled(text, vocabulary)
    found = []
    before = 0
    for number in telephones(spoken.text):
        start, end = spoken.span(number.start, number.end)
        clause = re.split(r"[。.!?]|けど|, pero|, but|, mas", text[before:start])[-1]
        if not vocabulary.not_mine.search(clause):
            found.append(Answered(number.text, start, end))
        before = end
    cut = _after_correction(text, vocabulary)
    return next((number for number in found if number.start >= cut), found[0] if found else None)


def _postal_code(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    spoken = figures.dialled(text, vocabulary)
    for match in _POSTAL.finditer(spoken.text):
        return Answered(f"{match[1]}-{match[2]}", *spoken.span(*match.span()))
    return None


def _address(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    for pattern in (*vocabulary.here, *vocabulary.came_from, *vocabulary.goes_to):
        for match in pattern.finditer(text):
            return _placed(match["place"], *match.span("place"), vocabulary, 0.9)
    start, end = names.body(text, vocabulary)
    if vocabulary.lang in ("ja", "ja-x-easy"):
        marked = [(at, s) for at, s in _sentences(text) if _ADDRESS_JA.search(s)]
        if len(marked) == 1:
            start, end = marked[0][0], marked[0][0] + len(marked[0][1])
    place = text[start:end]
    if len(place) < 2 or vocabulary.deny.match(text, start):
        return None
    return _placed(place, start, end, vocabulary, 0.9)


def _placed(place: str, start: int, end: int, vocabulary: Words, sure: float) -> Answered | None:
    postal = _POSTAL.match(place.lstrip("〒 "))
    if postal:
        place = place.lstrip("〒 ")[postal.end() :].strip(" 、,")
    lang = vocabulary.lang
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


def _people(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    if vocabulary.unclear_kin.search(text):
        return None
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
        if vocabulary.not_with.search(sentence) or vocabulary.unclear_kin.search(sentence):
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
        if vocabulary.unsure.search(text):
            return None
        start, _ = names.body(text, vocabulary)
        said = text[start:]
        deny = vocabulary.deny.search(text) or vocabulary.deny.search(said)
        affirm = vocabulary.affirm.search(text) or vocabulary.affirm.search(said)
        match = deny or affirm
        return Answered("no" if deny else "yes", *match.span()) if match else None
    return _choice_volunteered(field, text, vocabulary, today)


def _choice_volunteered(field: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    lang = "ja" if vocabulary.lang == "ja-x-easy" else vocabulary.lang
    hits = []
    for choice in field.choices:
        for word in choice.words.get(lang, ()):
            if match := _spaced(word, vocabulary.unspaced).search(text):
                hits.append((choice.id, *match.span()))
    if len({hit[0] for hit in hits}) != 1:
        return None
    return Answered(*hits[0], 0.85)


@cache
def _spaced(word: str, unspaced: bool) -> re.Pattern[str]:
    """The word, in writing without spaces also with them: いえの まえ."""
    letters = map(re.escape, word.replace(" ", "") if unspaced else word)
    return re.compile((r"\s*" if unspaced else "").join(letters), re.IGNORECASE)


def _count(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    if vocabulary.unsure.search(text):
        return None
    cut = _after_correction(text, vocabulary)
    return _counted(text, cut, vocabulary) or (_counted(text, 0, vocabulary) if cut else None)


def _counted(text: str, at: int, vocabulary: Words) -> Answered | None:
    whole = re.compile(rf"(?<![\w\d]){vocabulary.number}(?![\d\w])", re.IGNORECASE)
    loose = re.compile(rf"(?<![\w\d]){vocabulary.number}(?![\d])", re.IGNORECASE)
    match = vocabulary.copies.search(text, at) or whole.search(text, at) or loose.search(text, at)
    if not match and vocabulary.lang in (*household.COUNT_FOLLOWS, "zh-Hans", "zh-Hant"):
        match = re.compile(vocabulary.number, re.IGNORECASE).search(text, at)
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
    start, end = names.body(text, vocabulary)
    if end - start < 2 or vocabulary.deny.match(text, start):
        return None
    while (lead := vocabulary.text_lead.match(text, start)) and lead.end() > start:
        start = lead.end()
    while (tail := vocabulary.text_tail.search(text[start:end])) and tail.group():
        end = start + tail.start()
    if end - start < 2:
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


def _child_born(field: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    """The day a child was born, or else the day the family moved in."""
    for start, sentence in _sentences(text):
        of_child = _of_child(sentence, vocabulary) and vocabulary.born.search(sentence)
        if of_child or vocabulary.gave_birth.search(sentence):
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
