"""A model's translation of an article, field by field and line by line, each line checked.

A model is asked for one line at a time, with the official terms that stand in it,
so that a line that is wrong spoils no other. What it writes is believed only as
far as `TranslationCheck` goes; a field with one wrong line stays empty. A line of
the article that gives orders to a machine is never sent to one.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.drafting import DraftFailed, Drafting, Prompt, written
from assistant.editing.translation_check import Fault, TranslationCheck, rules
from assistant.manipulation import suspicious
from knowledge.article import FACT_NAMES, LIST_FACTS, Article, Localization, Section, languages
from knowledge.glossary import Glossary
from knowledge.machine_text import fields_of
from knowledge.ruby import strip
from knowledge.sentences import sentence_spans
from knowledge.translations import ORIGINAL, PLACEHOLDER

LONGEST_PIECE = 300
"""Letters of Japanese that are asked for at once; a longer line is cut at its sentences."""

TOKENS = 1_200
"""The most tokens that a model writes for one piece; Nepali and Thai need four a letter."""

_BULLET = re.compile(r"\s*(?:[-*・●○■]\s*|\d{1,2}[.)．）]\s*)?")
_LINK = re.compile(r"https?://\S+")
_QUOTED = re.compile(r"[「『\"“](.*)[」』\"”]", re.DOTALL)


class Stopped(Exception):
    """Somebody stopped the translation, or the model is left alone: it does not go on."""


@dataclass(frozen=True, slots=True)
class Translated:
    """One field: its text, or, empty, the first reason against it."""

    text: str
    fault: Fault | None = None


class Translation:
    """The translation of one article's Japanese text into one language."""

    def __init__(
        self, drafting: Drafting, lang: str, glossary: Glossary, stopped: threading.Event
    ) -> None:
        self._drafting = drafting
        self._lang = lang
        self._glossary = glossary
        self._stopped = stopped
        told = rules()["orders"]
        self._orders = str(told.get(lang, told["translation"])).replace(
            "{language}", languages()[lang].name
        )
        self._check = TranslationCheck(lang, self._orders, glossary)

    def field(self, name: str, japanese: str) -> Translated:
        """Return one field of `fields_of` in the language; raises `Stopped`.

        Of question variants the wrong ones are left out; anything else is whole or empty.
        """
        lines: list[str] = []
        fault: Fault | None = None
        for line in strip(japanese).splitlines():
            said = self._line(name, line)
            if isinstance(said, str):
                lines.append(said)
            elif name == "questions":
                fault = fault or said
            else:
                return Translated("", said)
        text = "\n".join(lines).strip()
        return Translated(text) if text else Translated("", fault or Fault("empty"))

    def _line(self, name: str, line: str) -> str | Fault:
        """One line behind the sign that it begins with."""
        mark = _BULLET.match(line)
        lead = mark.group() if mark else ""
        said = []
        for piece in _pieces(line[len(lead) :]):
            one = self._piece(name, piece)
            if isinstance(one, Fault):
                return one
            said.append(one)
        between = "" if languages()[self._lang].script in ("japanese", "bigram") else " "
        return lead + between.join(said)

    def _piece(self, name: str, piece: str) -> str | Fault:
        if not any(map(str.isalpha, _LINK.sub("", PLACEHOLDER.sub("", piece)))):
            return piece
        if suspicious([piece]):
            return Fault("article_orders")
        part = rules()["parts"].get(name.partition(".")[0], rules()["parts"]["other"])
        orders = self._orders.replace("{part}", part)
        prompt = Prompt(orders, self._terms(piece), piece, self._lang, TOKENS)
        if self._stopped.is_set() or not self._drafting.patience.allows():
            raise Stopped
        try:
            raw = written(self._drafting.drafter, prompt, self._drafting.patience, self._stopped)
        except DraftFailed:
            if self._stopped.is_set() or not self._drafting.patience.allows():
                raise Stopped from None
            return Fault("model")
        said = _bare(raw, piece)
        return self._check.fault(said, piece) or said

    def _terms(self, piece: str) -> str:
        """The official terms of a piece, as the model is to put them."""
        told = [
            f"{term} = {official}"
            for term in self._glossary.terms_in(piece)
            if (official := self._glossary.official(term, self._lang))
        ]
        return "\n".join([rules()["terms"], *told]) if told else ""


def gaps(article: Article, lang: str) -> dict[str, str]:
    """Return the Japanese fields that `lang` lacks, by name, in the order of the form."""
    there = fields_of(article.localizations.get(lang))
    original = fields_of(article.localizations.get(ORIGINAL))
    return {name: words for name, words in original.items() if name not in there}


def filled(article: Article, lang: str, made: dict[str, str]) -> Article:
    """Return `article` with `made`, texts by name, in the fields of `lang` that are empty."""
    there = fields_of(article.localizations.get(lang))
    fields = {**{name: text for name, text in made.items() if text}, **there}
    before = article.localizations.get(lang) or Localization(lang, "")
    facts: dict[str, str | tuple[str, ...]] = {}
    for name in FACT_NAMES:
        if name in before.facts:
            facts[name] = before.facts[name]
        elif text := fields.get(f"fact.{name}", ""):
            facts[name] = tuple(text.splitlines()) if name in LIST_FACTS else text
    changed = replace(
        before,
        title=fields.get("title", before.title),
        questions=before.questions or tuple(fields.get("questions", "").splitlines()),
        summary=fields.get("summary", before.summary),
        facts=facts,
        conditions=before.conditions or tuple(fields.get("conditions", "").splitlines()),
        sections=tuple(_sections(article, before, fields)),
    )
    if not fields:
        return article
    return replace(article, localizations={**article.localizations, lang: changed})


def _sections(article: Article, before: Localization, fields: dict[str, str]) -> Iterator[Section]:
    """The sections of both, each at the place of its Japanese one; one without words goes."""
    original = article.localizations[ORIGINAL].sections
    for number in range(max(len(original), len(before.sections))):
        place = before.sections[number] if number < len(before.sections) else Section("", "")
        page = original[number].page if number < len(original) else place.page
        heading = fields.get(f"heading.{number}", place.heading)
        text = fields.get(f"text.{number}", place.text)
        if heading.strip() or text.strip():
            yield replace(place, heading=heading, text=text, page=place.page or page)


def _pieces(line: str) -> Iterator[str]:
    """A line, or, where it is long, its sentences in pieces of at most `LONGEST_PIECE`."""
    if len(line) <= LONGEST_PIECE:
        yield line
        return
    held = ""
    for start, end in sentence_spans(line):
        sentence = line[start:end]
        if held and len(held) + len(sentence) > LONGEST_PIECE:
            yield held
            held = ""
        held += sentence
    if held:
        yield held


def _bare(raw: str, piece: str) -> str:
    """What a model wrote without the marks around it that the Japanese does not have."""
    said = raw.strip()
    quoted = _QUOTED.fullmatch(said)
    return quoted[1].strip() if quoted and not _QUOTED.fullmatch(piece.strip()) else said
