"""Reads what one field holds out of one thing that was said.

`answer_to` reads the answer to a question for the field, `volunteered` what was
said without being asked. Offsets are into the text after `words.normal`.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import jaconv

from assistant.forms import figures, household, names, talk, things
from assistant.forms.answered import Answered, Reader, sentences
from assistant.forms.day_answers import answered_day, child_born, day_beside, own_birth
from assistant.forms.form import Field
from assistant.forms.place_answers import answered_address, answered_postal_code, place_beside
from assistant.forms.telephone import telephones
from assistant.forms.words import Words, words
from knowledge.japanese import reading

_FREE = frozenset({"name", "kana", "address", "text", "items"})
"""Kinds that nearly any words could fill, so that "I don't know" must be kept out."""

_FIGURES = frozenset({"telephone", "postal_code", "items", "people", "count"})
"""Kinds of which a hesitation may stand in the middle, or a number that is taken back."""


def answer_to(field: Field, text: str, lang: str, today: date) -> Answered | None:
    """Return what `text` answers to the question for `field`; None where it does not."""
    vocabulary = words(lang)
    if field.kind in _FREE:
        text = talk.without_questions(text, vocabulary)
        if field.kind == "address":  # …6番3号です。マンション名はまだ。
            text = talk.without_doubts(text, vocabulary)
        if not text.strip() or vocabulary.unsure.search(text):
            return None
    if field.kind in _FIGURES:
        text = talk.repaired(talk.hushed(text, vocabulary), vocabulary)
    if field.kind == "date":
        text = talk.hushed(text, vocabulary)
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


def _telephone(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    close = names.body(text, vocabulary)[1]
    spoken = figures.dialled(text[:close], vocabulary)
    found = []
    before = 0
    for number in telephones(spoken.text):
        start, end = spoken.span(number.start, number.end)
        *asked, clause = re.split(r"(?<=[。.!?])|けど|, pero|, but|, mas", text[before:start])
        own = asked and not re.search(r"\d", asked[-1])  # figures there: of another number
        if own and (
            not clause.strip() or not talk.without_questions(asked[-1], vocabulary).strip()
        ):
            clause = asked[-1] + clause
        if not vocabulary.not_mine.search(clause) and not household.members(clause, vocabulary):
            found.append(Answered(number.text, start, end))
        before = end
    cut = talk.after_correction(text, vocabulary)
    return next((number for number in found if number.start >= cut), found[0] if found else None)


def _people(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    if household.is_open(text, vocabulary):
        return None
    found = household.joining(text, vocabulary)
    if found is None or (found and household.alone_apart(text, vocabulary)):
        return None
    if found:
        return Answered(
            [{"kin": m.kin, "count": m.count} for m in found],
            min(m.start for m in found),
            max(m.end for m in found),
        )
    none = vocabulary.alone.search(text) or vocabulary.deny.search(text)
    return Answered([], none.start(), none.end()) if none else None


def _people_volunteered(_: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    for start, sentence in sentences(text):
        if not vocabulary.moved.search(sentence) and not vocabulary.moving.search(sentence):
            continue
        if vocabulary.not_with.search(sentence) or household.is_open(sentence, vocabulary):
            continue
        found = household.members(sentence, vocabulary)
        if any(vocabulary.whose.match(sentence, member.end) for member in found):
            continue
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
        text = talk.without_questions(text, vocabulary).rstrip(talk.CLOSING)
        if vocabulary.unsure.search(text):
            return None
        start, _ = names.body(text, vocabulary)
        said = text[start:]
        deny = vocabulary.deny.search(text) or vocabulary.deny.search(said)
        affirm = vocabulary.affirm.search(text) or vocabulary.affirm.search(said)
        match = deny or affirm
        return Answered("no" if deny else "yes", *match.span()) if match else None
    if vocabulary.unsure.search(text):
        return None
    return _chosen(field, text, vocabulary, asked=True)


def _choice_volunteered(field: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    return _chosen(field, text, vocabulary, asked=False)


def _chosen(field: Field, text: str, vocabulary: Words, *, asked: bool) -> Answered | None:
    """The one choice whose words were said."""
    lang = "ja" if vocabulary.lang == "ja-x-easy" else vocabulary.lang
    hits = []
    for choice in field.choices:
        answers = choice.answers.get(lang, ()) if asked else ()
        said = (*choice.words.get(lang, ()), *answers)
        if vocabulary.lang == "ja-x-easy":  # written in kana, mostly
            said = (*said, *map(_in_kana, said))
        for word in said:
            for match in _spaced(word, vocabulary).finditer(text):
                before, after = text[: match.start()], text[match.end() :]
                if not vocabulary.not_before.search(before) and not vocabulary.not_after.match(
                    after
                ):
                    hits.append((choice.id, *match.span()))
    # for myself, not the `for my` in it
    hits = [hit for hit in hits if not any(_within(hit, other) for other in hits)]
    if len({hit[0] for hit in hits}) != 1:
        return None
    return Answered(*hits[0], 0.85)


@cache
def _in_kana(word: str) -> str:
    """The word in hiragana, its … as it is."""
    return "…".join(str(jaconv.kata2hira(reading(piece))) for piece in word.split("…"))


def _within(hit: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    return other[1] <= hit[1] and hit[2] <= other[2] and hit[1:] != other[1:]


def _spaced(word: str, vocabulary: Words) -> re.Pattern[str]:
    return _with_spaces(word, vocabulary.unspaced, vocabulary.between)


@cache
def _with_spaces(word: str, unspaced: bool, between: str) -> re.Pattern[str]:
    """The word, in writing without spaces also with them (いえの まえ), else with particles.

    Where it has …, a few words may stand: 契約…満了.
    """
    joint, parts = (r"\s*", str) if unspaced else (rf"\s+{between}", str.split)
    pieces = [
        joint.join(map(re.escape, parts(piece.replace(" ", "") if unspaced else piece)))
        for piece in word.split("…")
    ]
    return re.compile(r"[^。.!?]{0,20}?".join(pieces), re.IGNORECASE)


def _count(field: Field, text: str, vocabulary: Words, today: date) -> Answered | None:
    if vocabulary.unsure.search(text):
        return None
    told = talk.without_questions(text, vocabulary)
    if not told.strip() and vocabulary.price.search(text):
        return None
    if _counted(told, 0, vocabulary):  # 1枚300円ですか。2枚お願いします。
        text = told
    cut = talk.after_correction(text, vocabulary)
    if total := vocabulary.in_total.search(text, cut):
        cut = total.end()
    elif field.name == "children" and (first := vocabulary.first_child.search(text)):
        return Answered(1, *first.span(), 0.85)
    return _counted(text, cut, vocabulary) or (_counted(text, 0, vocabulary) if cut else None)


def _counted(text: str, at: int, vocabulary: Words) -> Answered | None:
    whole = re.compile(rf"(?<![\w\d]){vocabulary.number}(?![\d\w])", re.IGNORECASE)
    loose = re.compile(rf"(?<![\w\d]){vocabulary.number}(?![\d])", re.IGNORECASE)
    patterns = [vocabulary.copies, whole, loose]
    if vocabulary.lang in (*household.COUNT_FOLLOWS, "zh-Hans", "zh-Hant"):
        patterns.append(re.compile(vocabulary.number, re.IGNORECASE))
    found = (
        [m for m in p.finditer(text, at) if not vocabulary.not_counted.match(text, m.end())]
        for p in patterns
    )
    matches = next((some for some in found if some), [])
    if len(matches) != 1:  # one for me and one for my wife: nobody said the sum
        return None
    match = matches[0]
    rest = re.split("[、。,.]", text[match.end() :])[0]
    none_of_it = rest.startswith("も") if vocabulary.lang in talk.JAPANESE else True
    if none_of_it and vocabulary.deny.search(rest):  # 一枚もいりません
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
    if vocabulary.lang in talk.JAPANESE and vocabulary.deny.search(text[start:]):
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


_ANSWERS: dict[str, Reader] = {
    "name": _name,
    "kana": _kana,
    "date": answered_day,
    "telephone": _telephone,
    "postal_code": answered_postal_code,
    "address": answered_address,
    "people": _people,
    "choice": _choice,
    "count": _count,
    "text": _text,
    "items": _items,
    "my_number": _never,
}

_CUES: dict[str, Reader] = {
    "name": _name_said,
    "born": own_birth,
    "child_born": child_born,
    "moved": day_beside(lambda w: w.moved, ahead=False),
    "moving": day_beside(lambda w: w.moving, ahead=True),
    "came_from": place_beside(lambda w: w.came_from),
    "goes_to": place_beside(lambda w: w.goes_to),
    "here": place_beside(lambda w: w.here),
    "said": _telephone,
    "household": _people_volunteered,
}
