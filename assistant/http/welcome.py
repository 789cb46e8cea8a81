"""`GET /api/welcome`: what the chat shows before anything is asked, and whom one may call."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

import yaml
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from assistant.http.disaster import comes_first, is_on
from knowledge.article import Localization, languages
from knowledge.city import City
from knowledge.release import Release
from knowledge.ruby import strip

router = APIRouter(tags=["widget"])


class Contact(BaseModel):
    """A telephone that people answer."""

    name: str
    phone: str
    hours: str = ""


class Office(BaseModel):
    """A ward office; `position` is its latitude and longitude in degrees (WGS 84), where known."""

    name: str
    text: str
    position: tuple[float, float] | None


class FirstQuestion(BaseModel):
    """A question to begin with; where an article lacks the language, its Japanese title."""

    text: str
    lang: str
    slug: str


class EventQuestions(BaseModel):
    """Questions to begin with, about one life event."""

    event: str
    questions: list[FirstQuestion]


class Welcome(BaseModel):
    """The city, its telephones, its ward offices, and first questions by life event."""

    lang: str
    city: str
    invented: bool
    call_center: Contact | None
    interpreter: Contact | None
    offices: list[Office]
    office_hours: str
    first_questions: list[EventQuestions]


@router.get("/api/welcome")
def welcome(
    request: Request, response: Response, lang: str = Query("ja", max_length=20)
) -> Welcome:
    """Return the beginning of a conversation in `lang`; in Japanese where we lack it."""
    release: Release = request.app.state.installation.live.get()
    lang = lang if lang in languages() else "ja"
    disaster = is_on(request)
    response.headers["Cache-Control"] = "no-cache" if disaster else "public, max-age=300"
    city = release.city
    return Welcome(
        lang=lang,
        city=_value(city, "city.name", lang),
        invented=_is_reserved(_value(city, "city.url", lang)),
        call_center=_contact(city, "call_center", lang),
        interpreter=_contact(city, "interpreter", lang),
        offices=[_office(city, key, lang) for key in city.values if key.startswith("office.")],
        office_hours=_value(city, "hours.ward", lang),
        first_questions=_first_questions(release, lang, disaster=disaster),
    )


def _value(city: City, key: str, lang: str) -> str:
    return strip(city.text(key, lang)) if key in city.values else ""


def _contact(city: City, key: str, lang: str) -> Contact | None:
    phone = _value(city, f"phone.{key}", lang)
    if not phone:
        return None
    name, hours = (_value(city, f"{kind}.{key}", lang) for kind in ("section", "hours"))
    return Contact(name=name, phone=phone, hours=hours)


def _office(city: City, key: str, lang: str) -> Office:
    """The office at `key`; its name is what stands before the address in brackets."""
    text = _value(city, key, lang)
    name = re.split(r"\s*[（(]", text, maxsplit=1)[0]
    place = _value(city, key.replace("office.", "position.", 1), lang)
    try:
        latitude, longitude = (float(part) for part in place.split(","))
    except ValueError:
        return Office(name=name, text=text, position=None)
    return Office(name=name, text=text, position=(latitude, longitude))


def _is_reserved(url: str) -> bool:
    """Say whether `url` is under a name reserved for examples (RFC 2606): an invented city."""
    labels = (urlsplit(url).hostname or "").split(".")
    return "example" in labels


@cache
def _events() -> dict[str, list[str]]:
    text = resources.files("widget").joinpath("first_questions.yaml").read_text(encoding="utf-8")
    events: dict[str, list[str]] = yaml.safe_load(text)
    return events


def _first_questions(release: Release, lang: str, *, disaster: bool) -> list[EventQuestions]:
    found = []
    first = {"disaster": list(comes_first())} if disaster else {}
    for event, slugs in {**first, **_events()}.items():
        questions = [
            _first_question(release.shown(slug, lang), slug, lang)
            for slug in slugs
            if slug in release.articles
        ]
        if questions:
            found.append(EventQuestions(event=event, questions=questions))
    return found


def _first_question(text: Localization, slug: str, lang: str) -> FirstQuestion:
    words = text.questions[0] if text.questions and text.lang == lang else text.title
    return FirstQuestion(text=strip(words), lang=text.lang, slug=slug)
