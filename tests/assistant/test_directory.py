"""Signing in with the city's directory, against a provider that really signs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import RSAKey

from assistant.accounts.roles import Grant, Role
from assistant.http.app import create_app
from tests.assistant.conftest import SmallInstallation
from tests.assistant.provider import CLIENT, SECRET, Provider, running_provider, shared_secret
from tests.assistant.staff import new_browser

ROLES = {"residents": ["editor:section.resident"], "dx": ["administrator", "approver"]}
TANAKA = {"sub": "0001", "preferred_username": "Tanaka@City.Example", "name": "田中 花子"}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture(autouse=True)
def honest(provider: Provider) -> None:
    provider.person = {**TANAKA, "groups": ["residents"]}
    provider.id_claims, provider.user_info, provider.metadata = {}, {}, {}
    provider.signs_with, provider.algorithm = None, "RS256"


Install = Callable[..., tuple[SmallInstallation, TestClient]]


@pytest.fixture
def install(
    installation: SmallInstallation, provider: Provider, tmp_path: Path
) -> Iterator[Install]:
    from tests.assistant.staff import staff_installation

    with ExitStack() as stack:

        def install(**settings: Any) -> tuple[SmallInstallation, TestClient]:
            directory = {
                "issuer": provider.issuer, "client_id": CLIENT, "client_secret": SECRET,
                "label": "市の共通アカウント", "roles": ROLES, **settings,
            }  # fmt: skip
            made = staff_installation(installation, tmp_path, directory=directory)
            staff = stack.enter_context(made)
            return staff, new_browser(create_app(staff))

        yield install


def depart(browser: TestClient, next: str = "") -> str:
    """Go to the directory, and return the address with which it sends the browser back."""
    page = browser.get("/sign-in/directory", params={"next": next})
    assert page.status_code == 303, page.text
    return httpx.get(page.headers["location"]).headers["location"]


def sign_in(browser: TestClient, next: str = "") -> Any:
    return browser.get(depart(browser, next))


def test_signed_in_with_the_roles_of_the_groups(install: Install, provider: Provider) -> None:
    staff, browser = install()
    assert "市の共通アカウントでログイン" in browser.get("/sign-in").text
    assert sign_in(browser, "/staff?x=1").headers["location"] == "/staff?x=1"
    page = browser.get("/staff")
    assert "田中 花子" in page.text and "編集 (区役所 住民情報課)" in page.text
    provider.person |= {"groups": ["dx", "unknown"], "preferred_username": "another.name"}
    assert sign_in(browser).status_code == 303
    (record,) = staff.store.accounts()
    assert record.name == "tanaka@city.example"
    assert record.grants == (("administrator", ""), ("approver", ""))
    actions = [entry.action for entry in staff.store.audit_log()]
    assert actions == ["account.add", "session.begin", "account.roles", "session.begin"]


def test_groups_may_stand_in_the_user_info(install: Install, provider: Provider) -> None:
    staff, browser = install()
    del provider.person["groups"]
    provider.user_info = {"groups": ["residents"]}
    assert sign_in(browser).status_code == 303
    provider.user_info = {"groups": ["dx"], "sub": "somebody else"}
    assert sign_in(browser).status_code == 303
    assert staff.store.accounts()[0].grants == ()


def test_without_a_group_nobody_comes_in(install: Install, provider: Provider) -> None:
    staff, browser = install()
    provider.person["groups"] = ["others"]
    refused = sign_in(browser)
    assert refused.status_code == 403 and "まだ登録されていません" in refused.text
    assert staff.store.accounts() == []
    assert [entry.action for entry in staff.store.audit_log()] == ["session.refuse"]


def test_without_a_map_administrators_give_the_roles(install: Install) -> None:
    staff, browser = install(roles={})
    assert sign_in(browser).status_code == 303
    assert "まだ役割がありません" in browser.get("/staff").text
    name = staff.store.accounts()[0].name
    staff.store.set_grants(name, [("editor", "")], by="tests")
    assert sign_in(browser).status_code == 303
    assert staff.store.account(name).grants == (("editor", ""),)


def test_a_local_name_is_not_taken_over(install: Install, provider: Provider) -> None:
    staff, browser = install()
    staff.accounts.add("boss", "Boss", [Grant(Role.ADMINISTRATOR)], by="tests")
    provider.person["preferred_username"] = "boss"
    assert sign_in(browser).status_code == 403
    assert staff.store.account("boss").subject is None


def test_the_disabled_and_the_last_administrator(install: Install, provider: Provider) -> None:
    staff, browser = install()
    provider.person["groups"] = ["dx"]
    assert sign_in(browser).status_code == 303
    provider.person["groups"] = ["residents"]
    assert sign_in(browser).status_code == 303
    (record,) = staff.store.accounts()
    assert ("administrator", "") in record.grants
    staff.accounts.add("boss", "Boss", [Grant(Role.ADMINISTRATOR)], by="tests")
    staff.store.set_disabled(record.name, True, by="tests")
    assert sign_in(browser).status_code == 403
    assert browser.get("/staff").status_code == 303


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"iss": "http://127.0.0.1:1"},
        {"exp": int(time.time()) - 3600},
        {"azp": "another-client"},
    ],
    ids=lambda lie: next(iter(lie)),
)
def test_a_token_that_does_not_fit_signs_nobody_in(
    install: Install, provider: Provider, lie: dict[str, Any]
) -> None:
    staff, browser = install()
    provider.id_claims = lie
    assert sign_in(browser).status_code == 502
    assert browser.get("/staff").status_code == 303
    assert staff.store.accounts() == []


def test_a_signature_of_somebody_else_signs_nobody_in(install: Install, provider: Provider) -> None:
    _, browser = install()
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    assert sign_in(browser).status_code == 502
    provider.signs_with, provider.algorithm = shared_secret(), "HS256"
    assert sign_in(browser).status_code == 502


def test_a_state_holds_once_and_in_one_browser(install: Install) -> None:
    staff, browser = install()
    back = depart(browser)
    assert new_browser(browser.app).get(back).status_code == 403
    assert browser.get(back).status_code == 403  # it was used up above
    back = depart(browser)
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 403
    assert browser.get("/sign-in/directory/callback?code=x&state=y").status_code == 403
    assert len([e for e in staff.store.audit_log() if e.action == "session.begin"]) == 1


def test_an_answer_of_another_directory_or_a_refusal(install: Install) -> None:
    _, browser = install()
    back = depart(browser)
    mixed = httpx.URL(back).copy_set_param("iss", "http://127.0.0.1:1")
    assert browser.get(str(mixed)).status_code == 502
    state = httpx.URL(depart(browser)).params["state"]
    refused = browser.get(f"/sign-in/directory/callback?error=access_denied&state={state}")
    assert refused.status_code == 502 and "ログインできませんでした" in refused.text


def test_a_directory_that_cannot_be_trusted_or_reached(
    install: Install, provider: Provider
) -> None:
    _, browser = install()
    provider.metadata = {"authorization_endpoint": "http://evil.example/authorize"}
    assert browser.get("/sign-in/directory").status_code == 503
    provider.metadata = {"issuer": "http://evil.example"}
    assert browser.get("/sign-in/directory").status_code == 503
    _, browser = install(issuer="http://127.0.0.1:1")
    gone = browser.get("/sign-in/directory")
    assert gone.status_code == 503 and "ログインできませんでした" in gone.text
    _, browser = install(issuer="")
    assert browser.get("/sign-in/directory").status_code == 404
