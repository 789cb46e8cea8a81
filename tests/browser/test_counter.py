"""The counter tablet in a real browser: two residents, a lost network, nothing left behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from tests.browser.conftest import RunningServer
from tests.browser.counter_tablet import (
    approve,
    asked,
    assert_forgotten,
    end,
    sign_in,
    typed,
    write,
)

pytestmark = pytest.mark.browser

SECRETS = ("Nguyễn Văn Bảo", "090-8765-4321", "港町9-8-7")


@pytest.fixture(scope="module")
def signed_in(running: RunningServer, chromium: Any) -> Iterator[list[dict[str, Any]]]:
    """The cookies of somebody at the counter who set a password and signed in."""
    context = chromium.new_context(locale="ja-JP")
    sign_in(running, context, "mado")
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


def test_a_resident_moves_in_and_nothing_of_it_remains(
    tablet: Any, running: RunningServer, axe: Callable[[Any], None]
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
    typed(tablet, "new_address", f"東浜区{SECRETS[2]}")
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
    assert_forgotten(tablet, running, *SECRETS)


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


def test_every_form_prints_on_one_page_of_a4(tablet: Any, axe: Callable[[Any], None]) -> None:
    tablet.get_by_role("button", name="Tiếng Việt").click()
    tablet.get_by_role("tab", name="用紙").click()
    choice = tablet.locator("#form-choice")
    named = choice.locator("option:not([value=''])")
    for form in named.evaluate_all("all => all.map((one) => one.value)"):
        choice.select_option(form)
        link = tablet.locator(f"a[href$='/{form}']")
        with tablet.context.expect_page() as opened:
            link.click()
        sheet = opened.value
        sheet.locator(".code svg").wait_for()
        axe(sheet)
        (page,) = PdfReader(BytesIO(sheet.pdf(prefer_css_page_size=True))).pages
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842), form
        sheet.close()
    end(tablet)


def test_a_search_stays_open_until_an_article_is_picked(tablet: Any) -> None:
    tablet.get_by_role("button", name="English").click()
    write(tablet, "Write", "How do I get rid of a sofa?")
    tablet.locator(".proposal").first.wait_for()
    tablet.get_by_role("tab", name="記事を探す").click()
    tablet.locator("#article-search").fill("国民健康保険")
    tablet.keyboard.press("Enter")
    found = tablet.get_by_role("button", name=re.compile("^案にする: 国民健康保険"))
    found.first.click()
    tablet.locator(".proposal h2", has_text="国民健康保険").first.wait_for()
    end(tablet)


def test_without_a_network_the_phrasebook_and_ready_articles_open(tablet: Any) -> None:
    tablet.evaluate("navigator.serviceWorker.ready.then(() => true)")
    tablet.reload()
    tablet.get_by_role("button", name="English").wait_for()
    tablet.context.set_offline(True)
    tablet.reload()
    tablet.get_by_role("button", name="English").click()
    tablet.get_by_text("ネットワークが切れています").wait_for()
    tablet.get_by_role("tab", name="定型文").click()
    tablet.locator(".phrases button").first.click()
    tablet.locator(".resident .turn .big").wait_for()
    tablet.get_by_role("tab", name="記事を探す").click()
    tablet.get_by_role("button", name=re.compile("市民に見せる: 転入届")).click()
    assert "14 days" in tablet.locator(".resident .stage").inner_text()
    tablet.context.set_offline(False)
    tablet.get_by_text("ネットワークが切れています").wait_for(state="detached")
