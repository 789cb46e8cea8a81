"""The day a deadline ends, where it is counted from a day that the resident knows.

Some laws count the first day and some do not (住民基本台帳法 and 戸籍法 differ).
Where the article does not say 翌日から, the first day is counted: then the
reminder is on the last day or one day early, and never late.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

_PERIOD = re.compile(
    r"(?:(?P<next>の翌日から)|を含めて|(?<![\d翌])日(?:など)?から)"
    r"(?P<number>\d{1,3})(?P<unit>日|か月|年)以内"
)
_UNITS: dict[str, Literal["days", "months", "years"]] = {
    "日": "days", "か月": "months", "年": "years",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """So many days, months or years from a day; `next_day`: counted from the day after it."""

    number: int
    unit: Literal["days", "months", "years"]
    next_day: bool

    def end(self, start: date) -> date:
        """Return the last day of the period that begins with `start`.

        >>> Period(14, "days", False).end(date(2026, 4, 1))
        datetime.date(2026, 4, 14)
        >>> Period(2, "years", True).end(date(2024, 2, 29))
        datetime.date(2026, 2, 28)
        """
        if self.unit == "days":
            last = start + timedelta(days=self.number)
        else:
            months = self.number * (12 if self.unit == "years" else 1)
            year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
            last = date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
        return last if self.next_day else last - timedelta(days=1)


def period(deadline: str) -> Period | None:
    """Return the period that the first sentence of a Japanese deadline names, if it names one.

    Only what is counted from a day (日から, 日の翌日から, 日を含めて) is taken;
    納期限から6か月 or 月の翌月1日から2年 is left to the text.

    >>> period("住み始めた日から14日以内に届け出てください。")
    Period(number=14, unit='days', next_day=False)
    >>> period("7日前までに申し込んでください。") is None
    True
    """
    sentence = deadline.split("。")[0]
    matches = list(_PERIOD.finditer(sentence))
    if len(matches) != 1:
        return None
    match = matches[0]
    return Period(int(match["number"]), _UNITS[match["unit"]], bool(match["next"]))
