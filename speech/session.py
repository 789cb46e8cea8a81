"""One conversation by voice, without input or output: events in, events out.

What comes in is what a client sent, or what became of an utterance; what comes
out is events for the client, and utterances to be recognised (`Hear`). Time is
that of the received audio, so that nothing changes when it arrives late, in
bursts, or again after a lost connection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from speech import wire
from speech.endpointing import Discarded, Ended, Endpointer, EndpointEvent, Started
from speech.recognition import SAMPLE_RATE, Recognition, Samples
from speech.session_audio import SessionAudio
from speech.session_frames import FrameOrder
from speech.session_options import SessionOptions
from speech.session_playback import Playback
from speech.stabilizing import Stabilizer, WordEnds

FIRST_PARTIAL_SECONDS = 0.6
"""Speech that is heard before the first partial text is asked for."""

PARTIAL_SECONDS = 0.8
"""Speech from one partial text to the next."""

SURE = 0.6
"""Probability from which on the language of an utterance is kept for the session.

Restricted to nine languages, all that were recognised rightly reached it."""

SURE_SECONDS = 1.0
"""A shorter utterance does not settle the language."""

BREATH = 0.1
EARLY_PAUSE = 0.3
"""After a pause of `BREATH` no partial text is asked for, so that the model is free when,
after `EARLY_PAUSE`, the utterance is recognised as if it had ended; mostly it has."""


@dataclass(frozen=True, slots=True)
class Hear:
    """An utterance to be recognised; `early` is a final text before the end is certain."""

    item_id: str
    kind: Literal["final", "partial", "early"]
    audio: Samples
    lang: str | None
    question: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was recognised; None where a partial text was dropped."""

    asked: Hear
    recognition: Recognition | None


@dataclass(frozen=True, slots=True)
class Unheard:
    """The utterance could not be recognised; `code` names the sentence that says so."""

    asked: Hear
    code: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The utterance has `position` others before it, which take about `seconds`."""

    item_id: str
    position: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Sample:
    """An utterance whose speaker agreed that it is kept."""

    audio: Samples
    recognition: Recognition


Input = wire.ClientEvent | Heard | Unheard | Moved
Output = wire.ServerEvent | Hear | Sample


@dataclass(slots=True)
class _Item:
    """An utterance from its first word to its final text."""

    start: float
    stabilizer: Stabilizer
    partials: int = 0
    asked_at: float = 0.0
    """Seconds of the utterance for which a partial text was last asked."""
    final: Samples | None = None
    early: dict[tuple[int, str | None, str], Recognition] = field(default_factory=dict)
    """Early final texts, by the number of samples, the language and the question."""
    early_asked: int = 0
    waited: bool = False


class Session:
    """The state of one session; not safe in several threads at once.

    `endpointer` makes the endpointer for given options, `langs` are the
    languages that may be recognised, `word_ends` says where the words of a
    partial text end.
    """

    def __init__(
        self,
        session_id: str,
        endpointer: Callable[[SessionOptions], Endpointer],
        langs: Sequence[str],
        word_ends: WordEnds | None = None,
    ) -> None:
        self.id = session_id
        self.options = SessionOptions()
        self._make_endpointer = endpointer
        self._endpointer = endpointer(self.options)
        self._langs = tuple(langs)
        self._word_ends = word_ends
        self._frames = FrameOrder()
        self._audio = SessionAudio()
        self._playback = Playback()
        self._items: dict[str, _Item] = {}
        self._current: str | None = None
        self._last: str | None = None
        self._count = 0
        self._offset = 0.0
        """Seconds that were heard by earlier endpointers."""

    @property
    def waiting(self) -> int:
        """Utterances that are over and not recognised yet."""
        return sum(item.final is not None for item in self._items.values())

    @property
    def next_frame(self) -> int:
        """The number of the first frame that has not come yet."""
        return self._frames.next_number

    def described(self) -> Mapping[str, object]:
        """Return the settings in force, as the protocol writes them."""
        return self.options.described(self.id)

    def handle(self, event: Input) -> list[Output]:
        """Take one event; return what follows from it."""
        match event:
            case wire.AudioAppend():
                ready, skipped = self._frames.push(event.number, event.audio)
                return self._append(ready, skipped)
            case Heard():
                return self._heard(event)
            case Unheard():
                return self._unheard(event)
            case Moved():
                return self._moved(event)
            case wire.AudioCommit():
                return self._commit()
            case wire.AudioClear():
                return self._clear()
            case wire.PlaybackStarted():
                ended = self._take(self._endpointer.flush())
                self._playback.start(event.text, self._now)
                return ended
            case wire.PlaybackStopped():
                self._playback.stop(self._now)
                return []
            case wire.SessionUpdate():
                return self._update(event)
            case wire.Resume():
                return [wire.Resumed(self.described(), self.next_frame)]

    @property
    def _now(self) -> float:
        return self._offset + self._endpointer.position

    def _append(self, frames: list[bytes], skipped: bool) -> list[Output]:
        outputs: list[Output] = [wire.problem("frames_missing")] if skipped else []
        for frame in frames:
            samples = self._audio.samples(frame, self.options.rate)
            if (level := self._audio.level(samples)) is not None:
                outputs.append(level)
            if self._playback.deaf(self._now):
                samples = np.zeros_like(samples)
            elif self.options.push_to_talk and len(samples):
                outputs += self._take(self._endpointer.press())
            outputs += self._take(self._endpointer.feed(samples))
            outputs += self._ask_along()
        return outputs

    def _commit(self) -> list[Output]:
        outputs = self._append(*self._frames.flush())
        had = self._current is not None
        outputs += self._take(self._endpointer.flush())
        return outputs if had else [*outputs, wire.problem("input_audio_buffer_commit_empty")]

    def _clear(self) -> list[Output]:
        self._frames.flush()
        self._endpointer.reset()
        if self._current is not None:
            del self._items[self._current]
            self._current = None
        return [wire.Cleared()]

    def _update(self, event: wire.SessionUpdate) -> list[Output]:
        before = self.options
        self.options = before.updated(event.session, self._langs)
        outputs: list[Output] = []
        turns = (before.push_to_talk, before.silence_ms, before.threshold)
        if turns != (self.options.push_to_talk, self.options.silence_ms, self.options.threshold):
            outputs = self._take(self._endpointer.flush())
            self._offset += self._endpointer.position
            self._endpointer = self._make_endpointer(self.options)
        return [*outputs, wire.SessionUpdated(self.described())]

    def _take(self, events: list[EndpointEvent]) -> list[Output]:
        outputs: list[Output] = []
        for event in events:
            match event:
                case Started():
                    outputs += self._started(self._offset + event.start)
                case Ended():
                    outputs += self._ended(event)
                case Discarded():
                    outputs += self._discarded()
        return outputs

    def _started(self, start: float) -> list[Output]:
        self._count += 1
        self._current = f"item_{self._count}"
        self._items[self._current] = _Item(start, Stabilizer(self._word_ends))
        return [wire.SpeechStarted(self._current, _milliseconds(start))]

    def _ended(self, event: Ended) -> list[Output]:
        name, item, outputs = self._stopped(self._offset + event.utterance.end)
        outputs.append(wire.Committed(name, self._last))
        self._last = name
        item.final = event.utterance.audio
        asked = Hear(name, "final", item.final, self.options.lang, self.options.question)
        early = item.early.get(_made_of(asked))
        if early is not None:
            return [*outputs, *self._completed(asked, item, early)]
        return [*outputs, asked]

    def _discarded(self) -> list[Output]:
        if self._current is None:
            return []
        name, _, outputs = self._stopped(self._now)
        del self._items[name]
        return [*outputs, _completed(name, Recognition("", "", rejected="silence"), 0.0)]

    def _stopped(self, end: float) -> tuple[str, _Item, list[Output]]:
        name = self._current
        assert name is not None
        self._current = None
        return name, self._items[name], [wire.SpeechStopped(name, _milliseconds(end))]

    def _ask_along(self) -> list[Output]:
        """Ask for a partial text when enough was said, for an early final one in a pause."""
        if self._current is None or not self._endpointer.speaking:
            return []
        item = self._items[self._current]
        if self._endpointer.pause >= EARLY_PAUSE:
            audio = self._endpointer.so_far()
            if audio is None or len(audio) == item.early_asked:
                return []
            item.early_asked = len(audio)
            return [Hear(self._current, "early", audio, self.options.lang, self.options.question)]
        if self._endpointer.pause >= BREATH:
            return []
        seconds = self._now - item.start
        wanted = item.asked_at + PARTIAL_SECONDS if item.asked_at else 0.0
        if seconds < max(wanted, FIRST_PARTIAL_SECONDS + self._endpointer.settings.pre_roll):
            return []
        item.asked_at = seconds
        return [Hear(self._current, "partial", self._endpointer.speech, self.options.lang)]

    def _heard(self, event: Heard) -> list[Output]:
        asked, recognition = event.asked, event.recognition
        item = self._items.get(asked.item_id)
        if item is None:
            return []
        if recognition is None:
            item.early_asked = 0 if asked.kind == "early" else item.early_asked
            return []
        if asked.kind == "early":
            item.early[_made_of(asked)] = recognition
        if item.final is None:
            return self._partial(asked.item_id, item, recognition)
        if asked.kind == "partial" or len(asked.audio) != len(item.final):
            return []
        return self._completed(asked, item, recognition)

    def _partial(self, name: str, item: _Item, recognition: Recognition) -> list[Output]:
        if not recognition.text:
            return []
        stable, unstable, gained = item.stabilizer.push(recognition.text)
        item.partials += 1
        outputs: list[Output] = [wire.Partial(name, item.partials, stable, unstable)]
        if gained:
            outputs.append(wire.TranscriptDelta(name, gained))
        return outputs

    def _completed(self, asked: Hear, item: _Item, recognition: Recognition) -> list[Output]:
        del self._items[asked.item_id]
        seconds = len(asked.audio) / SAMPLE_RATE
        if self._playback.is_echo(recognition.text, item.start):
            echo = Recognition("", recognition.lang, rejected="echo")
            return [_completed(asked.item_id, echo, seconds)]
        outputs: list[Output] = [_completed(asked.item_id, recognition, seconds)]
        if self.options.consent:
            outputs.append(Sample(asked.audio, recognition))
        sure = recognition.lang_probability >= SURE and seconds >= SURE_SECONDS
        if self.options.lang is None and sure and recognition.text and not recognition.rejected:
            self.options = self.options.locked(recognition.lang)
            outputs.append(wire.SessionUpdated(self.described()))
        return outputs

    def _unheard(self, event: Unheard) -> list[Output]:
        item = self._items.get(event.asked.item_id)
        if item is None or event.asked.kind != "final":
            return []
        del self._items[event.asked.item_id]
        return [wire.TranscriptFailed(event.asked.item_id, wire.problem(event.code).error)]

    def _moved(self, event: Moved) -> list[Output]:
        item = self._items.get(event.item_id)
        if item is None or (event.position == 0 and not item.waited):
            return []
        item.waited = True
        return [wire.Waiting(event.item_id, event.position, event.seconds)]


def _completed(name: str, heard: Recognition, seconds: float) -> wire.TranscriptCompleted:
    usage = {"type": "duration", "seconds": round(seconds, 2)}
    return wire.TranscriptCompleted(
        name, heard.text, usage, heard.lang, heard.kana, heard.terms, heard.rejected
    )


def _made_of(asked: Hear) -> tuple[int, str | None, str]:
    return len(asked.audio), asked.lang, asked.question


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
