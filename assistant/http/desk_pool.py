"""Answers from a bounded pool of threads, so that load is told in words and not in time-outs."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from assistant.answer import Desk, Question
from assistant.blocks import Answer
from assistant.http.metrics import Metrics

WAITING = 400
"""The most questions that wait for a free worker; with two workers about ten seconds of work."""


class BusyError(Exception):
    """Too many questions wait; try again in `seconds`."""

    seconds = 5


class DeskPool:
    """The desk behind a pool of threads."""

    def __init__(
        self, desk: Desk, executor: ThreadPoolExecutor, workers: int, metrics: Metrics
    ) -> None:
        self._desk = desk
        self._executor = executor
        self._limit = workers + WAITING
        self._metrics = metrics
        self._under_way = 0

    async def answer(self, question: Question) -> Answer:
        """Answer one question; raises BusyError when too many wait."""
        if self._under_way >= self._limit:
            self._metrics.refused.inc()
            raise BusyError
        self._under_way += 1
        self._metrics.waiting.set(self._under_way)
        try:
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self._executor, self._desk.answer, question)
        finally:
            self._under_way -= 1
            self._metrics.waiting.set(self._under_way)
        self._metrics.count(answer)
        return answer
