"""Somebody of the staff for tests: an account of their own, signed in with a real password."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from assistant.accounts.roles import Grant
from assistant.settings import Settings
from tests.assistant.conftest import SmallInstallation

PASSWORD = "さくらの花が咲くころに会おう"
HTML = {"accept": "text/html", "accept-language": "ja"}


@contextmanager
def staff_installation(
    installation: SmallInstallation, folder: Path, **settings: Any
) -> Iterator[SmallInstallation]:
    """The same city and release, with a store of its own for accounts."""
    store = {"url": f"sqlite:///{folder}/staff.db"}
    data = installation.settings.data
    made = SmallInstallation(Settings(_env_file=None, data=data, store=store, **settings))
    yield made
    made.store.close()


def new_browser(app: Any, base_url: str = "http://desk.example") -> TestClient:
    """A browser that asks for pages and shows where it is sent."""
    return TestClient(app, base_url=base_url, headers=HTML, follow_redirects=False)


def form_token(page: Any) -> str:
    """The token in the forms of a page."""
    found = re.search(r'name="form_token" value="(\w+)"', page.text)
    assert found, page.text
    return found.group(1)


def set_up(browser: Any, path: str, password: str = PASSWORD, again: str = "") -> Any:
    """Set a password at the link with `path`; `browser` is a client of httpx or of the tests."""
    form = {"form_token": form_token(browser.get(path)), "password": password}
    return browser.post(path, data={**form, "password_again": again or password})


def sign_in(browser: Any, name: str, password: str = PASSWORD, **more: str) -> Any:
    """Fill in the form to sign in and send it."""
    form = {"form_token": form_token(browser.get("/sign-in")), "name": name}
    return browser.post("/sign-in", data={**form, "password": password, **more})


def signed_in_browser(
    installation: SmallInstallation, app: Any, name: str, grants: list[Grant]
) -> TestClient:
    """Make an account and a browser that is signed in with it."""
    browser = new_browser(app)
    link = installation.accounts.add(name, f"{name} さん", grants, by="tests")
    assert set_up(browser, link.path).status_code == 303
    assert sign_in(browser, name).headers["location"] == "/staff"
    return browser
