"""Compose: the short answer first, then the card, the steps, the conditions and the source.

Every text is taken word for word from one localization. The short answer is the
part of it that answers best (`assistant.lead`). Conditions are always carried along.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from unicodedata import east_asian_width

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
from assistant.known_leads import known_lead
from assistant.lead import Lead, lead, parts
from assistant.replies import Replies, replies
from assistant.say import filled, plain, text
from assistant.topics import is_title
from assistant.turn import Turn
from knowledge.article import FACT_NAMES, Article, Localization, Section
from knowledge.ruby import strip
from knowledge.search import Passage

LOOKED_AT = 200
"""How many sentences of the article are compared with the question: all of them, mostly."""

WHOLE = 240
"""Columns (of which a character of Chinese, Japanese or Korean takes two) up to which a
section is short enough to be the short answer itself."""

SUGGESTIONS = 3
"""How many follow-up questions are offered."""

CALL_CENTER = "{{section.call_center}} {{phone.call_center}}"
"""Who is asked where an article names no contact: values of the city."""

_SENTENCES = re.compile(r"(?<=[。！？!?])|(?<=\.)\s|\n")
_ITEM = re.compile(r"^(?:[-*・•]|\d+\.)\s+")
"""The mark of an item of a list, which says nothing where the item stands alone."""

SUGGESTED = ("bring", "where", "deadline", "fee", "online", "hours")
"""The facts that a follow-up is suggested for, in this order."""


def run(turn: Turn) -> Answer | None:
    """Fill `turn.answer` from the article that was decided on."""
    assert turn.slug is not None
    article = turn.release.articles[turn.slug]
    source = turn.release.shown(turn.slug, turn.lang)
    say = replies(turn.lang)
    passages = turn.release.index.passages(turn.query, turn.slug, source.lang, k=LOOKED_AT)
    blocks: list[Block] = []
    cited: Section | None = None
    fact: str | None = None
    if article.kind == "procedure":
        best = _lead(turn, source, passages)
        fact = best.fact
        blocks += _short(turn, source, say, best)
    else:
        cited = _section(source, passages[0]) if passages else None
        blocks += _quoted(source, passages[0] if passages else None, cited)
    if source.lang != turn.lang and not (source.lang == "ja" and turn.lang == "ja-x-easy"):
        words = filled(turn, say("shown_in_japanese"))
        blocks.insert(0, NoticeBlock(lang=turn.lang, kind="shown_in_japanese", body=text(words)))
    blocks += _card(source, asked=fact)
    sources = [_source(turn, article, source, cited)]
    turn.answer = Answer(
        status="answered",
        lang=turn.lang,
        answer=plain(blocks, sources, turn.lang),
        blocks=blocks,
        sources=sources,
        suggestions=_suggestions(source, say, asked=fact),
    )
    return None


def _lead(turn: Turn, source: Localization, passages: Sequence[Passage]) -> Lead:
    """The title of an article alone asks what it is about; of some questions it is known."""
    if is_title(turn.question, source.title):
        return Lead("summary")
    assert turn.slug is not None
    known = known_lead(turn.question, turn.slug, turn.release)
    if known in parts(source):
        return Lead(known)
    return lead(turn.question, turn.lang, source, passages)


def _short(turn: Turn, source: Localization, say: Replies, best: Lead) -> list[Block]:
    """The short answer of a procedure: the part of it that answers best."""
    kind, _, number = best.part.partition(".")
    if best.fact is not None:
        return [_fact_block(source, best.fact)]
    if kind == "conditions":
        return [ShortBlock(lang=source.lang, body=text(source.conditions[int(number)]))]
    if kind == "sections":
        return _told(source, source.sections[int(number)], best.passage)
    beside = _sentence(source, best.beside) if best.beside else ""
    lines = [text(beside)] if beside and not _in_list(source, beside) else []
    short = ShortBlock(lang=source.lang, body=text(source.summary), lines=lines)
    blocks: list[Block] = [short]
    fact = turn.fact
    if fact in FACT_NAMES and fact not in source.facts:
        contact = strip(str(source.facts.get("contact", ""))) or CALL_CENTER
        words = say(f"facet_missing.{fact}", title=strip(source.title), contact=contact)
        notice = NoticeBlock(lang=turn.lang, kind="interpreter", body=text(filled(turn, words)))
        blocks.append(notice)
    return blocks


def _told(source: Localization, section: Section, passage: Passage | None) -> list[Block]:
    """The sentence of a section that answers, and the section around it.

    An item of a list says nothing alone, nor does what leads to the list: the list is told.
    Of a section that is short already nothing is said twice: it is the short answer itself.
    Without a passage more of it is told at once, or its first sentence.
    """
    lines = [line.strip() for line in section.text.splitlines() if line.strip()]
    sentence = _marked(source, passage) if passage else _SENTENCES.split(lines[0])[0].strip()
    first = next((place for place, line in enumerate(lines) if _ITEM.match(line)), None)
    if first is not None and (first == 0 or _in_list(source, sentence)):
        body = "\n".join(lines[:first]) or section.heading
        listed = [text(_ITEM.sub("", line)) for line in lines[first:]]
        return [ShortBlock(lang=source.lang, body=text(body), lines=listed)]
    if _width(strip(section.text)) <= (WHOLE if passage else 2 * WHOLE):
        return [ShortBlock(lang=source.lang, body=text(section.text))]
    short = ShortBlock(lang=source.lang, body=text(sentence))
    return [short, _passage(source, section)]


def _sentence(source: Localization, best: Lead) -> str:
    """A condition, or the sentence of a section that is meant."""
    kind, _, number = best.part.partition(".")
    if kind == "conditions":
        return source.conditions[int(number)]
    assert best.passage is not None
    return _marked(source, best.passage)


def _in_list(source: Localization, sentence: str) -> bool:
    """Say whether `sentence` is an item of a list of `source` or only leads to one."""
    if _ITEM.match(sentence):
        return True
    lines = [line.strip() for section in source.sections for line in section.text.splitlines()]
    told = [line for line in lines if line]
    return any(
        line.endswith(sentence) and _ITEM.match(after) is not None
        for line, after in pairwise(told)
        if not _ITEM.match(line)
    )


def _width(words: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in words)


def _marked(source: Localization, passage: Passage) -> str:
    """The sentence of `passage` with the ruby it has in the article, where it can be found."""
    section = _section(source, passage)
    wanted = passage.sentence.strip()
    if section is not None:
        for line in _SENTENCES.split(section.text):
            if strip(line).strip() == wanted:
                return line.strip()
    return wanted


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


def _suggestions(source: Localization, say: Replies, asked: str | None) -> list[str]:
    return [say(f"suggest.{name}") for name in SUGGESTED if name in source.facts and name != asked][
        :SUGGESTIONS
    ]
