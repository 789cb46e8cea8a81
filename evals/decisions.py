"""How sure the desk was of each case: the decision step, watched from outside.

Nothing of the answer path changes: the step runs as it does for a resident, and
its turn is looked at afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answer import STEPS, Step
from assistant.blocks import Answer
from assistant.broad_topics import broad_topic
from assistant.confidence import articles
from assistant.steps import decide
from assistant.topics import asked_exactly
from assistant.turn import Turn


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on: a probability (0 to 1), and the first article found, if any.

    `decided` says whether the probability had a say: a question variant met word for
    word, a topic known to be broad or an earlier turn decide without it.
    """

    confidence: float
    first: str | None
    decided: bool


class Watch:
    """Keeps the last decision of the one desk that runs `steps`."""

    def __init__(self) -> None:
        self._last: Decision | None = None

    @property
    def steps(self) -> tuple[tuple[str, Step], ...]:
        """The steps of the desk, with the decision watched."""
        return tuple((name, self._decide if name == "decide" else step) for name, step in STEPS)

    def taken(self) -> Decision | None:
        """Return the last decision once; None where a question ended before it."""
        last, self._last = self._last, None
        return last

    def _decide(self, turn: Turn) -> Answer | None:
        chosen = turn.slug is not None
        answer = decide.run(turn)
        if not chosen and turn.found is not None:
            hits = articles(turn.found)
            first = hits[0].slug if hits else None
            self._last = Decision(turn.confidence, first, _by_model(turn))
        return answer


def _by_model(turn: Turn) -> bool:
    topics = turn.release.lexicon.get("broad_topics", {})
    return not (
        turn.before
        or asked_exactly(turn.question, turn.lang, turn.release)
        or broad_topic(turn.question, turn.lang, topics)
    )
