"""Decide: answer, ask back with named choices, or abstain and say where to ask instead.

How sure the desk is of the first article is a probability from a few signals of
search (`assistant.confidence`); what is done with it stands in
`assistant/calibration.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.blocks import Answer, Choice, ChoicesBlock
from assistant.broad_topics import broad_topic
from assistant.calibration import calibration
from assistant.confidence import articles, confidence, outside
from assistant.phrases import elsewhere
from assistant.replies import replies
from assistant.say import plain, reply_answer, text
from assistant.topics import asked_exactly, names_topic, own_words, shares_title
from assistant.turn import Turn
from knowledge.release_content import OUTSIDE
from knowledge.ruby import strip
from knowledge.search import Hit

CHOICES = 4
"""The most articles offered when a question is asked back."""


def run(turn: Turn) -> Answer | None:
    """Choose the article to answer from, or return the answer that is none."""
    assert turn.found is not None
    if turn.slug is not None:
        return None
    limits = calibration()
    turn.confidence = confidence(turn.found, turn.question, turn.lang, turn.release)
    topic = elsewhere(turn.question)
    if turn.before and topic is None and _stays(turn, turn.confidence):
        turn.slug = turn.before
        return None
    exactly = asked_exactly(turn.question, turn.lang, turn.release)
    if exactly is not None and exactly.startswith(OUTSIDE):
        return _abstain(turn, exactly)
    if exactly is not None:
        turn.slug = exactly
        return None
    broad = broad_topic(turn.question, turn.lang, turn.release.lexicon.get("broad_topics", {}))
    known = [slug for slug in broad if slug in turn.release.articles]
    if len(known) > 1:
        return _ask_back(turn, known)
    # Whoever gives orders to the machine tells it stories, too: a question names its topic.
    if turn.ordered and not names_topic(turn.rest, turn.lang, turn.release):
        return _abstain(turn)
    strict = topic is not None or turn.ordered
    doubtful = limits.abstain_below_elsewhere if strict else limits.abstain_below
    if turn.confidence < doubtful:
        return _abstain(turn)
    hits = articles(turn.found)
    near = [hit.slug for hit in hits if hits[0].score - hit.score < limits.choice_margin]
    if turn.confidence < limits.answer_above and len(near) > 1:
        return _ask_back(turn, near[:CHOICES])
    turn.slug = hits[0].slug
    return None


def _stays(turn: Turn, sure: float) -> bool:
    """Say whether a question in a conversation is about the article of the turn before.

    One that leans on it leaves all the same where another article, or a topic
    that no article answers, is found without doubt; one that names a topic
    stays where nothing is found for it.
    """
    assert turn.found is not None
    limits = calibration()
    first = turn.found.hits[0] if turn.found.hits else None
    if first is None:
        return True
    other = first.slug.startswith(OUTSIDE)
    if not turn.follow_up:
        return sure < limits.stay_below and not other
    if other:
        leaves = sure < limits.leave_below_outside and first.coverage >= limits.leave_coverage
        return not (leaves and own_words(turn.rest, turn.lang))
    return not _leaves(turn, first, sure)


def _leaves(turn: Turn, first: Hit, sure: float) -> bool:
    """Say whether a question that could lean on the turn before is plainly about `first`.

    It has words enough of its own, by which the article of the turn before is not
    even found, or is worded as that article is asked about, or has a word of its
    title. The fewer its words, the surer the desk has to be:
    "can I apply online" is near to the questions of many articles.
    """
    limits = calibration()
    if sure >= limits.leave_above and first.asked >= limits.leave_asked:
        if first.asked >= limits.leave_asked_alike:
            return True
        title = strip(turn.release.shown(first.slug, turn.lang).title)
        if shares_title(turn.rest, turn.lang, title):
            return True
    if own_words(turn.rest, turn.lang) < limits.leave_words:
        return False
    assert turn.found is not None
    if sure >= limits.leave_absent and all(hit.slug != turn.before for hit in turn.found.hits):
        return True
    return sure >= limits.leave_above_worded and first.asked >= limits.leave_asked_worded


def _abstain(turn: Turn, topic: str | None = None) -> Answer:
    """Say that no article answers this, and who does where that is known; `topic` if it is."""
    assert turn.found is not None
    say = replies(turn.lang)
    reply = elsewhere(turn.question)
    others, hits = outside(turn.found), articles(turn.found)
    if topic is None and others and (not hits or others[0].score > hits[0].score):
        topic = others[0].slug
    if reply is None and topic is not None:
        topics = turn.release.lexicon.get("outside", {})
        reply = topics.get(topic.removeprefix(OUTSIDE), {}).get("reply")
    words = say(f"abstain_elsewhere.{reply}") if reply else say("abstain")
    return reply_answer(turn, "abstained", reply or "abstain", words)


def _ask_back(turn: Turn, slugs: Iterable[str]) -> Answer:
    """Ask which of some articles is meant."""
    items = [
        Choice(
            label=strip(turn.release.shown(slug, turn.lang).title),
            question=turn.question,
            slug=slug,
        )
        for slug in slugs
    ]
    words = text(replies(turn.lang)("clarify"))
    block = ChoicesBlock(lang=turn.lang, body=words, items=items)
    return Answer(status="clarify", lang=turn.lang, answer=plain([block], ()), blocks=[block])
