"""The part of an article that answers first: a fact, a condition, a section or the summary.

Each part is scored by how near its best sentence is to the question, by the words of the
question that ask for a fact, and by what people mostly want to hear. The weights are those
of a conditional logit over the parts of an article, fitted on judged questions by
``python -m evals leads``.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from assistant.phrases import cues, facet, fold
from assistant.topics import tokens
from knowledge.article import Localization
from knowledge.ruby import strip
from knowledge.search import Passage

LATE = "late"
"""The cue of what happens after a deadline, which conditions and sections tell."""

SHORT = 4
"""Characters that a question counts as at least, when the share of a cue is taken."""


SURE, SURE_ASKED = 0.45, 0.35
"""How likely (0 to 1) a part has to be to come before the summary, which is seldom wrong; the
second where words of the question ask for it. Judged questions that begin with something
beside the point: 9 % without, 7 % with."""

BESIDE = 0.12
"""How likely (0 to 1) a condition or section is at least that is told beside the summary."""


@dataclass(frozen=True, slots=True)
class Lead:
    """The part chosen, as ``summary``, ``facts.fee``, ``conditions.2`` or ``sections.0``.

    `passage` is its sentence nearest to the question, where search knows one. `beside` is
    a condition or section that may be meant where the summary was chosen.
    """

    part: str
    passage: Passage | None = None
    beside: Lead | None = None

    @property
    def fact(self) -> str | None:
        """The name of the fact that it is, or None."""
        return self.part.removeprefix("facts.") if self.part.startswith("facts.") else None


def lead(question: str, lang: str, source: Localization, passages: Sequence[Passage]) -> Lead:
    """Return the part of `source` that answers `question`, asked in `lang`, best.

    `passages` are the sentences of `source`, best first. What happens after a
    deadline is told by a condition or a section, where there is one.
    """
    best = nearest(passages)
    values = signals(question, lang, source, best)
    asked = cues(question, lang)
    if asked and max(asked, key=lambda fact: asked[fact]) == LATE:
        late = {part: each for part, each in values.items() if part in best and _told(part)}
        values = late or values
    weights = shipped_weights()
    totals = {
        part: math.exp(sum(weights.get(name, 0.0) * value for name, value in each.items()))
        for part, each in values.items()
    }
    chosen = first(totals, {part for part, each in values.items() if each.get("cue")})
    told = [part for part in totals if _told(part) and part in best]
    beside = max(told, key=lambda part: totals[part], default=None)
    if chosen != "summary" or beside is None or totals[beside] < BESIDE * sum(totals.values()):
        return Lead(chosen, best.get(chosen))
    return Lead(chosen, best.get(chosen), Lead(beside, best[beside]))


def first(totals: Mapping[str, float], asked: Collection[str]) -> str:
    """Return the part that comes first, of `totals`, which are as likely as they are great.

    The summary comes first unless another one is sure enough; `asked` are those that
    words of the question ask for.
    """
    chosen = max(totals, key=lambda part: totals[part])
    sure = SURE_ASKED if chosen in asked else SURE
    if "summary" in totals and totals[chosen] < sure * sum(totals.values()):
        return "summary"
    return chosen


def nearest(passages: Sequence[Passage]) -> dict[str, Passage]:
    """Return the best of `passages` of each part, best parts first."""
    found: dict[str, Passage] = {}
    for passage in passages:
        found.setdefault(_part(passage.chunk_id), passage)
    return found


def signals(
    question: str, lang: str, source: Localization, best: Mapping[str, Passage]
) -> dict[str, dict[str, float]]:
    """Return the signals of each part of `source` by name.

    * ``score``: of its nearest sentence, times ten
    * ``cue``: 1 where the question has words that ask for this fact, ``cue_share`` four
      times their share of the question, ``cue_longest`` 1 where no other has longer ones
      and ``cue_plain`` the share of the other words that the title has: 1 of a question that
      names the article and the fact and nothing else
    * the name of the fact, or ``summary``, ``conditions``, ``sections``: 1
    """
    asked = cues(question, lang)
    length = max(SHORT, len(fold(question)))
    longest = max(asked.values(), default=0)
    topic = tokens(facet(question, lang).rest, lang)
    plain = len(topic & tokens(strip(source.title), lang)) / len(topic) if topic else 1.0
    worst = min((passage.score for passage in best.values()), default=0.0)
    found: dict[str, dict[str, float]] = {}
    for part in parts(source):
        kind, _, name = part.partition(".")
        score = best[part].score if part in best else worst
        values = {"score": 10 * score, name if kind == "facts" else kind: 1.0}
        if kind == "facts" and name in asked:
            values["cue"] = 1.0
            values["cue_plain"] = plain
            values["cue_share"] = 4 * asked[name] / length
            values["cue_longest"] = float(asked[name] == longest)
        found[part] = values
    return found


def parts(source: Localization) -> list[str]:
    """Return the names of the parts of `source`, the summary first."""
    return [
        "summary",
        *(f"facts.{name}" for name in source.facts),
        *(f"conditions.{number}" for number in range(len(source.conditions))),
        *(f"sections.{number}" for number in range(len(source.sections))),
    ]


def _part(chunk_id: str) -> str:
    """The part that a chunk belongs to: a long section has several chunks."""
    kind, *rest = chunk_id.split(".")
    return ".".join((kind, *rest[:1]))


def _told(part: str) -> bool:
    return part.startswith(("conditions.", "sections."))


@cache
def shipped_weights() -> dict[str, float]:
    """Return the weights of the signals by name."""
    text = resources.files("assistant").joinpath("lead.yaml").read_text(encoding="utf-8")
    return {name: float(weight) for name, weight in yaml.safe_load(text).items()}
