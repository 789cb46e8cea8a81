"""Verify: every figure of the answer stands in the source it cites.

A block with a figure that the cited localization does not hold is dropped; an
answer whose short answer is dropped becomes an abstention.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import lru_cache

from assistant.blocks import (
    Answer,
    Block,
    FactsBlock,
    NotesBlock,
    PassageBlock,
    ShortBlock,
    StepsBlock,
)
from assistant.replies import replies
from assistant.say import plain, reply_answer
from assistant.turn import Turn
from knowledge.figures import figures
from knowledge.ruby import strip

log = logging.getLogger(__name__)

_FROM_SOURCE = (ShortBlock, FactsBlock, StepsBlock, NotesBlock, PassageBlock)


def run(turn: Turn) -> Answer | None:
    """Drop the blocks whose figures the source does not hold."""
    answer = turn.answer
    if answer is None or turn.slug is None:
        return None
    source = turn.release.shown(turn.slug, turn.lang)
    known = frozenset().union(*(_figures_of(words) for words in source.texts()))
    kept = [block for block in answer.blocks if _holds(block, known)]
    if len(kept) == len(answer.blocks):
        return None
    log.warning("dropped %d blocks of %s", len(answer.blocks) - len(kept), turn.slug)
    if not any(isinstance(block, ShortBlock) for block in kept):
        return reply_answer(turn, "abstained", "abstain", replies(turn.lang)("abstain"))
    turn.answer = answer.model_copy(
        update={"blocks": kept, "answer": plain(kept, answer.sources, turn.lang)}
    )
    return None


@lru_cache(maxsize=16_384)
def _figures_of(words: str) -> frozenset[str]:
    # Lines of published articles only, the same ones again and again.
    return frozenset(figures(strip(words)))


def _holds(block: Block, known: frozenset[str]) -> bool:
    if not isinstance(block, _FROM_SOURCE):
        return True
    return all(_figures_of(words) <= known for words in _words(block))


def _words(block: Block) -> Iterator[str]:
    if isinstance(block, ShortBlock | PassageBlock):
        yield block.body.text
    if isinstance(block, ShortBlock | StepsBlock | NotesBlock):
        yield from (line.text for line in block.lines)
    if isinstance(block, FactsBlock):
        for item in block.items:
            if item.body:
                yield item.body.text
            yield from (line.text for line in item.lines)
