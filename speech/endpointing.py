"""Where an utterance begins and ends, without input or output: samples in, events out.

Somebody speaks when frames are likely speech for long enough and loud enough; what
was said begins half a second earlier, so that no first syllable is lost, and ends
after a silence. In push-to-talk a finger says both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from speech.levels import rms_dbfs
from speech.recognition import SAMPLE_RATE, Samples
from speech.voice_activity import FRAME, FRAME_SECONDS, VoiceActivity

Reason = Literal["silence", "longest", "released", "closed"]

GAP = 0.2
"""Seconds of silence that the beginning of an utterance may hold: a stop consonant."""

TAIL = 0.3
"""Seconds kept after the last speech, for devoiced ends such as 〜です."""

SEARCHED = 6.0
QUIET = 0.2
"""An utterance that is too long is cut in the middle of the quietest `QUIET` seconds of
its last `SEARCHED` ones."""


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """When somebody counts as speaking. Times are in seconds.

    `threshold` and `hold` are probabilities of speech, to begin and to go on;
    `min_rms` is in dB of full scale.
    """

    threshold: float = 0.6
    hold: float = 0.45
    min_speech: float = 0.4
    silence: float = 0.8
    max_utterance: float = 29.0
    pre_roll: float = 0.5
    min_rms: float = -45.0
    push_to_talk: bool = False


ELDERLY = EndpointSettings(silence=1.2)
"""For people who pause between words."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """What was said in one go: `start` is in seconds from the beginning of the stream."""

    audio: Samples
    start: float

    @property
    def end(self) -> float:
        """Seconds from the beginning of the stream."""
        return self.start + len(self.audio) / SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Started:
    """Somebody began to speak, at `start`; `speech` is what came so far, pre-roll included."""

    start: float
    speech: Samples


@dataclass(frozen=True, slots=True)
class Ended:
    """Somebody ended, and why: a silence, the longest utterance, a finger, the stream."""

    utterance: Utterance
    reason: Reason


@dataclass(frozen=True, slots=True)
class Discarded:
    """The button was let go, and nobody had spoken, or too quietly."""

    start: float


EndpointEvent = Started | Ended | Discarded


class Endpointer:
    """One stream of samples at 16 kHz."""

    def __init__(self, settings: EndpointSettings, activity: VoiceActivity) -> None:
        self.settings = settings
        self._activity = activity
        self._activity.reset()
        self._waiting = np.zeros(0, dtype=np.float32)
        self._seen = 0
        """Samples that were looked at since the stream began."""
        self._frames: list[Samples] = []
        """What may still be needed: the pre-roll, then the utterance."""
        self._voiced: list[bool] = []
        self._speaking = False
        self._pressed = False

    @property
    def speaking(self) -> bool:
        """Whether an utterance is going on."""
        return self._speaking

    @property
    def speech(self) -> Samples:
        """The utterance so far, with its pre-roll; empty while nobody speaks."""
        return _joined(self._frames) if self._speaking else np.zeros(0, dtype=np.float32)

    @property
    def pause(self) -> float:
        """Seconds since the last speech of the utterance that is going on."""
        return self._silent_frames() * FRAME_SECONDS if self._speaking else 0.0

    def so_far(self) -> Samples | None:
        """Return what the utterance will be if nothing more is said; None where that is nothing."""
        return self._ended_here() if self._speaking else None

    @property
    def position(self) -> float:
        """Seconds of the stream that were looked at."""
        return self._seen / SAMPLE_RATE

    def feed(self, samples: Samples) -> list[EndpointEvent]:
        """Take the next samples, any number; return what happened."""
        self._waiting = np.concatenate([self._waiting, samples])
        events: list[EndpointEvent] = []
        while len(self._waiting) >= FRAME:
            frame, self._waiting = self._waiting[:FRAME], self._waiting[FRAME:]
            events += self._look_at(frame)
        return events

    def press(self) -> list[EndpointEvent]:
        """Begin an utterance: the button of push-to-talk went down."""
        if self._pressed or self._speaking:
            return []
        self._pressed = True
        self._speaking = True
        self._voiced = [False] * len(self._voiced)
        return [Started(self._start(), _joined(self._frames))]

    def release(self) -> list[EndpointEvent]:
        """End the utterance: the button went up."""
        if not self._pressed:
            return []
        return self._finish("released")

    def flush(self) -> list[EndpointEvent]:
        """End the stream: what was being said is ended where it stands."""
        events: list[EndpointEvent] = []
        if len(self._waiting):
            frame = np.pad(self._waiting, (0, FRAME - len(self._waiting)))
            self._waiting = self._waiting[:0]
            events += self._look_at(frame)
        if self._speaking:
            events += self._finish("closed")
        self._forget()
        return events

    def reset(self) -> None:
        """Forget what is being said, as while the desk itself speaks."""
        self._waiting = self._waiting[:0]
        self._forget()

    def configure(self, settings: EndpointSettings) -> None:
        """Go on with other settings."""
        self.settings = settings

    def _look_at(self, frame: Samples) -> list[EndpointEvent]:
        self._seen += FRAME
        probability = self._activity.probability(frame)
        bound = self.settings.hold if self._speaking else self.settings.threshold
        self._frames.append(frame)
        self._voiced.append(probability >= bound)
        if self._speaking:
            return self._go_on()
        if not self.settings.push_to_talk and self._begins():
            self._speaking = True
            self._drop_before(self._onset())
            return [Started(self._start(), _joined(self._frames))]
        self._drop_before(self._onset())
        return []

    def _go_on(self) -> list[EndpointEvent]:
        settings = self.settings
        if len(self._frames) * FRAME_SECONDS >= settings.max_utterance:
            return self._cut()
        if not self._pressed and self._silent_frames() * FRAME_SECONDS >= settings.silence:
            return self._finish("silence")
        return []

    def _begins(self) -> bool:
        """Whether the frames at the end are speech for long enough and loud enough."""
        run = self._run()
        voiced = [frame for frame, voice in zip(*run, strict=True) if voice]
        if len(voiced) * FRAME_SECONDS < self.settings.min_speech:
            return False
        return rms_dbfs(_joined(voiced)) >= self.settings.min_rms

    def _run(self) -> tuple[list[Samples], list[bool]]:
        """The frames from the onset on, where a gap of silence is no longer than `GAP`."""
        first = self._first_voiced()
        return self._frames[first:], self._voiced[first:]

    def _first_voiced(self) -> int:
        first, gap = len(self._voiced), 0
        for number in range(len(self._voiced) - 1, -1, -1):
            if self._voiced[number]:
                first, gap = number, 0
            else:
                gap += 1
                if gap * FRAME_SECONDS > GAP:
                    break
        return first

    def _onset(self) -> int:
        """The first frame to keep: pre-roll before the first voiced one."""
        return max(0, self._first_voiced() - round(self.settings.pre_roll / FRAME_SECONDS))

    def _silent_frames(self) -> int:
        for number, voice in enumerate(reversed(self._voiced)):
            if voice:
                return number
        return len(self._voiced)

    def _finish(self, reason: Reason) -> list[EndpointEvent]:
        start, speech = self._start(), self._ended_here()
        if speech is None:
            self._forget()
            return [Discarded(start)]
        utterance = Utterance(speech, start)
        last = len(speech) // FRAME
        rest, voices = self._frames[last:], self._voiced[last:]
        self._forget()
        # What came after the end is the pre-roll of whatever comes next.
        self._frames, self._voiced = rest, voices
        return [Ended(utterance, reason)]

    def _ended_here(self) -> Samples | None:
        """The utterance without the silence after it; None where nobody spoke, or too quietly."""
        voiced = [frame for frame, voice in zip(self._frames, self._voiced, strict=True) if voice]
        spoken = len(voiced) * FRAME_SECONDS >= self.settings.min_speech
        # What began by itself was loud enough then; words already shown are not taken back.
        quiet = self._pressed and rms_dbfs(_joined(voiced)) < self.settings.min_rms
        if not spoken or quiet:
            return None
        extra = self._silent_frames() - round(TAIL / FRAME_SECONDS)
        return _joined(self._frames[: len(self._frames) - max(0, extra)])

    def _cut(self) -> list[EndpointEvent]:
        """End an utterance that is too long at a quiet place, and begin another there."""
        start, place = self._start(), self._quietest()
        utterance = Utterance(_joined(self._frames[:place]), start)
        self._frames, self._voiced = self._frames[place:], self._voiced[place:]
        return [
            Ended(utterance, "longest"),
            Started(utterance.end, _joined(self._frames)),
        ]

    def _quietest(self) -> int:
        width = max(1, round(QUIET / FRAME_SECONDS))
        power = np.array([float(np.mean(np.square(frame))) for frame in self._frames])
        searched = min(len(power) // 2, round(SEARCHED / FRAME_SECONDS))
        first = len(power) - searched
        sums = np.convolve(power[first:], np.ones(width), mode="valid")
        return first + int(np.argmin(sums)) + width // 2

    def _start(self) -> float:
        return (self._seen - len(self._frames) * FRAME) / SAMPLE_RATE

    def _drop_before(self, number: int) -> None:
        del self._frames[:number], self._voiced[:number]

    def _forget(self) -> None:
        self._frames, self._voiced = [], []
        self._speaking = self._pressed = False


def utterances(
    samples: Samples, settings: EndpointSettings, activity: VoiceActivity
) -> list[Utterance]:
    """Return the utterances of a whole recording."""
    endpointer = Endpointer(replace(settings, push_to_talk=False), activity)
    events = endpointer.feed(samples) + endpointer.flush()
    return [event.utterance for event in events if isinstance(event, Ended)]


def _joined(frames: list[Samples]) -> Samples:
    return np.concatenate(frames) if frames else np.zeros(0, dtype=np.float32)
