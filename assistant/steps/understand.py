"""Understand: what is asked for, and a follow-up made whole from the conversation.

A question that names no topic of its own (「持ち物は？」, "what if I'm late?") is
about the article of the turn before; its title is put in front of it.
"""

from __future__ import annotations

from assistant.blocks import Answer
from assistant.phrases import facet, greeting
from assistant.replies import replies
from assistant.say import reply_answer
from assistant.topics import names_topic
from assistant.turn import Turn
from knowledge.ruby import strip


def run(turn: Turn) -> Answer | None:
    """Fill `turn.fact`, `turn.query` and, for a follow-up, `turn.slug`."""
    kind = greeting(turn.question)
    if kind is not None:
        words = replies(turn.lang)("greeting" if kind == "greeting" else "thanks_reply")
        return reply_answer(turn, "clarify", kind, words)
    asked = facet(turn.question, turn.lang)
    turn.fact = asked.fact
    turn.query = turn.question
    before = turn.topic or next((past.slug for past in reversed(turn.past) if past.slug), None)
    if before is None or before not in turn.release.articles:
        return None
    if turn.topic or not names_topic(asked.rest, turn.lang, turn.release):
        turn.follow_up = True
        turn.slug = before
        turn.query = f"{strip(turn.release.shown(before, turn.lang).title)} {turn.question}"
    return None
