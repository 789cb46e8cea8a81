"""Files into the store and back, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.importing import export_to, import_paths
from knowledge.article_files import read_articles
from knowledge.store import Store

LARGEST = 1_000_000


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path / 'store.db'}")


def take(store: Store, *paths: Path) -> dict[str, str]:
    report = import_paths(store, paths, lang=None, max_bytes=LARGEST)
    return report.refused


def test_export_reads_back_as_the_same_city(store: Store, small_city: Path, tmp_path: Path) -> None:
    assert take(store, small_city) == {}
    count = export_to(store, tmp_path / "out")
    assert count == len(list(read_articles(small_city / "articles")))
    again = Store.open("sqlite://")
    assert take(again, tmp_path / "out") == {}
    assert again.content_hash(again.today()) == store.content_hash(store.today())


def test_importing_again_changes_nothing(store: Store, small_city: Path) -> None:
    take(store, small_city)
    before = store.content_hash(store.today())
    take(store, small_city)
    assert store.content_hash(store.today()) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.pdf", b"%PDF-1.7 broken"),
        ("large.txt", b"x" * (LARGEST + 1)),
        ("scripts.html", b"<html><script>alert(1)</script></html>"),
        ("empty.txt", b""),
        ("noise.bin", bytes(range(256)) * 10),
        ("broken.docx", b"PK\x03\x04 broken"),
        ("broken.xlsx", b"PK\x03\x04 broken"),
    ],
)
def test_bad_files_are_refused_with_a_sentence_and_the_rest_is_taken(
    store: Store, small_city: Path, tmp_path: Path, name: str, content: bytes
) -> None:
    bad = tmp_path / name
    bad.write_bytes(content)
    refused = take(store, bad, small_city)
    assert list(refused) == [str(bad)]
    assert refused[str(bad)].endswith(".")
    assert len(store.articles(store.today())) == len(list(read_articles(small_city / "articles")))


def test_a_missing_file_is_refused(store: Store, tmp_path: Path) -> None:
    assert take(store, tmp_path / "nothing.csv")


def test_a_table_in_shift_jis(store: Store, tmp_path: Path) -> None:
    table = tmp_path / "faq.csv"
    table.write_bytes("質問,回答\n印鑑登録は？,窓口で登録できます。\n".encode("cp932"))
    assert take(store, table) == {}
    (article,) = store.articles(store.today())
    assert article.localizations["ja"].title == "印鑑登録は？"
