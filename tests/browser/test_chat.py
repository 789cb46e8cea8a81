"""A conversation on a real page: asked, answered, stopped, kept, ended."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import RunningServer

pytestmark = pytest.mark.browser

QUESTIONS = {
    "ja": "引っ越してきました。いつまでに届け出が必要ですか",
    "ja-x-easy": "てんにゅうとどけは いつまでですか",
    "en": "I just moved here. By when do I have to register my address?",
    "zh-Hans": "刚搬到这里，多久之内要去登记住址？",
    "vi": "Tôi vừa chuyển đến, phải khai báo địa chỉ trong bao lâu?",
}
MOVED = QUESTIONS["ja"]

PATH = re.compile(r"^M\d")
"""How the drawing of a QR code begins."""

MOVING_OUT = re.compile("/ja/articles/moving-out$")

NewPage = Callable[..., Any]


@pytest.fixture
def chat(new_page: NewPage, server: str) -> ChatPage:
    return ChatPage(new_page(base_url=server)).open("/demo-host")


@pytest.mark.parametrize("lang", QUESTIONS)
def test_five_languages_at_three_widths(
    new_page: NewPage, server: str, axe: Callable[[Any], None], lang: str
) -> None:
    page = new_page(360, 740, base_url=server, bypass_csp=True)
    chat = ChatPage(page).open("/demo-host")
    chat.speak(lang)
    chat.fits()
    axe(page)
    chat.ask(QUESTIONS[lang])
    expect(chat.last.locator(".answer")).to_contain_text("14")
    assert chat.last.locator(".short").get_attribute("lang") == lang
    expect(chat.last.locator(".source a")).to_have_attribute(
        "href", f"{server}/{lang}/articles/moving-in"
    )
    expect(chat.last.locator(".row .icon").first).to_be_visible()
    for width, height in ((360, 740), (820, 1180), (1440, 900)):
        page.set_viewport_size({"width": width, "height": height})
        expect(chat.box).to_be_visible()
        chat.fits()
    axe(page)


def test_language_switched_in_mid_conversation(chat: ChatPage) -> None:
    chat.ask(MOVED)
    chat.speak("vi")
    chat.ask("Tôi cần mang theo gì?")
    first, second = chat.turns.first, chat.turns.last
    assert first.locator(".short").get_attribute("lang") == "ja"
    assert second.locator(".short").get_attribute("lang") == "vi"
    expect(second.locator(".source a")).to_have_attribute("lang", "vi")
    assert chat.kept() is not None
    assert [turn["lang"] for turn in chat.transcript()] == ["ja", "vi"]


def test_nothing_is_kept_before_the_first_question_and_after_the_end(chat: ChatPage) -> None:
    page = chat.page
    stored = "sessionStorage.length + localStorage.length + document.cookie.length"
    chat.speak("en")
    page.locator("summary").first.click()
    assert page.evaluate(stored) == 0
    assert page.context.cookies() == []
    page.locator("details[open] .chip").first.click()
    chat.done(1)
    assert chat.kept() is not None
    turns = chat.transcript()
    assert len(turns) == 1
    token = chat.kept()["token"]  # type: ignore[index]
    page.locator("[aria-controls=menu]").click()
    page.locator(".menu [data-action=end]").click()
    page.locator("[data-action=end-yes]").click()
    expect(chat.turns).to_have_count(0)
    assert page.evaluate(stored) == 0
    assert page.request.get(f"/api/conversations/{token}").json()["turns"] == []


def asked_back() -> str:
    """An answer that asks back, as the server streams it."""
    block = {
        "type": "choices",
        "lang": "ja",
        "body": {"text": "知りたいことは、どれですか"},
        "items": [
            {"label": "転入届", "question": "引っ越し", "slug": "moving-in"},
            {"label": "転出届", "question": "引っ越し", "slug": "moving-out"},
        ],
    }
    answer = {"status": "clarify", "lang": "ja", "answer": "どれですか", "blocks": [block]}
    more: dict[str, object] = {"sources": [], "suggestions": [], "turn": "0123456789abcdef"}
    events = [("start", {}), ("block", block), ("end", answer | more)]
    lines = (f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events)
    return "".join(lines)


def test_choices_and_suggestions_are_buttons(chat: ChatPage) -> None:
    stream = {"content_type": "text/event-stream", "body": asked_back()}
    chat.page.route("**/api/chat", lambda route: route.fulfill(**stream), times=1)
    chat.ask("引っ越し")
    chosen = chat.last.locator(".choices .chip").nth(1)
    with chat.page.expect_request("**/api/chat") as request:
        chosen.click()
    assert request.value.post_data_json["topic"] == "moving-out"
    chat.done(2)
    expect(chat.last.locator(".asked")).to_contain_text("転出届")
    expect(chat.last.locator(".source a")).to_have_attribute("href", MOVING_OUT)
    chat.last.locator(".next .chip").first.click()
    chat.done(3)
    expect(chat.last.locator(".source a")).to_have_attribute("href", MOVING_OUT)
    chat.turns.first.locator(".choices .chip").last.click()
    expect(chat.box).to_be_focused()


def test_emergency_and_hand_over_cards(chat: ChatPage) -> None:
    chat.ask("火事です！助けて")
    call = chat.last.locator(".emergency .call")
    expect(call).to_have_attribute("href", "tel:119")
    chat.page.locator(".small .link").click()
    chat.done(2)
    expect(chat.last.locator(".handoff .call").first).to_have_attribute("href", "tel:0600004000")
    expect(chat.last.locator(".contacts")).to_contain_text("8:00")
    assert chat.last.locator(".contacts li").count() == 4


def test_good_and_bad_with_a_reason(chat: ChatPage) -> None:
    chat.ask(MOVED)
    with chat.page.expect_response("**/api/feedback") as first:
        chat.action("bad").click()
    assert first.value.status == 204
    form = chat.last.locator(".reasons form")
    form.locator("input").first.check()
    form.locator("textarea").fill("期限が違います")
    chat.speak("en")
    expect(form.locator("textarea")).to_have_value("期限が違います")
    with chat.page.expect_response("**/api/feedback") as second:
        form.locator("button").click()
    assert second.value.request.post_data_json["reason"] == "wrong: 期限が違います"
    expect(chat.last.locator(".reasons p")).to_be_visible()


def test_copy_download_print_and_phone(chat: ChatPage, tmp_path: Path) -> None:
    page = chat.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("window.print = () => { window.printed = true; }")
    chat.ask(MOVED)
    chat.action("copy").click()
    expect(chat.action("copy")).to_contain_text("コピーしました")
    assert "14日" in page.evaluate("navigator.clipboard.readText()")

    page.locator("[aria-controls=menu]").click()
    with page.expect_download() as download:
        page.locator(".menu [data-action=download]").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert MOVED in text
    assert "14日" in text

    chat.action("print").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    expect(chat.last.locator(".card")).to_be_visible()
    expect(page.locator(".header")).to_be_hidden()
    expect(page.locator("main").first).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")

    chat.action("phone").click()
    expect(page.locator(".box .code svg path")).to_have_attribute("d", PATH)
    page.keyboard.press("Escape")
    expect(page.locator(".box")).to_be_hidden()
    expect(chat.box).to_be_visible()


def test_listening_is_offered_where_the_device_has_a_voice(new_page: NewPage, server: str) -> None:
    page = new_page(base_url=server)
    page.add_init_script(
        """speechSynthesis.getVoices = () => [{lang: "en-US", name: "A"}];
        speechSynthesis.speak = (spoken) => { window.spoken = [spoken.text, spoken.lang]; };
        Object.defineProperty(SpeechSynthesisUtterance.prototype, "voice", {set() {}});"""
    )
    chat = ChatPage(page).open("/demo-host")
    chat.ask(MOVED)
    expect(chat.action("listen")).to_have_count(0)
    chat.ask(QUESTIONS["en"])
    chat.action("listen").click()
    text, lang = page.evaluate("window.spoken")
    assert lang == "en"
    assert "14 days" in text


def test_reload_in_mid_answer_loses_and_doubles_nothing(chat: ChatPage) -> None:
    page = chat.page
    chat.ask("粗大ごみの申し込み方は？")

    def answered_but_not_delivered(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/chat", answered_but_not_delivered)
    chat.box.fill(MOVED)
    chat.box.press("Enter")
    chat.state("retrying")
    page.unroute("**/api/chat")
    page.reload()
    chat.done(2)
    expect(chat.last.locator(".asked")).to_contain_text(MOVED)
    assert [turn["question"] for turn in chat.transcript()] == ["粗大ごみの申し込み方は？", MOVED]
    assert chat.kept()["pending"] is None  # type: ignore[index]


def test_offline_and_back(chat: ChatPage) -> None:
    chat.ask("粗大ごみの申し込み方は？")
    chat.page.context.set_offline(True)
    chat.box.fill(MOVED)
    chat.box.press("Enter")
    chat.state("offline")
    expect(chat.status).to_contain_text("つながっていません")
    chat.page.context.set_offline(False)
    chat.done(2)
    assert len(chat.transcript()) == 2


def test_a_double_submit_is_one_question(chat: ChatPage) -> None:
    sent: list[str] = []
    chat.page.on("request", lambda request: sent.append(request.url))
    chat.box.fill(MOVED)
    chat.page.evaluate(
        """() => {
            const root = document.querySelector("madoguchi-chat").shadowRoot;
            const form = root.querySelector(".composer");
            const box = form.querySelector("textarea");
            const words = box.value;
            form.requestSubmit();
            box.value = words;
            const enter = { key: "Enter", bubbles: true, cancelable: true };
            box.dispatchEvent(new KeyboardEvent("keydown", enter));
        }"""
    )
    chat.done(1)
    assert len([url for url in sent if url.endswith("/api/chat")]) == 1
    assert len(chat.transcript()) == 1


def test_stop_and_try_again(chat: ChatPage) -> None:
    page = chat.page
    page.route("**/api/chat", lambda route: None)
    chat.box.fill(MOVED)
    chat.box.press("Enter")
    chat.state("waiting")
    page.locator(".send").click()
    chat.state("stopped")
    page.unroute("**/api/chat")
    chat.action("retry").click()
    chat.done(1)
    assert len(chat.transcript()) == 1


def test_a_busy_desk_says_so_and_is_asked_again(chat: ChatPage) -> None:
    words = "ただいま混み合っています。"
    busy = {
        "status": 503,
        "headers": {"retry-after": "1", "content-type": "application/json"},
        "body": json.dumps({"error": {"type": "Busy", "message": words}}),
    }
    chat.page.route("**/api/chat", lambda route: route.fulfill(**busy), times=1)
    chat.box.fill(MOVED)
    chat.box.press("Enter")
    expect(chat.status).to_contain_text(words)
    chat.done(1)


def test_a_refusal_is_told_in_its_own_words(chat: ChatPage) -> None:
    words = "AI窓口はただいまお休みです。"
    closed = {"status": 503, "json": {"error": {"type": "AssistantOff", "message": words}}}
    chat.page.route("**/api/chat", lambda route: route.fulfill(**closed))
    chat.box.fill(MOVED)
    chat.box.press("Enter")
    chat.state("failed")
    expect(chat.last.locator(".trouble")).to_contain_text(words)


def test_a_restart_of_the_server(new_page: NewPage, running: RunningServer, server: str) -> None:
    chat = ChatPage(new_page(base_url=server)).open("/demo-host")
    chat.ask("粗大ごみの申し込み方は？")
    running.stop()
    try:
        chat.box.fill(MOVED)
        chat.box.press("Enter")
        chat.state("retrying")
    finally:
        running.start()
    chat.done(2)
    assert len(chat.transcript()) == 2
    chat.page.reload()
    chat.done(2)
    chat.ask("持ち物は何ですか")
    expect(chat.last.locator(".source a").first).to_have_attribute(
        "href", f"{server}/ja/articles/moving-in"
    )
