"""The chat as a test sees it: open it, ask, wait for the answer."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

PATIENCE = 90_000
"""Milliseconds that a busy machine may take for anything; an idle one takes none of them."""

expect.set_options(timeout=PATIENCE)


class ChatPage:
    """The chat on one page of a browser."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.box = page.locator(".composer textarea")
        self.turns = page.locator(".turn")
        self.last = self.turns.last
        self.status = page.locator("[role=status]")

    def open(self, url: str) -> ChatPage:
        self.page.goto(url)
        self.page.locator("madoguchi-launcher button").click()
        self.box.wait_for()
        return self

    def ask(self, question: str) -> None:
        """Ask with the Enter key and wait until the answer is complete."""
        number = self.turns.count()
        self.box.fill(question)
        self.box.press("Enter")
        self.done(number + 1)

    def done(self, turns: int) -> None:
        """Wait until there are `turns` turns and the last one is complete."""
        expect(self.turns).to_have_count(turns)
        expect(self.last).to_have_attribute("data-state", "done")

    def state(self, state: str) -> None:
        expect(self.last).to_have_attribute("data-state", state)

    def speak(self, lang: str) -> None:
        self.page.locator(".language select").select_option(lang)
        expect(self.page.locator(".panel")).to_have_attribute("lang", lang)

    def action(self, name: str) -> Any:
        return self.last.locator(f"[data-action={name}]")

    def kept(self) -> dict[str, Any] | None:
        """What the browser keeps of the conversation."""
        kept: dict[str, Any] | None = self.page.evaluate(
            "JSON.parse(sessionStorage.getItem('madoguchi'))"
        )
        return kept

    def transcript(self) -> list[dict[str, Any]]:
        """What the server keeps of the conversation."""
        kept = self.kept()
        assert kept is not None
        reply = self.page.request.get(f"/api/conversations/{kept['token']}")
        turns: list[dict[str, Any]] = reply.json()["turns"]
        return turns

    def fits(self) -> None:
        """Assert that nothing has to be scrolled sideways."""
        wide = self.page.evaluate(
            """() => {
                const root = document.querySelector("madoguchi-chat").shadowRoot;
                const inner = root.querySelectorAll(".panel, .scroller, .log");
                const parts = [document.documentElement, ...inner];
                return parts.filter((part) => part.scrollWidth > part.clientWidth + 1)
                    .map((part) => `${part.className}: ${part.scrollWidth} > ${part.clientWidth}`);
            }"""
        )
        assert not wide
