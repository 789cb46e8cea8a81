"""Finals first, stale partials dropped, a bounded wait, positions told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from speech.errors import RecognitionFailed, SpeechError
from speech.recognition import Recognition, Samples
from speech.recognition_queue import STALE_SECONDS, Hearing, Kind, QueueFull, RecognitionQueue
from speech.testing import FakeRecognizer, silence, tone


class HeldRecognizer(FakeRecognizer):
    """Works on one utterance until the test lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Semaphore(0)

    def recognize(
        self,
        audio: Samples,
        lang: str | None = None,
        langs: Sequence[str] = (),
        question: str = "",
    ) -> Recognition:
        self.begun.release()
        assert self.go_on.acquire(timeout=10)
        return super().recognize(audio, lang, langs, question)


class Line:
    """A queue, and everything it has said."""

    def __init__(self, waiting: int = 8) -> None:
        self.model = HeldRecognizer()
        self.now = 0.0
        self.queue = RecognitionQueue(lambda: self.model, waiting, clock=lambda: self.now)
        self.told: list[tuple[str, Any]] = []
        self.finished = threading.Semaphore(0)

    def submit(self, key: str, kind: Kind = "final", audio: Samples | None = None) -> None:
        def done(outcome: Recognition | SpeechError | None) -> None:
            self.told.append((key, kind if isinstance(outcome, Recognition) else outcome))
            self.finished.release()

        def moved(position: int, seconds: float) -> None:
            self.told.append((key, position))

        heard = tone(1.0) if audio is None else audio
        self.queue.submit(Hearing(key, kind, heard, "ja", ("ja",), done, moved))

    def hold(self) -> None:
        assert self.model.begun.acquire(timeout=10)

    def release(self, count: int) -> None:
        for _ in range(count):
            self.model.go_on.release()

    def wait(self, count: int) -> None:
        for _ in range(count):
            assert self.finished.acquire(timeout=10)

    def results(self) -> list[str]:
        return [key for key, what in self.told if what in ("final", "partial", "recording")]


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.release(100)
    made.queue.close()


def test_finals_before_partials_and_recordings(line: Line) -> None:
    line.submit("first")
    line.hold()
    line.submit("a", "partial")
    line.submit("file", "recording")
    line.submit("b")
    line.submit("c")
    line.release(10)
    line.wait(5)
    assert line.results() == ["first", "b", "c", "a", "file"]


def test_only_the_newest_partial_of_an_utterance_is_made(line: Line) -> None:
    line.submit("first")
    line.hold()
    for _ in range(5):
        line.submit("a", "partial")
    line.release(1)
    line.wait(6)
    assert line.told.count(("a", None)) == 4
    assert line.model.calls.count("partial") == 1


def test_the_final_text_replaces_a_waiting_partial(line: Line) -> None:
    line.submit("first")
    line.hold()
    line.submit("a", "partial")
    line.submit("a")
    line.release(2)
    line.wait(3)
    assert line.model.calls == ["recognize", "recognize"]


def test_a_stale_partial_is_dropped(line: Line) -> None:
    line.submit("first")
    line.hold()
    line.submit("a", "partial")
    line.now += STALE_SECONDS + 0.1
    line.release(1)
    line.wait(2)
    assert line.model.calls == ["recognize"]


def test_an_early_text_of_the_same_audio_becomes_the_final_one(line: Line) -> None:
    line.submit("a", "early")
    line.hold()
    line.submit("a", "final")
    line.release(1)
    line.wait(1)
    assert line.model.calls == ["recognize"]
    assert ("a", "final") in line.told


def test_an_early_text_of_other_audio_is_not_used(line: Line) -> None:
    line.submit("a", "early")
    line.hold()
    line.submit("a", "final", tone(2.0))
    line.release(2)
    line.wait(2)
    assert line.model.calls == ["recognize", "recognize"]


def test_positions_are_told_as_they_change(line: Line) -> None:
    for key in ("a", "b", "c"):
        line.submit(key)
        if key == "a":
            line.hold()
    line.release(3)
    line.wait(3)
    assert [what for key, what in line.told if key == "c"] == [2, 1, 0, "final"]
    assert [what for key, what in line.told if key == "a"] == [0, "final"]


def test_the_queue_is_bounded_and_says_when_to_come_back(line: Line) -> None:
    line.submit("first")
    line.hold()
    for number in range(8):
        line.submit(f"item {number}")
    with pytest.raises(QueueFull) as full:
        line.submit("one more")
    assert full.value.seconds >= 1
    line.submit("a", "partial")
    assert line.queue.length == 9


def test_what_a_lost_client_asked_for_is_forgotten(line: Line) -> None:
    line.submit("first")
    line.hold()
    line.submit("gone/1")
    line.submit("gone/2", "partial")
    line.submit("here/1")
    line.queue.forget("gone/")
    line.release(5)
    line.wait(2)
    assert line.results() == ["first", "here/1"]


def test_closing_fails_what_waits(line: Line) -> None:
    line.submit("first")
    line.hold()
    line.submit("b")
    line.release(2)
    line.queue.close()
    outcome = dict(line.told)["b"]
    assert isinstance(outcome, RecognitionFailed) or outcome == "final"
    with pytest.raises(RecognitionFailed):
        line.submit("late")


def broken() -> FakeRecognizer:
    raise RecognitionFailed("no weights")


class Raising(FakeRecognizer):
    def recognize(
        self,
        audio: Samples,
        lang: str | None = None,
        langs: Sequence[str] = (),
        question: str = "",
    ) -> Recognition:
        raise ValueError("a bug")


@pytest.mark.parametrize("load", [broken, Raising])
def test_a_model_that_fails_fails_one_utterance_and_not_the_thread(
    load: Callable[[], FakeRecognizer],
) -> None:
    queue = RecognitionQueue(load)
    outcomes: list[object] = []
    finished = threading.Semaphore(0)

    def done(outcome: object) -> None:
        outcomes.append(outcome)
        finished.release()

    queue.warm()
    for _ in range(2):
        queue.submit(Hearing("a", "final", silence(1), None, (), done))
        assert finished.acquire(timeout=10)
    queue.close()
    assert [type(outcome) for outcome in outcomes] == [RecognitionFailed] * 2
