"""Signing in and out, set-up links, locks, and forms from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.accounts.accounts import COMMAND_LINE
from assistant.accounts.roles import Grant, Role
from assistant.http.app import create_app
from assistant.settings import Settings
from tests.assistant.conftest import SmallInstallation

PASSWORD = "さくらの花が咲くころに会おう"
HTML = {"accept": "text/html"}


@pytest.fixture
def desk_of_staff(installation: SmallInstallation, tmp_path: Path) -> Iterator[SmallInstallation]:
    """The small city with a store of its own for accounts."""
    made = SmallInstallation(
        Settings(
            _env_file=None,
            data=installation.settings.data,
            store={"url": f"sqlite:///{tmp_path}/staff.db"},
        )
    )
    yield made
    made.store.close()


@pytest.fixture
def browser(desk_of_staff: SmallInstallation) -> Iterator[TestClient]:
    app = create_app(desk_of_staff)
    client = TestClient(app, base_url="http://desk.example", headers=HTML)
    client.follow_redirects = False
    yield client


def token(page: Any) -> str:
    found = re.search(r'name="form_token" value="(\w+)"', page.text)
    assert found, page.text
    return found.group(1)


def set_up(browser: TestClient, path: str, password: str = PASSWORD) -> Any:
    form = {"form_token": token(browser.get(path)), "password": password}
    return browser.post(path, data={**form, "password_again": password})


def sign_in(browser: TestClient, name: str, password: str = PASSWORD, **more: str) -> Any:
    form = {"form_token": token(browser.get("/sign-in")), "name": name, "password": password}
    return browser.post("/sign-in", data={**form, **more})


def test_from_the_link_to_signing_out(
    desk_of_staff: SmallInstallation, browser: TestClient
) -> None:
    accounts = desk_of_staff.accounts
    link = accounts.add("Tanaka", "田中 花子", [Grant(Role.EDITOR, "section.resident")], by="t")
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
    assert browser.post("/sign-out", data={"form_token": token(page)}).status_code == 303
    gone = browser.get("/staff")
    assert (gone.status_code, gone.headers["location"]) == (303, "/sign-in?next=%2Fstaff")
    actions = [entry.action for entry in desk_of_staff.store.audit_log()]
    assert actions == [
        "account.add", "account.link", "account.password", "session.begin", "session.end",
    ]  # fmt: skip
    assert COMMAND_LINE not in {entry.actor for entry in desk_of_staff.store.audit_log()}
