"""The commands of speech where something is wrong: one sentence and an exit code."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assistant.cli import app
from speech.audio import to_wav
from speech.testing import tone


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    file = tmp_path / "said.wav"
    file.write_bytes(to_wav(tone(0.5)))
    return file


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str) -> Result:
    monkeypatch.setenv("MADOGUCHI_DATA", str(folder / "data"))
    monkeypatch.setenv("MADOGUCHI_VOICE__KIND", "none")
    return CliRunner().invoke(app, arguments)


@pytest.mark.parametrize("command", ["transcribe", "listen"])
def test_a_file_that_is_no_recording(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    text = tmp_path / "text.wav"
    text.write_text("hello")
    for file in (text, tmp_path / "missing.wav"):
        result = run(monkeypatch, tmp_path, command, str(file))
        assert result.exit_code == 3
        assert len(result.stderr.strip().splitlines()) == 1


def test_a_language_that_is_not_heard(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, recording: Path
) -> None:
    result = run(monkeypatch, tmp_path, "transcribe", str(recording), "--lang", "tlh")
    assert result.exit_code == 2
    assert "tlh is none of ja, en" in result.stderr


def test_a_desk_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, recording: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        result = run(monkeypatch, tmp_path, "listen", str(recording), "--url", url)
    assert result.exit_code == 1
    assert result.stderr.startswith("The desk cannot be reached")


def test_a_desk_without_a_voice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    target = tmp_path / "said.wav"
    result = run(monkeypatch, tmp_path, "say", "こんにちは", "-o", str(target))
    assert result.exit_code == 3
    assert not target.exists()
