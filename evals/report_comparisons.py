"""Sections of the report that set things beside each other: doubt, languages, peers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evals.languages import POINTS, beside_japanese
from evals.report_parts import Section, Table, share
from evals.results import Result

UNTOUCHED = "test.jsonl"
"""The file of cases that nobody has looked at."""

_DOUBT = (
    ("risk_at_80_answerable", "of questions that the articles answer, wrong first article "
     "among the 80 % it is surest of"),
    ("risk_at_80", "the same over all questions that were decided by confidence"),
    ("auroc_outside", "other offices' or nobody's business told from the city's (AUROC)"),
    ("calibration_error", "expected calibration error"),
    ("brier", "Brier score"),
)  # fmt: skip

_LACKING = (
    ("answered", "answered all the same, from another article"),
    ("asked_back", "asked back"),
    ("abstained", "told that the city has no answer"),
    ("auroc", "told from questions whose article is there (AUROC)"),
    ("risk_at_80", "wrong first article among the 80 % it is surest of, were one question in "
     "ten such a one"),
)  # fmt: skip

_PEERS = ("hit@1", "hit@3", "hit@10", "recall@10", "ndcg@10")


def doubt_tables(values: Mapping[str, Any]) -> list[Table]:
    """Return what there is to say of the desk's doubts; `values` are `evals.doubt.measures`."""
    tables = []
    if values:
        tables.append(_told("Does it know what it does not know", _DOUBT, values))
    if lacking := values.get("lacking"):
        title = f"Were the article not there: {lacking['cases']} questions asked without it"
        tables.append(_told(title, _LACKING, lacking))
    return tables


def _told(title: str, names: Sequence[tuple[str, str]], values: Mapping[str, Any]) -> Table:
    rows = [(words, _figure(name, values[name])) for name, words in names if name in values]
    return Table(title, ("measure", "value"), rows)


def _figure(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    plain = name.startswith("auroc") or name in ("calibration_error", "brier")
    return f"{value:.3f}" if plain else f"{value:.1%}"


def languages_section(results: Sequence[Result]) -> Section | None:
    """Return each language beside Japanese over the results of answers; None without such.

    Where the test half is among them it alone counts: the others were worked on.
    """
    answers = [result for result in results if result.suite == "answers"]
    untouched = [result for result in answers if result.values.get("file") == UNTOUCHED]
    answers = untouched or answers
    cases = [
        case
        for result in answers
        for case in result.values.get("per_case", ())
        if "about" in case
    ]  # fmt: skip
    found = beside_japanese(cases)
    if not found:
        return None
    rows = [
        (lang, share(one.right, one.cases), f"{one.japanese:.1%}",
         f"{100 * one.difference:+.1f} points", "yes" if one.sure else "no")
        for lang, one in found.items()
    ]  # fmt: skip
    under = [lang for lang, one in found.items() if one.difference < -POINTS]
    headline = (
        f"more than {100 * POINTS:.0f} points under Japanese: {', '.join(under)}"
        if under
        else f"no language more than {100 * POINTS:.0f} points under Japanese"
    )
    names = ", ".join(result.values.get("file", result.name) for result in answers)
    columns = ("language", "right", "Japanese, same articles", "difference", "beyond chance")
    return Section(
        "languages",
        "Languages beside Japanese",
        max(result.day for result in answers),
        headline,
        "Each question in another language is set beside the Japanese questions about the same "
        f"articles, so that an article which is hard to ask for counts for neither. Over {names}. "
        "Beyond chance: the Japanese share lies outside the range in brackets.",
        tables=[Table("Right answers, question by question about the same articles",
                      columns, rows)],
    )  # fmt: skip


def peers_section(result: Result) -> Section:
    """Return the same search on other systems."""
    values = result.values
    rows = [
        (name.capitalize(), *(f"{measured[key]:.3f}" for key in _PEERS))
        for name, measured in values["peers"].items()
    ]
    best = max(
        (measured["hit@1"] for name, measured in values["peers"].items() if name != "madoguchi"),
        default=None,
    )
    own = values["peers"]["madoguchi"]["hit@1"]
    beside = "no peer was measured" if best is None else f"{best:.1%} by the best peer"
    versions = ", ".join(values["versions"].values())
    lead = (
        "The same texts and the same embedding model, given to other search systems with their "
        f"own defaults{f' ({versions})' if versions else ''}. Rows of one article count as one."
    )
    found = Section(
        "peers",
        f"Peers: {values['over']}",
        values.get("run", {}).get("day", result.day),
        f"right article first: {own:.1%}, {beside}",
        " ".join((lead, *values["missing"])),
    )
    found.tables.append(Table("Search, side by side", ("system", *_PEERS), rows))
    return found
