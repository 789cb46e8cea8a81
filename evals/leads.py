"""`python -m evals leads`: does an answer begin with the part of the article that answers?

A case is one JSON line ``{"lang", "text", "slug", "best", "ok"}``: the parts of the
article that would answer the question best as the first words, and those that
would do, by the names of `assistant.lead`. The weights are a conditional logit over
the parts of an article (ridge penalty, maximum likelihood), fitted here; measured in
five folds, in each on articles that the weights were not fitted on. Beside each case
stands a plain question: the title of its article and one of the questions that the
chat suggests ("How much does it cost?"), which the fact alone answers. Printed, never
written: what is shipped is a decision.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from scipy.optimize import minimize

from assistant.composition import Installation
from assistant.homophones import respelled
from assistant.lead import first, nearest, shipped_weights, signals
from assistant.replies import replies
from assistant.romanised import with_terms
from assistant.settings import Settings
from assistant.steps.compose import LOOKED_AT, SUGGESTED
from knowledge.release import Release
from knowledge.ruby import strip

PENALTY = 0.003
"""Strength of the ridge penalty on the weights, beside the mean loss of a question."""

PLAIN_WEIGHT = 0.5
"""What a plain question counts in the fit, beside a judged one."""

FOLDS = 5

errors = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Judged:
    """One question with the signals of each part of its article, fp64 [parts, signals]."""

    lang: str
    slug: str
    parts: tuple[str, ...]
    best: frozenset[str]
    ok: frozenset[str]
    values: tuple[dict[str, float], ...]
    weight: float = 1.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--cases", type=Path, default=Path("evals/cases/leads.jsonl"))
    parser.add_argument("--fit", action="store_true", help="print weights fitted on all cases")


def run(arguments: argparse.Namespace) -> int:
    """Measure, print, and with `--fit` print weights; 2 where there is no release."""
    installation = Installation(Settings())
    release = installation.live.get()
    if release is None:
        errors.print("Nothing is published yet: run `madoguchi serve` once.")
        return 2
    cases = [json.loads(line) for line in arguments.cases.read_text("utf-8").splitlines()]
    judged = [_judged(case, release) for case in track(cases, console=errors)]
    plain = [
        replace(_judged(_plain(case, release), release), weight=PLAIN_WEIGHT)
        for case in track(cases, console=errors)
    ]
    names = sorted({name for one in judged for values in one.values for name in values})
    shipped = shipped_weights()
    folded = _folded([*judged, *plain], names)
    result: dict[str, Any] = {
        "questions": len(judged),
        "shipped": _shares(judged, [shipped] * len(judged)),
        "plain": _shares(plain, [shipped] * len(plain)),
        "folds": _shares(judged, folded[: len(judged)]),
        "plain_folds": _shares(plain, folded[len(judged) :]),
        "by_lang": {
            lang: _shares(own, [shipped] * len(own)) for lang, own in sorted(_by_lang(judged))
        },
    }
    if arguments.fit:
        result["weights"] = {
            n: round(float(w), 3) for n, w in _fit([*judged, *plain], names).items()
        }
    if arguments.json:
        print(json.dumps(result, indent=1))
        return 0
    print(yaml.safe_dump(result, sort_keys=False, allow_unicode=True))
    return 0


def _judged(case: dict[str, Any], release: Release) -> Judged:
    lang, slug, question = case["lang"], case["slug"], case["text"]
    source = release.shown(slug, lang)
    query = respelled(question, release)
    query = with_terms(query, lang, release)
    passages = release.index.passages(query, slug, source.lang, k=LOOKED_AT)
    found = signals(question, lang, source, nearest(passages))
    return Judged(
        lang,
        slug,
        tuple(found),
        frozenset(case["best"]),
        frozenset(case["ok"]),
        tuple(found.values()),
    )


def _plain(case: dict[str, Any], release: Release) -> dict[str, Any]:
    """A question in plain words for one fact of the article, another one for each article."""
    source = release.shown(case["slug"], case["lang"])
    say = replies(case["lang"])
    known = [name for name in SUGGESTED if name in source.facts]
    fact = known[int(hashlib.sha256(case["text"].encode()).hexdigest(), 16) % len(known)]
    title = re.split(r"\s*[(（]", strip(source.title))[0]
    parts = {"best": [f"facts.{fact}"], "ok": []}
    return {**case, **parts, "text": f"{title} {strip(say(f'suggest.{fact}'))}"}


def _by_lang(judged: Sequence[Judged]) -> list[tuple[str, list[Judged]]]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[one.lang].append(one)
    return list(groups.items())


def _shares(judged: Sequence[Judged], weights: Sequence[dict[str, float]]) -> dict[str, float]:
    """The shares of questions that begin with the best part, with one that would do, and
    with one that is beside the point though the summary was there."""
    best = would_do = beside = 0
    for one, known in zip(judged, weights, strict=True):
        logits = [sum(known.get(n, 0.0) * v for n, v in each.items()) for each in one.values]
        totals = {p: math.exp(x) for p, x in zip(one.parts, logits, strict=True)}
        cued = zip(one.parts, one.values, strict=True)
        chosen = first(totals, {part for part, each in cued if each.get("cue")})
        best += chosen in one.best
        would_do += chosen in one.best | one.ok
        beside += chosen != "summary" and chosen not in one.best | one.ok
    return {
        name: round(count / len(judged), 3)
        for name, count in (("best", best), ("would_do", would_do), ("beside_the_point", beside))
    }


def _folded(judged: Sequence[Judged], names: Sequence[str]) -> list[dict[str, float]]:
    """For each question, weights fitted without the articles of its fold."""
    folds = [int(hashlib.sha256(one.slug.encode()).hexdigest(), 16) % FOLDS for one in judged]
    fitted = [
        _fit([one for one, own in zip(judged, folds, strict=True) if own != fold], names)
        for fold in range(FOLDS)
    ]
    return [fitted[fold] for fold in folds]


def _fit(judged: Sequence[Judged], names: Sequence[str]) -> dict[str, float]:
    tables = []
    for one in judged:
        target = np.array([float(part in one.best) for part in one.parts])
        if target.any():
            table = np.array([[each.get(name, 0.0) for name in names] for each in one.values])
            tables.append((table, target / target.sum(), one.weight))

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = 0.0, np.zeros_like(weights)
        for table, target, weight in tables:
            logits = table @ weights
            logits -= logits.max()
            chances = np.exp(logits) / np.exp(logits).sum()
            total -= weight * float(target @ np.log(chances + 1e-12))
            slope += weight * (table.T @ (chances - target))
        ridge = PENALTY * float(weights @ weights)
        return total / len(tables) + ridge, slope / len(tables) + 2 * PENALTY * weights

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    return dict(zip(names, (float(weight) for weight in found.x), strict=True))
