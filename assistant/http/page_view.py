"""What every page has: its language, its texts, the city, and the frame around it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from importlib import resources
from typing import Any
from urllib.parse import urlencode, urlsplit

import yaml
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.convertors import Convertor, register_url_convertor

from assistant import notices
from assistant.answer import JAPAN
from assistant.blocks import Text
from assistant.http import page_markup
from assistant.http.security_headers import PAGE_POLICY
from assistant.notices import Notice
from assistant.replies import Replies, replies
from knowledge.article import languages
from knowledge.city import City
from knowledge.errors import KnowledgeError
from knowledge.release import Release
from knowledge.ruby import strip

BROWSER_LANGUAGES = {
    "zh": "zh-Hans", "zh-tw": "zh-Hant", "zh-hk": "zh-Hant", "zh-mo": "zh-Hant", "fil": "tl",
}  # fmt: skip
"""What browsers call a language that the help desk calls otherwise."""


class LanguageConvertor(Convertor[str]):
    """The first part of a page's address: the tag of one of our languages."""

    regex = "|".join(sorted(languages(), key=len, reverse=True))

    def convert(self, value: str) -> str:
        """Return the tag."""
        return value

    def to_string(self, value: str) -> str:
        """Return the tag."""
        return value


register_url_convertor("page_lang", LanguageConvertor())


@cache
def page_texts(lang: str) -> Replies:
    """Return the texts of the pages in `lang`; languages without a file read English."""
    folder = resources.files("widget").joinpath("pages")
    file = folder.joinpath(f"{lang}.yaml")
    if not file.is_file():
        file = folder.joinpath("en.yaml")
    return Replies(lang, yaml.safe_load(file.read_text("utf-8")))


@cache
def chat_words(lang: str) -> dict[str, str]:
    """Return the words of the chat in `lang`, which some pages share."""
    file = resources.files("widget").joinpath("static", "strings", f"{lang}.json")
    words: dict[str, str] = json.loads(file.read_text("utf-8"))
    return words


@cache
def icons() -> dict[str, str]:
    """Return the icons' paths by name."""
    text = resources.files("widget").joinpath("icons.yaml").read_text("utf-8")
    paths: dict[str, str] = yaml.safe_load(text)
    return paths


def preferred(header: str) -> str:
    """Return our language that an Accept-Language header prefers; Japanese if none.

    >>> preferred("fr;q=0.9, pt-BR;q=0.8, en;q=0.5"), preferred("zh-TW"), preferred("")
    ('pt', 'zh-Hant', 'ja')
    """
    ours = {tag.lower(): tag for tag in languages()}
    wishes: list[tuple[float, str]] = []
    for part in header.split(",")[:20]:
        tag, _, weight = part.strip().partition(";q=")
        try:
            wishes.append((float(weight or 1), tag.strip().lower()))
        except ValueError:
            continue
    for _, tag in sorted(wishes, key=lambda wish: -wish[0]):
        pieces = tag.split("-")
        for end in range(len(pieces), 0, -1):
            name = "-".join(pieces[:end])
            found = ours.get(name) or BROWSER_LANGUAGES.get(name)
            if found:
                return found
    return "ja"


@dataclass(frozen=True)
class View:
    """One page in the making: who reads it, and from which release."""

    request: Request
    lang: str

    @cached_property
    def release(self) -> Release:
        """The release this page is made from."""
        release: Release = self.request.app.state.installation.live.get()
        return release

    @property
    def ruby(self) -> bool:
        """Whether readings are shown."""
        return self.request.query_params.get("ruby") != "0"

    @cached_property
    def texts(self) -> Replies:
        """The texts of the pages."""
        return page_texts(self.lang)

    @cached_property
    def says(self) -> Replies:
        """The replies of the help desk, which hold the names of the facts."""
        return replies(self.lang)

    def city(self, key: str) -> str:
        """Return a value of the city; empty where it has none."""
        try:
            city: City = self.release.city
        except KnowledgeError:
            return ""
        return city.text(key, self.lang) if key in city.values else ""

    def words(self, key: str, **values: object) -> str:
        """Return a text with its values filled in, still with its ruby."""
        known = {"city": self.city("city.name") or "Madoguchi", "phone": self.phone, **values}
        return self.texts(key, **known)

    @cached_property
    def notice(self) -> Notice | None:
        """The notice above every page; none where the store cannot be asked."""
        try:
            return notices.active_notice(self.request.app.state.installation.store, self.lang)
        except KnowledgeError:
            return None

    def until(self, moment: datetime) -> Markup:
        """Return until when a notice holds, on Japan's clock."""
        here = moment.astimezone(JAPAN)
        line = self.say("notice.until")
        return Markup(line.replace("{when}", self.date(here.date()) + f" {here:%H:%M}"))

    @property
    def phone(self) -> str:
        """The telephone that people answer."""
        return self.city("phone.call_center")

    @property
    def invented(self) -> bool:
        """Whether the city's address is under a name reserved for examples (RFC 2606)."""
        return "example" in (urlsplit(self.city("city.url")).hostname or "").split(".")

    def mark(self, words: str | Text) -> Markup:
        """Return `words` as markup, with ruby if the reader wants it."""
        if isinstance(words, Text):
            return page_markup.segments(words.ruby or [(words.text, None)], self.ruby)
        return page_markup.inline(words, self.ruby)

    def label(self, key: str, **values: object) -> Markup:
        """Return a text of the pages as it stands inside of a link or a button."""
        return page_markup.inline(self.words(key, **values), self.ruby, links=False)

    def label_of(self, words: str) -> Markup:
        """Return `words` as they stand inside of a link."""
        return page_markup.inline(words, self.ruby, links=False)

    def flow(self, words: str) -> Markup:
        """Return running text as paragraphs and lists."""
        return page_markup.flowing(words, self.ruby)

    def say(self, key: str, **values: object) -> Markup:
        """Return a text of the pages as markup."""
        return self.mark(self.words(key, **values))

    def chat(self, key: str) -> Markup:
        """Return a word of the chat as it stands inside of a link, a label or a button."""
        return page_markup.inline(chat_words(self.lang)[key], self.ruby, links=False)

    def plain(self, key: str, **values: object) -> str:
        """Return a text of the pages without ruby, as attributes and titles need it."""
        return strip(self.words(key, **values))

    def flow_text(self, text: Text) -> Markup:
        """Return a text of an answer as paragraphs and lists."""
        runs = text.ruby or [(text.text, None)]
        return self.flow("".join(f"{{{base}|{read}}}" if read else base for base, read in runs))

    def bare(self, words: str) -> str:
        """Return `words` without ruby."""
        return strip(words)

    def as_of(self, version: int, effective: date, checked: date) -> Markup:
        """Return the line that says which version this is and from when."""
        line = self.say("article.as_of", version=version)
        line = Markup(line.replace("{effective}", self.date(effective)))
        return Markup(line.replace("{checked}", self.date(checked)))

    def date(self, day: date) -> Markup:
        """Return `day` as the language writes it."""
        texts = self.texts.texts
        month = texts["months"][day.month - 1] if texts["months"] else str(day.month)
        number = texts["days"][day.day - 1] if texts["days"] else str(day.day)
        written = str(texts["date"])
        for name, value in {"year": str(day.year), "month": month, "day": number}.items():
            written = written.replace("{" + name + "}", value)
        return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), self.mark(written))

    def to(self, path: str, lang: str | None = None, **query: str) -> str:
        """Return the address of one of our pages, keeping the reader's choice about readings."""
        lang = lang or self.lang
        if not self.ruby and lang == "ja-x-easy":
            query.setdefault("ruby", "0")
        address = f"/{lang}/{path}"
        return f"{address}?{urlencode(query)}" if query else address

    def same_page(self, lang: str) -> str:
        """Return the address of this page in another language."""
        path = self.request.url.path
        own = f"/{self.lang}/"
        rest = path.removeprefix(own) if path.startswith(own) else ""
        return self.to("" if self.request.method == "POST" else rest, lang)

    def other_ruby(self) -> str:
        """Return the address of this page with readings switched the other way."""
        path = self.request.url.path
        return f"{path}?ruby=0" if self.ruby else path

    def sections(self, page: str, **values: object) -> list[dict[str, str]]:
        """Return the headed paragraphs of a page of text, filled in."""
        known = {"city": self.city("city.name"), "phone": self.phone, **values}

        def filled(words: str) -> str:
            for name, value in known.items():
                words = words.replace("{" + name + "}", str(value))
            return words

        return [
            {"heading": filled(section["heading"]), "text": filled(section["text"])}
            for section in self.texts.texts[page]["sections"]
        ]

    def render(
        self, template: str, *, status: int = 200, title: str = "", **context: Any
    ) -> HTMLResponse:
        """Return the page made from `template`."""
        body = (
            _environment()
            .get_template(template)
            .render(view=self, title=title, languages=languages(), icons=icons(), **context)
        )
        headers = {
            "Content-Language": self.lang,
            "Content-Security-Policy": PAGE_POLICY,
            "Cache-Control": "no-cache",
        }
        return HTMLResponse(body, status_code=status, headers=headers)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("widget", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["telephone"] = page_markup.telephone
    return environment
