"""The pages in a real Chromium: without JavaScript, by axe, at three widths, enlarged, printed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

NewPage = Callable[..., Any]
Axe = Callable[[Any], None]

LANGUAGES = ("ja", "ja-x-easy", "en", "zh-Hans", "vi")
WIDTHS = (360, 820, 1440)
PATHS = (
    "",
    "life/moving",
    "articles/moving-in",
    "ask",
    "handover",
    "my",
    "about",
    "accessibility",
    "privacy",
    "no-such-page",
)
QUESTION = "引っ越してきました。いつまでに届け出が必要ですか"
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def fits(page: Any) -> None:
    """Nothing has to be scrolled sideways."""
    assert not page.evaluate(TOO_WIDE), page.url


def test_from_home_to_an_answer_without_javascript(new_page: NewPage, server: str) -> None:
    page = new_page(360, 780, base_url=server, java_script_enabled=False, locale="en-GB")
    page.goto("/")
    expect(page).to_have_url(f"{server}/en/")
    page.get_by_role("link", name="Moving", exact=True).click()
    page.get_by_role("link", name="Moving-in notification").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Moving-in notification")
    expect(page.locator(".fact.deadline")).to_contain_text("14 days")
    page.get_by_role("searchbox").fill("What do I need to bring?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".answer")).to_contain_text("Residence card")
    page.locator(".suggestions button").first.click()
    expect(page.locator(".source")).to_contain_text("Moving-in notification")
    expect(page.locator(".earlier summary")).to_contain_text("(1)")
    page.get_by_role("searchbox").fill("my house is on fire")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".alarm .call")).to_have_attribute("href", "tel:119")
    page.get_by_role("button", name="delete").click()
    expect(page.locator(".notice")).to_contain_text("deleted")


def test_choices_without_javascript(new_page: NewPage, server: str) -> None:
    page = new_page(820, 900, base_url=server, java_script_enabled=False)
    page.goto("/ja/ask")
    page.get_by_role("searchbox").fill("引っ越し")
    page.get_by_role("button", name="送る").click()
    choice = page.locator(".choices button")
    if choice.count():
        choice.first.click()
    expect(page.locator(".source")).to_be_visible()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing(new_page: NewPage, server: str, axe: Axe, lang: str) -> None:
    page = new_page(base_url=server)
    for path in PATHS:
        page.goto(f"/{lang}/{path}", wait_until="domcontentloaded")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            fits(page)
        axe(page)
        page.set_viewport_size({"width": WIDTHS[0], "height": 800})
        axe(page)


@pytest.mark.parametrize("state", ["answer", "emergency", "handoff", "refused"])
def test_axe_finds_nothing_in_answers(new_page: NewPage, server: str, axe: Axe, state: str) -> None:
    asked = {
        "answer": QUESTION,
        "emergency": "家が燃えています",
        "handoff": "人と話したいです",
        "refused": "カレーの作り方を教えて",
    }[state]
    page = new_page(360, 800, base_url=server)
    page.goto("/ja/ask", wait_until="domcontentloaded")
    page.get_by_role("searchbox").fill(asked)
    page.get_by_role("button", name="送る").click()
    expect(page.locator(".answer")).to_be_visible()
    fits(page)
    axe(page)
    page.emulate_media(color_scheme="dark")
    axe(page)


def test_dark_and_forced_colours(new_page: NewPage, server: str, axe: Axe) -> None:
    page = new_page(base_url=server, color_scheme="dark")
    for path in ("", "articles/moving-in", "my"):
        page.goto(f"/ja/{path}", wait_until="domcontentloaded")
        axe(page)
    page.emulate_media(forced_colors="active")
    axe(page)
    expect(page.locator("form.my button.strong")).to_be_visible()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_enlarged_to_400_percent(new_page: NewPage, server: str, lang: str) -> None:
    page = new_page(320, 256, base_url=server)
    for path in PATHS:
        page.goto(f"/{lang}/{path}", wait_until="domcontentloaded")
        fits(page)
    page.goto(f"/{lang}/", wait_until="domcontentloaded")
    page.locator(".picker summary").click()
    fits(page)


def test_text_of_twice_the_size(new_page: NewPage, server: str) -> None:
    page = new_page(820, 900, base_url=server, bypass_csp=True)
    for path in ("", "articles/moving-in", "my"):
        page.goto(f"/vi/{path}", wait_until="domcontentloaded")
        page.add_style_tag(content="html { font-size: 200% !important; }")
        fits(page)


def test_print_shows_the_article_and_nothing_to_press(new_page: NewPage, server: str) -> None:
    page = new_page(base_url=server)
    page.goto("/ja/articles/moving-in", wait_until="domcontentloaded")
    page.emulate_media(media="print")
    for shown in ("h1", ".facts", ".steps", ".conditions", ".as-of"):
        expect(page.locator(shown).first).to_be_visible()
    for left_out in (".tools", ".question", ".calendar", ".trail", "footer ul"):
        expect(page.locator(left_out).first).to_be_hidden()


def test_enter_in_a_conversion_does_not_send(new_page: NewPage, server: str) -> None:
    page = new_page(base_url=server)
    page.goto("/ja/")
    box = page.get_by_role("searchbox")
    box.focus()
    session = page.context.new_cdp_session(page)
    composed = {"text": "ひっこし", "selectionStart": 4, "selectionEnd": 4}
    session.send("Input.imeSetComposition", composed)
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    session.send("Input.dispatchKeyEvent", {"type": "keyDown", **enter})
    session.send("Input.insertText", {"text": "引っ越し"})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    expect(box).to_have_value("引っ越し")
    # Safari: the composition has ended, and the Enter that ended it comes after.
    late = page.evaluate(
        """() => {
            const event = new KeyboardEvent("keydown", {
                key: "Enter", keyCode: 229, bubbles: true, cancelable: true,
            });
            return document.querySelector("input[type=search]").dispatchEvent(event);
        }"""
    )
    assert late is False
    expect(page).to_have_url(f"{server}/ja/")
    box.press("Enter")
    page.wait_for_url(re.compile(r"/ja/ask\?"))


def test_by_keyboard(new_page: NewPage, server: str) -> None:
    page = new_page(base_url=server)
    page.goto("/en/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()
    picker = page.locator(".picker summary")
    picker.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".picker ul")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".picker ul")).to_be_hidden()
    expect(picker).to_be_focused()


def test_the_focus_can_be_seen(new_page: NewPage, server: str) -> None:
    page = new_page(base_url=server)
    page.goto("/ja/")
    page.get_by_role("searchbox").focus()
    ring = page.evaluate("getComputedStyle(document.activeElement).outline")
    assert "4px" in ring and "solid" in ring


def test_what_is_chosen_stays_in_the_browser(new_page: NewPage, server: str) -> None:
    page = new_page(base_url=server)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    page.goto("/ja/my")
    page.get_by_role("checkbox", name="ごみ").check()
    page.get_by_role("checkbox", name="税金").check()
    page.get_by_label("読む言語").select_option("vi")
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_role("status")).to_have_text("このブラウザーに保存しました。")
    assert not page.context.cookies()
    page.goto("/ja/")
    mine = page.locator("[data-mine]")
    expect(mine.get_by_role("listitem")).to_have_count(2)
    expect(page.locator(".read-in a")).to_have_attribute("href", re.compile("/vi/$"))
    assert not [url for url in asked if "garbage" in url or not url.startswith(server)]
    page.goto("/ja/my")
    expect(page.get_by_role("checkbox", name="税金")).to_be_checked()
    page.get_by_role("button", name="消す").click()
    expect(page.get_by_role("checkbox", name="税金")).not_to_be_checked()
    page.goto("/ja/")
    expect(mine).to_be_hidden()


def test_the_deadline_is_saved_for_the_calendar(new_page: NewPage, server: str) -> None:
    page = new_page(base_url=server)
    page.goto("/ja/articles/moving-in")
    page.locator(".calendar summary").click()
    page.locator("#start").fill("2026-04-01")
    with page.expect_download() as download:
        page.locator(".calendar button").click()
    assert download.value.suggested_filename == "moving-in.ics"
    text = download.value.path().read_text(encoding="utf-8")
    assert "DTSTART;VALUE=DATE:20260414" in text


def test_json_ld_is_data_that_the_policy_lets_through(new_page: NewPage, server: str) -> None:
    page = new_page(base_url=server)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto("/en/articles/moving-in", wait_until="load")
    entry = json.loads(page.locator('script[type="application/ld+json"]').text_content())
    assert entry["@type"] == "GovernmentService"
    assert not [words for words in complaints if "Content Security Policy" in words]
