"""`python -m evals calibrate`: fit the confidence model on development cases.

The model is a logistic regression (ridge penalty, maximum likelihood) of
"the first article is a right one" on the signals of `assistant.confidence`.
The thresholds are those with the most right decisions on the same cases.
Printed, never written: what is shipped is a decision, noted with its run.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from scipy.optimize import minimize

from assistant.answer import JAPAN
from assistant.broad_topics import broad_topic
from assistant.calibration import calibration
from assistant.composition import Installation
from assistant.confidence import articles, signals
from assistant.homophones import respelled
from assistant.language import identify
from assistant.phrases import emergency, greeting, wants_person
from assistant.settings import Settings
from assistant.steps.retrieve import DEPTH
from assistant.steps.screen import clean
from assistant.topics import asked_exactly
from evals.answers import Case, read_cases
from knowledge.release import Release

PENALTY = 1.0
"""Strength of the ridge penalty on the weights, not on the intercept."""

FALSE_ANSWER = 1.0
"""Cost of answering what should be abstained from, where an abstention too many costs 1."""

errors = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Example:
    """One case as the decision sees it; `near` is the score lead of the third article."""

    signals: dict[str, float]
    right: bool
    expect: str
    lead: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "--cases", type=Path, required=True, nargs="+", help="files of development cases only"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    release = Installation(Settings()).live.get()
    cases = [case for path in arguments.cases for case in read_cases(path)]
    examples = list(_examples(cases, release))
    names = ", ".join(path.name for path in arguments.cases)
    model = fit(examples)
    abstain_below, answer_above = thresholds(examples, model)
    outcome = {
        "run": f"{datetime.now(JAPAN):%Y-%m-%d}, {names}, {len(examples)} cases, "
        f"release of {release.info.counts['localizations']} localizations",
        "confidence": {name: round(value, 3) for name, value in model.items()},
        "abstain_below": abstain_below,
        "answer_above": answer_above,
        "right_decisions": round(_right(examples, model, abstain_below, answer_above), 4),
    }
    if arguments.json:
        print(json.dumps(outcome, indent=1))
    else:
        print(yaml.safe_dump(outcome, sort_keys=False))
    return 0


def _examples(cases: Sequence[Case], release: Release) -> Iterable[Example]:
    """The cases that reach the confidence model, with their signals."""
    topics = release.lexicon.get("broad_topics", {})
    for case in track(cases, description="searching", console=errors, transient=True):
        question = clean(case.text)
        lang = identify(question, case.lang)
        if case.after or case.expect not in ("answer", "abstain", "clarify"):
            continue
        if emergency(question) or wants_person(question) or greeting(question):
            continue
        if asked_exactly(question, lang, release) or broad_topic(question, lang, topics):
            continue
        query = respelled(question, release) if lang == "ja" else question
        found = release.index.search(query, lang, k=DEPTH)
        values = signals(found, question, lang, release)
        if values is not None:
            hits = articles(found)
            right = case.expect == "answer" and hits[0].slug in case.slugs
            lead = hits[0].score - (hits[1].score if len(hits) > 1 else 0.0)
            yield Example(values, right, case.expect, lead)


def fit(examples: Sequence[Example]) -> dict[str, float]:
    """Return the weights of the logistic model by signal, with ``intercept``."""
    names = list(examples[0].signals)
    inputs = np.array([[1.0, *(e.signals[name] for name in names)] for e in examples])
    labels = np.array([1.0 if example.right else -1.0 for example in examples])

    def loss(weights: NDArray[np.float64]) -> float:
        margins = labels * (inputs @ weights)
        return float(np.logaddexp(0, -margins).sum() + PENALTY * (weights[1:] ** 2).sum() / 2)

    weights = minimize(loss, np.zeros(inputs.shape[1]), method="L-BFGS-B").x
    return dict(zip(["intercept", *names], map(float, weights), strict=True))


def thresholds(examples: Sequence[Example], model: dict[str, float]) -> tuple[float, float]:
    """Return the two thresholds under which most decisions are right."""
    grid = [round(0.02 * step, 2) for step in range(1, 45)]
    pairs = [(low, high) for low, high in product(grid, grid) if low <= high]
    return max(pairs, key=lambda pair: (_right(examples, model, *pair), -pair[1]))


def _right(examples: Sequence[Example], model: dict[str, float], low: float, high: float) -> float:
    """The share of decisions that are right, an answer too many weighing `FALSE_ANSWER`."""
    right = total = 0.0
    for example in examples:
        weight = FALSE_ANSWER if example.expect == "abstain" else 1.0
        total += weight
        p = _probability(example, model)
        near = example.lead < calibration().choice_margin
        decision = "abstain" if p < low else "clarify" if p < high and near else "answer"
        good = decision == example.expect and (decision != "answer" or example.right)
        right += weight * good
    return right / total


def _probability(example: Example, model: dict[str, float]) -> float:
    total = model["intercept"] + sum(model[n] * v for n, v in example.signals.items())
    return float(1.0 / (1.0 + np.exp(-total)))
