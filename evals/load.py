"""`python -m evals load`: latency and losses of the served help desk under an open load.

Questions arrive at a fixed rate whether or not earlier ones are answered, so
that waiting shows. The client runs on the same machine and takes its share of it.
Only addresses of this machine are accepted.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import ipaddress
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from rich.console import Console
from rich.table import Table

from evals import load_conversations, load_speakers, load_voice
from evals.answers import read_cases

CASES = Path(__file__).parent / "cases" / "dev.jsonl"
START_SECONDS = 60.0
MOST_SECONDS = 120.0
MOST_RATE = 200.0
PARTS = ("conversations", "speakers", "spoken")
"""What may be measured beside single questions."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--url", help="a running server on this machine; else one is started")
    parser.add_argument("--rates", default="10,40", help="questions a second, comma-separated")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each rate is held")
    parser.add_argument("--cases", type=Path, default=CASES, help="where the questions are from")
    load_conversations.add_arguments(parser)
    load_speakers.add_arguments(parser)
    load_voice.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit code 1 where an answer was lost."""
    rates = [min(float(rate), MOST_RATE) for rate in arguments.rates.split(",")]
    seconds = min(arguments.seconds, MOST_SECONDS)
    questions = [{"question": case.text, "lang": case.lang} for case in read_cases(arguments.cases)]
    report: dict[str, Any] = {}
    with contextlib.ExitStack() as stack:
        if arguments.url:
            url = arguments.url
            _require_loopback(url)
        else:
            url, process, report["start_to_first_answer_s"] = stack.enter_context(_server())
        if arguments.conversations:
            report["conversations"] = load_conversations.measure(url, arguments)
            rates = []
        if arguments.speakers:
            report["speakers"] = load_speakers.measure(url, arguments)
            rates = []
        if arguments.spoken:
            report["spoken"] = load_voice.measure(url, arguments)
            rates = []
        report["rates"] = [asyncio.run(_hold(url, rate, seconds, questions)) for rate in rates]
        if not arguments.url:
            report["resident_mb"] = _resident_mb(process.pid)
    if arguments.json:
        print(json.dumps(report, indent=1))
    else:
        _show(report)
    rows = [*report["rates"], *(report.get(part, {"lost": 0}) for part in PARTS)]
    return 1 if any(row["lost"] for row in rows) else 0


async def _hold(
    url: str, rate: float, seconds: float, questions: list[dict[str, str]]
) -> dict[str, Any]:
    """Send `rate` questions a second for `seconds`; return latencies and losses."""
    latencies: list[float] = []
    lost: list[str] = []
    limits = httpx.Limits(max_connections=512, max_keepalive_connections=512)
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=limits) as client:

        async def ask(body: dict[str, str], due: float) -> None:
            try:
                answer = await client.post("/api/chat", json=body)
                answer.raise_for_status()
                if "status" not in answer.json():
                    raise ValueError("no status")
                latencies.append((time.perf_counter() - due) * 1000)
            except (httpx.HTTPError, ValueError) as error:
                lost.append(repr(error))

        count = int(rate * seconds)
        started = time.perf_counter()
        tasks = []
        for number in range(count):
            due = started + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.append(asyncio.create_task(ask(questions[number % len(questions)], due)))
        await asyncio.gather(*tasks)
        took = time.perf_counter() - started
    latencies.sort()
    return {
        "rate": rate,
        "sent": count,
        "answered": len(latencies),
        "lost": len(lost),
        "answered_per_second": round(len(latencies) / took, 1),
        "median_ms": _quantile(latencies, 0.5),
        "p95_ms": _quantile(latencies, 0.95),
        "p99_ms": _quantile(latencies, 0.99),
        "first_loss": lost[0] if lost else None,
    }


def _quantile(ordered: list[float], share: float) -> float | None:
    if not ordered:
        return None
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)


@contextlib.contextmanager
def _server() -> Iterator[tuple[str, subprocess.Popen[bytes], float]]:
    """Start the server on a free port; yield its address and the time to its first answer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", "serve", "--port", str(port)],
        env={
            **os.environ,
            "MADOGUCHI_SERVER__QUESTIONS_PER_MINUTE": "0",
            "MADOGUCHI_SPEECH__CONNECTIONS_PER_VISITOR": "0",
        },
    )
    try:
        yield url, process, _first_answer(url, process, started)
    finally:
        process.terminate()
        process.wait(timeout=15)


def _first_answer(url: str, process: subprocess.Popen[bytes], started: float) -> float:
    while time.perf_counter() - started < START_SECONDS:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with exit code {process.returncode}")
        with contextlib.suppress(httpx.HTTPError):
            body = {"question": "転入届はいつまでですか", "lang": "ja"}
            if httpx.post(f"{url}/api/chat", json=body, timeout=30).status_code == 200:
                return round(time.perf_counter() - started, 2)
        time.sleep(0.05)
    raise RuntimeError(f"no answer within {START_SECONDS:.0f} seconds")


def _resident_mb(pid: int) -> float | None:
    """Return the resident memory of a process in MB, where /proc tells."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    line = next(row for row in status.read_text().splitlines() if row.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)


def _require_loopback(url: str) -> None:
    host = urlsplit(url).hostname or ""
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise SystemExit("evals load sends its load to this machine only (127.0.0.1, localhost).")


def _show(report: dict[str, Any]) -> None:
    console = Console()
    table = Table(title="load")
    for name in ("rate", "sent", "answered", "lost", "median_ms", "p95_ms", "p99_ms"):
        table.add_column(name, justify="right")
    for row in report["rates"]:
        table.add_row(
            *(str(row[name]) for name in ("rate", "sent", "answered", "lost")),
            *(str(row[name]) for name in ("median_ms", "p95_ms", "p99_ms")),
        )
    console.print(table)
    for part in ("speakers", "spoken"):
        for name, value in report.get(part, {}).items():
            console.print(f"{name}: {value}")
    if "resident_mb" in report:
        console.print(
            f"start to first answer {report['start_to_first_answer_s']} s, "
            f"resident memory {report['resident_mb']} MB"
        )
