"""`python -m evals load --spoken N`: how soon an answer is heard after it was approved.

The questions of the cases are put to the desk, and the short answers it gives are
said as the tablet asks for them, none of them kept from an earlier time. A time
counts from the request to the first bytes of sound, which hold a whole clause.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

import httpx

from evals.answers import read_cases

LANGS = ("ja", "en")

HEAD = 200
"""Bytes that the head of a WAV has at most; what follows is sound."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of this part of the command."""
    parser.add_argument(
        "--spoken", type=int, default=0, help="answers of each language that are said aloud"
    )


def measure(url: str, arguments: argparse.Namespace) -> dict[str, Any]:
    """Let the server at `url` say answers, one at a time; return seconds to the first sound."""
    report: dict[str, Any] = {"answers": arguments.spoken, "lost": 0}
    with httpx.Client(base_url=url, timeout=120) as client:
        for lang in LANGS:
            texts = list(_answers(client, arguments, lang))
            if not texts:
                report["lost"] += 1
                continue
            first_of_all, _ = _first_sound(client, texts[0], lang)
            seconds = sorted(_first_sound(client, text, lang)[0] for text in texts)
            report[lang] = {
                "answers": len(texts),
                "letters_median": median(map(len, texts)),
                "first_of_all_s": first_of_all,
                "median_s": round(median(seconds), 2),
                "p95_s": seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))],
                "max_s": seconds[-1],
            }
    return report


def _answers(client: httpx.Client, arguments: argparse.Namespace, lang: str) -> Iterator[str]:
    """Short answers to questions of the cases, no two alike."""
    seen = set[str]()
    for case in read_cases(arguments.cases):
        if case.lang != lang or case.expect != "answer" or case.after:
            continue
        reply = client.post(
            "/api/chat",
            json={"question": case.text, "lang": lang},
            headers={"accept": "application/json"},
        )
        for block in reply.json().get("blocks", ()):
            text = block["body"]["text"] if block["type"] == "short" else ""
            if text and text not in seen:
                seen.add(text)
                yield text
        if len(seen) >= arguments.spoken:
            return


def _first_sound(client: httpx.Client, text: str, lang: str) -> tuple[float, int]:
    """Seconds to the first sound, and the bytes of all of it."""
    body = {"input": text, "language": lang, "response_format": "wav", "keep": False}
    begin, heard, size = time.perf_counter(), 0.0, 0
    with client.stream("POST", "/v1/audio/speech", json=body) as reply:
        reply.raise_for_status()
        for piece in reply.iter_raw():
            size += len(piece)
            if not heard and size > HEAD:
                heard = time.perf_counter() - begin
    return round(heard, 2), size
