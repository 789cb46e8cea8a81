"""Answers by their sound: what was heard as kana, beside what was written for it.

A recogniser that must choose Chinese characters hides sounds (お届い for おととい), while
the same utterance decoded as kana keeps them. Both are read; what they agree on is
surer, what only one gives is taken with less confidence, and where they differ in a
day or a number nothing is taken: it is asked again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib import resources

import jaconv
import yaml
from rapidfuzz import fuzz

from assistant.forms import household
from assistant.forms.answered import Answered
from assistant.forms.answers import answer_to
from assistant.forms.dates import days
from assistant.forms.form import Field
from assistant.forms.heard_addresses import address_heard, sounds_like_city, town_heard
from assistant.forms.heard_days import day_by_sound, likelier
from assistant.forms.heard_places import is_known, municipality_heard
from assistant.forms.person_names import known_name
from assistant.forms.talk import JAPANESE
from assistant.forms.words import words
from knowledge.japanese import reading, readings_of_name
from speech.sounds import sounds

ONE = 0.7
"""What the confidence is multiplied by where only one of the two readings gives a value."""

BY_SOUND = 0.85
"""Confidence of a value that only its sound gave, before that."""

LIKE, SHORTEST = 88, 5
"""How much, of 100, a choice's words must sound like what was said, and their phonemes."""

LIKE_BANK = 75
"""How much, of 100, the name of a bank must sound like a part of what was heard."""

_CLOSED = frozenset({"date", "count", "choice", "people", "telephone", "postal_code"})
_SIGNS = re.compile(r"[\s、。,.!?！？]")


def heard_answer(field: Field, text: str, kana: str, lang: str, today: date) -> Answered | None:
    """Return what was answered by `text`, which `kana` is the sound of; None where unsure.

    Places are those of `text`; of a value that only the sound gave, all of it.
    """
    if lang not in JAPANESE or not kana:
        return answer_to(field, text, lang, today)
    for slip, meant in _sound().misheard:
        text = slip.sub(meant, text)
    written = answer_to(field, text, lang, today)
    sound = str(jaconv.kata2hira(_SIGNS.sub("", kana)))
    if field.kind in ("name", "kana"):
        return _name(field, text, sound, written)
    if field.kind == "address":
        return _address(text, written, sound)
    if field.name == "bank" and written:
        return _bank(text, written, sound)
    if field.kind not in _CLOSED:
        return written
    spoken = answer_to(field, in_figures(sound), lang, today)
    if field.kind == "postal_code":
        spoken = _postal_code(sound)
    if spoken is None and field.kind == "choice":
        spoken = _choice(field, sound)
    if field.kind == "date" and not written and not spoken:
        spoken = day_by_sound(field, in_slips(sound), today)
    if field.kind == "telephone" and _anothers(sound, lang):
        return None
    return _agreed(field, written, spoken, text, sound, today)


def misheard(text: str, lang: str) -> str:
    """Return an answer with a number as it was said, where another word of the sound was written.

    >>> misheard("Do please.", "en")
    'two please.'
    """
    for said, meant in _sound().elsewhere.get(lang, ()):
        text = said.sub(meant, text)
    return text


def in_figures(kana: str) -> str:
    """Return hiragana with the numbers before a unit in figures.

    >>> in_figures("しょうわにねんのしがつついたちです"), in_figures("みいかまいです")
    ('昭和2年の4月1日です', '3日前です')
    """
    sound = _sound()
    kana = in_slips(kana)
    kana = sound.number.sub(lambda match: f"{_numeral(match['n'])}{sound.units[match['u']]}", kana)
    kana = sound.day.sub(lambda match: f"{_ten(match['ten']) + sound.day_of(match['day'])}日", kana)
    for pattern, writing in sound.written:
        kana = pattern.sub(writing, kana)
    return kana


def in_slips(kana: str) -> str:
    """Return hiragana with what a recogniser often writes as it was said."""
    for slip, meant in _sound().slips:
        kana = slip.sub(meant, kana)
    return kana


def _agreed(
    field: Field,
    written: Answered | None,
    spoken: Answered | None,
    text: str,
    sound: str,
    today: date,
) -> Answered | None:
    if spoken is None:
        return replace(written, confidence=written.confidence * ONE) if written else None
    if written is None:
        return Answered(spoken.value, 0, len(text), BY_SOUND * ONE, spoken.notes)
    if written.value == spoken.value:
        return written
    if field.kind == "people":
        return _fuller(written, spoken, text)
    if field.kind == "date":
        # 10月31日に切れたので11月1日から: whichever heard both days knows which was meant.
        if written.confidence != spoken.confidence and _same_weekday(written, spoken):
            # せんしゅうのげつようび: whichever knows the week, not the weekday alone
            return max((written, spoken), key=lambda one: one.confidence)
        if str(written.value) in _days(in_figures(sound), today):
            return Answered(spoken.value, 0, len(text), BY_SOUND * ONE, spoken.notes)
        best = likelier(field, written, spoken, sound, today)
        return replace(best, confidence=best.confidence * ONE) if best else None
    return None


def _address(text: str, written: Answered | None, sound: str) -> Answered | None:
    """The address by its text and its sound; one put together anew is to be looked at."""
    digits = _sound().digits
    sound = in_slips(sound)
    if words("ja").unsure.search(text):
        return written
    value = str(written.value) if written else ""
    trusted = is_known(value) or sounds_like_city(value, sound)
    if not trusted and (place := municipality_heard(sound)):
        heard = address_heard(place, sound, "|".join(digits), _numeral)
        notes = ("rest_of_address",) if heard == place else ()
        return Answered(heard, 0, len(text), BY_SOUND * ONE, notes) if heard else None
    if written is None:
        return None
    heard = address_heard(value, sound, "|".join(digits), _numeral)
    if heard is None or heard == value:
        return written if heard else None
    return replace(written, value=heard, confidence=BY_SOUND * ONE)


def _bank(text: str, written: Answered, sound: str) -> Answered:
    """The bank and its branch by their sound, where the text has them in no known characters."""
    for said, bank in _sound().banks.items():
        place = fuzz.partial_ratio_alignment(said, sound)
        if place is None or place.score < LIKE_BANK or place.dest_start > len(said):
            continue
        behind = re.match("(の)?(.+?)し(?:て|で)ん", sound[place.dest_end :])
        branch = town_heard(sounds(behind[2])) if behind else ""
        value = str(written.value)
        if not branch or (value.startswith(bank) and branch in value):
            return written
        joint = "の" if behind and behind[1] else ""
        return Answered(f"{bank}{joint}{branch}支店", 0, len(text), BY_SOUND * ONE)
    return written


def _postal_code(sound: str) -> Answered | None:
    """The code of ごひゃくさんじゅうのぜろぜろぜろいち: a number, and four figures one by one."""
    sound = in_slips(sound)
    digits = words("ja").digits
    figure = "|".join(sorted(digits, key=len, reverse=True))
    said = re.search(rf"((?:{'|'.join(_sound().digits)})+)の((?:{figure}){{4}})", sound)
    if not said or not 100 <= _numeral(said[1]) <= 999:
        return None
    last = "".join(str(digits[one]) for one in re.findall(figure, said[2]))
    return Answered(f"{_numeral(said[1])}-{last}", 0, len(sound))


def _days(text: str, today: date) -> set[str]:
    return {day.value.isoformat() for day in days(text, "ja", today)}


def _same_weekday(one: Answered, other: Answered) -> bool:
    days_ = [date.fromisoformat(str(answer.value)) for answer in (one, other)]
    return days_[0].weekday() == days_[1].weekday()


def _anothers(sound: str, lang: str) -> bool:
    """Whether a telephone number is somebody else's: おっとのけいたい."""
    vocabulary = words(lang)
    return bool(vocabulary.not_mine.search(sound) or household.members(sound, vocabulary))


def _fuller(written: Answered, spoken: Answered, text: str) -> Answered | None:
    """Both households together, where neither gives another number for a member of the other."""
    members = [*written.value, *spoken.value]  # type: ignore[misc]
    counts = {(member["kin"], member["count"]) for member in members}
    if len({kin for kin, _ in counts}) < len(counts):
        return None
    both = list({member["kin"]: member for member in members}.values())
    return Answered(both, 0, len(text), BY_SOUND * ONE, spoken.notes)


def _name(field: Field, text: str, sound: str, written: Answered | None) -> Answered | None:
    """The name by its sound, in katakana; its characters where the text has them right."""
    pieces = list(_pieces(sound))
    if field.kind == "name" and written and _written_so(str(written.value), pieces):
        return written
    known = [name for piece in pieces if (name := known_name(piece))]
    if not known:
        return None
    # もりたですもりたちなつ: the whole name goes before the part of it that was said first.
    best = min(known, key=lambda name: (" " not in name.reading, name.edits))
    return Answered(best.reading, 0, len(text), BY_SOUND * (ONE if best.edits else 1))


def verified(answer: Answered, kana: str) -> Answered | None:
    """Return a name that was said beside an answer, if it sounds like one; else None."""
    sound = str(jaconv.kata2hira(_SIGNS.sub("", kana)))
    known = readings_of_name(str(answer.value))
    return answer if any(sounds(one) in sounds(sound) for one in known) else None


def _pieces(sound: str) -> Iterator[str]:
    """What may be the name in what was heard: each part, with and without what leads to it."""
    said = _sound()
    sound = said.asking.sub("", sound)
    for piece in said.breaks.split(said.tail.sub("", sound)):
        piece = said.tail.sub("", piece)
        while piece:
            yield piece
            lead = said.lead.match(piece)
            piece = piece[lead.end() :] if lead else ""


def _written_so(name: str, pieces: Sequence[str]) -> bool:
    """Whether the dictionary knows the name, read as it was heard."""
    heard = {sounds(piece) for piece in pieces}
    return any(sounds(one) in heard for one in readings_of_name(name))


def _choice(field: Field, sound: str) -> Answered | None:
    """The one choice of which a word sounds like a part of what was said."""
    heard = sounds(sound)
    best: dict[str, float] = {}
    for choice in field.choices:
        for word in choice.words.get("ja", ()):
            wanted = sounds(reading(word))
            if SHORTEST <= len(wanted) <= len(heard) + 1:
                like = fuzz.partial_ratio(wanted, heard)
                best[choice.id] = max(best.get(choice.id, 0.0), like)
    alike = [choice for choice, like in best.items() if like >= LIKE]
    return Answered(alike[0], 0, len(sound), BY_SOUND) if len(alike) == 1 else None


@dataclass(frozen=True, slots=True)
class _Sound:
    """`heard.yaml`, compiled."""

    slips: tuple[tuple[re.Pattern[str], str], ...]
    misheard: tuple[tuple[re.Pattern[str], str], ...]
    written: tuple[tuple[re.Pattern[str], str], ...]
    days: tuple[tuple[re.Pattern[str], int], ...]
    digits: Mapping[str, int]
    units: Mapping[str, str]
    number: re.Pattern[str]
    day: re.Pattern[str]
    lead: re.Pattern[str]
    tail: re.Pattern[str]
    breaks: re.Pattern[str]
    asking: re.Pattern[str]
    banks: Mapping[str, str]
    elsewhere: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]]

    def day_of(self, said: str) -> int:
        return next(n for pattern, n in self.days if pattern.fullmatch(said))


@cache
def _sound() -> _Sound:
    content = yaml.safe_load(
        resources.files("assistant.forms").joinpath("heard.yaml").read_text(encoding="utf-8")
    )
    digits = {**content["numbers"], **content["tens"]}
    number = "|".join(digits)
    units = "|".join(content["units"])
    days = "|".join(content["days"])
    return _Sound(
        slips=tuple((re.compile(slip), meant) for slip, meant in content["slips"].items()),
        misheard=tuple((re.compile(said), text) for said, text in content["misheard"].items()),
        written=tuple((re.compile(said), text) for said, text in content["written"].items()),
        days=tuple((re.compile(said), n) for said, n in content["days"].items()),
        digits=digits,
        units=content["units"],
        number=re.compile(rf"(?P<n>(?:{number})+)(?P<u>{units})"),
        day=re.compile(rf"(?P<ten>(?:に?じゅう)?)(?P<day>{days})"),
        lead=re.compile(content["lead"]),
        tail=re.compile(content["tail"]),
        breaks=re.compile(content["breaks"]),
        asking=re.compile(content["asking"]),
        banks=content["banks"],
        elsewhere={
            lang: tuple((re.compile(said, re.IGNORECASE), meant) for said, meant in words.items())
            for lang, words in content["elsewhere"].items()
        },
    )


def _ten(said: str) -> int:
    return {"": 0, "じゅう": 10, "にじゅう": 20}[said]


def _numeral(said: str) -> int:
    """The number that its words make: にじゅうご is 25."""
    digits = _sound().digits
    total = unit = 0
    for word in re.findall("|".join(digits), said):
        if digits[word] >= 10:
            total += (unit or 1) * digits[word]
            unit = 0
        else:  # いちいちがつ: figures one by one
            unit = 10 * unit + digits[word]
    return total + unit
