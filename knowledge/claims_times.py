"""Clock times as they are written and said in every language of the desk."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.claims_words import Key, Reading, Words

_THAI = re.compile(
    r"(?P<af>บ่าย)\s?(?P<h1>\d)?\s?(?:โมง)?(?P<half1>ครึ่ง|\s?0\.5)?|(?P<h2>\d{1,2})\s?โมง"
    r"(?P<half2>ครึ่ง|0\.5)?\s?(?P<part>เช้า|เย็น)?|(?P<h3>\d)\s?ทุ่ม(?P<half3>ครึ่ง|0\.5)?|(?P<noon>เที่ยง(?:วัน)?(?!คืน))"
)


def times(known: Words) -> Iterator[Reading]:
    """Yield the ways to read a clock time, in minutes after midnight."""
    am, pm = known.alternatives("am_before"), known.alternatives("pm_before")
    am_after, pm_after = known.alternatives("am_after"), known.alternatives("pm_after")
    hours, minutes, half = (known.alternatives(name) for name in ("hours", "minutes", "half"))
    half_before = known.alternatives("half_before")
    if known.lang == "th":
        yield "time", _THAI, _thai
    noon = re.compile(rf"(?:12\s?)?{known.alternatives('noon')}")
    yield "time", noon, lambda _: (12 * 60,)
    before = rf"(?:(?P<am>{am})|(?P<pm>{pm})|(?P<hb>{known.alternatives('hour_before')}))?\s?"
    after = rf"(?:\s?(?:(?P<am2>{am_after})|(?P<pm2>{pm_after})))?"
    point = "[:.]" if known.lang in ("id", "th") else ":"
    hour = rf"(?<![\d:.])(?P<halved>{half_before}\s)?(?P<h>[01]?\d|2[0-4])"
    said = rf"{hours}(?:\s?(?P<m2>[0-5]?\d)(?:\s?{minutes}|(?!\s?\w)|(?=\s))|\s?(?P<half>{half}))?"
    colon = rf"{point}(?P<m>[0-5]\d)(?![\d:.]?\d)(?:\s?{hours})?"
    if known.lang == "pt":
        said = rf"{hours}(?:(?P<m2>[0-5]\d)|\s(?P<half>{half}))?(?!\w)"
    clock = re.compile(rf"{before}{hour}(?:{colon}|\s?{said})?{after}(?!\d)")
    yield "time", clock, _time


def _thai(match: re.Match[str]) -> Key:
    parts = match.groupdict()
    half = 30 if parts["half1"] or parts["half2"] or parts["half3"] else 0
    if parts["noon"]:
        return (12 * 60,)
    if parts["h3"]:
        return ((int(parts["h3"]) + 18) * 60 + half,)
    if parts["h2"]:
        hour = int(parts["h2"])
        return ((hour + (12 if parts["part"] == "เย็น" and hour < 12 else 0)) * 60 + half,)
    return ((int(parts["h1"] or 1) + 12) * 60 + half,)


def _time(match: re.Match[str]) -> Key | None:
    parts = match.groupdict()
    afternoon = parts["pm"] or parts["pm2"]
    morning = parts["am"] or parts["am2"]
    if match.group().strip().isdigit():
        return None
    hour = int(parts["h"])
    if afternoon and hour < 12:
        hour += 12
    if morning and hour == 12:
        hour = 0
    minute = int(parts["m"] or parts["m2"] or (30 if parts["half"] else 0))
    total = hour * 60 + minute - (30 if parts["halved"] else 0)
    return (total,)
