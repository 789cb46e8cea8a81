"""Decide: answer, ask back with named choices, or abstain and say where to ask instead."""

from __future__ import annotations

from assistant.blocks import Answer, Choice, ChoicesBlock
from assistant.calibration import calibration
from assistant.phrases import elsewhere
from assistant.replies import replies
from assistant.say import plain, reply_answer, text
from assistant.turn import Turn
from knowledge.ruby import strip
from knowledge.search import Hit

CHOICES = 4
"""The most articles offered when a question is asked back."""


def run(turn: Turn) -> Answer | None:
    """Choose the article to answer from, or return the answer that is none."""
    assert turn.found is not None
    say = replies(turn.lang)
    hits = turn.found.hits
    if turn.slug is not None:
        return None
    topic = elsewhere(turn.question)
    if topic is not None:
        return reply_answer(turn, "abstained", topic, say(f"abstain_elsewhere.{topic}"))
    if not hits or turn.found.top_cosine < calibration().domain_floor:
        return reply_answer(turn, "abstained", "abstain", say("abstain"))
    choices = _choices(turn, hits)
    if len(choices) > 1:
        block = ChoicesBlock(lang=turn.lang, body=text(say("clarify")), items=choices)
        return Answer(status="clarify", lang=turn.lang, answer=plain([block], ()), blocks=[block])
    turn.slug = hits[0].slug
    return None


def _choices(turn: Turn, hits: tuple[Hit, ...]) -> list[Choice]:
    """The articles that cannot be told apart by their scores; one or none: no need to ask."""
    limits = calibration()
    if len(hits) < 2 or hits[0].score - hits[1].score >= limits.clarify_margin:
        return []
    near = [hit for hit in hits if hits[0].score - hit.score < limits.choice_margin][:CHOICES]
    return [
        Choice(
            label=strip(turn.release.shown(hit.slug, turn.lang).title),
            question=turn.question,
            slug=hit.slug,
        )
        for hit in near
    ]
