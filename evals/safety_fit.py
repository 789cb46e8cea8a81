"""`python -m evals safety_fit`: fit the second signal for emergencies on development cases.

Softmax regression (ridge penalty) on question vectors centred by language and on hashed
runs of letters. Examples are the development halves of ``cases/safety/care.jsonl`` and
``care-fresh.jsonl``, ``care-more.jsonl``, ``care-wide.jsonl``, ``cases/dev.jsonl``,
``dev-more.jsonl``, ``dev-fresh.jsonl`` and, as questions that tell of no emergency, those
of the current release's articles and the city's more ways to ask, unless a phrase notices
them (「夫に殴られています」 is a question of an article too) or the police or a doctor is the
answer. The same lines are the neighbours of the second stage. The threshold is the
cheapest in five-fold prediction of the lines on emergencies: one missed costs `MISS`
false alarms, and at most `FALSE_ALARMS` of those that only sound like one may be taken
for one. Printed; written only with ``--write``.
"""

from __future__ import annotations

import argparse
import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, vstack
from scipy.special import softmax

from assistant import emergency_neighbours
from assistant.composition import Installation
from assistant.emergency_signal import FILE, NONE, letters, ranked
from assistant.phrases import emergency, sounds_calm
from assistant.settings import Settings
from evals.safety_care import HELPS
from evals.safety_cases import FOLDER, care_tuning, read_lines
from knowledge.ruby import strip

PENALTY = 0.003
"""Strength of the ridge penalty on the weights of the vector, relative to one example."""

LETTER_PENALTY = 0.03
"""The same for the weights of the runs of letters."""

STEPS = 100
"""Iterations of a fit: more change no prediction that counts."""

ARTICLE_WEIGHT = 0.3
"""How much a question of an article counts: there are twenty for each other example."""

NEAR = ("police", "medical_advice")
"""Who answers questions too near to emergencies to be examples that tell of none."""

FALSE_ALARMS = 0.01
"""The share of the lines that only sound like an emergency that may be taken for one."""

MISS = 5.0
"""False alarms that one emergency missed costs: a needless reply costs a second question."""

FOLDS = 5

errors = Console(stderr=True)


class Examples:
    """Texts with their languages, kinds, weights and vectors; `care` marks those on emergencies."""

    def __init__(self, installation: Installation) -> None:
        self.texts: list[str] = []
        self.langs: list[str] = []
        self.kinds: list[str] = []
        self.weights: list[float] = []
        self.care: list[bool] = []
        for case in care_tuning():
            self._add(case.lang, case.text, case.expect, 1.0, care=True)
        for name in ("dev", "dev-more", "dev-fresh"):
            for line in read_lines(FOLDER.parent / f"{name}.jsonl"):
                kind = emergency(line["text"]) if line["expect"] == "emergency" else NONE
                if kind is not None:
                    self._add(line["lang"], line["text"], kind, 1.0)
        articles = len(self.texts)
        release = installation.live.get()
        for article in release.articles.values():
            for lang, localization in article.localizations.items():
                for question in map(strip, localization.questions):
                    if emergency(question) is None:
                        self._add(lang, question, NONE, ARTICLE_WEIGHT)
        for name in ("asked", "outside"):
            for entry in release.lexicon.get(name, {}).values():
                if entry.get("reply") not in NEAR:
                    for lang, question in _ways(entry):
                        self._add(lang, question, NONE, ARTICLE_WEIGHT)
        self.vectors = installation.embedder.encode(self.texts, kind="query").pooled
        own = np.array(self.langs[articles:])
        self.centres = {
            lang: self.vectors[articles:][own == lang].mean(axis=0) for lang in sorted(set(own))
        }

    def centred(self) -> NDArray[np.float32]:
        """Return the vectors less the mean of the articles' questions in their language."""
        every: NDArray[np.float32] = np.mean(list(self.centres.values()), axis=0)
        means = np.stack([self.centres.get(lang, every) for lang in self.langs])
        return np.asarray(self.vectors - means, dtype=np.float32)

    def _add(self, lang: str, text: str, kind: str, weight: float, *, care: bool = False) -> None:
        self.texts.append(text)
        self.langs.append(lang)
        self.kinds.append(kind)
        self.weights.append(weight)
        self.care.append(care)


def _ways(entry: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """The ways to ask of one topic by language, without those a phrase takes for an emergency."""
    for lang, questions in entry.items():
        if lang != "reply":
            for question in questions:
                if emergency(question) is None:
                    yield lang, question


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights fp32 [kinds, dimension], [kinds, BUCKETS] and intercepts [kinds]."""

    weights: NDArray[np.float32]
    letter_weights: NDArray[np.float32]
    intercepts: NDArray[np.float32]

    def probabilities(self, vectors: NDArray[np.float32], runs: csr_matrix) -> NDArray[np.float32]:
        """Return fp32 [questions, kinds] of centred `vectors` and of the `runs` of letters."""
        scores = vectors @ self.weights.T + runs @ self.letter_weights.T + self.intercepts
        return np.asarray(softmax(scores, axis=1), dtype=np.float32)


def fit(
    vectors: NDArray[np.float32],
    runs: csr_matrix,
    labels: NDArray[np.int64],
    weights: NDArray[np.float64],
    n: int,
) -> Fitted:
    """Return the likeliest softmax regression of `labels` among `n` kinds."""
    dimension = vectors.shape[1]
    wanted = np.eye(n, dtype=np.float32)[labels]
    counted = weights.astype(np.float32)[:, None]
    penalties = np.full((1, dimension + runs.shape[1] + 1), LETTER_PENALTY, dtype=np.float32)
    penalties[:, :dimension], penalties[:, -1] = PENALTY, 0.0
    columns = runs.T.tocsr()

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        matrix = flat.astype(np.float32).reshape(n, -1)
        scores = vectors @ matrix[:, :dimension].T + matrix[:, -1]
        scores += runs @ matrix[:, dimension:-1].T
        scores -= scores.max(axis=1, keepdims=True)
        exps = np.exp(scores)
        sums = exps.sum(axis=1, keepdims=True)
        gaps = (exps / sums - wanted) * counted
        likely = float(((scores - np.log(sums)) * wanted * counted).sum())
        slope = np.hstack([gaps.T @ vectors, (columns @ gaps).T, gaps.sum(0)[:, None]])
        ridge = float((penalties * matrix**2).sum()) / 2
        return ridge - likely, (slope + penalties * matrix).ravel().astype(np.float64)

    start = np.zeros(n * penalties.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    matrix = found.x.astype(np.float32).reshape(n, -1)
    return Fitted(matrix[:, :dimension], matrix[:, dimension:-1], matrix[:, -1])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--write", action="store_true", help="put the weights into the package")


def run(arguments: argparse.Namespace) -> int:
    """Fit, report what the folds say, and write the weights where that is asked for."""
    installation = Installation(Settings())
    examples = Examples(installation)
    kinds = (NONE, *sorted(set(examples.kinds) - {NONE}))
    labels = np.array([kinds.index(kind) for kind in examples.kinds], dtype=np.int64)
    weights = np.array(examples.weights)
    care = np.array(examples.care)
    centred = examples.centred()
    runs = csr_matrix(vstack([csr_matrix(letters(text)) for text in examples.texts]))
    each = np.zeros((len(labels), len(kinds)), dtype=np.float32)
    nearer = np.zeros(len(labels), dtype=np.bool_)
    order = np.random.default_rng(20261122).permutation(len(labels))
    for fold in errors_tracked(order):
        rest = np.setdiff1d(order, fold)
        fitted = fit(centred[rest], runs[rest], labels[rest], weights[rest], len(kinds))
        each[fold] = fitted.probabilities(centred[fold], runs[fold])
        nearer[fold] = neighbours(centred, labels, care, rest).emergency_nearer(centred[fold])
    told = np.where(nearer, 1.0 - each[:, 0].astype(np.float64), 0.0)
    for number in np.flatnonzero(care):
        if sounds_calm(examples.texts[number], examples.langs[number]):
            told[number] = 0.0
    real, calm = told[care & (labels > 0)], told[care & (labels == 0)]
    threshold = cheapest(real, calm)
    helps = [[float(kind in HELPS.get(need, {need})) for need in kinds] for kind in kinds]
    first = [right(each[number], int(labels[number]), helps) for number in np.flatnonzero(labels)]
    report = {
        "model": installation.embedder.name,
        "examples": len(labels),
        "threshold": threshold,
        "folds": {
            "noticed": round(float((real >= threshold).mean()), 4),
            "right_number_of_all": round(sum(first) / len(first), 4),
            "false_alarms_hard": round(float((calm >= threshold).mean()), 4),
            "false_alarms_all": round(float((told[labels == 0] >= threshold).mean()), 5),
        },
    }
    if arguments.write:
        fitted = fit(centred, runs, labels, weights, len(kinds))
        _write(installation.embedder.name, kinds, examples.centres, fitted, helps, threshold)
        near = neighbours(centred, labels, care, np.arange(len(labels)))
        folder = Path(str(resources.files("assistant")))
        emergency_neighbours.write(near, folder / emergency_neighbours.FILE)
    print(json.dumps(report, indent=1))
    return 0


def neighbours(
    centred: NDArray[np.float32],
    labels: NDArray[np.int64],
    care: NDArray[np.bool_],
    rows: NDArray[np.int64],
) -> emergency_neighbours.Neighbours:
    """Return the neighbours among the examples `rows`."""
    told, own = labels[rows] > 0, care[rows]
    return emergency_neighbours.fitted(centred[rows], told, ~told & ~own)


def right(shares: NDArray[np.float32], need: int, helps: list[list[float]]) -> bool:
    """Say whether the reply that is shown first names the number that is needed."""
    emergencies = shares.copy()
    emergencies[0] = 0.0
    first = ranked(emergencies / emergencies.sum(), np.array(helps, dtype=np.float32))[0]
    return helps[first][need] == 1.0


def cheapest(real: NDArray[np.float64], calm: NDArray[np.float64]) -> float:
    """Return the threshold, in hundredths, that costs least on predictions of both kinds."""
    allowed = [at for at in np.arange(0.3, 1.0, 0.01) if (calm >= at).mean() <= FALSE_ALARMS]
    return round(
        float(min(allowed, key=lambda at: MISS * (real < at).sum() + (calm >= at).sum())), 2
    )


def errors_tracked(order: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the folds of `order`, saying on standard error that they are being fitted."""
    errors.print(f"fitting {FOLDS} folds of {len(order)} examples")
    return [np.asarray(fold, dtype=np.int64) for fold in np.array_split(order, FOLDS)]


def _write(
    model: str,
    kinds: tuple[str, ...],
    centres: Mapping[str, NDArray[np.float32]],
    fitted: Fitted,
    helps: list[list[float]],
    threshold: float,
) -> None:
    """Write the signal as JSON beside `assistant.emergency_signal`.

    Three decimals a weight of the vector; the weights of letters as bytes in base64,
    in steps of one 127th of the largest of their kind.
    """
    steps = np.abs(fitted.letter_weights).max(axis=1, keepdims=True) / 127
    bytes_ = np.round(fitted.letter_weights / steps).astype(np.int8).tobytes()
    entry = {
        "model": model,
        "kinds": list(kinds),
        "threshold": threshold,
        "helps": [[int(value) for value in row] for row in helps],
        "centres": {
            lang: [round(float(value), 4) for value in mean] for lang, mean in centres.items()
        },
        "weights": [[round(float(v), 3) for v in row] for row in fitted.weights],
        "intercepts": [round(float(value), 3) for value in fitted.intercepts],
        "letter_steps": [float(f"{value:.4g}") for value in steps[:, 0]],
        "letters": base64.b64encode(bytes_).decode("ascii"),
    }
    path = Path(str(resources.files("assistant"))) / FILE
    path.write_text(json.dumps(entry, separators=(",", ":")) + "\n", encoding="utf-8")
