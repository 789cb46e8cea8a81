"""The staff in a real browser: from the link to signing out, by keyboard, and what axe says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import RunningServer

pytestmark = pytest.mark.browser

PASSWORD = "さくらの花が咲くころに会おう"


def test_an_administrator_from_the_link_to_signing_out(
    running: RunningServer, new_page: Callable[..., Any], axe: Callable[[Any], None]
) -> None:
    printed = running.command(
        "users", "add", "yamada", "--role", "administrator", "--display-name", "山田 太郎"
    )
    path = re.search(r"/set-up/\S+", printed)
    assert path
    page = new_page(820, 1180)
    page.goto(running.url + path.group())
    axe(page)
    page.get_by_label("新しいパスワード", exact=True).fill("password1234")
    page.get_by_label("新しいパスワード（確認）").fill("password1234")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("推測されやすい").wait_for()
    axe(page)
    page.get_by_label("新しいパスワード", exact=True).fill(PASSWORD)
    page.get_by_label("新しいパスワード（確認）").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("パスワードを設定しました").wait_for()

    page.goto(running.url + "/admin/audit")
    axe(page)
    page.get_by_label("アカウント名").focus()
    page.keyboard.type("yamada")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="操作記録").wait_for()
    page.get_by_role("button", name="改ざんがないか調べる").click()
    page.get_by_role("status").get_by_text("つながっています").wait_for()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("link", name="アカウント").click()
    axe(page)
    page.get_by_label("アカウント名").fill("takahashi")
    page.get_by_label("氏名").fill("鈴木 <b>花子</b>")
    page.get_by_label("役割 1").select_option(label="編集")
    page.get_by_label("部署 1").select_option(label="区役所 住民情報課")
    page.get_by_role("button", name="追加して設定リンクを作る").click()
    assert "/set-up/" in page.get_by_label("リンク").input_value()
    axe(page)
    page.goto(running.url + "/admin/accounts/takahashi")
    assert page.get_by_role("heading", level=1).inner_text().startswith("鈴木 <b>花子</b>")
    axe(page)
    page.get_by_role("button", name="無効にする").press("Enter")
    page.get_by_role("status").get_by_text("無効にしました").wait_for()

    page.get_by_role("link", name="English").click()
    page.get_by_role("button", name="Sign out").press("Enter")
    page.get_by_role("status").get_by_text("You are signed out").wait_for()
    page.goto(running.url + "/admin/accounts")
    page.get_by_role("heading", name="Sign in").wait_for()
    axe(page)
