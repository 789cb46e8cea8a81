"""Names where people state them as their own: "my name is …", 私は…と申します.

A name that is only mentioned stays: nobody can tell 鈴木 the person from 鈴木 the
shop, and hiding every name would hide the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import yaml

from knowledge.japanese import analyse, has_person_name

_OPEN = re.compile(r"[ァ-ヺー・]+|[A-Za-z][A-Za-z' .-]+")


def stated_names(text: str) -> Iterator[tuple[int, int]]:
    """Yield where `text`, in NFKC form, states a name: start and end."""
    for lang, patterns in _patterns().items():
        for pattern in patterns:
            for match in pattern.finditer(text):
                start, end = match.span("name")
                if lang != "ja" or _is_japanese_name(match["name"]):
                    yield start, end


def _is_japanese_name(text: str) -> bool:
    """Say whether what stands where a name would stand is one, and not 外国人 or 65歳."""
    if re.search(r"\d", text):
        return False
    if _OPEN.fullmatch(text):
        return has_person_name(text) or "・" in text
    words = analyse(text)
    return has_person_name(text) and all(
        word.part_of_speech in ("名詞", "空白", "補助記号", "記号") for word in words
    )


@cache
def _patterns() -> dict[str, list[re.Pattern[str]]]:
    text = resources.files("assistant").joinpath("stated_names.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    families = {key: f"[{content.pop(key)}]" for key in ("zh_family", "ko_family")}
    return {
        lang: [
            re.compile(form.replace("{zh_family}", families["zh_family"]).replace(
                "{ko_family}", families["ko_family"]
            ))
            for form in forms
        ]
        for lang, forms in content.items()
    }  # fmt: skip
