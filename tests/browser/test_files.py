"""Images and attachments in a real browser: sent, seen in the preview, published, seen by all."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import RunningServer
from tests.browser.staff import Staff
from tests.knowledge import file_samples as samples

pytestmark = pytest.mark.browser

SLUG = "long-term-care-certification"
DROP = """(place, told) => {
  const bytes = Uint8Array.from(atob(told), (letter) => letter.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], "委任状.pdf", {type: "application/pdf"}));
  for (const name of ["dragover", "drop"])
    place.dispatchEvent(new DragEvent(name, {bubbles: true, cancelable: true, dataTransfer}));
}"""
"""Drops a file whose bytes are told in base64."""

Axe = Callable[[Any], None]


@pytest.fixture
def staff(running: RunningServer, new_page: Callable[..., Any]) -> Iterator[Staff]:
    made = Staff(running, new_page)
    yield made
    made.close()


def fits(page: Any) -> None:
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, (page.url, width, over)


def attachment(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def add(page: Any, name: str, content: bytes) -> None:
    page.get_by_label("ファイル", exact=True).set_input_files(attachment(name, content))
    page.get_by_role("button", name="加える", exact=True).click()


def wait_for_image(url: str) -> str:
    """Wait until residents see an image on the page; return the page."""
    for _ in range(120):
        page = httpx.get(f"{url}/ja/articles/{SLUG}", timeout=60).text
        if "<img" in page:
            return page
        time.sleep(0.25)
    raise AssertionError(page)


def test_from_a_photo_in_the_form_to_the_page_of_the_article(
    running: RunningServer, staff: Staff, new_page: Callable[..., Any], axe: Axe
) -> None:
    store = staff.installation.store
    public = store.article(SLUG)
    article = replace(public, number=0)
    draft = store.start_draft(
        article, department=article.owner, by="writer", base_number=public.number
    )
    page = staff.page("morita", "editor")
    page.goto(f"/admin/drafts/{draft.id}")
    page.get_by_role("button", name="画像・添付").click()
    page.wait_for_url(f"**/admin/files/{draft.id}*")

    page.get_by_role("button", name="加える", exact=True).click()
    page.get_by_role("alert").get_by_text("先にファイルを選んでください").wait_for()
    add(page, "申請書.pdf", samples.script_pdf())
    page.get_by_role("alert").get_by_text("PDFにプログラムが入っています").wait_for()
    axe(page)
    add(page, "窓口.png", samples.photo())
    page.get_by_role("status").get_by_text("加えました").wait_for()
    page.get_by_label("画像 1: 日本語", exact=True).fill("介護の窓口は2階です")
    page.wait_for_load_state("load")  # the place to drop on is a script's
    page.locator("#adding").evaluate(DROP, base64.b64encode(samples.pdf()).decode())
    page.get_by_role("heading", name="添付 1").wait_for()
    assert page.get_by_label("画像 1: 日本語", exact=True).input_value() == "介護の窓口は2階です"
    for lang in article.localizations:
        page.locator(f'[name="text.0.{lang}"]').fill(f"2階 {lang}")
        page.locator(f'[name="text.1.{lang}"]').fill(f"PDF {lang}")
    shown = page.frame_locator("iframe[name=preview]")
    expect(shown.get_by_role("img", name="2階 ja")).to_be_visible()
    expect(shown.get_by_role("link", name="PDF ja")).to_be_visible()
    page.get_by_role("button", name="添付 1を上へ").click()
    expect(page.locator('[name="file.1"] + div img')).to_have_count(1)
    with page.expect_navigation():
        page.get_by_role("button", name="保存する", exact=True).last.click()
    fits(page)
    axe(page)

    revision = store.draft(draft.id).revision
    store.submit_draft(draft.id, revision=revision, by="writer")
    page.goto(f"/admin/drafts/{draft.id}/review")
    expect(page.get_by_text("加えた", exact=True)).to_have_count(2)
    axe(page)
    store.approve_draft(draft.id, revision=revision, by="boss")
    wait_for_image(running.url)

    visitor = new_page(1440, 900, base_url=running.url)
    visitor.goto(f"/ja/articles/{SLUG}")
    image = visitor.get_by_role("img", name="2階 ja")
    image.scroll_into_view_if_needed()
    image.evaluate("one => one.decode()")
    assert image.evaluate("one => [one.naturalWidth, one.naturalHeight]") == [1600, 800]
    box = image.bounding_box()
    assert box["width"] < 900 and abs(box["width"] / box["height"] - 2) < 0.05, box
    with visitor.expect_download() as got:
        visitor.get_by_role("link", name="PDF ja").click()
    assert got.value.suggested_filename == "PDF_ja.pdf"
    assert got.value.path().read_bytes() == samples.pdf()
    fits(visitor)
    axe(visitor)
    visitor.goto(f"/en/articles/{SLUG}")
    expect(visitor.get_by_role("img", name="2階 en")).to_be_attached()
    store.roll_back_article(SLUG, public.number, by="boss")
