"""A place or an address as it was said, without the talk around it."""

from __future__ import annotations

import re
from datetime import date

from assistant.forms import names
from assistant.forms.dates import days
from assistant.forms.places import PREFECTURE
from assistant.forms.words import Words

_ANY_DAY = date(2000, 1, 1)
"""Only where a day stands matters here."""

_LED = re.compile(rf"^[^\d]{{1,20}}?[は、がにで]\s*(?={PREFECTURE.pattern})")
"""What leads to a prefecture belongs to no address: 直前は岡山県…."""

_OF = re.compile(
    r"(?:(?<=^東京都)|(?<=^北海道)|(?<=^京都府)|(?<=^大阪府)|(?<=^[^、]{2}県)|(?<=^[^、]{3}県))の"
    r"(?=[^、\d]{1,9}[市郡区町村])|(?<=市)の(?=[^、\d]{1,4}区)"
)
"""Between the parts of an address people say の, which nobody writes: 富山県の高岡市."""


def without_day(place: str, vocabulary: Words) -> str:
    """Return the place without the day before it: 一日に横浜市."""
    for day in reversed(days(place, vocabulary.lang, _ANY_DAY)):
        if place[: day.start].strip():  # 中央2丁目6-1に is no day
            continue
        if rest := re.match(r"(?:には|に|は|、)(?=.)", place[day.end :]):
            return place[day.end + rest.end() :]
    return place


def trimmed(place: str, vocabulary: Words) -> str:
    """Return the place alone: 今は…の方です loses what is around it, and えー inside it."""
    place = without_day(place.strip(" 、,.。"), vocabulary)
    start, end = names.body(place, vocabulary)
    place = place[start:end]
    while (lead := vocabulary.place_lead.match(place)) and lead.end():
        place = place[lead.end() :]
    while (tail := vocabulary.place_tail.search(place)) and tail.group():
        place = place[: tail.start()]
    place = re.sub(r"^[^、都道府県市区町村\d]{1,8}、(?=.*[都道府県市区町村])", "", place)
    place = re.sub(r"[、,\s]*(?:えーと|えっと|えー|あの)[、,\s]*", "", place)
    if known := _LED.match(place):
        place = place[known.end() :]
    place = re.sub(r"(?<=[目番地])の(?=[\d一二三四五六七八九十])", "", place)
    place = _OF.sub("", place)
    return place.strip(" 、,.。")
