"""Limits, other sites, the switch, and the headers of every response."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from assistant.deadline import Period, period
from assistant.http.app import create_app
from assistant.http.visitor_limit import VisitorLimit
from assistant.http.visitor_token import HEADER, LIFETIME_SECONDS, VisitorTokens
from assistant.kept_key import kept_key
from assistant.settings import Settings
from tests.assistant.conftest import SmallInstallation

QUESTION = {"question": "転入届はいつまでですか", "lang": "ja"}


@contextmanager
def serving(installation: SmallInstallation, **server: object) -> Iterator[TestClient]:
    """The same city with other settings of the server."""
    made = SmallInstallation(
        Settings(_env_file=None, data=installation.settings.data, server=server)
    )
    with TestClient(create_app(made), base_url="https://desk.example") as client:
        yield client
    made.store.close()


def test_a_visitor_has_to_wait_and_is_told_how_long(installation: SmallInstallation) -> None:
    with serving(installation, questions_per_minute=2) as client:
        assert [client.post("/api/chat", json=QUESTION).status_code for _ in range(2)] == [200, 200]
        refused = client.post("/api/chat", json={**QUESTION, "lang": "en"})
        assert refused.status_code == 429
        assert refused.json()["error"]["type"] == "Busy"
        seconds = refused.headers["retry-after"]
        assert f"{seconds} seconds" in refused.json()["error"]["message"]
        page = client.post("/ja/ask", data={"q": "転入届"})
        assert page.status_code == 429
        assert 'value="転入届"' in page.text
        assert client.get("/ja/articles/moving-in").status_code == 200


def test_together_visitors_have_to_wait_too(installation: SmallInstallation) -> None:
    with serving(installation, questions_per_minute=0, global_questions_per_minute=1) as client:
        assert client.post("/api/chat", json=QUESTION).status_code == 200
        assert client.post("/api/chat", json=QUESTION).status_code == 429
        body = {"messages": [{"role": "user", "content": "転入届"}]}
        assert client.post("/v1/chat/completions", json=body).status_code == 429


def test_the_switch_leaves_the_articles_up(installation: SmallInstallation) -> None:
    with serving(installation, assistant_enabled=False) as client:
        refused = client.post("/api/chat", json=QUESTION)
        assert refused.status_code == 503
        assert refused.json()["error"]["type"] == "AssistantOff"
        assert "06-0000-4000" in refused.json()["error"]["message"]
        assert client.post("/vi/ask", data={"q": "chuyển nhà"}).status_code == 503
        assert client.get("/ja/").status_code == 200
        assert client.get("/vi/articles/moving-in").status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "https://desk.example"}, 200),
        ({"origin": "https://city.example"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://evil.example", "sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 200),
    ],
)
def test_who_may_post(
    installation: SmallInstallation, headers: dict[str, str], status: int
) -> None:
    with serving(installation, allowed_origins=["https://city.example"]) as client:
        issued = client.post("/api/visitor", headers=headers)
        assert issued.status_code == status
        shown = {**headers, HEADER: issued.json().get("token", "")}
        assert client.post("/api/chat", json=QUESTION, headers=shown).status_code == status
        assert client.post("/ja/ask", data={"q": "転入届"}, headers=headers).status_code == status
        assert client.get("/api/articles", headers=headers).status_code == 200


CITY = {"origin": "https://city.example"}


def test_a_page_needs_a_token_of_its_own_origin(installation: SmallInstallation) -> None:
    origins = ["https://city.example", "https://library.example"]
    with serving(installation, allowed_origins=origins) as client:
        token = client.post("/api/visitor", headers=CITY).json()["token"]
        body = {"messages": [{"role": "user", "content": "転入届"}]}
        for path, question in (("/api/chat", QUESTION), ("/v1/chat/completions", body)):
            asked = client.post(path, json=question, headers=CITY)
            assert asked.status_code == 401
            assert asked.headers["access-control-allow-origin"] == "https://city.example"
            assert (
                client.post(path, json=question, headers={**CITY, HEADER: "x"}).status_code == 401
            )
            other = {"origin": "https://library.example", HEADER: token}
            assert client.post(path, json=question, headers=other).status_code == 401
            own = {**CITY, HEADER: token}
            assert client.post(path, json=question, headers=own).status_code == 200
            assert client.post(path, json=question).status_code == 200


def test_a_token_expires_and_survives_a_restart() -> None:
    now = [1_800_000_000.0]
    tokens = VisitorTokens(b"k" * 32, clock=lambda: now[0])
    token = tokens.issue("https://city.example")
    again = VisitorTokens(b"k" * 32, clock=lambda: now[0])
    assert again.valid(token, "https://city.example")
    assert not VisitorTokens(b"j" * 32, clock=lambda: now[0]).valid(token, "https://city.example")
    now[0] += LIFETIME_SECONDS
    assert not again.valid(token, "https://city.example")


@given(st.text(max_size=80))
def test_no_token_can_be_made_up(token: str) -> None:
    assert not VisitorTokens(b"k" * 32).valid(token, "https://city.example")


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: kept_key(tmp_path / "new" / "a.key"), range(16)))
    assert len(keys) == 1
    assert (tmp_path / "new" / "a.key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["a.key"]


@pytest.mark.parametrize("path", ["/ja/", "/widget.js", "/healthz", "/api/articles", "/embed"])
def test_head_is_get_without_its_body(client: TestClient, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "content-length", "content-security-policy"):
        assert head.headers.get(name) == get.headers.get(name)
    assert client.head("/nope").status_code == 404


def test_headers_of_every_response(installation: SmallInstallation) -> None:
    with serving(installation) as client:
        for path in ("/ja/", "/api/articles", "/ja/nope", "/widget.js", "/openapi.json", "/docs"):
            headers = client.get(path, headers={"accept": "text/html"}).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["strict-transport-security"].startswith("max-age=")
            assert "referrer-policy" in headers
            policy = headers["content-security-policy"]
            assert "frame-ancestors 'none'" in policy
            assert "unsafe" not in policy
        assert "frame-ancestors 'self'" in client.get("/embed").headers["content-security-policy"]
        plain = TestClient(client.app, base_url="http://desk.example")
        assert "strict-transport-security" not in plain.get("/ja/").headers


def test_a_bucket_fills_again() -> None:
    now = [0.0]
    limit = VisitorLimit(6, 0, clock=lambda: now[0])
    assert [limit.seconds_to_wait("192.0.2.1") for _ in range(7)] == [0] * 6 + [10]
    assert limit.seconds_to_wait("192.0.2.2") == 0
    now[0] = 10.0
    assert limit.seconds_to_wait("192.0.2.1") == 0
    assert limit.seconds_to_wait("192.0.2.1") == 10


def test_a_household_is_one_visitor() -> None:
    limit = VisitorLimit(1, 0, clock=lambda: 0.0)
    assert limit.seconds_to_wait("2001:db8:0:1::1") == 0
    assert limit.seconds_to_wait("2001:db8:0:1:ffff::2") > 0
    assert limit.seconds_to_wait("2001:db8:0:2::1") == 0
    assert limit.seconds_to_wait("testclient") == 0


@given(st.lists(st.floats(0, 100), max_size=60), st.integers(1, 50))
def test_no_more_than_allowed_in_any_minute(gaps: list[float], rate: int) -> None:
    now = [0.0]
    limit = VisitorLimit(rate, 0, clock=lambda: now[0])
    asked: list[float] = []
    for gap in gaps:
        now[0] += gap
        if limit.seconds_to_wait("192.0.2.1") == 0:
            asked.append(now[0])
    for start in asked:
        assert len([at for at in asked if start <= at < start + 60]) <= 2 * rate


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("住み始めた日から14日以内に届け出てください。", Period(14, "days", False)),
        ("生まれた日を含めて14日以内です。国外は3か月以内です。", Period(14, "days", False)),
        ("出産した日の翌日から2年以内に申請してください。", Period(2, "years", True)),
        ("子どもが生まれた日などから14日以内です。", Period(14, "days", False)),
        ("収集を希望する日の7日前までです。", None),
        ("診療を受けた月の翌月1日から2年以内です。", None),
        ("納期限から6か月以内です。", None),
        ("期限はありません。早めに。生まれた日から14日以内です。", None),
    ],
)
def test_the_period_of_a_deadline(words: str, found: Period | None) -> None:
    assert period(words) == found


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(1, 400))
def test_a_deadline_is_never_late(start: date, days: int) -> None:
    counted = Period(days, "days", False).end(start)
    assert counted >= start
    assert (counted - start).days == days - 1
    assert Period(1, "months", False).end(start) < Period(1, "months", True).end(start)
