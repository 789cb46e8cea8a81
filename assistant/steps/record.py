"""Record: keep the turn, already masked, so that the thread holds and gaps are seen."""

from __future__ import annotations

import logging

from assistant.blocks import Answer, NoticeBlock
from assistant.conversation import Thread
from assistant.replies import replies
from assistant.say import text
from assistant.turn import Turn

log = logging.getLogger(__name__)


def run(
    turn: Turn, answer: Answer, conversations: Thread, conversation: str, request_id: str
) -> Answer:
    """Store the turn and return the answer with its conversation and turn ids.

    An answer is worth more than its record: if the store cannot take it, the
    failure is logged and the answer given all the same, without ids.
    """
    blocks = list(answer.blocks)
    if turn.masked:
        note = text(replies(turn.lang)("masked_note"))
        blocks.append(NoticeBlock(lang=turn.lang, kind="masked", body=note))
    answer = answer.model_copy(
        update={
            "blocks": blocks,
            "timings_ms": turn.timings_ms,
        }
    )
    try:
        kept = conversations.record(conversation, request_id, turn.question, answer)
    except Exception:
        log.exception("a turn could not be recorded")
        return answer
    return answer.model_copy(update={"conversation": conversation, "turn": kept})
