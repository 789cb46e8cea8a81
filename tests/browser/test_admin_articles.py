"""Clerks in a real browser: from a draft to the answer, two who edit the same, and back again."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from assistant.accounts.roles import Role
from assistant.http.app import create_app
from assistant.speech_lexicon import lexicon_of
from knowledge.store_base import JAPAN
from tests.assistant.staff import form_token
from tests.assistant.test_staff_routes import staff_routes
from tests.browser.chat_page import PATIENCE
from tests.browser.conftest import RunningServer
from tests.browser.staff import Staff

pytestmark = pytest.mark.browser

SLUG = "bicycle-lending"
QUESTIONS = {"ja": "市の自転車は何日まで借りられますか", "en": "where can I borrow a city bicycle"}
TERM = "貸出自転車"
"""A word of the new article's title that no other article has."""

APPOINTED = timedelta(minutes=2)
"""How long after it is handed in the article is appointed, on a clock without seconds."""

NewPage = Callable[..., Any]
Axe = Callable[[Any], None]


@pytest.fixture(scope="module")
def open_page(chromium: Any) -> Iterator[NewPage]:
    """Open pages that outlive one test."""
    contexts = []

    def opened(width: int, height: int, **options: Any) -> Any:
        viewport = {"width": width, "height": height}
        contexts.append(chromium.new_context(viewport=viewport, locale="ja-JP", **options))
        contexts[-1].set_default_timeout(PATIENCE)
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def staff(running: RunningServer, open_page: NewPage) -> Iterator[Staff]:
    made = Staff(running, open_page)
    yield made
    made.close()


@pytest.fixture(scope="module")
def approver(staff: Staff) -> Any:
    return staff.page("mori", "approver")


@dataclass(frozen=True)
class Appointed:
    """A new article that was approved for a moment, and what was answered before it."""

    at: datetime
    asked_by: datetime
    before: dict[str, str]
    terms: set[str]


@pytest.fixture(scope="module", autouse=True)
def appointed(running: RunningServer, staff: Staff, approver: Any, axe: Axe) -> Appointed:
    """Written and approved first, so that its moment comes while the other tests run."""
    editor = staff.page("tanaka", "editor")
    write(editor)
    at = datetime.now(JAPAN).replace(second=0, microsecond=0) + APPOINTED
    editor.get_by_label("公開する日時").fill(at.strftime("%Y-%m-%dT%H:%M"))
    hand_in(editor)
    axe(editor)
    assert editor.get_by_role("button", name="承認する").count() == 0

    approver.goto(editor.url)
    approver.get_by_label("試しに質問する").fill(QUESTIONS["ja"])
    approver.keyboard.press("Enter")
    expect(approver.locator("#asked > div").nth(1)).to_contain_text("市の自転車を3日まで")
    axe(approver)
    approver.get_by_role("button", name="承認する").click()
    approver.get_by_role("status").get_by_text("承認しました").wait_for()
    before = {lang: first_source(running.url, lang) for lang in QUESTIONS}
    return Appointed(at, datetime.now(JAPAN), before, terms(staff))


def write(editor: Any) -> None:
    """Draft the article by the form, with a wrong figure on the way."""
    editor.goto("/admin/articles")
    editor.get_by_role("link", name="新しい記事を書く").click()
    editor.get_by_label("題名").fill("市民貸出自転車")
    editor.get_by_label("記事のアドレス").fill(SLUG)
    editor.get_by_label("担当部署").select_option(index=0)
    editor.get_by_label("くらしの出来事").select_option(label="住まい・水道・くらし")
    editor.get_by_role("button", name="下書きを作る").click()
    editor.wait_for_url("**tab=ja*")
    editor.get_by_label("よくある聞き方").fill(
        "市の自転車は何日まで借りられますか\n自転車はどこで借りられますか"
    )
    editor.get_by_label("要約").fill("市の自転車を3日まで無料で借りられます。")
    preview = editor.frame_locator("iframe[name=preview]")
    preview.get_by_text("市の自転車を3日まで無料で借りられます。").wait_for()
    editor.get_by_role("button", name="English").click()
    editor.wait_for_url("**tab=en*")
    editor.get_by_label("題名").fill("City bicycles to borrow")
    editor.get_by_label("よくある聞き方").fill("where can I borrow a city bicycle\nbicycle rental")
    editor.get_by_label("要約").fill("You can borrow a city bicycle for 5 days for free.")
    editor.get_by_role("button", name="保存する", exact=True).last.click()
    editor.get_by_text("足りない数字：3").wait_for()
    editor.get_by_label("要約").fill("You can borrow a city bicycle for 3 days for free.")
    editor.get_by_role("button", name="共通").click()
    editor.wait_for_url("**tab=shared*")


def hand_in(editor: Any) -> None:
    """Save, hand in for review, and wait until the golden questions were asked."""
    editor.get_by_role("button", name="保存して確認の画面へ").click()
    editor.get_by_role("button", name="確認に出す").click()
    editor.get_by_text("件を確かめました").wait_for()


def terms(staff: Staff) -> set[str]:
    """The words that the release in force teaches the recogniser."""
    staff.installation.live.refresh()
    return {term.surface for term in lexicon_of(staff.installation.live.get()).terms}


def first_source(server: str, lang: str) -> str:
    body = {"question": QUESTIONS[lang], "lang": lang}
    headers = {"accept": "application/json"}
    answer = httpx.post(f"{server}/api/chat", json=body, headers=headers, timeout=60).json()
    return str(answer["sources"][0]["slug"]) if answer["sources"] else ""


def wait_for_article(server: str, words: str, *, there: bool) -> None:
    """Wait until residents read `words`, or read them no more."""
    for _ in range(80):
        page = httpx.get(f"{server}/ja/articles/moving-in", timeout=60)
        if (words in page.text) == there:
            return
        time.sleep(0.25)
    raise AssertionError(page.text)


def test_two_who_edit_the_same_draft_are_told_and_a_former_version_comes_back(
    running: RunningServer, staff: Staff, approver: Any, axe: Axe
) -> None:
    one, other = staff.page("suzuki", "editor"), staff.page("sato", "editor")
    one.goto("/admin/articles/moving-in")
    one.get_by_role("button", name="この記事を直す").click()
    one.wait_for_url("**/admin/drafts/*")
    other.goto(one.url)
    one.get_by_label("要約").fill("一人目の要約です。")
    one.get_by_role("button", name="保存する", exact=True).last.click()
    one.get_by_role("status").get_by_text("保存しました").wait_for()
    other.get_by_label("要約").fill("二人目の要約です。")
    other.get_by_role("button", name="保存する", exact=True).last.click()
    other.get_by_role("alert").get_by_text("suzuki").wait_for()
    assert other.locator("td", has_text="一人目の要約です。").count() == 1
    assert other.locator("td", has_text="二人目の要約です。").count() == 1
    axe(other)
    other.get_by_role("button", name="別の下書きとして残す").click()
    other.wait_for_url(re.compile(r"/admin/drafts/\w+"))
    assert other.get_by_label("要約").input_value() == "二人目の要約です。"
    one.reload()
    assert one.get_by_label("要約").input_value() == "一人目の要約です。"

    hand_in(other)
    approver.goto(other.url)
    axe(approver)
    approver.get_by_role("button", name="承認する").click()
    approver.get_by_role("status").get_by_text("承認しました").wait_for()
    wait_for_article(running.url, "二人目の要約です。", there=True)
    approver.goto("/admin/articles/moving-in")
    approver.get_by_role("button", name="第1版に戻す").click()
    approver.get_by_role("status").get_by_text("公開しました").wait_for()
    axe(approver)
    wait_for_article(running.url, "二人目の要約です。", there=False)


def test_a_wrong_role_is_refused_on_every_route(running: RunningServer, staff: Staff) -> None:
    """The routes are those of the application; each is asked by every role it does not name."""
    told = staff_routes(create_app(staff.installation))
    assert {path for _, path, _ in told} >= {"/admin/drafts/{draft_id}/approve", "/counter"}
    opened, refused = [], 0
    for role in Role:
        with staff.browser(f"only-{role.value}", role.value) as browser:
            token = form_token(browser.get("/staff"))
            for method, path, guard in told:
                assert guard is not None
                if role in guard.roles or method == "WEBSOCKET":
                    continue
                address = re.sub(r"\{[^}]*\}", "1", path)
                reply = browser.request(method, address, headers={"x-form-token": token})
                refused += reply.status_code == 403
                if reply.status_code != 403:
                    opened.append((role, method, path, reply.status_code))
    assert not opened and refused > 100


def test_the_new_article_is_answered_from_its_moment_on_and_not_before(
    running: RunningServer, staff: Staff, approver: Any, appointed: Appointed, axe: Axe
) -> None:
    assert appointed.asked_by < appointed.at, "the machine is too slow for this moment"
    assert SLUG not in appointed.before.values()
    assert TERM not in appointed.terms
    while datetime.now(JAPAN) < appointed.at - timedelta(seconds=2):
        assert SLUG not in {first_source(running.url, lang) for lang in QUESTIONS}
        assert TERM not in terms(staff)
        time.sleep(1)
    while first_source(running.url, "ja") != SLUG:
        assert datetime.now(JAPAN) < appointed.at + timedelta(seconds=15)
        time.sleep(0.3)
    assert datetime.now(JAPAN) >= appointed.at
    assert first_source(running.url, "en") == SLUG
    assert TERM in terms(staff)
    assert (
        httpx.get(f"{running.url}/readyz").json()["release"]
        == staff.installation.live.get().info.id
    )
    approver.goto(f"/admin/articles/{SLUG}")
    approver.get_by_role("cell", name="有効", exact=True).wait_for()
    when = appointed.at.strftime("%Y-%m-%d %H:%M")
    assert approver.get_by_role("cell", name=when).count() == 1
    axe(approver)
