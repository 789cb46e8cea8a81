"""How Whisper is made to write what it heard as kana.

Without Chinese characters to choose, it writes sounds, where the wrong ones would hide
them: 引判 for the sound of 引き判 is read as nothing that was said.
"""

from __future__ import annotations

from collections.abc import Callable

KANA_BEAMS = 3
KANA_PROMPT = "くやくしょの まどぐちです。"
"""What was said before, in hiragana, so that hiragana goes on."""

KANA_REPEATED = 5
"""A run of so many tokens may not come twice: without its usual tokens Whisper loops."""


def not_kana(size: int, end: int, decoded: Callable[[int], str]) -> list[int]:
    """Return the tokens under `size` that a text in kana may not hold; `end` ends it."""
    kana = {token for token in range(end) if _kana(decoded(token))}
    return [token for token in range(size) if token != end and token not in kana]


def _kana(text: str) -> bool:
    return bool(text) and all("ぁ" <= letter <= "ー" and letter != "・" for letter in text)
