"""The counter tablet as a test uses it, and every place where something could remain of it."""

from __future__ import annotations

import re
from typing import Any

from tests.browser.conftest import RunningServer

PASSWORD = "さくらの花が咲くころに会おう"


def sign_in(running: RunningServer, context: Any, name: str) -> None:
    """Make an account for the counter and sign in with it by hand."""
    printed = running.command("users", "add", name, "--role", "counter", "--display-name", "窓口")
    path = re.search(r"/set-up/\S+", printed)
    assert path
    page = context.new_page()
    page.goto(running.url + path.group())
    page.get_by_label("新しいパスワード", exact=True).fill(PASSWORD)
    page.get_by_label("新しいパスワード（確認）").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("アカウント名").fill(name)
    page.get_by_label("パスワード", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff")
    page.close()


def write(page: Any, button: str, text: str) -> None:
    """The resident opens the sheet for writing, and sends."""
    page.locator(".resident").get_by_role("button", name=button, exact=True).click()
    page.locator("#resident-text").fill(text)
    page.keyboard.press("Enter")
    page.locator(".writing").wait_for(state="detached")


def approve(page: Any, count: int) -> None:
    """Staff approve the first `count` proposals, one after the other."""
    for number in range(count):
        page.locator(".proposal.proposed button.strong").first.click()
        page.locator(".proposal.approved").nth(number).wait_for()


def asked(page: Any, field: str, button: str, answer: str) -> None:
    """Staff ask for a field, the resident answers, staff confirm."""
    entry = page.locator(f"[data-field={field}]")
    entry.get_by_role("button", name=re.compile("^聞く")).click()
    page.locator(f"[data-field={field}].asking").wait_for()
    write(page, button, answer)
    entry.get_by_role("button", name=re.compile("^確認")).click()
    page.locator(f"[data-field={field}].confirmed").wait_for()


def typed(page: Any, field: str, value: str) -> None:
    """Staff type the value of a field themselves."""
    entry = page.locator(f"[data-field={field}]")
    entry.get_by_role("button", name=re.compile("^直す")).click()
    page.locator(f"#field-{field}").fill(value)
    page.keyboard.press("Enter")
    page.locator(f"[data-field={field}].confirmed").wait_for()


def end(page: Any) -> None:
    """Staff end the session; the tablet waits for the next resident."""
    page.get_by_role("button", name="終了して消す").click()
    page.locator("dialog").get_by_role("button", name="終了して消す").click()
    page.get_by_role("button", name="English").wait_for()


def until(page: Any, condition: str, seconds: float = 60) -> None:
    """Wait for `condition`; Playwright's own waiting is code that the page's policy forbids."""
    for _ in range(int(seconds * 10)):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{condition}: {page.locator('body').inner_text()}")


def kept_by_server(running: RunningServer) -> dict[str, bytes]:
    """Every byte that the server keeps, by file: the database, its WAL, logs, releases."""
    files = [f for f in running.data.rglob("*") if f.is_file() and "models" not in f.parts]
    return {str(file.relative_to(running.data)): file.read_bytes() for file in files}


def kept_by_browser(page: Any) -> str:
    """Everything the browser keeps for the tablet's origin, and the page itself."""
    kept: str = page.evaluate(
        """async () => {
          const pages = [];
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
              pages.push(request.url, await (await cache.match(request)).text());
            }
          }
          const records = [];
          for (const { name } of await indexedDB.databases()) {
            const base = await new Promise((resolve, reject) => {
              const asked = indexedDB.open(name);
              asked.onsuccess = () => resolve(asked.result);
              asked.onerror = () => reject(asked.error);
            });
            for (const store of base.objectStoreNames) {
              const asked = base.transaction(store).objectStore(store).getAll();
              await new Promise((resolve) => (asked.onsuccess = resolve));
              records.push(name, store, asked.result);
            }
          }
          const files = [];
          const folder = await navigator.storage.getDirectory();
          for await (const name of folder.keys()) files.push(name);
          return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie,
            records, files, pages, history.state, document.documentElement.outerHTML,
            location.href]);
        }"""
    )
    return kept


def assert_forgotten(page: Any, running: RunningServer, *secrets: str) -> None:
    """Nothing that was said stands anywhere, in any writing or as it is escaped in JSON."""
    kept = kept_by_browser(page)
    files = kept_by_server(running)
    assert any(name.endswith(".db-wal") for name in files)
    assert any(name.endswith("server.log") for name in files)
    for secret in secrets:
        assert secret not in kept
        spellings = {secret, secret.upper(), secret.replace("-", ""), ascii(secret)[1:-1]}
        for name, content in files.items():
            assert not any(spelling.encode() in content for spelling in spellings), (name, secret)
