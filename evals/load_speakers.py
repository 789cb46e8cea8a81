"""`python -m evals load --speakers N`: many people speaking with the desk at the same time.

What they say is synthesised by the desk's own voice from questions of the
cases, and sent at the speed of speech. Times count from the last sound of an
utterance, so that the silence which ends it is part of them. Refused speakers
must be told so in words; the others must get a final text for every utterance.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from assistant.cli_listen import Listener, ListenFailed, frames_of
from evals.answers import read_cases
from speech.audio import decode
from speech.endpointing import TAIL, EndpointSettings
from speech.recognition import Samples

SENTENCES = 4
LENGTHS = range(15, 35)
"""Letters of a question that is spoken: three to eight seconds."""


@dataclass(slots=True)
class Measured:
    """What all speakers together showed, in seconds."""

    final_s: list[float] = field(default_factory=list)
    first_partial_s: list[float] = field(default_factory=list)
    longest_line: int = 0
    lost: int = 0
    refused: list[str] = field(default_factory=list)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this part of the command."""
    parser.add_argument(
        "--speakers", type=int, default=0, help="people speaking with the desk at the same time"
    )


def measure(url: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """Let the speakers speak with the server at `url`; return what was measured."""
    clips = _spoken(url, arguments)
    asyncio.run(_speak(url, clips[0], Measured(), 0.0))  # loads the model
    measured = Measured()
    asyncio.run(_together(url, clips, arguments.speakers, measured))
    measured.final_s.sort()
    measured.first_partial_s.sort()
    return {
        "speakers": arguments.speakers,
        "synthesised": True,
        "refused_in_words": len(measured.refused),
        "final_texts": len(measured.final_s),
        "lost": measured.lost,
        "final_median_s": _quantile(measured.final_s, 0.5),
        "final_p95_s": _quantile(measured.final_s, 0.95),
        "first_partial_median_s": _quantile(measured.first_partial_s, 0.5),
        "longest_line": measured.longest_line,
    }


def _spoken(url: str, arguments: argparse.Namespace) -> list[Samples]:
    texts = [
        case.text
        for case in read_cases(arguments.cases)
        if case.lang == "ja" and len(case.text) in LENGTHS
    ]
    clips = []
    for text in texts[:SENTENCES]:
        body = {"model": "", "voice": "", "input": text, "response_format": "wav"}
        reply = httpx.post(f"{url}/v1/audio/speech", json=body, timeout=120)
        reply.raise_for_status()
        clips.append(decode(reply.content, 60))
    return clips


async def _together(url: str, clips: list[Samples], count: int, measured: Measured) -> None:
    """All begin within the length of one utterance, as people do."""
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            pause = (number * 0.618 % 1) * 4
            group.create_task(_speak(url, clips[number % len(clips)], measured, pause))


async def _speak(url: str, clip: Samples, measured: Measured, pause: float) -> None:
    began: dict[str, float] = {}
    ended: dict[str, float] = {}
    started = 0.0

    def show(event: dict[str, Any]) -> None:
        nonlocal started
        now, name = time.monotonic() - started, event.get("item_id", "")
        match event["type"]:
            case "session.created":
                started = time.monotonic()
            case "input_audio_buffer.speech_started":
                began[name] = event["audio_start_ms"] / 1000 + EndpointSettings().pre_roll
            case "input_audio_buffer.speech_stopped":
                ended[name] = event["audio_end_ms"] / 1000 - TAIL
            case "partial" if event["seq"] == 1:
                measured.first_partial_s.append(now - began[name])
            case "waiting":
                measured.longest_line = max(measured.longest_line, event["position"])
            case "conversation.item.input_audio_transcription.completed":
                measured.final_s.append(now - ended.pop(name))

    speaker = Listener(url, "ja", show)
    await asyncio.sleep(pause)
    try:
        await speaker.run(frames_of(clip))
    except ListenFailed as error:
        if speaker.refused:
            measured.refused.append(str(error))
            return
        measured.lost += 1
    measured.lost += len(ended)


def _quantile(ordered: list[float], share: float) -> float | None:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2) if ordered else None
