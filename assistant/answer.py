"""The whole path of a question, as an ordered list of steps.

Each step is a file in `assistant/steps/`. It reads and fills the `Turn`, and
ends the path early by returning an Answer: an emergency is answered before
anything is searched, an unreadable question before its language is guessed.
Only this module catches what a step lets through, and it still answers.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from assistant.blocks import Answer
from assistant.conversation import Thread
from assistant.drafting import Drafting
from assistant.replies import replies
from assistant.say import reply_answer
from assistant.steps import (
    compose,
    decide,
    draft,
    record,
    retrieve,
    screen,
    understand,
    verify,
)
from assistant.turn import Turn
from knowledge.article import languages
from knowledge.release import Release

log = logging.getLogger(__name__)

Step = Callable[[Turn], Answer | None]

STEPS: tuple[tuple[str, Step], ...] = (
    ("screen", screen.run),
    ("understand", understand.run),
    ("retrieve", retrieve.run),
    ("decide", decide.run),
    ("compose", compose.run),
    ("verify", verify.run),
    ("draft", draft.run),
)

JAPAN = ZoneInfo("Asia/Tokyo")


@dataclass(frozen=True, slots=True)
class Question:
    """What came in: one question, and what the page knows about it."""

    text: str
    lang: str | None = None
    conversation: str | None = None
    topic: str | None = None
    life_event: str | None = None
    kana: str | None = None
    request_id: str | None = None


class Desk:
    """The help desk: answers questions from the current release and keeps the thread."""

    def __init__(
        self,
        release: Callable[[], Release],
        conversations: Thread,
        steps: Sequence[tuple[str, Step]] = STEPS,
        today: Callable[[], date] = lambda: datetime.now(JAPAN).date(),
        drafting: Drafting | None = None,
    ) -> None:
        self._drafting = drafting
        self._release = release
        self._conversations = conversations
        self._steps = steps
        self._today = today

    def answer(self, question: Question) -> Answer:
        """Answer `question`; always an Answer, with its timings, whatever happens inside.

        A `request_id` repeated in a conversation returns the answer that was
        given the first time, so that a double submit is one turn.
        """
        request_id = question.request_id or secrets.token_urlsafe(12)
        if question.request_id and question.conversation:
            earlier = self._conversations.answer_to(question.conversation, question.request_id)
            if earlier is not None:
                return earlier
        conversation = question.conversation or secrets.token_urlsafe(16)
        hint = question.lang if question.lang in languages() else None
        turn = Turn(
            question.text,
            self._release(),
            self._today(),
            hint=hint,
            past=self._conversations.past(conversation) if question.conversation else (),
            topic=question.topic,
            life_event=question.life_event,
            kana=question.kana,
            lang=hint or "ja",
            drafting=self._drafting,
        )
        started = time.perf_counter()
        answer = self._run(turn)
        turn.timings_ms["total"] = _ms_since(started)
        return record.run(turn, answer, self._conversations, conversation, request_id)

    def _run(self, turn: Turn) -> Answer:
        for name, step in self._steps:
            started = time.perf_counter()
            try:
                answer = step(turn)
            except Exception:
                log.exception("step %s failed", name)
                return reply_answer(turn, "error", "error", replies(turn.lang)("error"))
            finally:
                turn.timings_ms[name] = _ms_since(started)
            if answer is not None:
                return answer
        assert turn.answer is not None
        return turn.answer


def _ms_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
