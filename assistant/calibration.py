"""The thresholds of the answer path, from `assistant/calibration.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml


@dataclass(frozen=True, slots=True)
class Calibration:
    """Thresholds on search scores.

    `domain_floor` is the uncentred cosine under which a question is none of
    the city's. The margins are differences of fused scores (in standard
    deviations of a column): under `clarify_margin` between the first two
    articles the desk asks back, offering those within `choice_margin` of the
    first. Under `passage_floor` no passage is good enough for a short answer,
    and one that was not asked for must be `passage_margin` better than the summary.
    `follow_up_margin` is how far another article must lead before a question
    that could be a follow-up leaves the thread.
    """

    domain_floor: float
    clarify_margin: float
    choice_margin: float
    passage_floor: float
    passage_margin: float
    follow_up_margin: float


@cache
def calibration() -> Calibration:
    """Return the thresholds that the package ships."""
    text = resources.files("assistant").joinpath("calibration.yaml").read_text(encoding="utf-8")
    return Calibration(**yaml.safe_load(text))
