"""The counter tablet hears and speaks: an elderly resident, and a cable that is pulled out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.cable import Cable
from tests.browser.conftest import ARGUMENTS, RunningServer
from tests.browser.counter_tablet import (
    approve,
    assert_forgotten,
    end,
    sign_in,
    typed,
    until,
    write,
)

pytestmark = [pytest.mark.browser, pytest.mark.long]

SAID = "母の要介護認定の申請をしたいです。名前は大河内花江です。"
SECRETS = ("大河内", "06-7654-3219")
AWAY = 20
"""Seconds without a network."""

SPOKEN = """() => {
  window.spoken = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (...given) {
    window.spoken.push(this.buffer.duration);
    return start.apply(this, given);
  };
}"""
"""Notes the seconds of every sound that begins to play."""


@pytest.fixture(scope="module")
def listening(
    running: RunningServer, chromium: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """Somebody signed in at a Chromium whose microphone hears the resident."""
    recording = tmp_path_factory.mktemp("counter") / "said.wav"
    running.command("say", SAID, "-o", str(recording))
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)))
    flags = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={recording}%noloop",
    ]
    browser = chromium.browser_type.launch(executable_path=program, args=[*ARGUMENTS, *flags])
    context = browser.new_context(
        viewport={"width": 800, "height": 1280}, locale="ja-JP", permissions=["microphone"]
    )
    context.set_default_timeout(60_000)
    sign_in(running, context, "mado-voice")
    yield context
    browser.close()


@pytest.fixture
def cable(running: RunningServer) -> Iterator[Cable]:
    with Cable(int(running.url.rpartition(":")[2])) as made:
        yield made


@pytest.fixture
def tablet(listening: Any, cable: Cable) -> Iterator[Any]:
    """The tablet at the end of the cable, in Japanese."""
    page = listening.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(cable.url + "/counter")
    page.evaluate(SPOKEN)
    page.get_by_role("button", name="日本語", exact=True).click()
    page.locator(".topics").wait_for()
    yield page
    page.close()
    assert not errors


def lines(page: Any) -> list[str]:
    """What the resident said, as staff see it."""
    found: list[str] = page.locator(
        ".heard .line > p:has(b:text-is('市民')) > span[lang]"
    ).all_inner_texts()
    return found


def speak(page: Any) -> None:
    """The resident begins to speak: the microphone hears something."""
    page.get_by_role("button", name="市民の話を聞く").click()
    until(page, "document.querySelector('meter').value > 0.05")


def test_an_elderly_resident_speaks_and_is_spoken_to(
    tablet: Any, running: RunningServer, axe: Callable[[Any], None]
) -> None:
    tablet.get_by_role("button", name="大きな文字").click()
    speak(tablet)
    tablet.locator(".gist", has_text="要介護・要支援認定").wait_for()
    tablet.get_by_role("button", name="聞くのを止める").click()
    heard = lines(tablet)
    assert len(heard) == 1 and heard[0] in tablet.locator(".resident .stage").inner_text()
    assert tablet.locator(".resident .checking").is_visible()
    approve(tablet, 2)
    assert tablet.locator(".resident .piece").count() == 2
    assert tablet.evaluate("spoken") == []
    with tablet.expect_response("**/v1/audio/speech") as sound:
        tablet.get_by_role("button", name="承認した2件を話す").click()
    assert sound.value.ok and sound.value.headers["content-type"] == "audio/wav"
    until(tablet, "spoken.length > 0")
    until(tablet, "spoken.reduce((sum, piece) => sum + piece, 0) > 1")
    tablet.get_by_role("button", name="話すのを止める").click()
    tablet.get_by_role("button", name="高コントラスト").click()
    tablet.get_by_role("button", name="市民の画面を180度回す").click()
    axe(tablet)
    assert tablet.evaluate("document.documentElement.scrollWidth <= innerWidth")
    end(tablet)
    assert_forgotten(tablet, running, *SECRETS, *heard)


def test_twenty_seconds_without_a_network_lose_and_double_nothing(
    tablet: Any, cable: Cable, running: RunningServer
) -> None:
    speak(tablet)
    tablet.wait_for_timeout(1500)
    cable.cut()
    tablet.get_by_text("音声の接続が切れました").wait_for()
    tablet.get_by_role("tab", name="定型文").click()
    phrase = tablet.locator(".phrases button").first.inner_text()
    tablet.locator(".phrases button").first.click()
    write(tablet, "書く", f"電話は{SECRETS[1]}です。")
    tablet.get_by_text("ネットワークが切れています").wait_for()
    tablet.get_by_text("送信待ち 2件").wait_for()
    assert "送信を待っています" in tablet.locator(".resident .stage").inner_text()
    tablet.wait_for_timeout(AWAY * 1000)
    assert len(lines(tablet)) == 1

    cable.mend()
    tablet.get_by_text("ネットワークが切れています").wait_for(state="detached")
    tablet.locator(".stage .state").first.wait_for(state="detached")
    until(tablet, "document.querySelector('.heard').innerText.includes('介護')")
    tablet.get_by_role("button", name="聞くのを止める").click()
    log = tablet.locator(".heard").inner_text()
    assert log.count(phrase) == 1 and log.count(SECRETS[1]) == 1
    heard = lines(tablet)
    assert len(heard) == len(set(heard)) >= 2

    # And it goes on.
    tablet.get_by_role("tab", name="お答えの案").click()
    approve(tablet, 1)
    tablet.get_by_role("tab", name="用紙").click()
    tablet.locator("#form-choice").select_option("residence-certificate")
    typed(tablet, "name", "大河内 花江")
    end(tablet)
    assert_forgotten(tablet, running, *SECRETS, *heard)
