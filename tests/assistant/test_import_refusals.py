"""What is refused at an import is told in the reader's language, by its kind."""

from __future__ import annotations

import ast
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.accounts.roles import Grant, Role
from assistant.http.app import create_app
from assistant.http.staff_view import staff_texts
from tests.assistant.conftest import SmallInstallation
from tests.assistant.staff import form_token, signed_in_browser, staff_installation
from tests.knowledge.importers.samples import locked_pdf

ROOT = Path(__file__).parents[2]
OWNER = "section.resident"
ENGLISH = re.compile(r"\b(?:the|is|not|file|it|first)\b", re.IGNORECASE)


def archive(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for name, text in files.items():
            made.writestr(name.replace("__", "/"), text)
    return packed.getvalue()


def blank_pdf() -> bytes:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


FILES: dict[str, tuple[str, bytes]] = {
    "empty": ("a.csv", b""),
    "old": ("a.xls", b"\xd0\xcf\x11\xe0"),
    "format": ("a.rtf", b"{\\rtf1 hello}"),
    "ending": ("a.pdf", b"nothing"),
    "archive": ("a.zip", archive(readme="x")),
    "damaged": ("a.docx", b"PK\x03\x04 and nothing more"),
    "locked": ("a.pdf", locked_pdf()),
    "pictures": ("a.pdf", blank_pdf()),
    "not_text": ("a.txt", bytes(range(256)) * 20),
    "scripts": ("a.html", b"<html><body></body></html>"),
}


@pytest.fixture(scope="module")
def staff(
    installation: SmallInstallation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SmallInstallation]:
    with staff_installation(installation, tmp_path_factory.mktemp("refusals")) as made:
        yield made


@pytest.fixture(scope="module")
def editor(staff: SmallInstallation) -> TestClient:
    return signed_in_browser(staff, create_app(staff), "tanaka", [Grant(Role.EDITOR, OWNER)])


def refusal(editor: TestClient, name: str, content: bytes, lang: str) -> str:
    """Send a file and return what is told about it."""
    editor.get(f"/admin/imports?lang={lang}")
    form = {"form_token": form_token(editor.get("/admin/imports")), "department": OWNER}
    page: Any = editor.post("/admin/imports/file", data=form, files={"file": (name, content)})
    assert page.status_code == 400, page.text
    found = re.search(r'role="alert"[^>]*>(.*?)</div>', page.text, re.S)
    assert found, page.text
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


@pytest.mark.parametrize("kind", FILES)
def test_a_refused_file_is_told_in_the_readers_language(editor: TestClient, kind: str) -> None:
    name, content = FILES[kind]
    told = {lang: refusal(editor, name, content, lang) for lang in ("ja", "en")}
    assert not ENGLISH.search(told["ja"]), told["ja"]
    for lang, words in told.items():
        pattern = re.escape(staff_texts(lang)(f"imports.refusals.{kind}"))
        assert re.search(re.sub(r"\\{\w+\\}", ".+", pattern), words), (lang, words)


def test_columns_that_are_not_found_are_named(editor: TestClient) -> None:
    form = {"form_token": form_token(editor.get("/admin/imports?lang=ja")), "department": OWNER}
    table = {"file": ("a.csv", "あれ,これ\n一,二\n".encode())}
    page = editor.post("/admin/imports/file", data=form, files=table)
    assert page.status_code == 200 and "質問の列と回答の列を選んで" in page.text
    place = re.search(r'action="(/admin/imports/file/\w+)"', page.text)
    assert place
    page = editor.post(place[1], data={"form_token": form["form_token"], "go": "take"})
    assert page.status_code == 400
    assert "質問の列と回答の列が見つかりません。列の名前：あれ、これ" in page.text


def test_every_kind_of_refusal_has_words() -> None:
    used = {"other", "rules"}
    for folder in ("knowledge/importers", "assistant"):
        for path in sorted((ROOT / folder).glob("*.py")):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and len(call.args) > 1 and _refuses(call.func):
                    reason = call.args[1]
                    if not isinstance(reason, ast.Constant):
                        assert path.name == "source.py", path
                        continue
                    used.add(str(reason.value))
    assert len(used) > 20
    for lang in ("ja", "en"):
        assert set(staff_texts(lang).texts["imports"]["refusals"]) == used, lang


def _refuses(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr == "refused"
    return isinstance(function, ast.Name) and function.id in ("ImportRefused", "CrawlRefused")
