"""Every page of the staff, in the states that matter: what axe says, and nothing that overflows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from assistant.composition import Installation
from assistant.editing.machine_drafts import Running
from assistant.http.app import create_app
from assistant.settings import Settings
from knowledge.article import Article, Localization
from knowledge.machine_text import MachineText
from tests.assistant.city_site import CitySite
from tests.assistant.staff import HTML
from tests.browser.conftest import RunningServer
from tests.browser.staff import Staff

pytestmark = pytest.mark.browser

ROLES = ("editor", "approver", "administrator", "counter")
TABLE = "きくこと,こたえること\n公園は何時まで？,いつでも入れます。\n,問いがありません。\n"
TEXT = "みおつくし市の手続きについてのお知らせです。窓口は区役所2階の6番です。"
NARROW, WIDE = {"width": 820, "height": 1180}, {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

Look = Callable[[], None]


@pytest.fixture
def staff(running: RunningServer, new_page: Callable[..., Any]) -> Iterator[Staff]:
    made = Staff(running, new_page)
    yield made
    made.close()


@pytest.fixture
def page(staff: Staff, request: pytest.FixtureRequest) -> Any:
    return staff.page(f"clerk-{abs(hash(request.node.name)) % 100_000}", *ROLES)


@pytest.fixture
def look(page: Any, axe: Callable[[Any], None]) -> Look:
    """Look at the page as it stands: three sizes for what overflows, a phone for axe."""

    def looked() -> None:
        for size in (WIDE, NARROW, PHONE):
            page.set_viewport_size(size)
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, (page.url, size, over)
        axe(page)

    return looked


def changed(article: Article, summary: str) -> Article:
    text = article.localizations["ja"]
    return replace(
        article,
        number=0,
        localizations={**article.localizations, "ja": replace(text, summary=summary)},
    )


def test_articles_and_drafts(staff: Staff, page: Any, look: Look) -> None:
    store = staff.installation.store
    article = store.article("long-term-care-certification")
    store.publish_all([changed(article, "申請から14日で決まります。")], author="tests")
    store.publish_all([changed(article, "申請から30日で決まります。")], author="tests")
    page.goto("/staff")
    look()
    page.goto("/admin/articles")
    look()
    page.goto("/admin/articles?q=zzz")
    look()
    page.goto(f"/admin/articles/{article.slug}?before=2&after=3")
    page.get_by_text("変わった数字").wait_for()
    look()
    page.goto("/admin/drafts/new")
    page.get_by_label("題名").fill("自転車")
    page.get_by_label("記事のアドレス").fill("だめ な")
    page.get_by_label("くらしの出来事").select_option(index=1)
    page.get_by_role("button", name="下書きを作る").click()
    page.get_by_role("alert").wait_for()
    look()
    draft = store.start_draft(
        changed(article, "申請から45日で決まります。"),
        department=article.owner,
        by="somebody",
        base_number=2,
    )
    for tab in ("ja", "ja-x-easy", "shared"):
        page.goto(f"/admin/drafts/{draft.id}?tab={tab}")
        look()
    page.get_by_label("関連する記事をさがす").fill("粗大ごみ")
    page.keyboard.press("Enter")
    page.get_by_text("見つかった記事").wait_for()
    look()
    # A browser of today lets nobody type this; one that knows no such field does.
    page.evaluate("document.getElementById('publish_at').type = 'text'")
    page.get_by_label("公開する日時").fill("いつか")
    page.get_by_role("button", name="保存する", exact=True).last.click()
    page.get_by_role("alert").wait_for()
    look()
    page.goto(f"/admin/drafts/{draft.id}/preview?tab=ja")
    look()
    page.goto(f"/admin/drafts/{draft.id}/review")
    look()
    page.get_by_role("button", name="質問をまとめて確かめる").click()
    page.get_by_text("件を確かめました").wait_for()
    look()
    page.goto("/admin/drafts")
    look()
    store.discard_draft(draft.id, by="tests")


def test_drafts_by_a_machine(staff: Staff, page: Any, look: Look) -> None:
    """The server of these tests has no model, so its pages come from an application that has."""
    store = staff.installation.store
    article = store.article("long-term-care-certification")
    texts = {"ja": article.localizations["ja"]}
    draft = store.start_draft(
        replace(article, number=0, localizations=texts), department=article.owner, by="somebody"
    )
    drafting = {
        "kind": "openai",
        "url": "http://127.0.0.1:9/v1",
        "model": "none",
        "line_seconds": 1,
    }
    data = staff.installation.settings.data
    installation = Installation(Settings(_env_file=None, data=data, drafting=drafting))
    app = create_app(installation)
    # Not entered: its models and its background work stay asleep.
    inside = TestClient(app, base_url=staff.url, headers=HTML)
    for cookie in page.context.cookies():
        inside.cookies.set(cookie["name"], cookie["value"])

    def answer(route: Any) -> None:
        reply = inside.get(route.request.url.removeprefix(staff.url))
        route.fulfill(status=reply.status_code, headers=dict(reply.headers), body=reply.text)

    page.route("**/admin/drafts/**", answer)
    page.goto(f"/admin/drafts/{draft.id}?tab=en")
    page.get_by_role("button", name="日本語から下訳をつくる").wait_for()
    state = Running(done=3, of=20)
    app.state.machine_drafts._known[draft.id, "en"] = state
    page.goto(f"/admin/drafts/{draft.id}/machine?tab=en")
    page.get_by_role("button", name="止める").wait_for()
    look()
    state.end, state.written = "model", 2
    page.goto(f"/admin/drafts/{draft.id}/machine?tab=en")
    page.get_by_text("言語モデルが応答しません").wait_for()
    look()
    marks = [
        MachineText("en", "title", "Care certification", "a-model", store.now()),
        MachineText("en", "summary", "Apply for it.", "a-model", store.now(), "", "", "sato"),
        MachineText("en", "fact.fee", "", "a-model", store.now(), "figures", "300 yen"),
    ]
    english = Localization("en", "Care certification", summary="Apply for it.")
    changed_by_it = replace(article, number=0, localizations={**texts, "en": english})
    store.save_draft(draft.id, changed_by_it, revision=1, by="somebody", machine=marks)
    page.goto(f"/admin/drafts/{draft.id}?tab=en")
    page.get_by_label("この文は正しいと確かめました").wait_for()
    page.get_by_text("sato が確かめました").wait_for()
    page.get_by_text("数字や日付").wait_for()
    look()
    page.goto(f"/admin/drafts/{draft.id}/review")
    page.get_by_text("まだ確かめていません").first.wait_for()
    look()
    page.unroute("**/admin/drafts/**")
    installation.store.close()
    store.discard_draft(draft.id, by="tests")


def test_imports_and_crawls(page: Any, look: Look) -> None:
    page.goto("/admin/imports")
    look()
    faq = {"name": "faq.csv", "mimeType": "text/csv", "buffer": TABLE.encode("cp932")}
    page.locator("#file-department").select_option(index=1)
    page.locator("#file").set_input_files(faq)
    page.locator("form[enctype] button[type=submit]").click()
    page.locator("button[value=take]").wait_for()
    look()
    page.get_by_label("質問").select_option("きくこと")
    page.get_by_label("回答").select_option("こたえること")
    page.locator("button[value=take]").click()
    page.get_by_role("heading", name="取り込みの結果").wait_for()
    page.get_by_text("3行目: 問いがありません").wait_for()
    look()
    with CitySite().running() as site:
        site.put("/", "くらしの案内", TEXT, ("/garbage.html", "/photo.jpg"))
        site.put("/garbage.html", "ごみ", TEXT)
        site.put_bytes("/photo.jpg", b"\xff\xd8\xff", "image/jpeg")
        page.goto("/admin/imports")
        page.locator("#crawl-department").select_option(index=1)
        page.locator("#addresses").fill(site.url)
        page.locator("form[action$=crawls] button[type=submit]").click()
        page.wait_for_url("**/crawls/*")
        page.get_by_text("/garbage.html").first.wait_for()
        page.get_by_text("/photo.jpg").first.wait_for()
    look()
    page.goto("/admin/imports")
    page.locator("#crawl-department").select_option(index=1)
    page.locator("#addresses").fill("ftp://city.example/")
    page.locator("form[action$=crawls] button[type=submit]").click()
    page.get_by_role("alert").wait_for()
    look()


def test_what_was_asked_and_checked(running: RunningServer, page: Any, look: Look) -> None:
    for question in ("ドローンを飛ばしたい", "where can I fly my drone", "明日の天気は"):
        httpx.post(f"{running.url}/api/chat", json={"question": question}, timeout=60)
    for address in ("/admin/unanswered?elsewhere=1", "/admin/insight", "/admin/checks"):
        page.goto(address)
        look()


def test_notices_and_releases(running: RunningServer, staff: Staff, page: Any, look: Look) -> None:
    page.goto("/admin/notices?kind=earthquake")
    look()
    page.get_by_label("理由").first.fill("震度5強の地震")
    page.locator("input[name=push]").uncheck()
    page.locator("input[name=disaster]").check()
    page.locator("form#new button.strong").click()
    page.locator("form[action$='/end']").wait_for()
    try:
        look()
        page.goto("/ja")
        look()
    finally:
        page.goto("/admin/notices")
        page.locator("form[action$='/end'] input[name=reason]").fill("解除")
        page.locator("form[action$='/end'] button").click()
        page.get_by_role("status").first.wait_for()
    look()
    page.goto("/admin/releases")
    look()


def test_accounts_and_the_audit_log(staff: Staff, page: Any, look: Look) -> None:
    page.goto("/admin/accounts")
    look()
    name = f"new-{staff.installation.store.now():%H%M%S}"
    page.get_by_label("アカウント名").fill(name)
    page.get_by_label("氏名").fill("鈴木 花子")
    page.get_by_role("button", name="追加して設定リンクを作る").click()
    page.get_by_label("リンク").wait_for()
    look()
    page.goto(f"/admin/accounts/{name}")
    look()
    page.goto("/admin/audit")
    page.get_by_role("button", name="改ざんがないか調べる").click()
    page.get_by_role("status").get_by_text("つながっています").wait_for()
    look()
    page.goto("/admin/audit?lang=en")
    look()
    page.goto("/sign-out")
    look()
    page.context.clear_cookies()
    page.goto("/admin/articles")
    page.get_by_role("heading", name="Sign in").or_(
        page.get_by_role("heading", name="ログイン")
    ).wait_for()
    look()


def test_somebody_without_the_role_reads_why(
    staff: Staff, new_page: Callable[..., Any], axe: Callable[[Any], None]
) -> None:
    page = staff.page("tablet", "counter", width=820)
    refused = page.goto("/admin/articles")
    assert refused.status == 403
    axe(page)
