"""The chat on other people's pages: one script tag, a frame, and who may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage
from tests.browser.website import Website

pytestmark = pytest.mark.browser

MOVED = "引っ越してきました。いつまでに届け出が必要ですか"

NewPage = Callable[..., Any]


def test_on_a_page_with_a_strict_policy_of_an_allowed_origin(
    new_page: NewPage, server: str, website: Website
) -> None:
    page = new_page()
    blocked: list[str] = []
    page.on("console", lambda message: blocked.append(message.text))
    chat = ChatPage(page).open(f"{website.origin}/scripted")
    chat.ask(MOVED)
    expect(chat.last.locator(".short")).to_contain_text("14日")
    expect(chat.last.locator(".source a")).to_have_attribute(
        "href", f"{server}/ja/articles/moving-in"
    )
    with page.expect_response("**/api/feedback") as rated:
        chat.action("good").click()
    assert rated.value.status == 204
    page.reload()
    chat.done(1)
    assert not [text for text in blocked if "Content Security Policy" in text]


def test_another_origin_is_refused(new_page: NewPage, server: str, stranger: Website) -> None:
    page = new_page(bypass_csp=True)
    page.goto(f"{stranger.origin}/scripted")
    ask = """async (desk) => {
        const body = JSON.stringify({question: "引っ越し", lang: "ja"});
        const headers = {"content-type": "application/json"};
        try {
            const reply = await fetch(`${desk}/api/chat`, {method: "POST", headers, body});
            return `answered ${reply.status}`;
        } catch (error) {
            return error.name;
        }
    }"""
    assert page.evaluate(ask, server) == "TypeError"


def test_in_a_frame_of_an_allowed_origin(new_page: NewPage, website: Website) -> None:
    page = new_page(bypass_csp=True)
    page.goto(f"{website.origin}/framed")
    frame = page.frame_locator("iframe")
    box = frame.locator(".composer textarea")
    box.fill(MOVED)
    box.press("Enter")
    expect(frame.locator(".turn .short")).to_contain_text("14日")
    speak = """(lang) => new Promise((resolve) => {
        const frame = document.querySelector("iframe");
        addEventListener("message", ({data, origin}) => resolve([data, origin]), {once: true});
        frame.contentWindow.postMessage({type: "madoguchi:language", lang}, "*");
    })"""
    data, origin = page.evaluate(speak, "vi")
    assert data == {"type": "madoguchi:language", "lang": "vi"}
    assert page.locator("iframe").get_attribute("src").startswith(origin)  # type: ignore[union-attr]
    expect(frame.locator(".panel")).to_have_attribute("lang", "vi")


def test_a_message_that_is_not_from_the_parent_is_not_heard(
    new_page: NewPage, server: str, website: Website
) -> None:
    page = new_page()
    page.goto(f"{website.origin}/framed")
    frame = page.frame_locator("iframe")
    expect(frame.locator(".panel")).to_have_attribute("lang", "ja")
    inside = next(frame for frame in page.frames if frame.url.startswith(server))
    heard = inside.evaluate(
        """async () => {
            const own = {type: "madoguchi:language", lang: "vi"};
            postMessage(own, location.origin);
            dispatchEvent(new MessageEvent("message",
                {data: own, origin: "https://evil.example", source: parent}));
            await new Promise((resolve) => setTimeout(resolve));
            await document.querySelector("madoguchi-chat").speak("ja");
            return document.querySelector("madoguchi-chat").shadowRoot
                .querySelector(".panel").lang;
        }"""
    )
    assert heard == "ja"


def test_in_a_frame_of_another_origin_it_is_not_shown(new_page: NewPage, stranger: Website) -> None:
    page = new_page()
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(f"{stranger.origin}/framed")
    assert page.frame_locator("iframe").locator("madoguchi-chat").count() == 0


def test_the_frame_as_a_page(new_page: NewPage, server: str, axe: Callable[[Any], None]) -> None:
    page = new_page(360, 740, base_url=server, bypass_csp=True)
    page.goto("/embed?lang=en")
    chat = ChatPage(page)
    chat.ask("I lost my My Number Card")
    chat.fits()
    axe(page)


def test_where_the_chat_cannot_be_loaded_the_plain_page_is_opened(
    new_page: NewPage, server: str
) -> None:
    page = new_page(base_url=server)
    page.route("**/static/chat/element.js", lambda route: route.abort())
    page.goto("/demo-host")
    page.locator("madoguchi-launcher button").click()
    page.wait_for_url("**/ja/ask")
