"""The counter tablet in a real browser: two residents, a lost network, nothing left behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import RunningServer

pytestmark = pytest.mark.browser

PASSWORD = "さくらの花が咲くころに会おう"
SECRETS = ("Nguyễn Văn Bảo", "090-8765-4321", "港町9-8-7")


@pytest.fixture(scope="module")
def signed_in(running: RunningServer, chromium: Any) -> Iterator[list[dict[str, Any]]]:
    """The cookies of somebody at the counter who set a password and signed in."""
    printed = running.command("users", "add", "mado", "--role", "counter", "--display-name", "窓口")
    path = re.search(r"/set-up/\S+", printed)
    assert path
    context = chromium.new_context(locale="ja-JP")
    page = context.new_page()
    page.goto(running.url + path.group())
    page.get_by_label("新しいパスワード", exact=True).fill(PASSWORD)
    page.get_by_label("新しいパスワード（確認）").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("アカウント名").fill("mado")
    page.get_by_label("パスワード", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff")
    yield context.cookies()
    context.close()


@pytest.fixture
def tablet(
    running: RunningServer, signed_in: list[dict[str, Any]], new_page: Callable[..., Any]
) -> Any:
    page = new_page(1280, 800)
    page.context.add_cookies(signed_in)
    page.goto(running.url + "/counter")
    page.get_by_role("button", name="English").wait_for()
    return page


def write(page: Any, button: str, text: str) -> None:
    """The resident opens the sheet for writing, and sends."""
    page.locator(".resident").get_by_role("button", name=button, exact=True).click()
    page.locator("#resident-text").fill(text)
    page.keyboard.press("Enter")
    page.locator(".writing").wait_for(state="detached")


def approve(page: Any, count: int) -> None:
    for number in range(count):
        page.locator(".proposal.proposed button.strong").first.click()
        page.locator(".proposal.approved").nth(number).wait_for()


def asked(page: Any, field: str, button: str, answer: str) -> None:
    """Staff ask for a field, the resident answers, staff confirm."""
    entry = page.locator(f"[data-field={field}]")
    entry.get_by_role("button", name=re.compile("^聞く")).click()
    page.locator(f"[data-field={field}].asking").wait_for()
    write(page, button, answer)
    entry.get_by_role("button", name=re.compile("^確認")).click()
    page.locator(f"[data-field={field}].confirmed").wait_for()


def end(page: Any) -> None:
    page.get_by_role("button", name="終了して消す").click()
    page.locator("dialog").get_by_role("button", name="終了して消す").click()
    page.get_by_role("button", name="English").wait_for()


def everywhere(running: RunningServer) -> bytes:
    """Every byte that the server keeps: the database, its logs, the whole data folder."""
    files = [f for f in running.data.rglob("*") if f.is_file() and "models" not in f.parts]
    return b"".join(f.read_bytes() for f in files)


def kept_by_browser(page: Any) -> str:
    kept: str = page.evaluate(
        """async () => {
          const pages = [];
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
              pages.push(request.url, await (await cache.match(request)).text());
            }
          }
          const bases = (await indexedDB.databases()).map((base) => base.name);
          return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, bases, pages,
            document.documentElement.outerHTML, location.href]);
        }"""
    )
    return kept


def test_a_resident_moves_in_and_nothing_of_it_remains(
    tablet: Any, running: RunningServer, axe: Callable[[Any], None], tmp_path: Path
) -> None:
    axe(tablet)
    tablet.get_by_role("button", name="Tiếng Việt").click()
    write(tablet, "Viết", "Tôi vừa chuyển đến từ Kobe. Tôi phải nộp giấy gì?")
    tablet.locator(".proposal").first.wait_for()
    assert "14" not in tablet.locator(".resident .stage").inner_text()
    tablet.locator(".proposal mark").first.wait_for()
    approve(tablet, 3)
    assert "14" in tablet.locator(".resident .stage").inner_text()
    axe(tablet)

    tablet.get_by_role("tab", name="用紙").click()
    tablet.locator("#form-choice").select_option("moving-in")
    asked(tablet, "name", "Viết", SECRETS[0])

    # The network is gone in the middle of it.
    tablet.context.set_offline(True)
    write(tablet, "Viết", "Tôi chuyển đến hôm qua")
    tablet.get_by_text("ネットワークが切れています").wait_for()
    tablet.get_by_role("tab", name="定型文").click()
    tablet.locator(".phrases button").first.click()
    tablet.wait_for_timeout(1500)
    tablet.context.set_offline(False)
    tablet.get_by_text("ネットワークが切れています").wait_for(state="detached")
    tablet.locator(".stage .state").first.wait_for(state="detached")
    assert tablet.locator(".heard").inner_text().count("Tôi chuyển đến hôm qua") == 1

    tablet.get_by_role("tab", name="用紙").click()
    asked(tablet, "telephone", "Viết", SECRETS[1])
    entry = tablet.locator("[data-field=new_address]")
    entry.get_by_role("button", name=re.compile("^直す")).click()
    tablet.locator("#field-new_address").fill(f"東浜区{SECRETS[2]}")
    tablet.keyboard.press("Enter")
    tablet.locator("[data-field=new_address].confirmed").wait_for()
    axe(tablet)
    with tablet.context.expect_page() as opened:
        tablet.get_by_role("link", name="印刷する").click()
    sheet = opened.value
    sheet.wait_for_load_state()
    axe(sheet)
    printed = sheet.locator(".paper").inner_text().casefold()
    assert all(secret.casefold() in printed for secret in SECRETS)
    assert sheet.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    sheet.close()

    end(tablet)
    assert "Đã kết thúc" in tablet.locator(".resident").inner_text()
    remains, kept = everywhere(running), kept_by_browser(tablet)
    for secret in (*SECRETS, SECRETS[0].upper()):
        assert secret.encode() not in remains
        assert secret not in kept


def test_somebody_who_does_not_hear_writes(tablet: Any, axe: Callable[[Any], None]) -> None:
    tablet.get_by_role("button", name="日本語", exact=True).click()
    tablet.get_by_role("button", name="書く").click()
    canvas = tablet.locator("canvas")
    box = canvas.bounding_box()
    tablet.mouse.move(box["x"] + 20, box["y"] + 20)
    tablet.mouse.down()
    tablet.mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
    tablet.mouse.up()
    inked = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v)"
    assert canvas.evaluate(inked)
    axe(tablet)
    tablet.get_by_role("button", name="消す", exact=True).click()
    assert not canvas.evaluate(inked)
    tablet.locator("#resident-text").fill("住民票の写しがほしいです。")
    tablet.keyboard.press("Enter")
    tablet.locator(".proposal").first.wait_for()
    approve(tablet, 1)
    tablet.locator(".resident").get_by_role("button", name="職員を呼ぶ").click()
    tablet.get_by_text("市民が職員を呼んでいます").wait_for()
    tablet.get_by_role("button", name="応対します").click()
    tablet.locator(".resident").get_by_role("button", name="通訳・手話").click()
    tablet.get_by_role("dialog", name="通訳・手話").get_by_text("ファックス").wait_for()
    axe(tablet)
    tablet.keyboard.press("Escape")
    end(tablet)
