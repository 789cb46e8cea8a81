"""`python -m evals load --conversations N`: many residents in conversation at the same time.

Each resident does what the chat does in a browser: fetches a visitor token, asks
over server-sent events, reads, asks one of the follow-ups that the answer
suggests, and at the end downloads the transcript, which must hold both questions
once and in order. All begin within `--spread` seconds; 0 is the worst case, when
all ask in the same moment. The client takes its share of the same machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from evals.answers import read_cases

FOLLOW_UPS = {
    "ja": "費用はいくらですか",
    "ja-x-easy": "いくらですか",
    "en": "How much does it cost?",
    "zh-Hans": "费用是多少？",
    "vi": "Phí bao nhiêu?",
}
"""What is asked where an answer suggests nothing; in other languages in English."""


@dataclass(slots=True)
class Measured:
    """What all conversations together showed; milliseconds from the send to the event."""

    first_block_ms: list[float] = field(default_factory=list)
    end_ms: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lost: int = 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this part of the command."""
    parser.add_argument(
        "--conversations", type=int, default=0, help="conversations at the same time, two turns"
    )
    parser.add_argument("--spread", type=float, default=10.0, help="seconds in which they begin")
    parser.add_argument("--reading", type=float, default=10.0, help="seconds between two turns")


def measure(url: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """Hold the conversations with the server at `url` and return what was measured."""
    cases = read_cases(arguments.cases)
    shuffled = random.Random(7)
    shuffled.shuffle(cases)
    questions = [(case.text, case.lang) for case in cases]
    measured = asyncio.run(_together(url, arguments, questions, shuffled))
    return {
        "conversations": arguments.conversations,
        "spread_s": arguments.spread,
        "turns": len(measured.end_ms),
        "lost": measured.lost + len(measured.errors),
        "first_error": measured.errors[0] if measured.errors else None,
        **_quantiles("first_block", measured.first_block_ms),
        **_quantiles("end", measured.end_ms),
    }


async def _together(
    url: str,
    arguments: argparse.Namespace,
    questions: list[tuple[str, str]],
    chance: random.Random,
) -> Measured:
    measured = Measured()
    count = arguments.conversations
    limits = httpx.Limits(max_connections=count, max_keepalive_connections=count)
    headers = {"Origin": url}
    async with httpx.AsyncClient(
        base_url=url, timeout=60, limits=limits, headers=headers
    ) as client:

        async def resident(number: int, begin: float, reading: float) -> None:
            await asyncio.sleep(begin)
            try:
                text, lang = questions[number % len(questions)]
                await _converse(client, text, lang, reading, measured)
            except (httpx.HTTPError, ValueError, KeyError) as error:
                measured.errors.append(repr(error))

        await asyncio.gather(
            *(
                resident(
                    number,
                    chance.uniform(0, arguments.spread),
                    arguments.reading * chance.uniform(0.5, 1.5),
                )
                for number in range(count)
            )
        )
    return measured


async def _converse(
    client: httpx.AsyncClient, text: str, lang: str, reading: float, measured: Measured
) -> None:
    """Hold one conversation of two turns, check its transcript, delete it."""
    visitor = (await client.post("/api/visitor")).raise_for_status().json()["token"]
    token = secrets.token_urlsafe(16)
    turns = []
    for turn in range(2):
        if turn:
            await asyncio.sleep(reading)
        body = {
            "question": text,
            "lang": lang,
            "conversation": token,
            "request_id": secrets.token_urlsafe(16),
        }
        answer = await _ask(client, body, visitor, measured)
        turns.append(answer["turn"])
        suggested = answer["suggestions"]
        text = suggested[0] if suggested else FOLLOW_UPS.get(lang, FOLLOW_UPS["en"])
    kept = (await client.get(f"/api/conversations/{token}")).raise_for_status().json()["turns"]
    if [turn["turn"] for turn in kept] != turns:
        measured.lost += 2 - len({turn["turn"] for turn in kept} & set(turns)) or 1
    (await client.delete(f"/api/conversations/{token}")).raise_for_status()


async def _ask(
    client: httpx.AsyncClient, body: dict[str, str], visitor: str, measured: Measured
) -> dict[str, Any]:
    """Ask one question over server-sent events; return the whole answer of the last event."""
    headers = {"Accept": "text/event-stream", "Madoguchi-Visitor": visitor}
    started = time.perf_counter()
    first = None
    name = ""
    async with client.stream("POST", "/api/chat", json=body, headers=headers) as reply:
        reply.raise_for_status()
        async for line in reply.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: ") and name == "block" and first is None:
                first = (time.perf_counter() - started) * 1000
            elif line.startswith("data: ") and name == "end":
                answer: dict[str, Any] = json.loads(line.removeprefix("data: "))
                if first is None or answer["status"] == "error" or not answer["turn"]:
                    raise ValueError(f"no answer to {body['question']!r}: {answer['status']}")
                measured.first_block_ms.append(first)
                measured.end_ms.append((time.perf_counter() - started) * 1000)
                return answer
    raise ValueError("the answer was cut short")


def _quantiles(name: str, values: list[float]) -> dict[str, float | None]:
    ordered = sorted(values)
    return {
        f"{name}_{label}_ms": round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)
        if ordered
        else None
        for label, share in (("median", 0.5), ("p95", 0.95), ("max", 1.0))
    }
