"""Verify: every figure of the answer stands in the source it cites.

A line that is one of the source's own is not read again. A block with a figure that
the cited localization does not hold is dropped; an answer whose short answer is
dropped becomes an abstention.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator

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
from knowledge.claims_comparison import figures_apart
from knowledge.ruby import strip

log = logging.getLogger(__name__)

_FROM_SOURCE = (ShortBlock, FactsBlock, StepsBlock, NotesBlock, PassageBlock)


def run(turn: Turn) -> Answer | None:
    """Drop the blocks whose figures the source does not hold."""
    answer = turn.answer
    if answer is None or turn.slug is None:
        return None
    source = turn.release.shown(turn.slug, turn.lang)
    lines = dict.fromkeys(map(strip, source.texts()))  # in the order of the source
    kept = [block for block in answer.blocks if _holds(block, lines, source.lang)]
    if len(kept) == len(answer.blocks):
        return None
    log.warning("dropped %d blocks of %s", len(answer.blocks) - len(kept), turn.slug)
    if not any(isinstance(block, ShortBlock) for block in kept):
        return reply_answer(turn, "abstained", "abstain", replies(turn.lang)("abstain"))
    turn.answer = answer.model_copy(
        update={"blocks": kept, "answer": plain(kept, answer.sources, turn.lang)}
    )
    return None


def _holds(block: Block, lines: Collection[str], lang: str) -> bool:
    if not isinstance(block, _FROM_SOURCE):
        return True
    others = [words for words in map(strip, _words(block)) if words not in lines]
    return not others or not any(figures_apart("\n".join(others), "\n".join(lines), lang))


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
