"""Screen: clean the question, mask personal data, notice emergencies, refuse what is none.

Emergencies come before anything else and need neither language nor search:
phrases first, then the vector of the question, which search needs anyway.
Orders to the desk itself are taken out; what is left is the question.
"""

from __future__ import annotations

import logging
import unicodedata

from assistant import emergency_signal
from assistant.blocks import Answer
from assistant.language import identify
from assistant.manipulation import visible, without_orders
from assistant.masking import mask
from assistant.phrases import emergency, sounds_calm, wants_person
from assistant.replies import replies
from assistant.say import reply_answer, reply_block
from assistant.topics import asked_exactly
from assistant.turn import Turn
from knowledge.embedding import encodable

log = logging.getLogger(__name__)

LIMIT = 1000
"""Characters of a question that are read; longer ones get a word about it."""


def run(turn: Turn) -> Answer | None:
    """Mask and clean the question; answer emergencies and unreadable questions at once."""
    cleaned = clean(turn.question)
    turn.question, turn.masked = mask(cleaned[: LIMIT + 1])
    turn.lang = identify(turn.question, turn.hint)
    say = replies(turn.lang)
    person = wants_person(turn.question)
    phrased = emergency(cleaned[:LIMIT])
    kinds = _kinds(turn, phrased) if phrased or not person else ()
    if kinds:
        also = [reply_block(turn, kind, say(f"emergency.{kind}")) for kind in kinds[1:]]
        return reply_answer(turn, "emergency", kinds[0], say(f"emergency.{kinds[0]}"), extra=also)
    if not turn.question:
        return reply_answer(turn, "error", "empty", say("empty_question"))
    if len(cleaned) > LIMIT:
        return reply_answer(turn, "error", "too-long", say("too_long_question", limit=LIMIT))
    if not any(unicodedata.category(ch)[0] in "LN" for ch in turn.question):
        return reply_answer(turn, "error", "unreadable", say("unreadable_question"))
    if person:
        return reply_answer(turn, "handoff", "person", say("handoff"))
    asked = turn.question
    turn.question = without_orders(asked)
    turn.ordered = turn.question != asked
    if not turn.question:
        turn.question = asked
        return reply_answer(turn, "abstained", "manipulation", say("refuse_manipulation"))
    return None


def _kinds(turn: Turn, phrased: str | None) -> tuple[str, ...]:
    """The kinds of emergency, the one to name first: where a phrase fires, it is one.

    A phrase says that something is wrong; who hits whom the vector and the letters
    of the whole question often know better, so that both have their say in the order.
    """
    if phrased is None:
        return _signal(turn)
    return _told(turn, phrased) or (phrased,)


def _signal(turn: Turn) -> tuple[str, ...]:
    """The kinds of emergency by the vector of the question, which search will ask for again.

    What is asked in just the words of an article's question is no emergency that
    a vector could tell, nor what holds words that nobody says in danger. A model
    that fails here fails again in search, which says so to the resident; phrases
    have had their say by then.
    """
    if not turn.question or asked_exactly(turn.question, turn.lang, turn.release):
        return ()
    if sounds_calm(turn.question, turn.lang):
        return ()
    return _told(turn, None)


def _told(turn: Turn, phrased: str | None) -> tuple[str, ...]:
    """What the second signal tells; nothing where its model fails, which search reports."""
    index = turn.release.index
    try:
        asked = index.encode(encodable(turn.question[:LIMIT]), turn.lang)
    except Exception:
        log.exception("no second signal for emergencies")
        return ()
    name = index.embedder.name
    return emergency_signal.told(asked.pooled, turn.question, turn.lang, name, phrased)


def clean(question: str) -> str:
    """Return `question` without characters that are not drawn, spaces collapsed."""
    return " ".join(visible(question).split())
