"""Compose: the short answer first, then the card, the steps, the conditions and the source.

Every text is taken word for word from one localization. What is asked for
(`turn.fact`) chooses the short answer; where no fact answers, the passage that
does. Conditions are always carried along.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.blocks import (
    Answer,
    Block,
    FactItem,
    FactsBlock,
    NotesBlock,
    NoticeBlock,
    PassageBlock,
    ShortBlock,
    Source,
    StepsBlock,
)
from assistant.calibration import calibration
from assistant.replies import Replies, replies
from assistant.say import filled, plain, text
from assistant.turn import Turn
from knowledge.article import FACT_NAMES, Article, Localization, Section
from knowledge.ruby import strip
from knowledge.search import Passage

LOOKED_AT = 60
"""How many sentences of the article are compared with the question."""

SUGGESTIONS = 3
"""How many follow-up questions are offered."""

CALL_CENTER = "{{section.call_center}} {{phone.call_center}}"
"""Who is asked where an article names no contact: values of the city."""

_SENTENCES = re.compile(r"(?<=[。！？!?])|(?<=\.)\s|\n")
_ITEM = re.compile(r"^(?:[-*・•]|\d+\.)\s+")
"""The mark of an item of a list, which says nothing where the item stands alone."""

_SUGGESTED = ("bring", "where", "deadline", "fee", "online", "hours")


def run(turn: Turn) -> Answer | None:
    """Fill `turn.answer` from the article that was decided on."""
    assert turn.slug is not None
    article = turn.release.articles[turn.slug]
    source = turn.release.shown(turn.slug, turn.lang)
    say = replies(turn.lang)
    passages = turn.release.index.passages(turn.query, turn.slug, source.lang, k=LOOKED_AT)
    blocks: list[Block] = []
    cited: Section | None = None
    if article.kind == "procedure":
        blocks += _short(turn, source, say, passages)
    else:
        cited = _section(source, passages[0]) if passages else None
        blocks += _quoted(source, passages[0] if passages else None, cited)
    if source.lang != turn.lang and not (source.lang == "ja" and turn.lang == "ja-x-easy"):
        words = filled(turn, say("shown_in_japanese"))
        blocks.insert(0, NoticeBlock(lang=turn.lang, kind="shown_in_japanese", body=text(words)))
    blocks += _card(source, asked=turn.fact)
    sources = [_source(turn, article, source, cited)]
    turn.answer = Answer(
        status="answered",
        lang=turn.lang,
        answer=plain(blocks, sources, turn.lang),
        blocks=blocks,
        sources=sources,
        suggestions=_suggestions(turn, source, say),
    )
    return None


def _short(
    turn: Turn, source: Localization, say: Replies, passages: Sequence[Passage]
) -> list[Block]:
    """The short answer of a procedure: the fact asked for, or the passage that answers.

    A passage is a condition or a section. Where a fact is asked for that the
    article lacks, or what happens after a deadline, the best one is taken if
    it is good at all; where nothing is named, it must beat the summary.
    """
    fact = turn.fact
    if fact in source.facts and fact is not None:
        return [_fact_block(source, fact)]
    told = [p for p in passages if p.chunk_id.startswith(("conditions.", "sections."))]
    summary = max((p.score for p in passages if p.chunk_id == "summary"), default=0.0)
    limits = calibration()
    wanted = (
        limits.passage_floor if fact else max(limits.passage_floor, summary + limits.passage_margin)
    )
    if told and (told[0].score >= wanted or fact == "late"):
        kind, number = told[0].chunk_id.split(".")[:2]
        if kind == "conditions":
            return [ShortBlock(lang=source.lang, body=text(source.conditions[int(number)]))]
        short = ShortBlock(lang=source.lang, body=text(_marked(source, told[0])))
        return [short, _passage(source, source.sections[int(number)])]
    blocks: list[Block] = [ShortBlock(lang=source.lang, body=text(source.summary))]
    if fact in FACT_NAMES:
        contact = strip(str(source.facts.get("contact", ""))) or CALL_CENTER
        words = say(f"facet_missing.{fact}", title=strip(source.title), contact=contact)
        notice = NoticeBlock(lang=turn.lang, kind="interpreter", body=text(filled(turn, words)))
        blocks.append(notice)
    return blocks


def _marked(source: Localization, passage: Passage) -> str:
    """The sentence of `passage` with the ruby it has in the article, where it can be found."""
    section = _section(source, passage)
    wanted = passage.sentence.strip()
    if section is not None:
        for line in _SENTENCES.split(section.text):
            if strip(line).strip() == wanted:
                return _ITEM.sub("", line.strip())
    return _ITEM.sub("", wanted)


def _fact_block(source: Localization, fact: str) -> ShortBlock:
    value = source.facts[fact]
    if isinstance(value, str):
        return ShortBlock(lang=source.lang, body=text(value), fact=fact)
    return ShortBlock(
        lang=source.lang,
        body=text(replies(source.lang)(f"facet_intro.{fact}")),
        lines=[text(line) for line in value],
        fact=fact,
    )


def _quoted(source: Localization, best: Passage | None, section: Section | None) -> list[Block]:
    """The sentence that answers best, and the passage around it, from an imported text."""
    if best is None or section is None:
        return [ShortBlock(lang=source.lang, body=text(source.summary or source.title))]
    return [ShortBlock(lang=source.lang, body=text(best.sentence)), _passage(source, section)]


def _passage(source: Localization, section: Section) -> PassageBlock:
    return PassageBlock(lang=source.lang, heading=text(section.heading), body=text(section.text))


def _section(source: Localization, best: Passage) -> Section | None:
    if not best.chunk_id.startswith("sections."):
        return None
    return source.sections[int(best.chunk_id.split(".")[1])]


def _card(source: Localization, asked: str | None) -> list[Block]:
    """The facts that the short answer has not given yet, the steps, the conditions."""
    labels = replies(source.lang)
    items = []
    for name in FACT_NAMES:
        value = source.facts.get(name)
        if value is None or name == "steps" or name == asked:
            continue
        label = labels(f"fact_labels.{name}")
        if isinstance(value, str):
            items.append(FactItem(name=name, label=label, body=text(value)))
        else:
            items.append(FactItem(name=name, label=label, lines=[text(v) for v in value]))
    blocks: list[Block] = []
    if items:
        blocks.append(FactsBlock(lang=source.lang, title=text(source.title), items=items))
    steps = source.facts.get("steps")
    if isinstance(steps, tuple) and asked != "steps":
        label = labels("fact_labels.steps")
        lines = [text(line) for line in steps]
        blocks.append(StepsBlock(lang=source.lang, label=label, lines=lines))
    if source.conditions:
        lines = [text(line) for line in source.conditions]
        label = labels("labels.conditions")
        blocks.append(NotesBlock(lang=source.lang, label=label, lines=lines))
    return blocks


def _source(turn: Turn, article: Article, source: Localization, section: Section | None) -> Source:
    score = 0.0
    if turn.found is not None:
        score = next((hit.score for hit in turn.found.hits if hit.slug == article.slug), 0.0)
    where = " > ".join((*section.path, section.heading)) if section else ""
    return Source(
        slug=article.slug,
        title=strip(source.title),
        lang=source.lang,
        version=article.number,
        effective_from=article.effective_from,
        checked_on=article.checked_on,
        url=article.address or f"/{source.lang}/articles/{article.slug}",
        score=round(score, 4),
        section=where,
        page=section.page if section else None,
    )


def _suggestions(turn: Turn, source: Localization, say: Replies) -> list[str]:
    asked = {turn.fact}
    return [
        say(f"suggest.{name}") for name in _SUGGESTED if name in source.facts and name not in asked
    ][:SUGGESTIONS]
