"""Signing in and out, set-up links, locks, and what a session outlives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.accounts import passwords
from assistant.accounts.accounts import COMMAND_LINE, SIGNING_IN
from assistant.accounts.roles import Grant, Role
from assistant.http.app import create_app
from tests.assistant.conftest import SmallInstallation
from tests.assistant.staff import (
    PASSWORD,
    form_token,
    new_browser,
    set_up,
    sign_in,
    signed_in_browser,
    staff_installation,
)


@pytest.fixture
def staff(installation: SmallInstallation, tmp_path: Path) -> Iterator[SmallInstallation]:
    with staff_installation(installation, tmp_path) as made:
        yield made


@pytest.fixture
def app(staff: SmallInstallation) -> Any:
    return create_app(staff)


@pytest.fixture
def browser(app: Any) -> TestClient:
    return new_browser(app)


@pytest.fixture
def clock(staff: SmallInstallation, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    moment = [datetime(2026, 10, 2, 3, 0, tzinfo=UTC)]
    monkeypatch.setattr(staff.store, "now", lambda: moment[0])
    return moment


def actions(staff: SmallInstallation) -> list[str]:
    return [entry.action for entry in staff.store.audit_log()]


def test_from_the_link_to_signing_out(staff: SmallInstallation, browser: TestClient) -> None:
    grants = [Grant(Role.EDITOR, "section.resident")]
    link = staff.accounts.add("Tanaka", "田中 花子", grants, by=COMMAND_LINE)
    assert "田中 花子" in browser.get(link.path).text
    assert set_up(browser, link.path).headers["location"] == "/sign-in?done=sign_in.set_up"
    assert browser.get(link.path).status_code == 404
    assert "パスワードを設定しました" in browser.get("/sign-in?done=sign_in.set_up").text
    entered = sign_in(browser, " tanaka ", next="/staff?x=1")
    assert (entered.status_code, entered.headers["location"]) == (303, "/staff?x=1")
    page = browser.get("/staff")
    assert page.status_code == 200
    assert "田中 花子" in page.text and "編集 (区役所 住民情報課)" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert browser.post("/sign-out", data={"form_token": "wrong"}).status_code == 403
    assert browser.post("/sign-out", data={"form_token": form_token(page)}).status_code == 303
    gone = browser.get("/staff")
    assert (gone.status_code, gone.headers["location"]) == (303, "/sign-in?next=%2Fstaff")
    assert actions(staff) == [
        "account.add", "account.link", "account.password", "session.begin", "session.end",
    ]  # fmt: skip


def test_the_store_holds_no_secret(staff: SmallInstallation, app: Any, tmp_path: Path) -> None:
    browser = signed_in_browser(staff, app, "tanaka", [])
    link = staff.accounts.new_link("tanaka", by="tests")
    held = b"".join(file.read_bytes() for file in tmp_path.glob("staff.db*"))
    cookie = browser.cookies["madoguchi-staff"]
    assert len(cookie) == 43  # 256 bits in base64
    assert b"tanaka" in held
    for secret in (cookie, link.token, PASSWORD):
        assert secret.encode() not in held


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("elevenchars", "12文字以上"),
        ("password1234", "推測されやすい"),
        ("miotsukushi12", "推測されやすい"),
        ("tanaka-tanaka", "推測されやすい"),
        ("x" * 257, "長すぎます"),
    ],
)
def test_a_weak_password_is_refused_and_the_link_holds(
    staff: SmallInstallation, browser: TestClient, password: str, words: str
) -> None:
    link = staff.accounts.add("tanaka", "Tanaka", [], by="tests")
    refused = set_up(browser, link.path, password)
    assert refused.status_code == 400 and words in refused.text
    assert password not in refused.text
    assert set_up(browser, link.path, PASSWORD, again=f"{PASSWORD}。").status_code == 400
    assert set_up(browser, link.path).status_code == 303


def test_a_password_typed_on_another_keyboard_is_the_same() -> None:
    kept = passwords.hash_password("ﾊﾟｽﾜｰﾄﾞ ｔｈａｔ ｉｓ ｗｉｄｅ")
    assert passwords.is_password(kept, "パスワード that is wide")
    assert not passwords.is_password(kept, "パスワード that is wide ")
    assert not passwords.is_password(None, "nobody has this password")


def test_a_link_expires_and_a_newer_one_replaces_it(
    staff: SmallInstallation, browser: TestClient, clock: list[datetime]
) -> None:
    first = staff.accounts.add("tanaka", "Tanaka", [], by="tests")
    second = staff.accounts.new_link("tanaka", by="tests")
    assert browser.get(first.path).status_code == 404
    assert browser.get(second.path).status_code == 200
    clock[0] = second.expires_at
    assert browser.get(second.path).status_code == 404
    assert browser.get("/set-up/%00nonsense").status_code == 404


def test_sessions_end_by_disuse_and_by_age(
    staff: SmallInstallation, app: Any, clock: list[datetime]
) -> None:
    browser = signed_in_browser(staff, app, "tanaka", [])
    begun = clock[0]
    clock[0] += timedelta(minutes=59)
    assert browser.get("/staff").status_code == 200
    clock[0] += timedelta(minutes=59)
    assert browser.get("/staff").status_code == 200
    clock[0] += timedelta(minutes=60)
    assert browser.get("/staff").status_code == 303
    sign_in(browser, "tanaka")
    begun = clock[0]
    while clock[0] < begun + timedelta(hours=11, minutes=30):
        assert browser.get("/staff").status_code == 200
        clock[0] += timedelta(minutes=30)
    clock[0] = begun + timedelta(hours=12)
    assert browser.get("/staff").status_code == 303


def test_a_new_password_and_disabling_end_every_session(staff: SmallInstallation, app: Any) -> None:
    one = signed_in_browser(staff, app, "tanaka", [])
    two = new_browser(app)
    assert sign_in(two, "tanaka").status_code == 303
    before = one.cookies["madoguchi-staff"]
    link = staff.accounts.new_link("tanaka", by="tests")
    assert set_up(new_browser(app), link.path, "まったく別の長い合い言葉です").status_code == 303
    assert [b.get("/staff").status_code for b in (one, two)] == [303, 303]
    assert sign_in(one, "tanaka").status_code == 401
    assert sign_in(one, "tanaka", "まったく別の長い合い言葉です").status_code == 303
    assert one.cookies["madoguchi-staff"] != before
    pending = staff.accounts.new_link("tanaka", by="tests")
    staff.store.set_disabled("tanaka", True, by="tests")
    assert one.get("/staff").status_code == 303
    assert sign_in(one, "tanaka", "まったく別の長い合い言葉です").status_code == 401
    assert one.get(pending.path).status_code == 404


def test_signing_in_again_renews_the_session(staff: SmallInstallation, app: Any) -> None:
    browser = signed_in_browser(staff, app, "tanaka", [])
    first = browser.cookies["madoguchi-staff"]
    other = new_browser(app)
    other.cookies.set("madoguchi-staff", first)
    sign_in_page = new_browser(app).get("/sign-in")
    other.cookies.update(sign_in_page.cookies)
    form = {"form_token": form_token(sign_in_page), "name": "tanaka", "password": PASSWORD}
    assert other.post("/sign-in", data=form).status_code == 303
    assert browser.get("/staff").status_code == 303


@pytest.mark.parametrize("name", ["tanaka", "nobody-of-that-name"])
def test_failures_lock_longer_and_longer(
    staff: SmallInstallation, app: Any, clock: list[datetime], name: str
) -> None:
    signed_in_browser(staff, app, "tanaka", [])
    browser = new_browser(app)
    for _ in range(5):
        wrong = sign_in(browser, name, "not the password")
        assert wrong.status_code == 401
        assert "アカウント名またはパスワードが違います" in wrong.text
    for seconds in (30, 60, 120):
        locked = sign_in(browser, name)
        assert (locked.status_code, locked.headers["retry-after"]) == (429, str(seconds))
        assert f"{seconds}秒後" in locked.text
        clock[0] += timedelta(seconds=seconds)
        assert sign_in(browser, name, "not the password").status_code == 401
    clock[0] += timedelta(hours=1)
    right = sign_in(browser, name)
    assert right.status_code == (303 if name == "tanaka" else 401)
    refused = [e for e in staff.store.audit_log() if e.action == "session.refuse"]
    assert {e.actor for e in refused} == {SIGNING_IN}
    assert {e.subject for e in refused} == ({"tanaka"} if name == "tanaka" else {""})


def test_an_address_that_tries_many_names_is_locked(
    staff: SmallInstallation, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "is_password", lambda *_: False)
    tried = [sign_in(browser, f"name-{n}", "guess").status_code for n in range(51)]
    assert tried == [401] * 50 + [429]


def test_a_right_password_is_no_failure_of_the_office(
    staff: SmallInstallation, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in_browser(staff, app, "tanaka", [])
    monkeypatch.setattr(passwords, "is_password", lambda *_: True)
    for _ in range(60):
        browser.cookies.clear()
        assert sign_in(browser, "tanaka").status_code == 303


def test_an_unknown_name_is_hashed_like_a_known_one(
    staff: SmallInstallation, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []
    real = passwords.is_password
    monkeypatch.setattr(
        passwords, "is_password", lambda kept, word: asked.append(kept) or real(kept, word)
    )
    staff.accounts.add("invited", "Invited", [], by="tests")
    for name in ("nobody", "invited"):
        assert sign_in(browser, name).status_code == 401
    assert asked == [None, None]


def test_a_form_of_another_browser_or_site_does_not_sign_in(
    staff: SmallInstallation, app: Any
) -> None:
    signed_in_browser(staff, app, "tanaka", [])
    stranger, victim = new_browser(app), new_browser(app)
    form = {"form_token": form_token(stranger.get("/sign-in")), "name": "tanaka"}
    for headers in ({}, {"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}):
        reply = victim.post("/sign-in", data={**form, "password": PASSWORD}, headers=headers)
        assert reply.status_code == 403
        assert "madoguchi-staff" not in victim.cookies


@pytest.mark.parametrize(
    "wish",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "", "/a\n"],
)
def test_nobody_is_sent_to_another_site(staff: SmallInstallation, app: Any, wish: str) -> None:
    browser = signed_in_browser(staff, app, "tanaka", [])
    browser.cookies.clear()
    assert sign_in(browser, "tanaka", next=wish).headers["location"] == "/staff"
    assert browser.get("/sign-in", params={"next": wish}).headers["location"] == "/staff"


def test_over_https_the_cookie_is_bound_to_the_host(
    installation: SmallInstallation, tmp_path: Path
) -> None:
    server = {"public_url": "https://desk.example"}
    with staff_installation(installation, tmp_path, server=server) as staff:
        browser = new_browser(create_app(staff), "https://desk.example")
        link = staff.accounts.add("tanaka", "Tanaka", [], by="tests")
        set_up(browser, link.path)
        cookie = sign_in(browser, "tanaka").headers["set-cookie"].split(", ")[-1]
    assert cookie.startswith("__Host-madoguchi-staff=")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_page_left_open_too_long_loses_nothing(staff: SmallInstallation, app: Any) -> None:
    browser = signed_in_browser(staff, app, "boss", [Grant(Role.ADMINISTRATOR)])
    stale = form_token(browser.get("/admin/accounts"))
    browser.cookies.clear()
    typed = {"name": "suzuki", "display_name": "鈴木 <一郎>", "form_token": stale}
    ended = browser.post("/admin/accounts", data=typed)
    assert ended.status_code == 401 and "別のタブでログイン" in ended.text
    assert "鈴木 &lt;一郎&gt;" in ended.text
    sign_in(browser, "boss")
    asked = browser.post("/admin/accounts", data=typed)
    assert asked.status_code == 403 and "鈴木 &lt;一郎&gt;" in asked.text
    again = browser.post("/admin/accounts", data={**typed, "form_token": form_token(asked)})
    assert again.status_code == 200 and "/set-up/" in again.text
    evil = browser.post(
        "/admin/accounts", data=typed, headers={"sec-fetch-site": "same-site", "origin": "null"}
    )
    assert evil.status_code == 403 and "鈴木" not in evil.text
