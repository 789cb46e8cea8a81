"""Compose: the short answer first, then the card, the steps, the conditions and the source.

Every text is taken word for word from one localization. What is asked for
(`turn.fact`) chooses the short answer; where no fact answers, the passage that
does. Conditions are always carried along.
"""

from __future__ import annotations

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

SUGGESTIONS = 3
"""How many follow-up questions are offered."""

_SUGGESTED = ("bring", "where", "deadline", "fee", "online", "hours")

def run(turn: Turn) -> Answer | None:
    """Fill `turn.answer` from the article that was decided on."""
    assert turn.slug is not None
    article = turn.release.articles[turn.slug]
    source = turn.release.shown(turn.slug, turn.lang)
    say = replies(turn.lang)
    passages = turn.release.index.passages(turn.query, turn.slug, source.lang, k=3)
    best = passages[0] if passages else None
    blocks: list[Block] = []
    if article.kind == "procedure":
        blocks += _short(turn, source, say, best)
    else:
        blocks += _quoted(source, best)
    if source.lang != turn.lang and not (source.lang == "ja" and turn.lang == "ja-x-easy"):
        words = filled(turn, say("shown_in_japanese"))
        blocks.insert(0, NoticeBlock(lang=turn.lang, kind="shown_in_japanese", body=text(words)))
    blocks += _card(source, say, asked=turn.fact)
    cited = _section(source, best) if article.kind == "document" else None
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

def _short(turn: Turn, source: Localization, say: Replies, best: Passage | None) -> list[Block]:
    """The short answer of a procedure, and the passage it comes from where it is no fact."""
    fact = turn.fact
    if fact in FACT_NAMES and fact in source.facts:
        return [_fact_block(source, say, fact)]
    if fact in FACT_NAMES:
        missing = say(f"facet_missing.{fact}", title=source.title, contact=_contact(source))
        return [ShortBlock(lang=source.lang, body=text(source.summary)), _notice(turn, missing)]
    if best is not None and best.score >= calibration().passage_floor:
        kind, _, rest = best.chunk_id.partition(".")
        if kind == "facts":
            return [_fact_block(source, say, rest)]
        if kind == "conditions":
            return [ShortBlock(lang=source.lang, body=text(source.conditions[int(rest)]))]
        if kind == "sections":
            section = source.sections[int(rest.split(".")[0])]
            return [
                ShortBlock(lang=source.lang, body=text(best.sentence)),
                _passage(source, section),
            ]
    return [ShortBlock(lang=source.lang, body=text(source.summary))]

def _fact_block(source: Localization, say: Replies, fact: str) -> ShortBlock:
    value = source.facts[fact]
    if isinstance(value, str):
        return ShortBlock(lang=source.lang, body=text(value), fact=fact)
    return ShortBlock(
        lang=source.lang,
        body=text(replies(source.lang)(f"facet_intro.{fact}")),
        lines=[text(line) for line in value],
        fact=fact,
    )

def _quoted(source: Localization, best: Passage | None) -> list[Block]:
    """The sentence that answers best, and the passage around it, from an imported text."""
    section = _section(source, best)
    if best is None or section is None:
        return [ShortBlock(lang=source.lang, body=text(source.summary or source.title))]
    return [ShortBlock(lang=source.lang, body=text(best.sentence)), _passage(source, section)]

def _passage(source: Localization, section: Section) -> PassageBlock:
    return PassageBlock(lang=source.lang, heading=text(section.heading), body=text(section.text))

def _section(source: Localization, best: Passage | None) -> Section | None:
    if best is None or not best.chunk_id.startswith("sections."):
        return None
    return source.sections[int(best.chunk_id.split(".")[1])]

def _card(source: Localization, say: Replies, asked: str | None) -> list[Block]:
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

def _notice(turn: Turn, words: str) -> NoticeBlock:
    return NoticeBlock(lang=turn.lang, kind="interpreter", body=text(filled(turn, words)))

def _contact(source: Localization) -> str:
    contact = source.facts.get("contact", "")
    return contact if isinstance(contact, str) else " ".join(contact)

def _source(
    turn: Turn, article: Article, source: Localization, section: Section | None
) -> Source:
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

LIST_NAMES = LIST_FACTS
