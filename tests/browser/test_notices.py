"""Notices to a device: asked for on "My page", delivered, shown, given up."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.assistant.push_service import PushService
from tests.browser.conftest import RunningServer

pytestmark = pytest.mark.browser

NewPage = Callable[..., Any]

SUBSCRIBES = """({subscription}) => {
    // Chromium as packaged has no push service of its own; everything around it is real.
    const made = {
        endpoint: subscription.endpoint,
        toJSON: () => subscription,
        unsubscribe: async () => localStorage.removeItem("test.push"),
    };
    PushManager.prototype.getSubscription = async () =>
        localStorage.getItem("test.push") ? made : null;
    PushManager.prototype.subscribe = async ({applicationServerKey, userVisibleOnly}) => {
        if (!userVisibleOnly || applicationServerKey.length !== 87) throw new Error("wrong key");
        localStorage.setItem("test.push", "1");
        return made;
    };
}"""


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as running:
        yield running


def test_a_notice_is_asked_for_shown_and_given_up(
    new_page: NewPage, running: RunningServer, service: PushService
) -> None:
    browser = service.browser()
    page = new_page(base_url=running.url, permissions=["notifications"])
    given = json.dumps({"subscription": service.subscription(browser)})
    page.add_init_script(f"({SUBSCRIBES})({given})")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto("/en/my")
    status = page.get_by_role("status")
    page.get_by_label("Send notices").check()
    page.get_by_role("button", name="Save in this browser").click()
    expect(status).to_have_text("To get notices, choose at least one item.")
    page.get_by_role("checkbox", name="Disasters and emergencies").check()
    page.get_by_role("button", name="Save in this browser").click()
    expect(status).to_have_text("Saved. Notices will be sent to this device.")

    told = running.command("notify", "disaster", "避難してください", "en=Please evacuate", "--json")
    assert json.loads(told) == {"sent": 1, "gone": 0, "failed": 0}
    assert [notice["body"] for notice in browser.received] == ["Please evacuate"]

    session = page.context.new_cdp_session(page)
    versions: list[Any] = []
    session.on(
        "ServiceWorker.workerVersionUpdated", lambda event: versions.extend(event["versions"])
    )
    session.send("ServiceWorker.enable")
    page.wait_for_timeout(200)
    session.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": running.url,
            "registrationId": versions[-1]["registrationId"],
            "data": json.dumps(browser.received[0]),
        },
    )
    page.wait_for_function(
        """async () => {
            const registration = await navigator.serviceWorker.getRegistration("/");
            const [shown] = await registration.getNotifications();
            return shown?.body === "Please evacuate" && shown.lang === "en"
                && shown.data.url === "/en/life/disaster";
        }"""
    )

    page.reload()
    expect(page.get_by_label("Send notices")).to_be_checked()
    page.get_by_label("Send notices").uncheck()
    page.get_by_role("button", name="Save in this browser").click()
    expect(status).to_have_text("Saved in this browser.")
    told = running.command("notify", "disaster", "避難してください", "--json")
    assert json.loads(told) == {"sent": 0, "gone": 0, "failed": 0}
    assert page.evaluate("navigator.serviceWorker.getRegistrations()") == []
    assert not [words for words in complaints if "Content Security Policy" in words]


def test_nothing_is_asked_or_stored_before_the_resident_chooses(
    new_page: NewPage, running: RunningServer
) -> None:
    page = new_page(base_url=running.url, permissions=[])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/ja/my")
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_role("status")).to_have_text("このブラウザーに保存しました。")
    assert not [url for url in asked if "push" in url]
    assert page.evaluate("navigator.serviceWorker.getRegistrations()") == []
    page.get_by_role("checkbox", name="ごみ").check()
    page.get_by_label("お知らせを、この端末に").check()
    page.evaluate("Notification.requestPermission = async () => 'denied'")
    page.get_by_role("button", name="保存する").click()
    expect(page.get_by_role("status")).to_contain_text("設定で許可してから")
    assert not [url for url in asked if "/api/push" in url]
