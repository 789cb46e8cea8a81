"""Draft: where a model is configured, put its verified sentences above the composed answer.

The composed answer stays whole below: its card, its conditions, its source. A draft
that says nothing that the article says, or lacks the figure of the short answer, is
not shown.
"""

from __future__ import annotations

from assistant.blocks import Answer, NoticeBlock, PassageBlock, ShortBlock, Text
from assistant.drafting import Prompt, drafted
from assistant.drafting_check import Check, orders
from assistant.replies import replies
from assistant.say import plain, text
from assistant.turn import Turn
from knowledge.article import languages
from knowledge.claims import values
from knowledge.ruby import strip


def run(turn: Turn) -> Answer | None:
    """Add the draft to `turn.answer`, if there is a model and what it wrote holds."""
    answer = turn.answer
    if turn.drafting is None or answer is None or turn.slug is None:
        return None
    source = turn.release.shown(turn.slug, turn.lang)
    short = next((block for block in answer.blocks if isinstance(block, ShortBlock)), None)
    if short is None or source.lang != turn.lang:
        return None
    told = orders().replace("{language}", languages()[turn.lang].name)
    cited = "\n".join(strip(words) for words in source.texts())
    prompt = Prompt(told, cited, turn.question, turn.lang)
    check = Check(cited, told, turn.lang)
    kept = check.completed(drafted(turn.drafting.drafter, prompt, check, turn.drafting.patience))
    said = (" " if turn.lang not in _UNSPACED else "").join(kept)
    if not kept or _says_no_figure(said, short.body.text, turn.lang):
        return None
    notice = NoticeBlock(
        lang=turn.lang, kind="machine_drafted", body=text(replies(turn.lang)("machine_drafted"))
    )
    composed = PassageBlock(
        lang=short.lang, heading=Text(text=strip(source.title)), body=short.body
    )
    blocks = [
        ShortBlock(lang=turn.lang, body=Text(text=said), lines=short.lines),
        notice,
        composed,
        *(block for block in answer.blocks if block is not short),
    ]
    turn.answer = answer.model_copy(
        update={"blocks": blocks, "answer": plain(blocks, answer.sources, turn.lang)}
    )
    return None


_UNSPACED = ("ja", "ja-x-easy", "zh-Hans", "zh-Hant", "th")


def _says_no_figure(said: str, short: str, lang: str) -> bool:
    """Say whether the short answer has figures and `said` has none of them."""
    wanted = {(value.kind, value.key) for value in values(short, lang)}
    return bool(wanted) and not wanted & {(value.kind, value.key) for value in values(said, lang)}
