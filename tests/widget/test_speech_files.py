"""What the microphone's files promise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from speech import session_client
from speech.session_audio import LEVEL_SAMPLES

STATIC = Path(__file__).parents[2] / "widget" / "static" / "speech"
SCRIPTS = sorted(STATIC.glob("*.js"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_never_read_a_text_as_markup(path: Path) -> None:
    source = path.read_text("utf-8")
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    assert not re.search(forbidden, source)
    assert len(source.splitlines()) < 300


def test_page_and_terminal_keep_a_minute_for_a_lost_connection() -> None:
    frames = re.search(r"KEPT = (\d+)", (STATIC / "session.js").read_text("utf-8"))
    frame = re.search(r"FRAME = (\d+)", (STATIC / "capture.js").read_text("utf-8"))
    assert frames and frame
    seconds = int(frames[1]) * int(frame[1]) / 16_000
    assert seconds == pytest.approx(session_client.KEEP_SECONDS, abs=1)
    assert int(frame[1]) < LEVEL_SAMPLES
