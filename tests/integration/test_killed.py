"""A process killed anywhere loses no committed article and leaves a whole release."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from knowledge.release import Releases
from knowledge.store import Store

KILLS = 20

ARTICLE = """---
title: 試験の手続き{n}
questions: [手続き{n}はどこ, 手続き{n}のやり方, 手続き{n}いくら, 手続き{n}はいつ, 手続き{n}]
summary: 試験のための手続き{n}です。窓口で受け付けます。
facts:
  deadline: "{n}日以内に届け出てください。"
---

## 説明{n}

この文は{n}番目の記事のものです。
"""
META = """life_event: moving
effective_from: 2026-01-01
checked_on: 2026-01-01
owner: section.test
related: []
"""


def madoguchi(data: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", *arguments],
        env={**os.environ, "MADOGUCHI_DATA": str(data)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def printed(data: Path, *arguments: str) -> dict[str, Any]:
    """What a command prints as JSON, once it has ended well."""
    run = subprocess.run(
        [sys.executable, "-m", "assistant.cli", *arguments, "--json"],
        env={**os.environ, "MADOGUCHI_DATA": str(data)},
        capture_output=True,
        timeout=180,
        check=True,
    )
    return dict(json.loads(run.stdout))


def write_article(folder: Path, number: int) -> Path:
    path = folder / f"procedure-{number}"
    path.mkdir(parents=True)
    (path / "article.yaml").write_text(META, encoding="utf-8")
    (path / "ja.md").write_text(ARTICLE.format(n=number), encoding="utf-8")
    return path


@pytest.mark.integration
def test_twenty_kills_during_imports_and_builds(tmp_path: Path, model_folder: Path) -> None:
    data = tmp_path / "data"
    (data / "models").mkdir(parents=True)
    (data / "models" / "e5-small").symlink_to(model_folder)
    first = madoguchi(data, "import", str(write_article(tmp_path, 0)))
    assert first.wait(timeout=180) == 0
    chance = random.Random(20)
    committed = {"procedure-0"}
    killed = 0
    for number in range(1, KILLS + 1):
        process = madoguchi(data, "import", str(write_article(tmp_path, number)))
        try:
            process.wait(timeout=chance.uniform(0.3, 3.0))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=10)
            killed += 1
        with Store.open(f"sqlite:///{data / 'madoguchi.db'}") as store:
            stored = {article.slug for article in store.articles(store.today())}
        assert committed <= stored, "a committed article is gone"
        committed = stored
        current = Releases(data / "releases").current_id()
        assert current is not None
        assert (data / "releases" / current / "release.json").is_file()
    assert killed >= KILLS // 4
    assert printed(data, "index")["articles"] == len(committed)
    assert printed(data, "ask", "手続き0はいつまで")["status"] in ("answered", "clarify")
    assert not list((data / "releases").glob("*.partial"))


@pytest.mark.integration
def test_killed_server_starts_again_on_a_whole_release(tmp_path: Path, model_folder: Path) -> None:
    data = tmp_path / "data"
    (data / "models").mkdir(parents=True)
    (data / "models" / "e5-small").symlink_to(model_folder)
    assert madoguchi(data, "import", str(write_article(tmp_path, 1))).wait(timeout=180) == 0
    for _ in range(3):
        server = madoguchi(data, "serve", "--port", "0")
        time.sleep(1.5)
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(timeout=10)
    answer = printed(data, "ask", "手続き1はいつまで")
    assert answer["sources"][0]["slug"] == "procedure-1"


@pytest.mark.integration
def test_a_damaged_release_is_built_anew(tmp_path: Path, model_folder: Path) -> None:
    data = tmp_path / "data"
    (data / "models").mkdir(parents=True)
    (data / "models" / "e5-small").symlink_to(model_folder)
    assert madoguchi(data, "import", str(write_article(tmp_path, 1))).wait(timeout=120) == 0
    current = Releases(data / "releases").current_id()
    assert current is not None
    (data / "releases" / current / "articles.jsonl").write_text("")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = madoguchi(data, "serve", "--port", str(port))
    try:
        body = {"question": "手続き1はいつまで", "lang": "ja"}
        for _ in range(300):
            assert server.poll() is None
            with contextlib.suppress(httpx.HTTPError):
                answer = httpx.post(f"http://127.0.0.1:{port}/api/chat", json=body, timeout=60)
                break
            time.sleep(0.2)
        assert answer.json()["sources"][0]["slug"] == "procedure-1"
    finally:
        server.terminate()
        server.wait(timeout=15)
