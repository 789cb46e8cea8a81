"""Articles from the draft to the answer, through the pages of the staff."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.accounts.roles import Grant, Role
from assistant.answer import Question
from assistant.editing.article_form import moment_value
from assistant.http.app import create_app
from assistant.publishing import Publishing
from assistant.settings import Settings
from knowledge.store_golden import GoldenQuestion
from tests.assistant.conftest import SmallInstallation
from tests.assistant.staff import form_token, signed_in_browser

QUESTIONS = "無料の自転車はどこで借りられますか\n自転車の貸し出し"


@pytest.fixture(scope="module")
def made(small_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallInstallation]:
    made = SmallInstallation(Settings(_env_file=None, data=tmp_path_factory.mktemp("editing")))
    assert not made.import_paths([small_city]).refused
    made.build_release()
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def app(made: SmallInstallation) -> Any:
    return create_app(made)


@pytest.fixture(scope="module")
def editor(made: SmallInstallation, app: Any) -> TestClient:
    return signed_in_browser(made, app, "editor", [Grant(Role.EDITOR)])


@pytest.fixture(scope="module")
def second(made: SmallInstallation, app: Any) -> TestClient:
    return signed_in_browser(made, app, "second", [Grant(Role.EDITOR, "section.resident")])


@pytest.fixture(scope="module")
def approver(made: SmallInstallation, app: Any) -> TestClient:
    return signed_in_browser(made, app, "approver", [Grant(Role.APPROVER)])


def send(browser: TestClient, path: str, **fields: Any) -> Any:
    token = form_token(browser.get("/staff"))
    return browser.post(path, data={"form_token": token, **fields})


def new_draft(browser: TestClient, slug: str, title: str = "自転車の貸し出し") -> str:
    page = send(
        browser, "/admin/drafts/new",
        slug=slug, title=title, owner="section.resident", life_event="daily-life",
    )  # fmt: skip
    assert page.status_code == 303, page.text
    return str(page.headers["location"]).removeprefix("/admin/drafts/").partition("?")[0]


def write(browser: TestClient, made: SmallInstallation, draft_id: str, **fields: Any) -> Any:
    revision = made.store.draft(draft_id).revision
    values = {"tab": "ja", "revision": str(revision), "title": "自転車の貸し出し"}
    return send(browser, f"/admin/drafts/{draft_id}", **{**values, **fields})


def typed(page: Any) -> dict[str, str]:
    """What stands in the lines and boxes of a draft's form."""
    boxes = re.findall(
        r'<textarea id="[^"]*" name="([^"]+)"[^>]*>\n(.*?)</textarea>', page.text, re.S
    )
    lines = re.findall(
        r'<input id="[^"]*" name="((?:title|heading)[^"]*)" value="([^"]*)"', page.text
    )
    return {name: html.unescape(value) for name, value in (*boxes, *lines)}


def checked(browser: TestClient, made: SmallInstallation, draft_id: str) -> Any:
    for _ in range(200):
        kept = made.store.check_of(draft_id, made.store.draft(draft_id).revision)
        if kept is not None:
            return kept
        time.sleep(0.05)
    raise AssertionError(browser.get(f"/admin/drafts/{draft_id}/review").text)


def approve(browser: TestClient, made: SmallInstallation, draft_id: str, **fields: Any) -> Any:
    revision = str(made.store.draft(draft_id).revision)
    return send(browser, f"/admin/drafts/{draft_id}/approve", revision=revision, **fields)


def test_from_a_draft_to_an_answer_and_back(
    made: SmallInstallation, editor: TestClient, approver: TestClient
) -> None:
    draft_id = new_draft(editor, "bicycle-lending")
    page = write(
        editor, made, draft_id, questions=QUESTIONS, summary="市の自転車を無料で貸します。",
        **{"fact.where": "みおつくし駅前の自転車置き場", "fact.bring": "本人確認書類\n印鑑"},
    )  # fmt: skip
    assert page.status_code == 303
    page = write(
        editor, made, draft_id, tab="en", title="Borrow a bicycle", go="review",
        questions="Where can I borrow a bicycle", summary="The city lends bicycles.",
    )  # fmt: skip
    assert page.headers["location"] == f"/admin/drafts/{draft_id}/review"
    at = made.store.now() + timedelta(minutes=5)
    page = write(
        editor, made, draft_id, tab="shared", life_event="daily-life",
        publish_at=moment_value(at), checked_on="2026-11-01",
    )  # fmt: skip
    assert page.status_code == 303
    revision = str(made.store.draft(draft_id).revision)
    send(editor, f"/admin/drafts/{draft_id}/submit", revision=revision)
    assert made.store.draft(draft_id).state == "in_review"
    assert checked(editor, made, draft_id).content["questions"] == 3
    assert send(editor, f"/admin/drafts/{draft_id}/approve").status_code == 403
    assert approve(approver, made, draft_id).status_code == 303
    publishing = Publishing(made)
    publishing.work()
    assert "bicycle-lending" not in made.live.get().articles
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(made.store, "now", lambda: at + timedelta(minutes=1))
        publishing.work()
    assert made.live.get().articles["bicycle-lending"].number == 1
    for question, lang in (("自転車の貸し出し", "ja"), ("Where can I borrow a bicycle", "en")):
        answer = made.desk.answer(Question(question, lang))
        assert answer.sources[0].slug == "bicycle-lending", answer
    actions = [entry.action for entry in made.store.audit_entries(action="article.")]
    assert actions[:3] == ["article.publish", "article.approve", "article.submit"]
    page = approver.get("/admin/articles/bicycle-lending")
    assert page.status_code == 200 and "有効" in page.text


def test_two_who_edit_are_told_and_both_texts_are_kept(
    made: SmallInstallation, editor: TestClient, second: TestClient
) -> None:
    draft_id = new_draft(editor, "conflict")
    assert write(editor, made, draft_id, summary="一人目の文").status_code == 303
    page = write(second, made, draft_id, revision="1", summary="二人目の文")
    assert page.status_code == 409
    assert "editor さん" in page.text or "editor" in page.text
    assert "二人目の文" in page.text
    assert made.store.draft(draft_id).article.localizations["ja"].summary == "一人目の文"
    token = form_token(page)
    found = re.findall(
        r'<textarea class="kept" name="([^"]+)" hidden>\n(.*?)</textarea>', page.text, re.S
    )
    fields = {name: html.unescape(value) for name, value in found}
    kept = second.post(f"/admin/drafts/{draft_id}/another", data={**fields, "form_token": token})
    assert kept.status_code == 303
    other = kept.headers["location"].removeprefix("/admin/drafts/").partition("?")[0]
    assert other != draft_id
    assert made.store.draft(other).article.localizations["ja"].summary == "二人目の文"


def test_a_form_that_is_wrong_comes_back_with_what_was_typed(
    made: SmallInstallation, editor: TestClient
) -> None:
    page = send(editor, "/admin/drafts/new", slug="Bad Slug", title="題", owner="section.resident")
    assert page.status_code == 400
    assert 'value="Bad Slug"' in page.text and 'value="題"' in page.text
    draft_id = new_draft(editor, "dates")
    page = write(
        editor, made, draft_id, tab="shared", publish_at="いつか", synonyms="別名",
        checked_on="2026-11-01",
    )  # fmt: skip
    assert page.status_code == 400
    assert 'value="いつか"' in page.text and "別名" in page.text
    assert made.store.draft(draft_id).revision == 1


def test_only_the_department_may_change_its_articles(
    made: SmallInstallation, second: TestClient, editor: TestClient
) -> None:
    owner = made.store.article("bulky-garbage").owner
    assert owner != "section.resident"
    assert send(second, "/admin/articles/bulky-garbage/draft").status_code == 403
    assert send(second, "/admin/articles/moving-in/draft").status_code == 303
    page = send(second, "/admin/drafts/new", slug="x", title="x", owner=owner, life_event="tax")
    assert page.status_code == 403


def test_a_draft_that_breaks_golden_questions_needs_a_reason(
    made: SmallInstallation, editor: TestClient, approver: TestClient
) -> None:
    made.store.add_golden(
        [GoldenQuestion("ja", "粗大ごみの出し方", slugs=("bulky-garbage",), facts=("7日前",))],
        by="tests",
    )
    start = send(editor, "/admin/articles/bulky-garbage/draft")
    draft_id = start.headers["location"].removeprefix("/admin/drafts/")
    page = editor.get(f"/admin/drafts/{draft_id}?tab=ja")
    fields = typed(page)
    fields = {name: value.replace("7日前", "45日前") for name, value in fields.items()}
    assert write(editor, made, draft_id, **fields).status_code == 303
    assert "45日前" in made.store.draft(draft_id).article.localizations["ja"].facts["deadline"]
    page = editor.get(f"/admin/drafts/{draft_id}?tab=en")
    assert "足りない数字：45" in page.text and "日本語が変わりました" in page.text
    revision = str(made.store.draft(draft_id).revision)
    send(editor, f"/admin/drafts/{draft_id}/submit", revision=revision)
    kept = checked(editor, made, draft_id)
    assert kept.broken == 1, kept.content
    page = approve(approver, made, draft_id)
    assert page.status_code == 400 and "理由" in page.text
    review = approver.get(f"/admin/drafts/{draft_id}/review").text
    assert "答えられなくなる" in review and "<ins>45</ins>" in review
    assert approve(approver, made, draft_id, reason="料金が変わるため").status_code == 303
    (entry,) = made.store.audit_entries(action="article.approve", limit=1)
    assert entry.detail["reason"] == "料金が変わるため" and entry.detail["broken"] == 1
    send(approver, f"/admin/drafts/{draft_id}/return", note="待つ")
    assert made.store.draft(draft_id).state == "draft"


def test_a_test_question_is_answered_from_the_draft_only(
    made: SmallInstallation, editor: TestClient
) -> None:
    draft_id = new_draft(editor, "snow", "雪かきの道具")
    write(
        editor, made, draft_id, title="雪かきの道具", summary="雪かきの道具を貸します。",
        questions="雪かきの道具を借りたい",
    )  # fmt: skip
    page = send(editor, f"/admin/drafts/{draft_id}/ask", question="雪かきの道具を借りたい")
    assert page.status_code == 200
    assert "雪かきの道具を貸します。" in page.text
    assert "snow" not in made.live.get().articles
    assert not list((made.settings.data / "releases" / "candidates").glob("*"))


def test_what_is_unfinished_is_not_handed_in(made: SmallInstallation, editor: TestClient) -> None:
    draft_id = new_draft(editor, "unfinished")
    page = send(editor, f"/admin/drafts/{draft_id}/submit", revision="1")
    assert page.status_code == 400 and "要約か項目を書いてください" in page.text
    assert made.store.draft(draft_id).state == "draft"


def test_the_preview_is_the_residents_page_and_saves_nothing(
    made: SmallInstallation, editor: TestClient
) -> None:
    draft_id = new_draft(editor, "preview")
    page = send(
        editor, f"/admin/drafts/{draft_id}/preview",
        tab="ja", title="見る", summary="{{phone.call_center}}に電話", **{"fact.fee": "無料<b>"},
    )  # fmt: skip
    assert page.status_code == 200
    assert "無料&lt;b&gt;" in page.text and "tel:" in page.text
    assert "frame-ancestors 'self'" in page.headers["content-security-policy"]
    assert made.store.draft(draft_id).revision == 1
    empty = send(editor, f"/admin/drafts/{draft_id}/preview", tab="ja")
    assert empty.status_code == 200


def test_related_articles_are_found_by_search(made: SmallInstallation, editor: TestClient) -> None:
    draft_id = new_draft(editor, "related")
    page = write(editor, made, draft_id, tab="shared", find="粗大ごみ", life_event="tax")
    assert 'name="related" value="bulky-garbage"' in page.text
    write(editor, made, draft_id, tab="shared", related=["bulky-garbage", "moving-in"])
    assert made.store.draft(draft_id).article.related == ("bulky-garbage", "moving-in")


def test_releases_are_held_until_somebody_goes_on(
    made: SmallInstallation, approver: TestClient
) -> None:
    made.build_release()
    former = made.releases.history()[-1].id
    now = made.live.get().info.id
    assert former != now
    assert send(approver, "/admin/releases/roll-back", release=former).status_code == 400
    page = send(approver, "/admin/releases/roll-back", release=former, reason="誤り")
    assert page.status_code == 303 and made.live.get().info.id == former
    Publishing(made).work()
    assert made.live.get().info.id == former
    assert "誤り" in approver.get("/admin/releases").text
    send(approver, "/admin/releases/go-on")
    Publishing(made).work()
    assert made.live.get().info.id != former


def test_a_version_comes_back_in_one_click(
    made: SmallInstallation, approver: TestClient, editor: TestClient
) -> None:
    page = send(approver, "/admin/articles/moving-in/roll-back", number="1")
    assert page.status_code == 303
    assert send(approver, "/admin/articles/moving-in/roll-back", number="9" * 30).status_code == 404
    assert send(approver, "/admin/articles/none/roll-back", number="1").status_code == 404


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_page_shows_itself(
    made: SmallInstallation, editor: TestClient, approver: TestClient, lang: str
) -> None:
    draft_id = new_draft(editor, f"pages-{lang}")
    for path in (
        "/admin/articles", "/admin/articles?show=due", "/admin/articles/moving-in",
        "/admin/drafts", "/admin/drafts/new", f"/admin/drafts/{draft_id}?tab=shared",
        f"/admin/drafts/{draft_id}?tab=ja-x-easy", f"/admin/drafts/{draft_id}/review",
        f"/admin/drafts/{draft_id}/preview?tab=en",
    ):  # fmt: skip
        page = editor.get(path + ("&" if "?" in path else "?") + f"lang={lang}")
        assert page.status_code == 200, (path, page.text)
    assert approver.get(f"/admin/releases?lang={lang}").status_code == 200
    assert editor.get("/admin/drafts/none").status_code == 404
    assert editor.get("/admin/articles/none").status_code == 404
