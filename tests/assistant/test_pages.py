"""The pages, made on five articles and the fake embedder, and what their texts hold."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.http import pages
from assistant.http.app import create_app
from assistant.http.page_view import icons, page_texts, preferred
from assistant.settings import Settings
from knowledge.article import FACT_NAMES, LIFE_EVENTS, languages
from knowledge.errors import ReleaseMissing
from knowledge.ruby import strip
from tests.assistant.conftest import SLUGS, SmallInstallation

HTML = {"accept": "text/html"}
PAGES = (
    "",
    "life/moving",
    "articles/moving-in",
    "ask",
    "handover",
    "my",
    "about",
    "accessibility",
    "privacy",
)


def flat(texts: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(texts, dict):
        for key, value in texts.items():
            yield from flat(value, f"{path}.{key}")
    elif isinstance(texts, list):
        for number, value in enumerate(texts):
            yield from flat(value, f"{path}.{number}")
    else:
        yield path, str(texts)


def worded(lang: str) -> dict[str, str]:
    kept = {k: v for k, v in page_texts(lang).texts.items() if k not in ("months", "days", "date")}
    return dict(flat(kept))


@pytest.mark.parametrize("lang", sorted(languages()))
def test_every_language_has_the_same_texts(lang: str) -> None:
    original, ours = worded("ja"), worded(lang)
    assert ours.keys() == original.keys()
    names = re.compile(r"\{(\w+)\}")
    for key, words in ours.items():
        assert words.strip()
        assert sorted(names.findall(strip(words))) == sorted(names.findall(original[key])), key
        if key.endswith("text"):
            figures = re.compile(r"\b(?:110|119|8341|2016|400)\b", re.ASCII)
            found = set(figures.findall(strip(words)))
            assert found == set(figures.findall(original[key])), (key, words)


@pytest.mark.parametrize("lang", sorted(languages()))
def test_every_language_writes_dates(lang: str) -> None:
    texts = page_texts(lang).texts
    assert len(texts["months"]) in (0, 12)
    assert len(texts["days"]) in (0, 31)
    assert all(f"{{{part}}}" in texts["date"] for part in ("year", "month", "day"))


def test_life_events_and_facts_have_names_and_icons() -> None:
    assert set(LIFE_EVENTS) == set(page_texts("ja").texts["events"])
    assert {*LIFE_EVENTS, *FACT_NAMES} <= icons().keys()


@pytest.mark.parametrize("lang", sorted(languages()))
@pytest.mark.parametrize("page", PAGES)
def test_every_page_in_every_language(client: TestClient, lang: str, page: str) -> None:
    reply = client.get(f"/{lang}/{page}", headers=HTML)
    assert reply.status_code == 200
    assert f'<html lang="{lang}">' in reply.text
    assert reply.headers["content-language"] == lang
    assert "{{" not in reply.text
    assert not re.search(r"\{\w+\}", re.sub(r'data-words="[^"]*"', "", reply.text))
    assert "unsafe" not in reply.headers["content-security-policy"]
    assert not re.search(
        r"<(?:style|script(?! type=\"(?:module|application/ld))|[^>]+ style=)", reply.text
    )


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "ja"),
        ("fr", "ja"),
        ("vi-VN,vi;q=0.9,en;q=0.8", "vi"),
        ("zh-CN", "zh-Hans"),
        ("zh-Hant-TW", "zh-Hant"),
        ("zh-HK;q=0.8, fr", "zh-Hant"),
        ("fil-PH", "tl"),
        ("en;q=x, ko;q=0.3", "ko"),
    ],
)
def test_the_front_goes_to_the_language_of_the_browser(
    client: TestClient, header: str, lang: str
) -> None:
    assert preferred(header) == lang
    reply = client.get("/", headers={"accept-language": header}, follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (302, f"/{lang}/")


def test_json_ld_is_the_article_as_a_service(client: TestClient) -> None:
    page = client.get("/en/articles/moving-in").text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert found is not None
    entry = json.loads(found.group(1))
    assert entry["@context"] == "https://schema.org"
    assert entry["@type"] == "GovernmentService"
    assert entry["inLanguage"] == "en"
    assert entry["url"].endswith("/en/articles/moving-in")
    assert entry["name"].startswith("Moving-in notification")


def test_an_article_shows_everything_it_holds(client: TestClient) -> None:
    page = unescape(re.sub(r"<[^>]+>", "", client.get("/ja/articles/moving-in").text))
    words = re.sub(r"\s+", "", page)
    article = client.get("/api/articles/moving-in", params={"lang": "ja"}).json()
    text = article["localizations"]["ja"]
    lines = [text["title"], text["summary"], *text["conditions"]]
    for fact in text["facts"].values():
        lines += [fact] if isinstance(fact, str) else fact
    lines += [section["heading"] for section in text["sections"]]
    assert [line for line in lines if re.sub(r"\s+", "", line) not in words] == []


def test_a_version_has_an_address_of_its_own(client: TestClient) -> None:
    number = next(
        entry["version"]
        for entry in client.get("/api/articles").json()["articles"]
        if entry["slug"] == "moving-in"
    )
    assert client.get(f"/ja/articles/moving-in?version={number}").status_code == 200
    for wrong in ("0", "99", "x", "1;drop"):
        reply = client.get(f"/ja/articles/moving-in?version={wrong}", headers=HTML)
        assert reply.status_code == 404


def test_readings_can_be_left_out(client: TestClient) -> None:
    assert "<ruby>" in client.get("/ja-x-easy/articles/moving-in").text
    without = client.get("/ja-x-easy/articles/moving-in?ruby=0").text
    assert "<ruby>" not in without
    assert "/ja-x-easy/life/moving?ruby=0" in without


def test_the_deadline_as_a_calendar_file(client: TestClient) -> None:
    reply = client.get("/en/articles/moving-in/deadline.ics?start=2026-04-01")
    assert reply.headers["content-type"].startswith("text/calendar")
    assert "DTSTART;VALUE=DATE:20260414" in reply.text
    assert all(len(line.encode()) <= 75 for line in reply.text.split("\r\n"))
    for wrong in ("", "tomorrow", "9999-12-31"):
        path = f"/en/articles/moving-in/deadline.ics?start={wrong}"
        assert client.get(path, headers=HTML).status_code == 400
    none = client.get("/en/articles/emergency-119/deadline.ics?start=2026-04-01", headers=HTML)
    assert none.status_code == 404


def test_an_answer_is_rated_without_scripts(client: TestClient) -> None:
    installation = client.app.state.installation  # type: ignore[attr-defined]
    page = client.post("/en/ask", data={"q": "call an ambulance", "conversation": "r" * 22}).text
    fields = dict(re.findall(r'name="(conversation|turn)" value="([^"]+)"', page))
    bad = {"rating": "bad", "reason": "hard", "comment": "Call me at 090-1234-5678"}
    rated = client.post("/en/ask/rate", data={**fields, **bad}).text
    assert "Thank you" in rated
    assert "119" in rated
    assert 'class="rating' not in rated
    with installation.store.engine.connect() as connection:
        kept = connection.exec_driver_sql(
            f"SELECT rating, reason FROM feedback WHERE turn_id = '{fields['turn']}'"
        ).one()
    assert kept.rating == "bad"
    assert kept.reason.startswith("hard: Call me at ")
    assert "090" not in kept.reason
    for wrong in ({"turn": "x"}, {"rating": "fine"}, {"conversation": ""}):
        again = client.post("/en/ask/rate", data={**fields, **bad, **wrong})
        assert again.status_code == 200
        assert "Thank you" not in again.text


def test_the_form_answers_keeps_the_thread_and_forgets(client: TestClient) -> None:
    first = client.post("/en/ask", data={"q": "When must I register after moving here?"}).text
    assert "14 days" in first
    assert "/en/articles/moving-in" in first
    token = hidden(first, "conversation")
    form = {"q": "What do I need to bring?", "conversation": token, "request": "a-request-id"}
    second = client.post("/en/ask", data=form).text
    assert "Residence card" in second
    assert "When must I register" in second
    client.post("/en/ask", data=form)
    turns = client.get(f"/api/conversations/{token}").json()["turns"]
    assert len(turns) == 2
    client.post("/en/ask", data={**form, "q": "How much is it?"})
    assert len(client.get(f"/api/conversations/{token}").json()["turns"]) == 3
    assert "has been deleted" in client.post("/en/ask/delete", data={"conversation": token}).text
    assert client.get(f"/api/conversations/{token}").json()["turns"] == []


def test_a_conversation_is_handed_over_only_with_consent(client: TestClient) -> None:
    page = client.post("/en/ask", data={"q": "What do I need for moving in?"}).text
    token = hidden(page, "conversation")
    asked = client.post("/en/handover", data={"conversation": token})
    assert "consent" in asked.text and asked.headers["cache-control"] == "no-store"
    assert 'class="code"' not in asked.text
    given = client.post("/en/handover", data={"conversation": token, "consent": "yes"})
    assert re.search(r'class="code"><span>\d{4}</span> <span>\d{4}</span>', given.text)
    assert "<svg" in given.text
    unknown = client.post("/en/handover", data={"conversation": "0" * 22, "consent": "yes"})
    assert unknown.status_code == 404 and "cannot be found" in unknown.text
    assert client.post("/en/handover", data={"conversation": "?"}).status_code == 400


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{7*7}}", "{漢|<b>}"]
)
def test_what_a_person_wrote_is_never_markup(client: TestClient, words: str) -> None:
    page = client.post("/ja/ask", data={"q": words}).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<b>}" not in page
    assert ">49<" not in page


def test_wrong_forms_are_answered_in_words(client: TestClient) -> None:
    assert client.post("/ja/ask", data={"q": "  "}).status_code == 400
    assert client.post("/ja/ask", content=b"\xff\xfe%zz&&=&" * 50).status_code == 400
    assert client.post("/ja/ask", data={"q": "転入届", "conversation": "../x"}).status_code == 200
    assert client.post("/ja/ask", data={"q": "転入届", "topic": "no-such"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "lang"), [("/vi/nope", "vi"), ("/xx/", "en"), ("/ja/life/nope", "ja")]
)
def test_what_is_not_there_is_said_in_the_readers_language(
    client: TestClient, path: str, lang: str
) -> None:
    reply = client.get(path, headers={**HTML, "accept-language": "en"})
    assert reply.status_code == 404
    assert f'<html lang="{lang}">' in reply.text
    assert client.get(path).json()["error"]["type"] == "HTTPError"


def test_all_articles_are_linked_from_their_life_event(client: TestClient) -> None:
    listing = client.get("/api/articles").json()["articles"]
    assert {entry["slug"] for entry in listing} == set(SLUGS)
    for entry in listing:
        page = client.get(f"/ja/life/{entry['life_event']}").text
        assert f"/ja/articles/{entry['slug']}" in page


def test_the_routes_are_described_without_other_sites(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "POST /api/chat" in page
    assert not re.search(r'(?:src|href)="https?://(?!testserver)', page)


def test_an_earlier_version_says_that_it_is_one(small_city: Path, tmp_path: Path) -> None:
    folder = tmp_path / "city"
    shutil.copytree(small_city / "city", folder / "city")
    shutil.copytree(small_city / "articles" / "moving-in", folder / "articles" / "moving-in")
    made = SmallInstallation(Settings(_env_file=None, data=tmp_path / "data"))
    assert not made.import_paths([folder]).refused
    text = folder / "articles" / "moving-in" / "en.md"
    text.write_text(text.read_text("utf-8").replace("There is no fee.", "It is free."), "utf-8")
    assert not made.import_paths([folder]).refused
    made.build_release()
    with TestClient(create_app(made)) as client:
        now = client.get("/en/articles/moving-in").text
        assert "It is free." in now
        assert "application/ld+json" in now
        earlier = client.get("/en/articles/moving-in?version=1").text
        assert "There is no fee." in earlier
        assert "This is version 1. Today version 2 is in force." in earlier
        assert "application/ld+json" not in earlier
        assert "{{" not in earlier
        assert "06-0000-1010" in earlier
    made.store.close()


def test_what_breaks_is_told_on_a_page(
    installation: SmallInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("a secret of the machine")

    with TestClient(create_app(installation), raise_server_exceptions=False) as client:
        monkeypatch.setattr(pages, "_most_asked", broken)
        reply = client.get("/ko/", headers=HTML)
        assert reply.status_code == 500
        assert '<html lang="ko">' in reply.text
        assert "secret" not in reply.text
        assert "unsafe" not in reply.headers["content-security-policy"]


def test_without_a_release_the_page_says_to_come_back(installation: SmallInstallation) -> None:
    class Nothing:
        def get(self) -> None:
            raise ReleaseMissing("nothing has been published yet")

        def refresh(self) -> bool:
            return False

    with TestClient(create_app(installation)) as client:
        kept = installation.__dict__["live"]
        installation.__dict__["live"] = Nothing()
        try:
            reply = client.get("/ja/articles/moving-in", headers=HTML)
        finally:
            installation.__dict__["live"] = kept
        assert reply.status_code == 503
        assert "ただいまご利用いただけません" in reply.text
