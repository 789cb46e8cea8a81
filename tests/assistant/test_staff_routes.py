"""Every route under /admin and /counter, found by walking the application, is guarded."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from assistant.accounts.guard import Guard
from assistant.accounts.roles import Grant, Role
from assistant.http.app import create_app
from tests.assistant.conftest import SmallInstallation
from tests.assistant.staff import HTML, form_token, signed_in_browser, staff_installation

STAFF = ("/admin", "/counter")


@pytest.fixture(scope="module")
def staff(
    installation: SmallInstallation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SmallInstallation]:
    with staff_installation(installation, tmp_path_factory.mktemp("staff")) as made:
        yield made


@pytest.fixture(scope="module")
def browsers(staff: SmallInstallation) -> dict[str, TestClient]:
    """A browser without a session, and one for each role."""
    app = create_app(staff)
    found = {"nobody": TestClient(app, base_url="http://desk.example", follow_redirects=False)}
    for role in Role:
        found[role.value] = signed_in_browser(staff, app, role.value, [Grant(role)])
    return found


def routes(app: Any) -> Iterator[Any]:
    """Every route with a path and dependencies, whichever way FastAPI keeps included routers."""
    for route in app.routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from routes(included)
        else:
            yield route


def guard(route: Any) -> Guard | None:
    """The guard among the dependencies of a route, however deep."""
    waiting = [getattr(route, "dependant", None)]
    while waiting:
        dependant = waiting.pop()
        if dependant is None:
            continue
        if isinstance(dependant.call, Guard):
            return dependant.call
        waiting += dependant.dependencies
    return None


def staff_routes(app: Any) -> list[tuple[str, str, Guard | None]]:
    """Method (or WEBSOCKET), path and guard of every route of the staff."""
    found = []
    for route in routes(app):
        path = getattr(route, "path", "")
        if any(path == start or path.startswith(f"{start}/") for start in STAFF):
            for method in sorted(getattr(route, "methods", None) or {"WEBSOCKET"}):
                found.append((method, path, guard(route)))
    return found


def ask(browser: TestClient, method: str, path: str, **headers: str) -> Any:
    return browser.request(method, re.sub(r"\{[^}]*\}", "1", path), headers=headers)


def test_the_walk_finds_the_routes(staff: SmallInstallation) -> None:
    found = {(method, path) for method, path, _ in staff_routes(create_app(staff))}
    assert {("GET", "/admin/accounts"), ("POST", "/admin/accounts/{name}/roles")} <= found


def test_every_route_has_a_guard_that_names_roles(staff: SmallInstallation) -> None:
    bare = [
        f"{method} {path}"
        for method, path, found in staff_routes(create_app(staff))
        if found is None or not found.roles
    ]
    assert not bare


def test_no_route_opens_without_a_session_or_to_a_wrong_role(
    staff: SmallInstallation, browsers: dict[str, TestClient]
) -> None:
    opened = []
    told = staff_routes(create_app(staff))
    for (method, path, found), (who, browser) in itertools.product(told, browsers.items()):
        assert found is not None
        if who in {role.value for role in found.roles}:
            continue
        if method == "WEBSOCKET":
            with pytest.raises(WebSocketDisconnect), browser.websocket_connect(path):
                opened.append((who, method, path))
            continue
        token = form_token(browser.get("/staff", headers=HTML)) if who != "nobody" else "x"
        page = ask(browser, method, path, **HTML, **{"x-form-token": token})
        json = ask(browser, method, path, accept="application/json", **{"x-form-token": token})
        if who == "nobody":
            right = page.status_code == (303 if method == "GET" else 401)
            right = right and (json.status_code, json.json()["error"]["type"]) == (
                401,
                "NotSignedIn",
            )
        else:
            right = page.status_code == 403
            right = right and json.json()["error"]["type"] == "NotAllowed"
        if not right or page.headers["cache-control"] != "no-store":
            opened.append((who, method, path))
    assert not opened


def test_no_change_is_taken_without_the_forms_token_or_from_another_site(
    staff: SmallInstallation, browsers: dict[str, TestClient]
) -> None:
    taken = []
    for method, path, found in staff_routes(create_app(staff)):
        if method in ("GET", "HEAD", "WEBSOCKET"):
            continue
        assert found is not None
        browser = browsers[min(found.roles).value]
        token = {"x-form-token": form_token(browser.get("/staff", headers=HTML))}
        for headers in (
            {},
            {"x-form-token": "0" * 64},
            {**token, "origin": "http://evil.example"},
            {**token, "sec-fetch-site": "same-site", "origin": "http://www.desk.example"},
        ):
            reply = ask(browser, method, path, accept="application/json", **headers)
            if (reply.status_code, reply.json()["error"]["type"]) not in (
                (403, "ForeignForm"),
                (403, "OtherOrigin"),
            ):
                taken.append((method, path, headers))
    assert not taken


def test_a_right_role_comes_in(browsers: dict[str, TestClient]) -> None:
    for path in ("/admin/accounts", "/admin/audit"):
        page = browsers["administrator"].get(path, headers=HTML)
        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"
        assert "unsafe" not in page.headers["content-security-policy"]
        assert page.headers["referrer-policy"] == "same-origin"
        for role in ("counter", "editor", "approver"):
            refused = browsers[role].get(path, headers={**HTML, "accept-language": "en"})
            assert refused.status_code == 403
            assert "You cannot do this" in refused.text
