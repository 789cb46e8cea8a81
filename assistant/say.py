"""How answers are put into words: texts with ruby, replies, and the plain text of blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.blocks import (
    Answer,
    Block,
    ChoicesBlock,
    FactsBlock,
    NoticeBlock,
    PassageBlock,
    ReplyBlock,
    ShortBlock,
    Source,
    Status,
    StepsBlock,
    Text,
)
from assistant.replies import replies
from assistant.turn import Turn
from knowledge.city import PLACEHOLDER
from knowledge.errors import ArticleInvalid
from knowledge.ruby import parse, strip

_PHONE = re.compile(
    r"(?<![\d#])(?:#\d{4}|0\d{1,4}-\d{1,4}-\d{3,4}|0\d{3}-\d{6}|1(?:10|18|19|71|88|89))(?!\d)"
)


def text(markup: str) -> Text:
    """Return `markup` as a Text, with ruby segments where it has any."""
    parts = parse(markup)
    if any(reading for _, reading in parts):
        return Text(text=strip(markup), ruby=parts)
    return Text(text=markup)


def phones(words: str) -> list[str]:
    """Return the telephone numbers in `words`, in their order."""
    return list(dict.fromkeys(_PHONE.findall(words)))


def filled(turn: Turn, words: str) -> str:
    """Return a reply with the city's values filled in; a value the city lacks is left out."""
    try:
        return turn.release.city.render(words, turn.lang)
    except ArticleInvalid:
        return " ".join(PLACEHOLDER.sub("", words).split())


def reply_block(turn: Turn, kind: str, words: str) -> ReplyBlock:
    """Return the reply `words` of a `kind` as a block, with its telephone numbers."""
    words = filled(turn, words)
    return ReplyBlock(lang=turn.lang, kind=kind, body=text(words), phones=phones(strip(words)))


def reply_answer(
    turn: Turn,
    status: Status,
    kind: str,
    words: str,
    *,
    extra: Iterable[Block] = (),
    suggestions: Sequence[str] = (),
) -> Answer:
    """Return an Answer made of one reply and, below it, `extra` blocks."""
    blocks: list[Block] = [reply_block(turn, kind, words), *extra]
    return Answer(
        status=status,
        lang=turn.lang,
        answer=plain(blocks, ()),
        blocks=blocks,
        suggestions=list(suggestions),
    )


def plain(blocks: Sequence[Block], sources: Sequence[Source], lang: str = "ja") -> str:
    """Return the blocks as one plain text, as a terminal or a letter would show them."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, ShortBlock):
            lines += [block.body.text, *(f"・{line.text}" for line in block.lines), ""]
        elif isinstance(block, FactsBlock):
            for item in block.items:
                if item.body:
                    lines.append(f"{item.label}: {item.body.text}")
                else:
                    lines += [f"{item.label}:", *(f"  ・{line.text}" for line in item.lines)]
            lines.append("")
        elif isinstance(block, StepsBlock):
            lines.append(f"{block.label}:")
            lines += [f"  {n}. {line.text}" for n, line in enumerate(block.lines, 1)]
            lines.append("")
        elif isinstance(block, PassageBlock):
            if block.heading.text:
                lines.append(f"【{block.heading.text}】")
            lines += [block.body.text, ""]
        elif isinstance(block, ChoicesBlock):
            lines += [block.body.text, *(f"・{item.label}" for item in block.items), ""]
        elif isinstance(block, ReplyBlock | NoticeBlock):
            lines += [block.body.text, ""]
        else:
            lines += [f"{block.label}:", *(f"  ・{line.text}" for line in block.lines), ""]
    for source in sources:
        lines.append(
            replies(lang)(
                "source_line",
                title=source.title,
                version=source.version,
                effective_from=source.effective_from,
                checked_on=source.checked_on,
            )
        )
    return "\n".join(lines).strip()
