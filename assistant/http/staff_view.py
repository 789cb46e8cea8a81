"""What every page of the staff has: who is signed in, their language, and the frame around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from importlib import resources
from typing import Any
from urllib.parse import urlencode

import yaml
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from assistant.accounts.roles import ALL, Account, Role
from assistant.accounts.session import FIELD, form_token, session_cookie, visitor_cookie
from assistant.answer import JAPAN
from assistant.http.page_view import View, icons, preferred
from assistant.http.security_headers import PAGE_POLICY
from assistant.notices import Notice, active_notice
from assistant.replies import Replies
from knowledge.city import City
from knowledge.errors import KnowledgeError
from knowledge.ruby import strip

LANGUAGES = {"ja": "日本語", "en": "English"}
"""The languages of the staff's pages."""

COOKIE = "madoguchi-staff-lang"
"""The cookie that keeps the chosen language; it says nothing about a person."""

PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
"""Sent with every page of the staff, so that no browser or proxy keeps it."""


@cache
def staff_texts(lang: str) -> Replies:
    """Return the texts of the staff's pages; those of ``audit.yaml`` stand under ``audit``."""
    folder = resources.files("widget").joinpath("staff", lang)
    files = sorted((file for file in folder.iterdir()), key=lambda file: file.name)
    return Replies(
        lang,
        {
            file.name.removesuffix(".yaml"): yaml.safe_load(file.read_text(encoding="utf-8"))
            for file in files
            if file.name.endswith(".yaml")
        },
    )


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation: an address, the key of its name, an icon, who may go there."""

    href: str
    text: str
    icon: str
    roles: frozenset[Role]


@cache
def places() -> tuple[Place, ...]:
    """Return the navigation, from ``widget/staff/navigation.yaml``."""
    text = resources.files("widget").joinpath("staff", "navigation.yaml").read_text("utf-8")
    return tuple(
        Place(entry["href"], entry["text"], entry["icon"], frozenset(map(Role, entry["roles"])))
        for entry in yaml.safe_load(text)
    )


@dataclass(frozen=True)
class StaffView:
    """One page of the staff in the making; `account` is None before signing in."""

    request: Request
    account: Account | None = None
    visitor: str = ""
    """The cookie that this response sets for somebody who is about to sign in."""

    @cached_property
    def lang(self) -> str:
        """The language that was chosen, else the browser's."""
        for wish in (self.request.query_params.get("lang"), self.request.cookies.get(COOKIE)):
            if wish in LANGUAGES:
                return str(wish)
        header = self.request.headers.get("accept-language", "")
        return "ja" if preferred(header).startswith("ja") else "en"

    def say(self, key: str, **values: object) -> str:
        """Return a text of the staff's pages; templates escape it."""
        return staff_texts(self.lang)(key, **values)

    def city(self, key: str, lang: str = "") -> str:
        """Return a value of the city, in `lang` or the page's; empty where it has none."""
        try:
            city: City = self.request.app.state.installation.live.get().city
        except KnowledgeError:
            return ""
        return city.text(key, lang or self.lang) if key in city.values else ""

    def department(self, key: str) -> str:
        """Return the name of a department (the `owner` of articles)."""
        return self.say("staff.all_departments") if key == ALL else self.city(key) or key

    def life_event(self, name: str) -> str:
        """Return the name of a life event as residents read it; "" for none."""
        return View(self.request, self.lang).plain(f"events.{name}") if name else ""

    def role(self, role: str) -> str:
        """Return the name of a role."""
        return self.say(f"staff.roles.{role}")

    @property
    def form_token(self) -> str:
        """What a form or a script of this page sends along."""
        if self.account is not None:
            return form_token(session_cookie(self.request))
        return form_token(self.visitor or visitor_cookie(self.request))

    @property
    def form_field(self) -> Markup:
        """The hidden field that every form of this page must hold."""
        field = '<input type="hidden" name="{}" value="{}">'
        return Markup(field).format(FIELD, self.form_token)

    @property
    def navigation(self) -> list[Place]:
        """Where this account may go."""
        account = self.account
        return [p for p in places() if account is not None and account.has(*p.roles)]

    def is_here(self, href: str) -> bool:
        """Say whether this page lies under `href`."""
        path = self.request.url.path
        return path == href or path.startswith(f"{href}/")

    def same_page(self, lang: str) -> str:
        """Return the address of this page in another language."""
        if self.request.method != "GET":
            return f"/staff?{urlencode({'lang': lang})}"
        query = {**self.request.query_params, "lang": lang}
        return f"{self.request.url.path}?{urlencode(query)}"

    def moment(self, at: datetime | None) -> Markup:
        """Return a moment as the day and time in Japan; a dash for none."""
        if at is None:
            return Markup("–")
        local = at.astimezone(JAPAN)
        return Markup('<time datetime="{}">{}</time>').format(
            local.isoformat(timespec="seconds"), local.strftime("%Y-%m-%d %H:%M")
        )

    def clock(self, at: datetime) -> str:
        """Return a moment as words, for the middle of a sentence."""
        return at.astimezone(JAPAN).strftime("%Y-%m-%d %H:%M")

    def bare(self, words: str) -> str:
        """Return `words` without their readings."""
        return strip(words)

    @property
    def notice(self) -> str:
        """What was just done, from ``?done=accounts.added``: a text under ``accounts.done``."""
        area, _, name = self.request.query_params.get("done", "").partition(".")
        texts = staff_texts(self.lang).texts.get(area, {}).get("done", {})
        return str(texts.get(name, ""))

    @property
    def city_notice(self) -> Notice | None:
        """The notice that residents read now; none where the store cannot be asked."""
        try:
            return active_notice(self.request.app.state.installation.store, self.lang)
        except KnowledgeError:
            return None

    def render(
        self,
        template: str,
        *,
        status: int = 200,
        title: str = "",
        policy: str = PAGE_POLICY,
        **context: Any,
    ) -> HTMLResponse:
        """Return the page made from `template`; `policy` is what the page allows itself."""
        body = (
            _environment()
            .get_template(template)
            .render(view=self, title=title, languages=LANGUAGES, icons=icons(), **context)
        )
        headers = {
            "Content-Language": self.lang,
            "Content-Security-Policy": policy,
            **PRIVATE,
        }
        response = HTMLResponse(body, status_code=status, headers=headers)
        if self.request.query_params.get("lang") in LANGUAGES:
            response.set_cookie(
                COOKIE, self.lang, max_age=31_536_000, httponly=True, samesite="lax"
            )
        return response


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("widget", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
