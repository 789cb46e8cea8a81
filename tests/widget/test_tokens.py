"""The design tokens are the published ones, and what refers to them refers to what is there."""

from __future__ import annotations

import re

import pytest

from widget import tokens

STATIC = tokens.FILE.parent


@pytest.mark.integration
def test_the_tokens_are_those_of_the_package() -> None:
    try:
        published = tokens.published()
    except tokens.TokensUnavailable as reason:
        pytest.skip(str(reason))
    assert tokens.FILE.read_text(encoding="utf-8") == published


def test_the_chat_has_the_tokens_it_uses() -> None:
    assert tokens.CHAT_FILE.read_text("utf-8") == tokens.chosen(tokens.FILE.read_text("utf-8"))


def test_no_sheet_uses_a_token_that_is_not_there() -> None:
    known = set(re.findall(r"^\s*(--[\w-]+):", tokens.FILE.read_text("utf-8"), re.M))
    for path in STATIC.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        own = set(re.findall(r"(--[\w-]+)\s*:", text))
        used = set(
            re.findall(r"var\((--(?:color|font|line-height|border-radius|elevation)-[\w-]+)", text)
        )
        assert used <= known | own, path.name
