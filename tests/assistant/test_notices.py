"""Notices and disaster mode: put up by staff or by a command, seen by residents, over in time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from assistant import cli_notice, notices
from assistant.accounts.roles import Grant, Role
from assistant.answer import JAPAN
from assistant.cli import app as commands
from assistant.http.app import create_app
from assistant.http.disaster import comes_first
from assistant.notices import NoticeRefused, Words, active_notice, kinds, put_up, templates
from knowledge.article import LIFE_EVENTS, languages
from knowledge.figures import figures
from knowledge.ruby import strip
from knowledge.store import Store
from tests.assistant.conftest import SmallInstallation
from tests.assistant.staff import form_token, signed_in_browser, staff_installation


@pytest.fixture
def staff(installation: SmallInstallation, tmp_path: Path) -> Iterator[SmallInstallation]:
    with staff_installation(installation, tmp_path) as made:
        yield made


@pytest.fixture
def boss(staff: SmallInstallation) -> Iterator[TestClient]:
    app = create_app(staff)
    yield signed_in_browser(staff, app, "boss", [Grant(Role.APPROVER)])


def form(browser: TestClient, **changes: str) -> dict[str, str]:
    page = browser.get("/admin/notices", params={"kind": "earthquake"})
    until = datetime.now(JAPAN) + timedelta(hours=2)
    prepared = {
        f"{part}.{lang}": words[part]
        for lang, words in templates("earthquake").items()
        for part in ("title", "text")
    }
    values = {
        "form_token": form_token(page),
        "kind": "earthquake",
        "reason": "震度6弱",
        "until": until.strftime("%Y-%m-%dT%H:%M"),
        "level": "emergency",
        "disaster": "1",
    }
    return {**prepared, **values, **changes}


def one(store: Store, **changes: Any) -> None:
    values: dict[str, Any] = {
        "kind": "heat",
        "texts": templates("heat"),
        "until": store.now() + timedelta(hours=1),
        "reason": "35度",
        "by": "boss",
    }
    put_up(store, None, **values | changes)


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_has_words_in_every_language_with_the_same_figures(kind: str) -> None:
    words = templates(kind)
    assert set(words) == set(languages())
    wanted = figures(words["ja"]["text"])
    for lang, said in words.items():
        assert figures(strip(said["text"])) == wanted, lang
        assert len(said["title"]) <= notices.TITLE and said["text"].count("\n") == 1, lang
    assert kinds()[kind].push in LIFE_EVENTS


def test_a_notice_put_up_by_an_approver_is_seen_everywhere(
    boss: TestClient, staff: SmallInstallation
) -> None:
    assert boss.get("/api/notice?lang=vi").json() is None
    done = boss.post("/admin/notices", data=form(boss))
    assert done.headers["location"] == "/admin/notices?done=notices.put_up"
    for lang in languages():
        seen = boss.get("/api/notice", params={"lang": lang}).json()
        assert (seen["lang"], seen["level"]) == (lang, "emergency")
        assert seen["title"] == templates("earthquake")[lang]["title"]
        assert strip(seen["title"]).split()[0] in re.sub(
            "<rt>.*?</rt>|<[^>]+>", "", boss.get(f"/{lang}/").text
        )
    (entry,) = staff.store.audit_entries(action="notice.")
    assert (entry.actor, entry.detail["reason"]) == ("boss", "震度6弱")
    page = boss.get("/admin/notices")
    record = staff.store.notices_in_force()[0]
    again = {"form_token": form_token(page), "reason": ""}
    assert boss.post(f"/admin/notices/{record.id}/end", data=again).status_code == 400
    again["reason"] = "解除"
    assert boss.post(f"/admin/notices/{record.id}/end", data=again).status_code == 303
    assert boss.get("/api/notice?lang=ja").json() is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": " "}, "理由を書いて"),
        ({"until": "2020-01-01T00:00"}, "14日以内"),
        ({"until": "morgen"}, "14日以内"),
        ({"title.ja": "", "text.ja": ""}, "日本語の見出し"),
        ({"text.vi": ""}, "Tiếng Việtの見出し"),
        ({"kind": "picnic"}, "種類を選んで"),
    ],
)
def test_a_notice_that_lacks_something_is_refused_and_nothing_typed_is_lost(
    boss: TestClient, staff: SmallInstallation, changes: dict[str, str], words: str
) -> None:
    page = boss.post("/admin/notices", data=form(boss, **changes, **{"text.en": "Mine <b>"}))
    assert page.status_code == 400 and words in page.text
    if changes.get("kind") is None:
        assert "Mine &lt;b&gt;" in page.text
    assert staff.store.notices() == []


def test_disaster_mode_brings_what_is_needed_to_the_front_and_shuts_doors(
    boss: TestClient, staff: SmallInstallation
) -> None:
    front = next(slug for slug in comes_first() if slug in staff.live.get().articles)
    most = re.compile(r'aria-labelledby="most-asked">.*?href="/ja/articles/([\w-]+)"', re.DOTALL)

    def first() -> str:
        found = most.search(boss.get("/ja/").text)
        assert found
        return found.group(1)

    assert first() != front
    assert boss.get("/open-data/procedures.csv").status_code == 200
    one(staff.store, kind="earthquake", texts=templates("earthquake"), disaster=True)
    assert first() == front
    assert boss.get("/api/welcome?lang=en").json()["first_questions"][0]["event"] == "disaster"
    shut = boss.get("/open-data/procedures.csv")
    assert (shut.status_code, shut.json()["error"]["type"]) == (503, "DisasterMode")
    assert boss.get("/api/articles").status_code == 200
    staff.store.end_notice(staff.store.notices()[0].id, reason="解除", by="boss")
    assert first() != front
    assert boss.get("/open-data/procedures.csv").status_code == 200


def test_the_gravest_notice_is_shown_and_a_missing_language_falls_back(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/s.db") as store:
        one(store, kind="flood", texts={"ja": Words(title="洪水", text="逃げて")})
        one(store)
        assert (seen := active_notice(store, "vi")) and (seen.lang, seen.title) == ("ja", "洪水")
        english = {"ja": Words(title="洪水2", text="逃"), "en": Words(title="Flood", text="Go")}
        one(store, kind="flood", texts=english)
        assert (seen := active_notice(store, "vi")) and seen.lang == "en"
        assert (seen := active_notice(store, "ja-x-easy")) and seen.lang == "ja"
        with pytest.raises(NoticeRefused):
            one(store, until=store.now() + timedelta(days=15))


def test_the_command_works_without_the_page(
    staff: SmallInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_notice, "Installation", lambda _: staff)

    def run(*words: str) -> Any:
        return CliRunner().invoke(commands, ["notice", *words])

    done = run("on", "heat", "--reason", "35度", "--hours", "1", "--push")
    assert done.exit_code == 0 and "sent 0" in done.output, done.output
    assert "熱中症に注意してください" in run("show").output
    assert (seen := active_notice(staff.store, "th")) and seen.lang == "th"
    assert run("on", "heat", "--reason", "x", "--title", "y").exit_code == 2
    assert run("on", "picnic", "--reason", "x").exit_code == 2
    assert run("on", "heat", "--reason", "x", "--hours", "9999").exit_code == 2
    assert "ended 1" in run("off", "--reason", "涼しい").output
    assert active_notice(staff.store, "th") is None


def test_the_staff_read_on_their_own_pages_what_residents_are_told(
    staff: SmallInstallation, boss: TestClient
) -> None:
    assert "このお知らせを市民に表示しています" not in boss.get("/admin/articles").text
    one(staff.store)
    page = boss.get("/admin/articles").text
    assert templates("heat")["ja"]["title"] in page and "このお知らせを市民に" in page
