"""What the report says of each suite: figures, plots with a table beside them, failures.

A section is data; `evals/report.html` draws all of them alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evals.curves import (
    brier,
    calibration_error,
    reliability,
    risk_at,
    risk_coverage,
)
from evals.plots import Bar, bars, reliability_curve, risk_curve
from evals.report_comparisons import doubt_tables, peers_section
from evals.report_parts import Figure, Section, Table, share
from evals.results import Result, leaves

RISK = 0.05
"""The share of wrong first sources that is aimed at, at `COVERAGE`."""

COVERAGE = 0.8

MOST_FAILURES = 200

_GROUP = re.compile(r"(^|_|› )by(_| |$)")
"""In the name of a figure: it is of one language, kind or form."""


def section(result: Result) -> Section:
    """Return what there is to say of one result."""
    return _SECTIONS.get(result.suite, _plain)(result)


def _answers(result: Result) -> Section:
    values = result.values
    right = round(values["accuracy"] * values["cases"])
    name = values.get("file", "a file of cases")
    found = Section(
        "answers",
        f"Answers: {name}",
        values.get("run", {}).get("day", result.day),
        f"{share(right, values['cases'])} right",
        "An answer is right when the desk did what a good clerk would do (answer, ask back, "
        "say that it does not know, call a person), named the right article first, and every "
        "fact that was asked for stands in the answer.",
    )
    for title, groups in (("language", values["by_lang"]), ("expectation", values["by_expect"])):
        rows = [
            Bar(group, round(own["accuracy"] * own["cases"]), own["cases"])
            for group, own in groups.items()
        ]
        found.figures.append(
            Figure(
                bars(f"Right answers by {title}, {name}", rows),
                "The line through the end of a bar is where the true share lies, in 95 of 100 "
                "such measurements.",
                Table(f"Right answers by {title}", (title, "right"),
                      [(row.name, share(row.right, row.cases)) for row in rows]),
            )
        )  # fmt: skip
    cases = values.get("per_case", [])
    found.figures += _confidence(name, cases)
    found.tables += doubt_tables(values.get("confidence", {}))
    if result.readable:
        found.failures = Table(
            "What was wrong",
            ("line", "language", "question", "expected", "why"),
            [_failure(row) for row in values["failures"][:MOST_FAILURES]],
            figures=False,
        )
    return found


def _failure(row: Mapping[str, Any]) -> tuple[str, ...]:
    asked = " → ".join((*row.get("after", ()), row["text"]))
    expected = " ".join((row["expect"], *row["slugs"]))
    return str(row["line"]), row["lang"], asked, expected, row["why"]


def _confidence(name: str, cases: Sequence[Mapping[str, Any]]) -> list[Figure]:
    """The reliability and the risk-coverage curve of what was decided by confidence."""
    own = [case for case in cases if case["by_confidence"]]
    pairs = [(case["confidence"], case["first_right"]) for case in own]
    if not pairs:
        return []
    groups = reliability(pairs)
    honest = Figure(
        reliability_curve(f"Reliability of the confidence, {name}", groups),
        f"When the desk says 90 %, is it right nine times in ten? {len(pairs)} questions "
        "were decided by confidence, in groups of like confidence. Expected calibration error "
        f"{calibration_error(groups):.3f}, Brier score {brier(pairs):.3f} (0 is best for both).",
        Table("Reliability", ("stated", "came true"),
              [(f"{each.stated:.1%}", share(each.right, each.cases)) for each in groups]),
        narrow=True,
    )  # fmt: skip
    points = risk_coverage(pairs)
    answered = [case for case in own if case["status"] == "answered"]
    wrong = sum(not case["source_right"] for case in answered)
    now = (len(answered) / len(own), wrong / len(answered)) if answered else None
    rows = [
        (f"{level:.0%}", f"{point.risk:.1%}", f"{point.confidence:.2f}")
        for level in (0.5, 0.6, 0.7, COVERAGE, 0.9, 1.0)
        if (point := risk_at(points, level))
    ]
    answerable = sum(case["expect"] == "answer" for case in own)
    note = (
        "If the desk answered only the questions it is surest of, how many of those answers "
        f"would begin from a wrong article? {answerable} of the {len(own)} have an answer in "
        f"the articles ({answerable / len(own):.0%}): beyond that share every answer is wrong."
    )
    if now:
        note += (
            f" The large dot is where the desk stands: it answers {now[0]:.0%}, "
            f"from a wrong article {share(wrong, len(answered))}. With the questions that were "
            "decided without the confidence (asked word for word as the articles have it, or "
            f"within a conversation): {_wrong_first(cases)}."
        )
    risk = Figure(
        risk_curve(f"Risk and coverage, {name}", points, now, RISK),
        note,
        Table("Risk", ("answered", "wrong", "confidence from"), rows),
        narrow=True,
    )
    return [honest, risk]


def _wrong_first(cases: Sequence[Mapping[str, Any]]) -> str:
    answered = [case for case in cases if case["status"] == "answered"]
    return share(sum(not case["source_right"] for case in answered), len(answered))


def _safety(result: Result) -> Section:
    found = _plain(result)
    found.title, found.tables = "Safety", []
    found.lead = (
        "Emergencies that were noticed, orders to the machine that were not followed, personal "
        "data that was masked, figures that were checked. The development half was worked on, "
        "the test half was not looked at: it is the one to trust."
    )
    wrong: list[tuple[str, ...]] = []
    for suite, counted in result.values.items():
        halves = counted.get("halves", {"all": counted})
        names = dict.fromkeys(name for half in halves.values() for name, _ in leaves(half))
        by_half = {half: dict(leaves(values)) for half, values in halves.items()}
        rows = {
            name: (_words(name), *(_number(name, by_half[half].get(name)) for half in halves))
            for name in names
        }
        groups = [name for name in names if _GROUP.search(name)]
        columns, title = ("measure", *halves), _words(suite).capitalize()
        found.tables.append(Table(title, columns, [rows[n] for n in names if n not in groups]))
        if groups:
            own = Table(f"{title}, by group", columns, [rows[name] for name in groups], folded=True)
            found.tables.append(own)
        found.figures += _by_language(suite, halves)
        wrong += [
            (suite, str(row.get("lang", "")), row["text"], str(row["why"]))
            for row in counted.get("successes", [])
        ]
    care = result.values.get("care", {}).get("halves", {}).get("test")
    if care:
        noticed = round(care["recall"] * care["emergencies"])
        found.headline = f"emergencies, right number: {share(noticed, care['emergencies'])}"
    if wrong:
        columns = ("suite", "language", "text", "why")
        found.failures = Table("Development half: what got through", columns, wrong, False)
    return found


_EMERGENCIES = "Of those who told of an emergency, how many were shown the right number at once."


def _by_language(suite: str, halves: Mapping[str, Mapping[str, Any]]) -> list[Figure]:
    figures = []
    for half, values in halves.items():
        groups = values.get("by_lang", {})
        if suite != "care" or not groups:
            continue
        rows = [
            Bar(lang, round(own["recall"] * own["emergencies"]), own["emergencies"])
            for lang, own in groups.items()
            if own["emergencies"]
        ]
        title = f"Emergencies answered with the right number, {half} half"
        table = Table(title, ("language", "right"),
                      [(row.name, share(row.right, row.cases)) for row in rows])  # fmt: skip
        figures.append(Figure(bars(title, rows), _EMERGENCIES, table))
    return figures


def _forms(result: Result) -> Section:
    values = result.values
    found = _plain(result)
    found.title = f"Forms filled from conversations ({values['source']})"
    halves = values["by_half"]
    trusted = halves.get("test", values)
    right = round(trusted["fields_right"] * trusted["fields"])
    found.headline = f"fields right: {share(right, trusted['fields'])}"
    rows = [Bar(half, round(own["fields_right"] * own["fields"]), own["fields"])
            for half, own in halves.items()]  # fmt: skip
    table = Table("Fields right by half", ("half", "right", "invented"),
                  [(row.name, share(row.right, row.cases),
                    str(halves[row.name]["fields_invented"])) for row in rows])  # fmt: skip
    found.figures = [Figure(bars("Fields right by half", rows), "Words and rules were written "
                            "on the half dev and measured on test.", table)]  # fmt: skip
    if values["wrong"]:
        columns = ("form", "language", "field", "wanted", "found")
        keys = ("form", "lang", "field", "wanted", "found")
        wrong = [tuple(str(row[key]) for key in keys) for row in values["wrong"][:MOST_FAILURES]]
        found.failures = Table("Development half: what was wrong", columns, wrong, False)
    return found


_LEADS = {
    "retrieval": ("Search", "Is the right article, or passage, found, and how far up."),
    "speech": ("Speech recognition", "What is written of what was said, beside plain "
               "faster-whisper. Synthesised speech is easier than people."),
    "voices": ("Voice", "Is what the voice says understood: spoken, heard by a machine, compared."),
    "load": ("Load", "How fast answers come when many ask at once, and whether any is lost."),
    "edit": ("Editing", "How long until an edited article is answered from."),
    "unanswered": ("Gaps", "Does a gap in the articles come first among what was asked in vain."),
    "forms": ("Forms", "Are the fields of a form filled right from a conversation."),
}  # fmt: skip

_HEADLINES = {
    "retrieval": (("recall@10", "recall@10"), ("p@1", "right passage first")),
    "edit": (("seconds_median", "seconds, median"),),
    "unanswered": (("rank", "rank of the planted gap"),),
    "load": (("resident_mb", "MB of memory"),),
}


def _plain(result: Result) -> Section:
    title, lead = _LEADS.get(result.suite, (result.suite.capitalize(), ""))
    values = {name: value for name, value in result.values.items() if name != "run"}
    rows = [(_words(name), _number(name, value)) for name, value in leaves(values)]
    for number, row in enumerate(values.get("rates", []), 1):
        rows += [(f"rate {number}: {_words(name)}", _number(name, value))
                 for name, value in leaves(row)]  # fmt: skip
    known = dict(leaves(values))
    headline = next(
        (f"{words}: {_number(name, known[name])}"
         for name, words in _HEADLINES.get(result.suite, ()) if name in known),
        "",
    )  # fmt: skip
    table = Table("All figures", ("measure", "value"), rows)
    return Section(result.suite, f"{title}: {result.name}", result.day, headline, lead,
                   tables=[table])  # fmt: skip


def _words(name: str) -> str:
    return name.replace("_", " ")


def _number(name: str, value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        rates = ("rate", "recall", "precision", "noticed", "accuracy", "share", "right")
        if 0 <= value <= 1 and any(word in name for word in rates) and "@" not in name:
            return f"{value:.1%}"
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return str(value)


_SECTIONS: dict[str, Callable[[Result], Section]] = {
    "answers": _answers,
    "safety": _safety,
    "forms": _forms,
    "peers": peers_section,
}
