"""One loaded model, one thread, and what waits for it.

Whisper on two cores recognises about as fast as two people speak. So final
texts go first; partial texts come when nothing else waits, only the newest of
each utterance, and not at all where they would come too late; recordings take
turns with them. What waits is bounded, and every waiting utterance is told its
position.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from speech.errors import RecognitionFailed, SpeechError
from speech.recognition import Recognition, Recognizer, Samples

log = logging.getLogger(__name__)

STALE_SECONDS = 1.5
"""A partial text that has waited this long is dropped: the speaker has gone on."""

FIRST_GUESS_SECONDS = 1.0
"""How long an utterance takes, until some have been measured."""

Kind = Literal["final", "partial", "early", "recording"]
"""Early is a final text in case the utterance is over: it waits behind like a partial one,
and becomes the final one where that turns out to be made of the same audio."""

_PASSING = ("partial", "early")


class QueueFull(SpeechError):
    """Too many utterances wait; try again in `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too many utterances wait; try again in {seconds:.0f} seconds.")
        self.seconds = seconds


@dataclass(slots=True)
class Hearing:
    """One utterance to be recognised.

    `done` gets the recognition, the error, or None where a partial text was
    dropped; `moved` gets the number of utterances before this one and the
    seconds they will take. Both are called in the queue's own thread and must
    return at once.
    """

    key: str
    kind: Kind
    audio: Samples
    lang: str | None
    langs: Sequence[str]
    done: Callable[[Recognition | SpeechError | None], None]
    moved: Callable[[int, float], None] | None = None
    question: str = ""
    since: float = field(default=0.0)
    told: int = field(default=-1)


class RecognitionQueue:
    """The queue before the model; the model is loaded in its thread, when first needed.

    `waiting` is the most utterances and recordings that wait at a time.
    """

    def __init__(
        self,
        load: Callable[[], Recognizer],
        waiting: int = 64,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load = load
        self._limit = waiting
        self._clock = clock
        self._finals: deque[Hearing] = deque()
        self._recordings: deque[Hearing] = deque()
        self._partials: OrderedDict[str, Hearing] = OrderedDict()
        self._running: Hearing | None = None
        self._recordings_turn = False
        self._seconds = FIRST_GUESS_SECONDS
        self._recognizer: Recognizer | None = None
        self._closed = False
        self._warm = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    @property
    def length(self) -> int:
        """Utterances and recordings that wait or are being recognised."""
        running = self._running is not None and self._running.kind not in _PASSING
        return len(self._finals) + len(self._recordings) + running

    def warm(self) -> None:
        """Begin to load the model, so that it is there when somebody has spoken."""
        with self._changed:
            self._warm = True
            self._start()
            self._changed.notify()

    def submit(self, hearing: Hearing) -> None:
        """Put `hearing` in its place; raises `QueueFull` where too many wait."""
        hearing.since = self._clock()
        dropped: Hearing | None = None
        with self._changed:
            if self._closed:
                raise RecognitionFailed("The desk is shutting down.")
            if hearing.kind in _PASSING:
                dropped = self._partials.pop(hearing.key, None)
                self._partials[hearing.key] = hearing
            elif self._adopted(hearing):
                return
            else:
                waits = len(self._finals) + len(self._recordings)
                if waits >= self._limit:
                    raise QueueFull(max(1.0, waits * self._seconds))
                dropped = self._partials.pop(hearing.key, None)
                (self._finals if hearing.kind == "final" else self._recordings).append(hearing)
            self._start()
            self._changed.notify()
            self._tell()
        if dropped is not None:
            dropped.done(None)

    def _adopted(self, final: Hearing) -> bool:
        """Make the early text that is being recognised the final one, if it is of that audio."""
        early = self._running
        if early is None or (early.kind, early.key) != ("early", final.key):
            return False
        if len(early.audio) != len(final.audio) or early.lang != final.lang:
            return False
        early.kind, early.done, early.moved = "final", final.done, final.moved
        return True

    def forget(self, prefix: str) -> None:
        """Drop everything waiting whose key begins with `prefix`: nobody wants it any more."""
        with self._changed:
            for line in (self._finals, self._recordings):
                kept = [hearing for hearing in line if not hearing.key.startswith(prefix)]
                line.clear()
                line.extend(kept)
            for key in [key for key in self._partials if key.startswith(prefix)]:
                del self._partials[key]
            self._tell()

    def close(self) -> None:
        """Finish what is being recognised, fail what waits, and end the thread."""
        with self._changed:
            self._closed = True
            left = [*self._finals, *self._recordings, *self._partials.values()]
            self._finals.clear()
            self._recordings.clear()
            self._partials.clear()
            self._changed.notify()
        for hearing in left:
            hearing.done(RecognitionFailed("The desk is shutting down."))
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="recognition", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while (hearing := self._take()) is not None:
            if hearing.kind in _PASSING and self._clock() - hearing.since > STALE_SECONDS:
                hearing.done(None)
                continue
            started = self._clock()
            outcome = self._recognize(hearing)
            with self._changed:
                self._running = None
                if hearing.kind == "final":
                    self._seconds += 0.2 * (self._clock() - started - self._seconds)
                self._tell()
            hearing.done(outcome)

    def _take(self) -> Hearing | None:
        """Wait for the next utterance; None when the queue is closed."""
        while True:
            with self._changed:
                while not (self._closed or self._warm or self._finals or self._waits_behind()):
                    self._changed.wait()
                if self._closed:
                    return None
                hearing = self._next()
                self._warm = False
                if hearing is not None:
                    self._running = hearing
                    self._tell()
                    return hearing
            try:
                self._model()
            except SpeechError as error:
                log.error("%s", error)
            except Exception:
                log.exception("the recognition model could not be loaded")

    def _waits_behind(self) -> bool:
        return bool(self._partials or self._recordings)

    def _next(self) -> Hearing | None:
        if self._finals:
            return self._finals.popleft()
        if self._recordings and (self._recordings_turn or not self._partials):
            self._recordings_turn = False
            return self._recordings.popleft()
        self._recordings_turn = True
        return self._partials.popitem(last=False)[1] if self._partials else None

    def _model(self) -> Recognizer:
        if self._recognizer is None:
            self._recognizer = self._load()
        return self._recognizer

    def _recognize(self, hearing: Hearing) -> Recognition | SpeechError:
        try:
            model = self._model()
            if hearing.kind == "partial":
                return model.partial(hearing.audio, hearing.lang)
            return model.recognize(hearing.audio, hearing.lang, hearing.langs, hearing.question)
        except SpeechError as error:
            log.error("%s", error)
            return error
        except Exception as error:
            log.exception("the recognition failed")
            return RecognitionFailed(str(error))

    def _tell(self) -> None:
        """Tell those whose position has changed; the lock is held."""
        running = self._running is not None and self._running.kind not in _PASSING
        for line in (self._finals, self._recordings):
            for index, hearing in enumerate(line):
                position = index + running + (len(self._finals) if line is self._recordings else 0)
                self._tell_one(hearing, position)
        if self._running is not None:
            self._tell_one(self._running, 0)

    def _tell_one(self, hearing: Hearing, position: int) -> None:
        if hearing.moved is not None and position != hearing.told:
            hearing.told = position
            hearing.moved(position, round(position * self._seconds, 1))
