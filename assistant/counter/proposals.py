"""Turns an answer into proposals: each piece in the resident's language and in Japanese.

Nothing here is translated. Both sides are the city's own wording of the same fact
of the same article, or of the same reply; where the article lacks the resident's
language, both sides are the Japanese. Staff approve each piece before anything is
shown or spoken; pieces whose figures or negations differ are flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.blocks import (
    Answer,
    Block,
    ChoicesBlock,
    FactsBlock,
    NotesBlock,
    PassageBlock,
    ReplyBlock,
    ShortBlock,
    Source,
    StepsBlock,
    Text,
)
from assistant.replies import replies, reply_of
from knowledge.article import Localization
from knowledge.claims_comparison import figures_apart
from knowledge.errors import ArticleInvalid
from knowledge.figures import figures
from knowledge.polarity import negated
from knowledge.release import Release
from knowledge.ruby import parse, strip

Runs = list[tuple[str, str | None]]
"""A text as ``[base, reading or null]``, as in `assistant.blocks.Text`."""

State = Literal["proposed", "approved", "dropped"]

_SENTENCES = re.compile(r"(?<=[。！？!?])|(?<=\.)\s+|\n")


@dataclass(frozen=True, slots=True)
class Proposal:
    """One piece of an answer that staff may approve, edit or drop.

    `own` are its lines in `lang`, `japanese` the same lines in Japanese; `basis` is
    the sentence of the Japanese source that its figures come from. `own_ruby` and
    `label_ruby` are the runs of its lines and label where they carry ruby. `flags` are
    ``figures_differ``, ``negation_differs``, ``only_japanese`` and ``edited``.
    """

    id: str
    kind: str
    lang: str
    label: str
    label_japanese: str
    own: tuple[str, ...]
    japanese: tuple[str, ...]
    basis: str = ""
    source: Source | None = None
    flags: tuple[str, ...] = ()
    own_ruby: tuple[Runs | None, ...] = ()
    label_ruby: Runs | None = None
    state: State = "proposed"


def proposals(answer: Answer, release: Release, prefix: str) -> list[Proposal]:
    """Return the pieces of `answer`, in its order; ids are `prefix` and a number."""
    source = answer.sources[0] if answer.sources else None
    japanese = _japanese(release, source)
    if source is not None and japanese is not None:
        # Staff read where it comes from, in Japanese.
        source = source.model_copy(update={"title": strip(japanese.title)})
    found = []
    for number, piece in enumerate(_pieces(answer, release, japanese, source), 1):
        found.append(_flagged(replace(piece, id=f"{prefix}.{number}"), answer.lang))
    return found


def edited(proposal: Proposal, text: str) -> Proposal:
    """Return `proposal` with its wording replaced by staff.

    Raises ValueError where the new wording holds a figure that neither side of the
    proposal holds, or bounds one otherwise: 14日 is no 14円, and 以内 no 以上. The line
    breaks of the wording are those of the proposal's lines.
    """
    if foreign := _foreign(text, proposal):
        raise ValueError(", ".join(foreign))
    lines = tuple(line.strip() for line in text.splitlines() if line.strip())
    flags = tuple(dict.fromkeys((*proposal.flags, "edited")))
    return replace(proposal, own=lines, own_ruby=(), flags=flags)


def _foreign(text: str, proposal: Proposal) -> list[str]:
    """The figures of `text`, with their units and bounds, that neither side of `proposal` holds."""
    own = "\n".join(proposal.own)
    japanese = "\n".join((*proposal.japanese, proposal.basis))
    unknown = {one.said for one in figures_apart(text, japanese, proposal.lang, "ja")}
    found = [
        one.said
        for one in figures_apart(text, own, proposal.lang)
        if one.kind == "limit" or one.said in unknown
    ]
    return list(dict.fromkeys(found))


def _japanese(release: Release, source: Source | None) -> Localization | None:
    if source is None or source.slug not in release.articles:
        return None
    return release.shown(source.slug, "ja")


def _pieces(
    answer: Answer, release: Release, japanese: Localization | None, source: Source | None
) -> Iterator[Proposal]:
    for block in answer.blocks:
        if isinstance(block, ReplyBlock):
            yield _reply(block, answer.status, release)
        else:
            yield from _of_block(block, release, japanese, source)


def _of_block(
    block: Block, release: Release, japanese: Localization | None, source: Source | None
) -> Iterator[Proposal]:
    if isinstance(block, ChoicesBlock):
        own = (block.body, *(Text(text=item.label) for item in block.items))
        plain = tuple(line.text for line in own)
        yield _with_ruby(Proposal("", "choices", block.lang, "", "", plain, plain), own)
    elif japanese is not None and isinstance(block, ShortBlock):
        own = (block.body, *block.lines)
        yield _piece("short", block.lang, own, _same_short(block, japanese), block.fact, source)
    elif japanese is not None and isinstance(block, FactsBlock):
        for item in block.items:
            own = (item.body,) if item.body else tuple(item.lines)
            value = _lines(japanese.facts.get(item.name, ()))
            yield _piece(item.name, block.lang, own, value, item.name, source)
    elif japanese is not None and isinstance(block, StepsBlock):
        own = tuple(block.lines)
        value = _lines(japanese.facts.get("steps", ()))
        yield _piece("steps", block.lang, own, value, "steps", source)
    elif japanese is not None and isinstance(block, NotesBlock):
        for line, original in zip(block.lines, japanese.conditions, strict=False):
            yield _piece("condition", block.lang, (line,), (strip(original),), None, source)
    elif isinstance(block, PassageBlock):
        own = tuple(part for part in (block.heading, block.body) if part.text)
        plain = tuple(part.text for part in own)
        yield _piece("passage", block.lang, own, plain, None, source)


def _same_short(block: ShortBlock, japanese: Localization) -> tuple[str, ...]:
    """The Japanese of the short answer: the same fact, else the summary."""
    if block.lang == "ja":
        return (block.body.text, *(line.text for line in block.lines))
    if block.fact and block.fact in japanese.facts:
        return _lines(japanese.facts[block.fact])
    return (strip(japanese.summary),)


def _lines(value: str | Sequence[str]) -> tuple[str, ...]:
    return (strip(value),) if isinstance(value, str) else tuple(strip(line) for line in value)


def _piece(
    kind: str, lang: str, own: tuple[Text, ...], japanese: tuple[str, ...], fact: str | None,
    source: Source | None,
) -> Proposal:  # fmt: skip
    name = f"fact_labels.{fact}" if fact else ""
    label = replies(lang)(name) if name else ""
    piece = Proposal(
        "",
        kind,
        lang,
        strip(label),
        strip(replies("ja")(name)) if name else "",
        tuple(line.text for line in own),
        japanese,
        _basis(japanese),
        source,
        label_ruby=_runs(label),
    )
    return _with_ruby(piece, own)


def _with_ruby(piece: Proposal, own: Sequence[Text]) -> Proposal:
    ruby = tuple(line.ruby for line in own)
    return replace(piece, own_ruby=ruby) if any(ruby) else piece


def _runs(marked: str) -> Runs | None:
    runs = parse(marked)
    return runs if any(reading for _, reading in runs) else None


def _reply(block: ReplyBlock, status: str, release: Release) -> Proposal:
    """A reply that is from no article; its Japanese is the same reply of the Japanese file."""
    words = block.body.text
    if block.lang != "ja":
        try:
            words = strip(release.city.render(reply_of(block.kind, status, "ja"), "ja"))
        except (KeyError, ArticleInvalid):
            words = strip(release.city.render(replies("ja")("handoff"), "ja"))
    piece = Proposal("", "reply", block.lang, "", "", (block.body.text,), (words,))
    return _with_ruby(piece, (block.body,))


def _basis(japanese: Sequence[str]) -> str:
    """The first sentence that holds a figure: what staff check before they approve."""
    for line in japanese:
        for sentence in _SENTENCES.split(line):
            if figures(sentence):
                return sentence.strip()
    return ""


def _flagged(proposal: Proposal, wanted: str) -> Proposal:
    if proposal.lang == "ja" or proposal.own == proposal.japanese:
        shown_in_japanese = proposal.lang == "ja" != wanted and proposal.source is not None
        return replace(proposal, flags=("only_japanese",) if shown_in_japanese else ())
    flags: list[str] = []
    own, japanese = "\n".join(proposal.own), "\n".join(proposal.japanese)
    if proposal.kind != "short" or proposal.label:
        if _apart(own, japanese, proposal.lang) or _apart(japanese, own, "ja", proposal.lang):
            flags.append("figures_differ")
        if negated(own, proposal.lang) != negated(japanese, "ja"):
            flags.append("negation_differs")
    elif _apart(own, japanese, proposal.lang):
        flags.append("figures_differ")
    return replace(proposal, flags=tuple(flags))


def _apart(one: str, other: str, lang: str, other_lang: str = "ja") -> bool:
    """Say whether `one` has a figure that `other` has not."""
    return any(figures_apart(one, other, lang, other_lang))
