"""Notices: subscribed over HTTP, encrypted, delivered to a push service, given up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from assistant import cli_notify
from assistant.cli import app
from assistant.http.app import create_app
from assistant.notification import announce
from assistant.push import Delivery, PushInvalid
from assistant.push_webpush import WebPushSender
from assistant.settings import Settings
from knowledge.store_push import PushSubscription
from tests.assistant.conftest import SmallInstallation
from tests.assistant.push_service import PushService

TEXTS = {"ja": "あしたは断水します。", "en": "There is no water tomorrow.", "vi": "Mai cúp nước."}


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as running:
        yield running


@contextmanager
def serving(installation: SmallInstallation) -> Iterator[tuple[TestClient, SmallInstallation]]:
    """The small city, with 127.0.0.1 as its push service."""
    made = SmallInstallation(
        Settings(
            _env_file=None,
            data=installation.settings.data,
            push={"services": ["127.0.0.1"], "contact": "mailto:city@example.jp"},
        )
    )
    made.push._sender._pauses = (0.0, 0.0)  # type: ignore[attr-defined]
    with TestClient(create_app(made)) as client:
        yield client, made
    made.store.close()


@pytest.fixture
def desk(installation: SmallInstallation) -> Iterator[tuple[TestClient, SmallInstallation]]:
    with serving(installation) as made:
        yield made


Desk = tuple[TestClient, SmallInstallation]


def test_a_notice_reaches_who_chose_its_kind_in_their_language(
    desk: Desk, service: PushService
) -> None:
    client, made = desk
    vietnamese, thai, easy, other = (service.browser() for _ in range(4))
    wishes = [
        (vietnamese, "vi", ["disaster", "garbage"]),
        (thai, "th", ["disaster"]),
        (easy, "ja-x-easy", ["disaster"]),
        (other, "ja", ["garbage"]),
    ]
    for browser, lang, kinds in wishes:
        body = {**service.subscription(browser), "lang": lang, "kinds": kinds}
        assert client.post("/api/push", json=body).status_code == 204
    city = made.store.city()
    assert announce(made.push, city, "disaster", TEXTS) == Delivery(3)
    assert [notice["body"] for notice in vietnamese.received] == [TEXTS["vi"]]
    assert [notice["body"] for notice in thai.received] == [TEXTS["en"]]
    assert [notice["body"] for notice in easy.received] == [TEXTS["ja"]]
    assert other.received == []
    assert vietnamese.received[0]["lang"] == "vi"
    assert vietnamese.received[0]["url"] == "/vi/life/disaster"
    assert "みおつくし市" in easy.received[0]["title"]
    assert all(int(request["ttl"]) > 0 for request in service.requests)
    assert all("あした" not in str(request) for request in service.requests)
    for browser in (vietnamese, thai, easy, other):
        assert client.request("DELETE", "/api/push", json=service.subscription(browser))


def test_giving_up_deletes_everything(desk: Desk, service: PushService) -> None:
    client, made = desk
    browser = service.browser()
    subscription = service.subscription(browser)
    body = {**subscription, "lang": "ja", "kinds": ["disaster"]}
    assert client.post("/api/push", json=body).status_code == 204
    assert made.store.push_kinds(subscription["endpoint"]) == ["disaster"]
    for _ in range(2):
        assert client.request("DELETE", "/api/push", json=subscription).status_code == 204
    assert made.store.subscriptions("disaster") == []
    assert made.store.push_kinds(subscription["endpoint"]) == []
    with made.store.engine.connect() as connection:
        for table in ("push_subscription", "push_kind"):
            assert connection.exec_driver_sql(f"SELECT COUNT(*) FROM {table}").scalar() == 0
    assert announce(made.push, made.store.city(), "disaster", TEXTS) == Delivery()


def test_choosing_again_replaces_what_was_chosen(desk: Desk, service: PushService) -> None:
    client, made = desk
    subscription = service.subscription(service.browser())
    for kinds in (["disaster", "garbage"], ["tax"]):
        body = {**subscription, "lang": "ja", "kinds": kinds}
        assert client.post("/api/push", json=body).status_code == 204
    assert made.store.push_kinds(subscription["endpoint"]) == ["tax"]
    client.request("DELETE", "/api/push", json=subscription)


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(desk: Desk, service: PushService, status: int) -> None:
    client, made = desk
    subscription = service.subscription(service.browser(status))
    client.post("/api/push", json={**subscription, "lang": "ja", "kinds": ["tax"]})
    assert announce(made.push, made.store.city(), "tax", TEXTS) == Delivery(gone=1)
    assert made.store.subscriptions("tax") == []


def test_a_busy_service_is_tried_again_and_a_broken_one_told(
    desk: Desk, service: PushService
) -> None:
    client, made = desk
    busy, broken = service.browser(503, 429), service.browser(503, 503, 503)
    for browser in (busy, broken):
        body = {**service.subscription(browser), "lang": "ja", "kinds": ["tax"]}
        client.post("/api/push", json=body)
    assert announce(made.push, made.store.city(), "tax", TEXTS) == Delivery(sent=1, failed=1)
    assert len(busy.received) == 1
    assert len(made.store.subscriptions("tax")) == 2
    for browser in (busy, broken):
        client.request("DELETE", "/api/push", json=service.subscription(browser))


def _wrong(**changes: Any) -> dict[str, Any]:
    with PushService() as service:
        body = {**service.subscription(service.browser()), "lang": "ja", "kinds": ["tax"]}
    return {**body, **changes}


@pytest.mark.parametrize(
    "body",
    [
        _wrong(kinds=[]),
        _wrong(kinds=["weather"]),
        _wrong(endpoint="https://evil.example/push"),
        _wrong(endpoint="http://127.0.0.1.evil.example/push"),
        _wrong(endpoint="http://user@127.0.0.1/push"),
        _wrong(endpoint="file://127.0.0.1/etc/passwd"),
        _wrong(endpoint="http://[::1"),
        _wrong(keys={"p256dh": "AAAA", "auth": "AAAA"}),
        _wrong(keys={"p256dh": "あ", "auth": "?"}),
    ],
)
def test_what_is_no_subscription_is_refused(desk: Desk, body: dict[str, Any]) -> None:
    client, made = desk
    reply = client.post("/api/push", json=body)
    assert reply.status_code == 422
    assert reply.json()["error"]["message"]
    assert made.store.subscriptions("tax") == []


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("weather", TEXTS),
        ("tax", {"en": "only"}),
        ("tax", {"ja": "あ" * 501}),
        ("tax", {"ja": " "}),
    ],
)
def test_what_is_no_notice_is_refused(desk: Desk, kind: str, texts: dict[str, str]) -> None:
    _, made = desk
    with pytest.raises(PushInvalid):
        announce(made.push, made.store.city(), kind, texts)


def test_the_key_is_made_once(tmp_path: Path) -> None:
    first = WebPushSender(tmp_path / "new" / "vapid.pem", "mailto:a@example.jp")
    again = WebPushSender(tmp_path / "new" / "vapid.pem", "mailto:a@example.jp")
    assert first.public_key == again.public_key
    assert len(first.public_key) == 87
    assert (tmp_path / "new" / "vapid.pem").stat().st_mode & 0o777 == 0o600


def test_the_browser_gets_the_key(desk: Desk) -> None:
    client, made = desk
    assert client.get("/api/push/key").json() == {"key": made.push.public_key}


def test_the_command_sends_and_tells(
    desk: Desk, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, made = desk
    monkeypatch.setattr(cli_notify, "Installation", lambda _: made)
    browser = service.browser()
    client.post("/api/push", json={**service.subscription(browser), "kinds": ["garbage"]})
    run = CliRunner().invoke(
        app, ["notify", "garbage", "収集を休みます", "en=No collection", "--json"]
    )
    assert run.output.strip() == '{"sent": 1, "gone": 0, "failed": 0}'
    assert browser.received[0]["body"] == "収集を休みます"
    wrong = CliRunner().invoke(app, ["notify", "weather", "雨"])
    assert wrong.exit_code == 2
    client.request("DELETE", "/api/push", json=service.subscription(browser))


def test_the_store_keeps_one_row_a_browser(desk: Desk) -> None:
    _, made = desk
    one = PushSubscription("https://push.example/1", "p", "a", "ja")
    made.store.subscribe(one, ["tax", "tax", "pets"])
    assert made.store.push_kinds(one.endpoint) == ["pets", "tax"]
    assert made.store.subscriptions("pets") == [one]
    assert made.store.unsubscribe(one.endpoint)
    assert not made.store.unsubscribe(one.endpoint)
