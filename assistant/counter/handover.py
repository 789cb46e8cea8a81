"""Conversations that residents hand over from the website to staff, once, with consent.

The resident gets a code of eight figures, or the same as a QR code; staff type or
scan it. The store knows only its hash. Staff see the questions as they were kept,
that is masked, and the procedures that were found.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from knowledge.store import Store

VALID = timedelta(hours=24)
"""How long a code can be used."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What is known so far of a conversation that was handed over."""

    lang: str
    questions: tuple[str, ...]
    slugs: tuple[str, ...]


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
    slugs = [
        source["slug"] for turn in kept.turns for source in (turn.answer.get("sources") or [])[:1]
    ]
    return Summary(
        handed.lang,
        tuple(turn.question for turn in kept.turns),
        tuple(dict.fromkeys(slugs)),
    )


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
