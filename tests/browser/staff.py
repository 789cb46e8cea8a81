"""People of the staff in a browser: signed in over HTTP, with a page of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from assistant.accounts.roles import Grant
from assistant.composition import Installation
from assistant.settings import Settings
from tests.assistant.staff import HTML, set_up, sign_in
from tests.browser.conftest import RunningServer


class Staff:
    """Accounts of the running city, and browsers that are signed in with them.

    The form to sign in is `test_staff`'s matter; here its cookie is enough.
    """

    def __init__(self, running: RunningServer, open_page: Callable[..., Any]) -> None:
        self.installation = Installation(Settings(_env_file=None, data=running.data))
        self.url = running.url
        self._open_page = open_page

    @contextmanager
    def browser(self, name: str, *roles: str) -> Iterator[httpx.Client]:
        """Sign somebody new in over HTTP, without a page."""
        grants = [Grant.parse(role) for role in roles]
        link = self.installation.accounts.add(name, f"{name} さん", grants, by="tests")
        with httpx.Client(base_url=self.url, headers=HTML, timeout=60) as browser:
            assert set_up(browser, link.path).status_code == 303
            assert sign_in(browser, name).headers["location"] == "/staff"
            yield browser

    def page(self, name: str, *roles: str, width: int = 1280, height: int = 900) -> Any:
        """Open a page of somebody new."""
        with self.browser(name, *roles) as browser:
            cookies = [
                {"name": cookie.name, "value": cookie.value, "url": self.url}
                for cookie in browser.cookies.jar
            ]
        page = self._open_page(width, height, base_url=self.url)
        page.context.add_cookies(cookies)
        return page

    def close(self) -> None:
        self.installation.store.close()
