"""The microphone of a page: Chromium hears a recording and gets its words back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz

from tests.browser.conftest import ARGUMENTS, RunningServer

pytestmark = pytest.mark.browser

SAID = "マイナンバーカードをなくしました。再発行の手続きを教えてください。"

BEGIN = """async () => {
  const { Microphone } = await import("/static/speech/microphone.js");
  const visitor = async () =>
    (await (await fetch("/api/visitor", { method: "POST" })).json()).token;
  const base = new URL("/", location.href).href;
  const microphone = new Microphone({ base, lang: "ja", visitor });
  const seen = { finals: [], partials: [], states: [], levels: [], problems: [], stops: 0 };
  const note = (name, take) => microphone.addEventListener(name, ({ detail }) => take(detail));
  note("final", (detail) => seen.finals.push(detail));
  note("partial", (detail) => seen.partials.push(detail));
  note("state", (detail) => seen.states.push(detail.state));
  note("level", (detail) => seen.levels.push(detail.rms));
  note("problem", (detail) => seen.problems.push(detail));
  note("stopped", () => (seen.stops += 1));
  const Socket = WebSocket;
  window.sockets = [];
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      window.sockets.push(this);
    }
  };
  const button = document.createElement("button");
  button.textContent = "microphone";
  button.addEventListener("click", () => microphone.start());
  document.body.prepend(button);
  Object.assign(window, { microphone, seen });
}"""


@pytest.fixture(scope="module")
def recording(running: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is said, made by the desk's own voice."""
    file = tmp_path_factory.mktemp("speech") / "said.wav"
    running.command("say", SAID, "-o", str(file))
    return file


@pytest.fixture(scope="module")
def listening(chromium: Any, recording: Path) -> Iterator[Any]:
    """A second Chromium, whose microphone hears the recording once."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)))
    flags = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={recording}%noloop",
    ]
    browser = chromium.browser_type.launch(executable_path=program, args=[*ARGUMENTS, *flags])
    yield browser
    browser.close()


@pytest.fixture
def speaker(listening: Any, server: str) -> Iterator[Any]:
    """A page of a city with a strict policy and a button for the microphone."""
    context = listening.new_context(locale="ja-JP", permissions=["microphone"])
    context.set_default_timeout(40_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: "Content Security Policy" in message.text and errors.append(message.text),
    )
    page.goto(f"{server}/demo-host")
    page.evaluate(BEGIN)
    yield page
    context.close()
    assert not errors


def until(page: Any, condition: str, seconds: float = 40) -> None:
    """Wait for `condition`; Playwright's own waiting is code that the page's policy forbids."""
    for _ in range(int(seconds * 10)):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{condition}: {page.evaluate('JSON.stringify(seen)')}")


def heard(page: Any) -> str:
    """The final texts of everything that was said."""
    until(page, "seen.stops > 0 && seen.finals.length >= seen.stops")
    page.wait_for_timeout(2000)
    until(page, "seen.finals.length >= seen.stops")
    return "".join(page.evaluate("seen.finals.map((final) => final.transcript)"))


def test_what_is_said_comes_back_as_text(speaker: Any) -> None:
    speaker.get_by_role("button", name="microphone").click()
    assert fuzz.ratio(heard(speaker), SAID) > 80
    seen = speaker.evaluate("seen")
    assert seen["states"] == ["starting", "listening"]
    assert max(seen["levels"]) > 0.01
    assert seen["partials"], "nothing was shown while it was said"
    assert not seen["problems"]
    speaker.evaluate("microphone.stop()")
    until(speaker, "microphone.state === 'off'")
    assert speaker.evaluate("seen.states").pop() == "off"
    assert speaker.evaluate("sockets.every((socket) => socket.readyState > 1)")


def test_a_connection_that_breaks_in_the_middle_loses_no_word(speaker: Any) -> None:
    speaker.get_by_role("button", name="microphone").click()
    until(speaker, "seen.partials.length > 0")
    speaker.evaluate("sockets[0].close(4000)")
    assert fuzz.ratio(heard(speaker), SAID) > 80
    assert speaker.evaluate("seen.states.slice(0, 4)") == [
        "starting", "listening", "lost", "listening",
    ]  # fmt: skip
    assert speaker.evaluate("sockets.length") == 2
    assert not speaker.evaluate("seen.problems")
    speaker.evaluate("microphone.stop()")


def test_after_the_background_the_microphone_is_built_anew(speaker: Any) -> None:
    speaker.evaluate(
        "() => { const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
        " window.streams = []; navigator.mediaDevices.getUserMedia = async (wanted) =>"
        " { const made = await get(wanted); window.streams.push(made); return made; }; }"
    )
    speaker.get_by_role("button", name="microphone").click()
    until(speaker, "seen.levels.length > 2")
    speaker.evaluate("streams[0].getTracks().forEach((track) => track.stop())")
    speaker.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until(speaker, "streams.length === 2")
    count = speaker.evaluate("seen.levels.length")
    until(speaker, f"seen.levels.length > {count + 5}")
    assert speaker.evaluate("microphone.state") == "listening"
    speaker.evaluate("microphone.stop()")
    until(speaker, "microphone.state === 'off'")
    assert speaker.evaluate("streams[1].getTracks()[0].readyState") == "ended"


def test_a_microphone_that_is_refused_is_told(new_page: Callable[..., Any], server: str) -> None:
    page = new_page(base_url=server)
    page.goto("/demo-host")
    page.evaluate(BEGIN)
    page.get_by_role("button", name="microphone").click()
    until(page, "seen.problems.length === 1")
    assert page.evaluate("seen.problems[0].code") in ("denied", "missing")
    until(page, "microphone.state === 'off'")


def test_resampling_keeps_speech_and_removes_what_would_fold_back(
    new_page: Callable[..., Any], server: str
) -> None:
    page = new_page(base_url=server)
    page.goto("/demo-host")
    loud = page.evaluate(
        """async () => {
          const { Resampler } = await import("/static/speech/resampler.js");
          const level = (rate, frequency) => {
            const resampler = new Resampler(rate);
            const out = [];
            for (let block = 0; block < 200; block += 1) {
              const wave = Float32Array.from({ length: 128 }, (_, n) =>
                Math.sin((2 * Math.PI * frequency * (block * 128 + n)) / rate));
              out.push(...resampler.feed(wave));
            }
            const middle = out.slice(200, -200);
            const power = middle.reduce((sum, value) => sum + value * value, 0) / middle.length;
            return [Math.sqrt(2 * power), out.length * rate / (200 * 128 * 16000)];
          };
          const waves = [[48000, 440], [44100, 5000], [16000, 1000], [48000, 10000]];
          return waves.map((wave) => level(...wave));
        }"""
    )
    for amplitude, length in loud[:3]:
        assert amplitude == pytest.approx(1, abs=0.02)
        assert length == pytest.approx(1, abs=0.01)
    assert loud[3][0] < 0.01
