"""Understand: what is asked for, and a follow-up made whole from the conversation.

Official terms that were misspelt are spelt right for the search. A question that
names no topic of its own (「持ち物は？」, "what if I'm late?") leans on the article of
the turn before; `decide` has the last word, once it is searched.
"""

from __future__ import annotations

from assistant.blocks import Answer
from assistant.homophones import respelled
from assistant.phrases import facet, greeting
from assistant.replies import replies
from assistant.romanised import with_terms
from assistant.say import reply_answer
from assistant.topics import names_topic
from assistant.turn import Turn


def run(turn: Turn) -> Answer | None:
    """Fill `turn.fact` and what the question may lean on."""
    kind = greeting(turn.question)
    if kind is not None:
        words = replies(turn.lang)("greeting" if kind == "greeting" else "thanks_reply")
        return reply_answer(turn, "clarify", kind, words)
    asked = facet(turn.question, turn.lang)
    turn.fact = asked.fact
    turn.query, turn.rest = turn.question, asked.rest
    if turn.lang == "ja":
        turn.query = respelled(turn.question, turn.release)
    else:
        turn.query = with_terms(turn.question, turn.lang, turn.release)
    if turn.topic in turn.release.articles:
        turn.slug = turn.topic
        return None
    before = next((past.slug for past in reversed(turn.past) if past.slug), None)
    if before in turn.release.articles:
        turn.before = before
        # A term that had to be spelt right, or that stands there in Latin letters, is a topic.
        term = turn.query != turn.question
        turn.follow_up = not (term or names_topic(asked.rest, turn.lang, turn.release))
    return None
