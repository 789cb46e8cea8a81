"""The routes behind the chat: its files, its pages, its beginning, and codes for the phone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from assistant import notices
from assistant.notices import Notice, NoticeLink
from assistant.settings import ThemeSettings
from assistant.theme import DARK_PAPER, contrast, mixed
from knowledge.article import languages


def test_files_are_zipped_open_to_all_and_revalidated(client: TestClient) -> None:
    reply = client.get("/widget.js")
    assert reply.headers["content-type"].startswith("text/javascript")
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["content-encoding"] == "gzip"
    again = client.get("/widget.js", headers={"if-none-match": reply.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    plain = client.get("/static/strings/ja.json", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json()["send"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/no-such.js",
        "/static/../embed.html",
        "/static/%2e%2e/embed.html",
        "/static/%2e%2e/__init__.py",
        "/static/chat",
        "/static//etc/passwd",
    ],
)
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_city_has_its_colours(client: TestClient) -> None:
    installation = client.app.state.installation  # type: ignore[attr-defined]
    plain = client.get("/theme.css")
    assert plain.headers["content-type"].startswith("text/css")
    assert "--brand:" in plain.text
    assert "--city-color:" not in plain.text
    installation.settings.theme = ThemeSettings(color="#00614a")
    try:
        own = client.get("/theme.css")
    finally:
        installation.settings.theme = ThemeSettings()
    assert own.text.startswith(":root { --city-color: #00614a;")
    assert own.text.endswith(plain.text)
    assert own.headers["etag"] != plain.headers["etag"]


@pytest.mark.parametrize("wrong", [{"color": "#ffd43d"}, {"color": "red"}, {"color": "#0017c1;}"}])
def test_colours_that_cannot_be_read_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"contrast of 1\.\d|pattern"):
        ThemeSettings(**wrong)


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_one_colour_gives_a_theme_that_can_be_read(color: str) -> None:
    try:
        theme = ThemeSettings(color=color).properties()
    except ValueError:
        assert (
            min(contrast(color, ground) for ground in ("#ffffff", mixed(color, "#ffffff", 0.93)))
            < 4.5
        )
        return
    assert contrast(theme["--city-color-dark"], DARK_PAPER) >= 4.5
    assert contrast(theme["--city-on-color"], theme["--city-color-strong"]) >= 4.5


def test_the_frame_names_who_may_hold_it(client: TestClient) -> None:
    settings = client.app.state.installation.settings.server  # type: ignore[attr-defined]
    before = settings.allowed_origins
    settings.allowed_origins = ["https://www.city.example.jp"]
    try:
        reply = client.get("/embed")
    finally:
        settings.allowed_origins = before
    policy = reply.headers["content-security-policy"]
    assert "frame-ancestors 'self' https://www.city.example.jp" in policy
    assert "unsafe" not in policy
    assert 'content="https://www.city.example.jp"' in reply.text


def test_the_host_page_has_a_strict_policy(client: TestClient) -> None:
    policy = client.get("/demo-host").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("lang", sorted(languages()))
def test_the_beginning_in_every_language(client: TestClient, lang: str) -> None:
    welcome = client.get("/api/welcome", params={"lang": lang}).json()
    assert welcome["lang"] == lang
    assert welcome["city"]
    assert welcome["invented"] is True
    assert welcome["call_center"]["phone"] == "06-0000-4000"
    assert len(welcome["offices"]) == 4
    for office in welcome["offices"]:
        assert office["text"].startswith(office["name"])
        assert len(office["name"]) < len(office["text"])
        latitude, longitude = office["position"]
        assert 20 < latitude < 46
        assert 122 < longitude < 154
    assert "9:00" in welcome["office_hours"]


def test_first_questions_are_in_the_readers_language(client: TestClient) -> None:
    welcome = client.get("/api/welcome", params={"lang": "en"}).json()
    moving = next(e for e in welcome["first_questions"] if e["event"] == "moving")
    assert {question["lang"] for question in moving["questions"]} == {"en"}
    assert all(question["text"].isascii() for question in moving["questions"])
    thai = client.get("/api/welcome", params={"lang": "th"}).json()
    moving = next(e for e in thai["first_questions"] if e["event"] == "moving")
    assert {"text": "転入届", "lang": "ja", "slug": "moving-in"} in [
        {**question, "text": question["text"][:3]} for question in moving["questions"]
    ]
    assert client.get("/api/welcome", params={"lang": "xx"}).json()["lang"] == "ja"


NOTICE = Notice(
    id="typhoon-10",
    level="emergency",
    lang="ja",
    title="{避難|ひなん}してください",
    text="<b>東浜区</b>の人は高いところへ。\n- 東浜小学校\n- 港町中学校",
    links=[NoticeLink(url="/ja/articles/moving-in", label="避難所")],
    until=datetime(2026, 11, 23, 6, 0, tzinfo=UTC),
)


def test_the_notice_stands_on_every_page_and_for_the_chat(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/api/notice").json() is None
    assert 'class="alert"' not in client.get("/en/").text
    monkeypatch.setattr(notices, "active_notice", lambda store, lang: NOTICE)
    told = client.get("/api/notice", params={"lang": "en"}).json()
    assert Notice.model_validate(told) == NOTICE
    for path in ("/en/", "/en/ask", "/en/articles/moving-in"):
        page = client.get(path).text
        assert '<section class="alert" data-level="emergency"' in page
        assert "&lt;b&gt;東浜区" in page
        assert "<ruby>避難" in page
        assert "<li>東浜小学校</li>" in page
        assert "15:00" in page


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "http://x.example"])
def test_a_notice_links_to_pages_only(url: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        NoticeLink(url=url, label="x")


def test_codes_are_made_for_our_own_articles_only(client: TestClient) -> None:
    code = client.get("/api/qr", params={"text": "/ja/articles/moving-in"})
    assert code.headers["content-type"] == "image/svg+xml"
    assert code.text.startswith("<svg")
    absolute = client.get("/api/qr", params={"text": "http://testserver/ja/articles/moving-in"})
    assert absolute.text == code.text
    for other in (
        "https://evil.example/",
        "/ja/articles/no-such",
        "/ja/articles/moving-in?x=1",
        "",
    ):
        assert client.get("/api/qr", params={"text": other}).status_code == 404
