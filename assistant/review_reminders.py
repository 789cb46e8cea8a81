"""Reminders of articles whose review date is past or near, one letter for each department."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

import yaml

from assistant.mail import Letter
from assistant.self_checks import Due, due
from knowledge.article import Article

ANY = "*"
"""The department whose address gets what has no address of its own."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """What one department is to look at, the longest overdue first."""

    department: str
    articles: tuple[Due, ...]

    @property
    def overdue(self) -> int:
        """How many review dates are past."""
        return sum(one.overdue for one in self.articles)


def reminders(articles: Iterable[Article], today: date) -> list[Reminder]:
    """Return a reminder for every department that has something to look at."""
    found: dict[str, list[Article]] = {}
    for article in articles:
        found.setdefault(article.owner, []).append(article)
    told = (Reminder(owner, tuple(due(own, today))) for owner, own in sorted(found.items()))
    return [one for one in told if one.articles]


def letter(reminder: Reminder, to: str, name: str, desk: str) -> Letter:
    """Return the letter about `reminder` to a department by its name; `desk` is our address."""
    words = _words()
    soon = len(reminder.articles) - reminder.overdue
    lines = [words["opening"].format(department=name), ""]
    for one in reminder.articles:
        line = words["overdue" if one.overdue else "soon"]
        lines += [
            line.format(day=one.review_by, title=one.title),
            f"  {desk}/admin/articles/{one.slug}",
        ]
    subject = words["subject"].format(overdue=reminder.overdue, soon=soon)
    return Letter(to, subject, "\n".join([*lines, "", words["closing"], ""]))


@cache
def _words() -> dict[str, str]:
    file = resources.files("assistant").joinpath("review_reminders.yaml")
    loaded: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return loaded
