"""Screen: clean the question, mask personal data, notice emergencies, refuse what is none.

Emergencies come before anything else and need neither language nor search.
"""

from __future__ import annotations

import unicodedata

from assistant.blocks import Answer
from assistant.language import identify
from assistant.masking import mask
from assistant.phrases import emergency, wants_person
from assistant.replies import replies
from assistant.say import reply_answer
from assistant.turn import Turn

LIMIT = 1000
"""Characters of a question that are read; longer ones get a word about it."""


def run(turn: Turn) -> Answer | None:
    """Mask and clean the question; answer emergencies and unreadable questions at once."""
    cleaned = clean(turn.question)
    turn.question, turn.masked = mask(cleaned[: LIMIT + 1])
    turn.lang = identify(turn.question, turn.hint)
    say = replies(turn.lang)
    kind = emergency(cleaned[:LIMIT])
    if kind is not None:
        return reply_answer(turn, "emergency", kind, say(f"emergency.{kind}"))
    if not turn.question:
        return reply_answer(turn, "error", "empty", say("empty_question"))
    if len(cleaned) > LIMIT:
        return reply_answer(turn, "error", "too-long", say("too_long_question", limit=LIMIT))
    if not any(unicodedata.category(ch)[0] in "LN" for ch in turn.question):
        return reply_answer(turn, "error", "unreadable", say("unreadable_question"))
    if wants_person(turn.question):
        return reply_answer(turn, "handoff", "person", say("handoff"))
    return None


def clean(question: str) -> str:
    """Return `question` without control, format and private characters, spaces collapsed."""
    kept = (
        ch if unicodedata.category(ch) not in ("Cc", "Cf", "Co", "Cs", "Cn") else " "
        for ch in question.replace("\u200b", "").replace("\u00ad", "")
    )
    return " ".join("".join(kept).split())
