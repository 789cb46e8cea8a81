"""The thresholds of the answer path, from `assistant/calibration.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the confidence model and thresholds on what it says.

    Under `stay_below` a question in a conversation stays with the article of the
    turn before; a follow-up leaves it over `leave_above` and `leave_asked` (cosine
    with the nearest question variant) if it has a word of the title or is over
    `leave_asked_alike`; with `leave_words` of its own over `leave_above_worded`
    and `leave_asked_worded`, or over `leave_absent` where the article of the turn
    before is not found for it at all; for what no article answers, under
    `leave_below_outside` and over `leave_coverage` (share of the words).
    Under `abstain_below` the desk abstains, and under `abstain_below_elsewhere` where
    the words are those of another office's business or stood beside orders to the
    machine; under `answer_above` it asks back if other articles lie within
    `choice_margin` (standard deviations) of the first.
    """

    confidence: dict[str, float]
    abstain_below: float
    abstain_below_elsewhere: float
    stay_below: float
    leave_above: float
    leave_asked: float
    leave_asked_alike: float
    leave_above_worded: float
    leave_asked_worded: float
    leave_absent: float
    leave_words: int
    leave_below_outside: float
    leave_coverage: float
    answer_above: float
    choice_margin: float


@cache
def calibration() -> Calibration:
    """Return the thresholds that the package ships."""
    text = resources.files("assistant").joinpath("calibration.yaml").read_text(encoding="utf-8")
    return Calibration(**yaml.safe_load(text))
