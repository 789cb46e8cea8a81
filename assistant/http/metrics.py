"""What Prometheus reads: questions by outcome, time by step, releases."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from assistant.blocks import Answer


class Metrics:
    """The metrics of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.questions = Counter(
            "madoguchi_questions",
            "Questions answered",
            ["status", "lang"],
            registry=self.registry,
        )
        self.step_seconds = Histogram(
            "madoguchi_step_seconds",
            "Time spent in each step of an answer",
            ["step"],
            buckets=(0.001, 0.003, 0.01, 0.02, 0.04, 0.1, 0.3, 1, 3),
            registry=self.registry,
        )
        self.waiting = Gauge(
            "madoguchi_waiting", "Questions waiting for a free worker", registry=self.registry
        )
        self.refused = Counter(
            "madoguchi_refused", "Questions refused because too many wait", registry=self.registry
        )
        self.speaking = Gauge(
            "madoguchi_speaking", "Conversations by voice with a connection", registry=self.registry
        )
        self.final_seconds = Histogram(
            "madoguchi_final_text_seconds",
            "Time from the end of an utterance to its final text",
            buckets=(0.1, 0.3, 0.6, 0.9, 1.2, 2, 4, 8, 16),
            registry=self.registry,
        )
        self.release_swaps = Counter(
            "madoguchi_release_swaps", "Swaps to a new release", registry=self.registry
        )

    def count(self, answer: Answer) -> None:
        """Count one answer and its timings."""
        self.questions.labels(answer.status, answer.lang).inc()
        for step, milliseconds in answer.timings_ms.items():
            self.step_seconds.labels(step).observe(milliseconds / 1000)
