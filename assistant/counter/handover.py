"""Conversations that residents hand over from the website to staff, once, with consent.

The resident gets a code of eight figures, or the same as a QR code; staff type or
scan it. The store knows only its hash. Staff see the questions as they were kept,
that is masked, which articles answered them and what was asked in vain.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from knowledge.store import Store
from knowledge.store_conversations import Turn

VALID = timedelta(hours=24)
"""How long a code can be used."""


Outcome = Literal["answered", "asked_back", "in_vain", "sent_on", "emergency"]

_OUTCOMES: Mapping[str, Outcome] = {
    "answered": "answered",
    "clarify": "asked_back",
    "handoff": "sent_on",
    "emergency": "emergency",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a conversation, masked, and what came of it.

    `slug` is the article that answered it, `fact` the one of its facts that was asked for.
    """

    question: str
    lang: str
    outcome: Outcome
    slug: str = ""
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What is known so far of a conversation that was handed over."""

    lang: str
    asked: tuple[Asked, ...]

    @property
    def slugs(self) -> tuple[str, ...]:
        """The articles that answered, each once, in their order."""
        return tuple(dict.fromkeys(one.slug for one in self.asked if one.slug))


def hand_over(store: Store, conversation: str, lang: str) -> str | None:
    """Queue the conversation of this token; return its code, or None where it cannot be."""
    code = f"{secrets.randbelow(10**8):08d}"
    queued = store.hand_over(_hashed(conversation), _hashed(code), lang, store.now() + VALID)
    return code if queued else None


def take(store: Store, code: str, by: str) -> Summary | None:
    """Take over the conversation of a code; None where the code is wrong, used or too old."""
    digits = "".join(ch for ch in code if ch.isdigit())
    handed = store.take_handover(_hashed(digits), by)
    kept = store.conversation(handed.conversation_id) if handed else None
    if handed is None or kept is None:
        return None
    return Summary(handed.lang, tuple(_asked(turn) for turn in kept.turns))


def _asked(turn: Turn) -> Asked:
    outcome = _OUTCOMES.get(turn.status, "in_vain")
    sources = turn.answer.get("sources") or []
    slug = sources[0]["slug"] if sources and outcome == "answered" else ""
    facts = [block.get("fact") for block in turn.answer.get("blocks") or []]
    fact = next((name for name in facts if name), "") if slug else ""
    return Asked(turn.question, turn.lang, outcome, slug, fact)


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
