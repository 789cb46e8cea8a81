"""Any file: the right reader, or one sentence that says why not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge import importers
from knowledge.article_files import read_article, write_article
from knowledge.article_rules import check_article
from knowledge.errors import ImportRefused
from knowledge.importers.source import language_of, slug_of
from tests.knowledge.importers import samples

SAMPLE = Path(__file__).parents[3] / "knowledge" / "sample_city" / "articles"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", samples.pdf([[(12, "文です。")]])[:400], "the PDF is damaged"),
        ("a.pdf", b"%PDF-1.7 and nothing else", "the PDF is damaged"),
        ("a.pdf", b"hello", "the file is damaged: it is not what its ending says"),
        ("a.pdf", samples.pdf([[]]), "it holds only pictures, no text"),
        ("a.pdf", samples.locked_pdf(), "the PDF is locked with a password"),
        ("a.xlsx", samples.bomb("xl/workbook.xml"), "it unpacks to far more"),
        ("a.docx", samples.bomb("word/document.xml"), "it unpacks to far more"),
        ("a.xlsx", b"PK\x03\x04broken", "the file is damaged"),
        ("a.xlsx", samples.xlsx([["名前", "住所"]]), "no column of questions and of answers"),
        ("a.zip", samples.bomb("x"), "it is an archive"),
        ("a.xls", b"\xd0\xcf\x11\xe0 old", "save it as .xlsx first"),
        ("a.pptx", b"PK", "save it as PDF first"),
        ("a.csv", "名前,住所\nあ,い\n".encode(), "among 名前、住所"),
        ("a.csv", "質問,回答\n,\n".encode(), "there is no question with an answer"),
        ("a.html", b"<html><body><script>draw()</script></body></html>", "no text of its own"),
        ("a.html", b"<!-- nothing -->", "no text"),
        ("a.txt", b"", "the file is empty"),
        ("a.txt", b" \r\n \t\n", "the file is empty"),
        ("a.txt", bytes(range(256)) * 20, "it is not a text file"),
        ("a.txt", bytes(range(128, 256)) * 40, "it is not a text file"),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "it is not a text file"),
        ("a.md", b"# ", "no text"),
        ("a.docx", samples.docx([("Heading 1", "見出しだけ")]), "no text"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(
    name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(ImportRefused) as caught:
        importers.read(content, name)
    message = str(caught.value)
    assert message.startswith(f"{name}: ") and reason in message
    assert message.endswith(".") and "\n" not in message and len(message) < 200


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.pdf"
    with huge.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(ImportRefused, match=r"huge.pdf: the file has 200 MB; at most 50 MB"):
        importers.read(huge)
    with pytest.raises(ImportRefused, match="at most 0 MB"):
        importers.read(b"x" * 11, "a.txt", largest=10)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match=r"absent.txt: there is no such file"):
        importers.read(tmp_path / "absent.txt")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("no ending", samples.pdf([[(12, "手当の案内です。")]])),
        ("wrong.txt", samples.pdf([[(12, "手当の案内です。")]])),
        ("no ending", samples.xlsx([["質問", "回答"], ["手当は？", "案内です。"]])),
        ("no ending", samples.docx([("Normal", "手当の案内です。")])),
        ("page", "<!DOCTYPE html><html><body><p>手当の案内です。</p></body></html>".encode()),
        ("page", "手当の案内です。".encode()),
    ],
)
def test_the_content_tells_the_format(name: str, content: bytes) -> None:
    (article,) = importers.read(content, name)
    assert "案内です。" in article.localizations["ja"].sections[0].text


def test_a_folder_is_read_as_articles(tmp_path: Path) -> None:
    (article,) = importers.read(SAMPLE / "moving-in")
    assert article == read_article(SAMPLE / "moving-in")
    write_article(article, tmp_path / "moving-in")
    assert importers.read(tmp_path) == [article]


def test_what_is_imported_is_valid_and_comes_back_from_files(tmp_path: Path) -> None:
    pages = [[(20.0, "計画"), (15.0, "# 見出し"), (10.5, "## 本文です。")], [(10.5, "続きです。")]]
    (article,) = importers.read(samples.pdf(pages), "計画.pdf", on=date(2026, 4, 1))
    check_article(article)
    assert article.kind == "document" and article.effective_from == date(2026, 4, 1)
    assert read_article(write_article(article, tmp_path / article.slug)) == article


def test_the_caller_can_say_what_the_file_does_not() -> None:
    (article,) = importers.read(
        b"Recoleccion de basura los lunes.", "a.txt", lang="es", title="Basura",
        address="https://example.jp/es/basura/index.html",
    )  # fmt: skip
    assert article.localizations["es"].title == "Basura"
    assert article.address == "https://example.jp/es/basura/index.html"
    assert article.slug == "es-basura"


def test_slugs_are_stable_and_told_apart() -> None:
    assert slug_of("Guide_2026 (final)") == "guide-2026-final"
    assert slug_of("ごみの出し方") == slug_of("ごみの出し方") != slug_of("税の払い方")
    assert slug_of("ガイド2026").startswith("2026-") and slug_of("ガイド2026") == slug_of(
        "ガイド２０２６"
    )
    for name in ("...", "a" * 300, "../../etc/passwd", "あ" * 300):
        assert len(slug_of(name)) <= 100 and "/" not in slug_of(name) and slug_of(name)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("転入届は14日以内に出してください。", "ja"),
        ("手続一覧", "ja"),
        ("", "ja"),
        ("전입 신고는 14일 이내에 하세요.", "ko"),
        ("ต้องแจ้งภายใน 14 วัน", "th"),
        ("१४ दिनभित्र सूचना दिनुहोस्", "ne"),
        ("Notify the ward office (区役所) within 14 days.", "en"),
    ],
)
def test_the_script_tells_the_language(text: str, lang: str) -> None:
    assert language_of(text) == lang


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "." * 500_000),
        ("a.txt", "（\n" * 20_000),
        ("a.txt", "これは続く、\n" * 20_000),
        ("a.html", "<div>" * 20_000 + "深い" + "</div>" * 20_000),
        ("a.md", "> " * 5_000 + "深い"),
        ("a.csv", '質問,回答\n"' + "あ" * 1_500_000),
    ],
)
def test_what_is_made_to_break_the_reader_ends_soon(name: str, text: str) -> None:
    try:
        assert importers.read(text.encode(), name)
    except ImportRefused as refused:
        assert str(refused).startswith(name)


def test_a_text_that_lost_a_few_bytes_is_still_read() -> None:
    content = ("転入届は14日以内に出してください。" * 30).encode()[:-1]
    (article,) = importers.read(content, "a.txt")
    assert article.localizations["ja"].sections[0].text.startswith("転入届は14日以内に")
