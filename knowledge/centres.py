"""Where the questions of each language lie, so that they can be centred.

A question less the mean question of its own language is comparable with texts
of another one; less the mean of Japanese questions it is still, above all, a
question in English. Finding a Japanese notice by its translation (117 notices):
P@1 .85 with the Japanese mean, .91 with the language's own, and .90 with that
of the other languages, which therefore stands in for a language that the
knowledge base does not have yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.article import languages
from knowledge.column import Column

ORIGINAL = "ja"

_PRIOR_QUESTIONS = 10
"""The mean of the other languages counts as so many questions of this one."""


@dataclass(frozen=True, slots=True)
class Centre:
    """The mean question of a language and the mean token of its questions, fp32 [d]."""

    questions: NDArray[np.float32]
    tokens: NDArray[np.float32]


def centres(columns: Mapping[str, Column]) -> dict[str, Centre]:
    """Return the centre of each language of the help desk; ``""`` is for any other."""
    others = _mean([column for lang, column in columns.items() if _base(lang) != ORIGINAL])
    every = _mean(columns.values())
    found = {"": others or every}
    for lang in languages():
        prior = (others or every) if _base(lang) != ORIGINAL else every
        if _base(lang) == ORIGINAL and ORIGINAL in columns:
            prior = _mean([columns[ORIGINAL]])
        found[lang] = _blended(columns.get(lang), prior)
    return {lang: centre for lang, centre in found.items() if centre is not None}


def _blended(column: Column | None, prior: Centre | None) -> Centre | None:
    if column is None or prior is None:
        return prior
    size = len(column.arrays["question_vectors"])
    share = np.float32(size / (size + _PRIOR_QUESTIONS))
    return Centre(
        share * column.fit.question_mean + (1 - share) * prior.questions,
        share * column.fit.question_token_mean + (1 - share) * prior.tokens,
    )


def _mean(columns: Iterable[Column]) -> Centre | None:
    fits = [column.fit for column in columns]
    if not fits:
        return None
    return Centre(
        np.mean([fit.question_mean for fit in fits], axis=0, dtype=np.float32),
        np.mean([fit.question_token_mean for fit in fits], axis=0, dtype=np.float32),
    )


def _base(lang: str) -> str:
    return lang.split("-")[0]
