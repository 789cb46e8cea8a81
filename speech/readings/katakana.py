"""Readings in kana as a voice says them."""

from __future__ import annotations

import re

_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_O = "オコソトホモヨロヲゴゾドボポョォ"
_U = "ウクスツヌフムユルグズブプュ"
_E = "エケセテネヘメレゲゼデベペェ"
_DRAWN = re.compile(f"(?<=[{_O}{_U}])ウ|(?<=^ノ)ウ|(?<=[{_E}])イ")


def katakana(reading: str) -> str:
    """Return a reading as katakana, drawn-out vowels written as ー: ``テンニュートドケ``.

    Katakana stands out from the particles around it, so that no dictionary
    takes it apart. After ノ a ウ mostly begins a word and stays.
    """
    return _DRAWN.sub("ー", reading.translate(_KATAKANA))
