"""The chat for everybody: keyboard, screen readers, zoom, colours, other ways of writing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.chat_page import ChatPage

pytestmark = pytest.mark.browser

MOVED = "引っ越してきました。いつまでに届け出が必要ですか"

NewPage = Callable[..., Any]
Axe = Callable[[Any], None]

FOCUSED = """() => {
    const inner = document.querySelector("madoguchi-chat")?.shadowRoot?.activeElement;
    return (inner ?? document.activeElement).tagName;
}"""


@pytest.fixture
def chat(new_page: NewPage, server: str) -> ChatPage:
    return ChatPage(new_page(base_url=server, bypass_csp=True)).open("/demo-host")


def test_by_keyboard_alone(new_page: NewPage, server: str) -> None:
    page = new_page(base_url=server)
    page.goto("/demo-host")
    launcher = page.locator("madoguchi-launcher button")
    launcher.wait_for()
    for _ in range(10):
        page.keyboard.press("Tab")
        if launcher.evaluate("button => button.getRootNode().activeElement === button"):
            break
    page.keyboard.press("Enter")
    chat = ChatPage(page)
    expect(chat.box).to_be_focused()
    page.keyboard.type("粗大ごみ")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("申し込み方は？")
    assert chat.box.input_value() == "粗大ごみ\n申し込み方は？"
    page.keyboard.press("Enter")
    chat.done(1)
    expect(chat.box).to_be_focused()
    reached: set[str] = set()
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        name = page.evaluate(
            "document.querySelector('madoguchi-chat').shadowRoot.activeElement?.dataset.action"
        )
        reached.add(name or "")
    assert {"copy", "print", "phone", "good", "bad"} <= reached
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    expect(launcher).to_be_focused()


def test_enter_that_confirms_a_conversion_never_sends(chat: ChatPage) -> None:
    page = chat.page
    session = page.context.new_cdp_session(page)

    def compose(text: str) -> None:
        end = {"selectionStart": len(text), "selectionEnd": len(text)}
        session.send("Input.imeSetComposition", {"text": text, **end})

    def enter(code: int) -> None:
        key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": code}
        session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})

    page.evaluate(
        """() => {
            window.keys = [];
            const root = document.querySelector("madoguchi-chat").shadowRoot;
            const box = root.querySelector(".composer textarea");
            box.addEventListener("keydown", (event) => keys.push([event.key, event.isComposing]));
        }"""
    )
    chat.box.focus()
    compose("ひっこし")
    enter(13)
    assert page.evaluate("keys") == [["Enter", True]]
    compose("引っ越し")
    enter(229)
    session.send("Input.insertText", {"text": "引っ越し"})
    assert chat.box.input_value() == "引っ越し"
    # Safari: the composition is over when the Enter that ended it arrives.
    chat.box.evaluate(
        """(box) => {
            box.dispatchEvent(new CompositionEvent("compositionstart"));
            box.dispatchEvent(new CompositionEvent("compositionend"));
            box.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", keyCode: 229}));
        }"""
    )
    expect(chat.turns).to_have_count(0)
    assert chat.box.input_value() == "引っ越し"
    chat.box.press("Enter")
    chat.done(1)


def test_enter_of_a_keyboard_on_the_screen_sends(chat: ChatPage) -> None:
    chat.box.fill("引っ越し")
    # Gboard: the word is finished and Enter follows at once; Samsung: a key without a name.
    chat.box.evaluate(
        """(box) => {
            box.dispatchEvent(new CompositionEvent("compositionend"));
            box.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", keyCode: 13}));
        }"""
    )
    chat.done(1)
    chat.box.fill("粗大ごみ")
    nameless = """(box, [inputType, isComposing]) => {
        box.dispatchEvent(new KeyboardEvent("keydown", {key: "Unidentified", keyCode: 229}));
        const line = new InputEvent("beforeinput", {inputType, isComposing, cancelable: true});
        return box.dispatchEvent(line);
    }"""
    assert chat.box.evaluate(nameless, ["insertCompositionText", True]) is True
    assert chat.box.evaluate(nameless, ["insertLineBreak", True]) is True
    assert chat.box.input_value() == "粗大ごみ"
    assert chat.box.evaluate(nameless, ["insertLineBreak", False]) is False
    chat.done(2)


def test_one_announcement_and_no_stolen_focus(chat: ChatPage) -> None:
    page = chat.page
    page.evaluate(
        """() => {
            window.told = [];
            const root = document.querySelector("madoguchi-chat").shadowRoot;
            const status = root.querySelector("[role=status]");
            const options = {childList: true, characterData: true, subtree: true};
            new MutationObserver(() => told.push(status.textContent)).observe(status, options);
        }"""
    )
    chat.ask(MOVED)
    expect(chat.box).to_be_focused()
    expect(chat.status).to_contain_text("14日以内")
    assert len(page.evaluate("told")) == 1
    log = page.locator("[role=log]")
    assert log.get_attribute("aria-live") == "off"
    assert page.locator("[disabled]").count() == 0


@pytest.mark.parametrize("size", [(320, 256), (320, 640), (360, 740)])
def test_zoomed_to_400_percent(
    new_page: NewPage, server: str, size: tuple[int, int], axe: Axe
) -> None:
    page = new_page(*size, base_url=server, bypass_csp=True, device_scale_factor=4)
    chat = ChatPage(page).open("/demo-host")
    chat.speak("vi")
    chat.fits()
    chat.ask("Mất thẻ My Number")
    chat.fits()
    chat.box.scroll_into_view_if_needed()
    expect(chat.box).to_be_in_viewport()
    axe(page)


def test_letters_of_twice_the_size(new_page: NewPage, server: str) -> None:
    page = new_page(1440, 900, base_url=server, bypass_csp=True)
    page.goto("/demo-host")
    page.add_style_tag(content="html { font-size: 200% }")
    page.locator("madoguchi-launcher button").click()
    chat = ChatPage(page)
    chat.ask(MOVED)
    chat.fits()
    size = chat.last.locator(".row dd").first.evaluate("e => getComputedStyle(e).fontSize")
    assert float(size.removesuffix("px")) >= 32


def test_nothing_is_smaller_than_16_pixels(chat: ChatPage) -> None:
    chat.page.add_style_tag(content="html { font-size: 50% }")
    chat.ask(MOVED)
    small = chat.page.evaluate(
        """() => {
            const root = document.querySelector("madoguchi-chat").shadowRoot;
            return [...root.querySelectorAll("*")]
                .filter((e) => e.tagName !== "RT" && parseFloat(getComputedStyle(e).fontSize) < 16)
                .map((e) => e.outerHTML.slice(0, 80));
        }"""
    )
    assert not small


def test_touch_targets_are_large(chat: ChatPage) -> None:
    chat.page.set_viewport_size({"width": 360, "height": 740})
    chat.ask(MOVED)
    chat.action("bad").click()
    chat.last.locator(".reasons form").wait_for()
    small = chat.page.evaluate(
        """() => {
            const root = document.querySelector("madoguchi-chat").shadowRoot;
            return [...root.querySelectorAll("button, select, summary, textarea, label.choice")]
                .map((e) => [e, e.getBoundingClientRect()])
                .filter(([, box]) => box.width > 1 && (box.height < 44 || box.width < 44))
                .map(([e, box]) => `${e.outerHTML.slice(0, 80)} ${box.width} × ${box.height}`);
        }"""
    )
    assert not small


def test_furigana_on_and_off(chat: ChatPage) -> None:
    chat.speak("ja-x-easy")
    reading = chat.page.locator(".caution rt").first
    expect(reading).to_be_visible()
    toggle = chat.page.locator(".bar button")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    toggle.click()
    expect(reading).to_be_hidden()
    expect(toggle).to_have_attribute("aria-pressed", "false")
    chat.ask("てんにゅうとどけは いつまでですか")
    chat.page.reload()
    chat.done(1)
    expect(chat.page.locator(".caution rt").first).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(
    new_page: NewPage, server: str, axe: Axe, scheme: str
) -> None:
    page = new_page(820, 1180, base_url=server, bypass_csp=True, color_scheme=scheme)
    page.goto("/demo-host")
    page.locator("madoguchi-launcher button").wait_for()
    axe(page)
    chat = ChatPage(page).open("/demo-host")
    page.emulate_media(reduced_motion="reduce")
    page.locator("summary").first.click()
    axe(page)
    for question in ("火事です", "人と話したい", "引っ越し", "外国のビザの更新", "？？？", MOVED):
        chat.ask(question)
    chat.speak("ko")
    chat.ask("쓰레기 분리 방법")
    chat.action("bad").click()
    page.locator("[aria-controls=menu]").click()
    axe(page)
    page.locator(".menu [data-action=end]").click()
    axe(page)
    page.keyboard.press("Escape")
    chat.turns.nth(5).locator("[data-action=phone]").click()
    page.locator(".box .code svg").wait_for()
    axe(page)
    page.keyboard.press("Escape")
    page.route("**/api/chat", lambda route: route.fulfill(status=503, json={"error": {}}))
    chat.box.fill(MOVED)
    chat.box.press("Enter")
    chat.state("failed")
    axe(page)
    page.unroute("**/api/chat")
    page.context.set_offline(True)
    chat.box.fill(MOVED)
    chat.box.press("Enter")
    chat.state("offline")
    axe(page)


def test_forced_colours_keep_edges(new_page: NewPage, server: str, axe: Axe) -> None:
    page = new_page(base_url=server, bypass_csp=True, forced_colors="active")
    chat = ChatPage(page).open("/demo-host")
    chat.ask(MOVED)
    width = page.locator(".send").evaluate("e => getComputedStyle(e).borderTopWidth")
    assert width == "1px"
    axe(page)


def test_full_screen_is_modal_below_640_pixels(chat: ChatPage) -> None:
    page = chat.page
    panel = page.locator(".panel")
    assert panel.evaluate("e => e.matches(':modal')") is False
    chat.box.fill("まだ送っていない質問")
    page.set_viewport_size({"width": 500, "height": 800})
    expect(panel).to_have_js_property("open", True)
    page.wait_for_function(
        "document.querySelector('madoguchi-chat').shadowRoot.querySelector('.panel').matches(':modal')"
    )
    box = panel.bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 500, 800)
    assert chat.box.input_value() == "まだ送っていない質問"
    seen = panel.evaluate("e => e.style.getPropertyValue('--seen-block-size')")
    assert seen == "800px"
