"""Letters to the city's own staff, by whatever sends mail here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter in plain text."""

    to: str
    subject: str
    text: str


class MailFailed(Exception):
    """The letter could not be handed over; the text says why in one sentence."""


class Mailer(Protocol):
    """Something that hands letters over."""

    def send(self, letter: Letter) -> None:
        """Hand `letter` over; raises `MailFailed`."""
        ...
