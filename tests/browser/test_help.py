"""What leads on: the notice above the conversation, the nearest office, untranslated questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage

pytestmark = pytest.mark.browser

NewPage = Callable[..., Any]
Axe = Callable[[Any], None]

NOTICE = {
    "id": "typhoon-10",
    "level": "emergency",
    "lang": "ja",
    "title": "{避難|ひなん}してください",
    "text": "<b>東浜区</b>の人は高いところへ。\n- 東浜小学校\n- 港町中学校",
    "links": [{"url": "/ja/articles/moving-in", "label": "避難所"}],
    "until": "2026-11-23T06:00:00Z",
}


def test_the_notice_of_the_city_is_above_the_conversation(
    new_page: NewPage, server: str, axe: Axe
) -> None:
    page = new_page(360, 740, base_url=server, bypass_csp=True)
    page.route("**/api/notice*", lambda route: route.fulfill(json=NOTICE))
    chat = ChatPage(page).open("/demo-host")
    alert = page.locator(".alert")
    expect(alert).to_be_visible()
    expect(alert.locator("rt")).to_have_text("ひなん")
    expect(alert).to_contain_text("<b>東浜区</b>")
    expect(alert.get_by_role("listitem")).to_have_text(["東浜小学校", "港町中学校", "避難所"])
    expect(alert.locator(".until")).to_have_text("2026年11月23日 15:00まで")
    expect(alert.locator("a")).to_have_attribute("href", f"{server}/ja/articles/moving-in")
    chat.fits()
    axe(page)


def test_the_ward_office_that_is_picked_or_nearest(
    new_page: NewPage, server: str, axe: Axe
) -> None:
    here = {"latitude": 34.625, "longitude": 135.413}
    page = new_page(
        360,
        740,
        base_url=server,
        bypass_csp=True,
        geolocation=here,
        permissions=["geolocation"],
    )
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    chat = ChatPage(page).open("/demo-host")
    chat.ask("人と話したいです")
    offices = chat.last.locator(".offices")
    shown = offices.locator("li:visible")
    expect(shown).to_have_count(4)
    offices.locator("select").select_option("北野区役所")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("北野区若葉台")
    chat.action("nearest").click()
    expect(shown).to_contain_text("松風区役所")
    expect(offices.get_by_role("status")).to_have_text("ここから約0.1km（直線）")
    assert not [url for url in sent if "34.6" in url]
    axe(page)
    chat.speak("en")
    expect(chat.last.locator(".offices li:visible")).to_have_count(4)


def test_an_untranslated_question_is_offered_in_japanese_and_says_so(
    new_page: NewPage, server: str
) -> None:
    chat = ChatPage(new_page(base_url=server)).open("/demo-host")
    chat.speak("th")
    chat.page.locator(".events summary").first.click()
    question = chat.page.locator(".events .chip", has_text="転入届").first
    expect(question).to_contain_text("(ภาษาญี่ปุ่น)")
    question.click()
    chat.done(1)
    expect(chat.last.locator(".source a")).to_have_attribute("lang", "ja")
