"""The text of a whole recording, utterance by utterance, and its forms for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from speech.endpointing import Ended, Endpointer, EndpointEvent, Utterance
from speech.recognition import SAMPLE_RATE, Recognition, Samples, Segment
from speech.session import SURE, SURE_SECONDS

PIECE_SECONDS = 30.0
"""How much of a recording is searched for speech at a time."""

Recognize = Callable[[Samples, str | None], Recognition]


@dataclass(slots=True)
class Transcription:
    """A recording as text; grows while utterance after utterance is recognised."""

    seconds: float
    lang: str | None = None
    lang_given: bool = False
    segments: list[Segment] = field(default_factory=list)
    kana: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of the text; where words are not spaced, sentences stand side by side."""
        joiner = "" if (self.lang or "").startswith(("ja", "zh", "th")) else " "
        return joiner.join(segment.text for segment in self.segments)

    def add(self, utterance: Utterance, heard: Recognition) -> list[Segment]:
        """Take what was heard in `utterance`; return its segments, in seconds of the recording."""
        if not heard.text:
            return []
        seconds = len(utterance.audio) / SAMPLE_RATE
        if not self.lang_given and heard.lang_probability >= SURE and seconds >= SURE_SECONDS:
            self.lang_given = True
            self.lang = heard.lang
        self.lang = self.lang or heard.lang
        parts = heard.segments or (Segment(0.0, seconds, heard.text),)
        added = [
            Segment(utterance.start + part.start, utterance.start + part.end, part.text.strip())
            for part in parts
            if part.text.strip()
        ]
        self.segments += added
        if heard.kana:
            self.kana.append(heard.kana)
        self.terms += [term for term in heard.terms if term not in self.terms]
        return added


def utterances(samples: Samples, endpointer: Endpointer) -> Iterator[Utterance]:
    """Yield the utterances of a recording, each as soon as it is found."""

    def ended(events: list[EndpointEvent]) -> Iterator[Utterance]:
        return (event.utterance for event in events if isinstance(event, Ended))

    step = int(PIECE_SECONDS * SAMPLE_RATE)
    for start in range(0, len(samples), step):
        yield from ended(endpointer.feed(samples[start : start + step]))
    yield from ended(endpointer.flush())


def transcribe(
    samples: Samples, endpointer: Endpointer, recognize: Recognize, lang: str | None = None
) -> Transcription:
    """Return the text of a recording, in `lang` or in the first language that is sure."""
    made = Transcription(len(samples) / SAMPLE_RATE, lang, lang is not None)
    for utterance in utterances(samples, endpointer):
        made.add(utterance, recognize(utterance.audio, made.lang if made.lang_given else None))
    return made


def srt(segments: Sequence[Segment]) -> str:
    """Return the segments as SubRip subtitles."""
    return "".join(
        f"{number}\n{_stamp(part.start, ',')} --> {_stamp(part.end, ',')}\n{part.text}\n\n"
        for number, part in enumerate(segments, 1)
    )


def vtt(segments: Sequence[Segment]) -> str:
    """Return the segments as WebVTT subtitles."""
    cues = (
        f"{_stamp(part.start, '.')} --> {_stamp(part.end, '.')}\n{_escaped(part.text)}\n\n"
        for part in segments
    )
    return "WEBVTT\n\n" + "".join(cues)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _stamp(seconds: float, point: str) -> str:
    """Hours, minutes, seconds and milliseconds, as subtitles write them."""
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{point}{milliseconds:03}"
