"""Retrieve: the articles that may answer, best first."""

from __future__ import annotations

from assistant.blocks import Answer
from assistant.turn import Turn

DEPTH = 16
"""How many articles, and topics that no article answers, are looked at."""


def run(turn: Turn) -> Answer | None:
    """Search the release for the question made whole."""
    turn.found = turn.release.index.search(
        turn.query,
        turn.lang,
        k=DEPTH,
        life_event=turn.life_event,
        on=turn.today,
        kana=turn.kana,
    )
    return None
