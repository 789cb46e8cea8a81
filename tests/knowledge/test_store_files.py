"""Images and attachments in SQLite, and in the folders that articles travel in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import yaml_text
from knowledge.article_files import read_article, write_article
from knowledge.article_rules import check_article
from knowledge.attached_file import AttachedFile
from knowledge.errors import ArticleInvalid
from knowledge.file_folder import read_contents, write_contents
from tests.knowledge.files_contract import ATTACHMENT, IMAGE, FilesContract, named
from tests.knowledge.store_contract import article

CONTENTS = {made.file.digest: made.content for made in (IMAGE, ATTACHMENT)}


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


class TestSqlite(FilesContract):
    """The contract on SQLite."""


def written(folder: Path, files: tuple[AttachedFile, ...]) -> Path:
    one = article(files=files)
    write_article(one, folder)
    write_contents(one, folder, CONTENTS.get)
    return folder


def test_an_article_folder_carries_its_files_and_comes_back_as_it_was(tmp_path: Path) -> None:
    decorative = replace(IMAGE.file, decorative=True)
    for files in (named(), named()[::-1], (decorative,), ()):
        folder = written(tmp_path / "moving-in", files)
        assert read_article(folder) == article(files=files)
        assert list(read_contents(article(files=files), folder)) == [
            {IMAGE.file.digest: IMAGE, ATTACHMENT.file.digest: ATTACHMENT}[file.digest]
            for file in files
        ]
        there = {path.name for path in (folder / "files").iterdir()}
        assert there == {file.name for file in files}


def test_a_lost_content_is_named_on_import_and_stops_no_export(tmp_path: Path) -> None:
    one = article(files=named())
    folder = write_article(one, tmp_path / "moving-in")
    write_contents(one, folder, lambda digest: None)
    with pytest.raises(ArticleInvalid, match=r"files/[0-9a-f]+\.webp is missing"):
        list(read_contents(one, folder))


def test_an_exchanged_content_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path / "moving-in", named())
    (folder / "files" / IMAGE.file.name).write_bytes(b"other")
    with pytest.raises(ArticleInvalid, match="not the one that the article names"):
        list(read_contents(read_article(folder), folder))


def test_a_wrong_entry_names_the_file_and_what_is_wrong(tmp_path: Path) -> None:
    folder = written(tmp_path / "moving-in", named())
    path = folder / "article.yaml"
    before = path.read_text(encoding="utf-8")
    for old, new, words in (
        ("kind: image", "kind: film", "neither image nor attachment"),
        ("width: 640", "width: many", "no whole number"),
        ("width: 640", "width: 6400", "larger than allowed"),
        ("pages: 2", "sheets: 2", "key 'sheets'"),
        (IMAGE.file.digest, "../../etc/passwd", "no SHA-256"),
        ("      en: Map of the counters\n", "", "not told in words in en"),
        ("      en: Map", "      xx: Map", "no language"),
    ):
        assert old in before
        path.write_text(before.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(ArticleInvalid, match=words):
            read_article(folder)
    path.write_text(yaml_text.dump({"files": "x"}) + before.partition("files:")[0], "utf-8")
    with pytest.raises(ArticleInvalid, match="not a list"):
        read_article(folder)


def test_an_article_has_few_files_and_none_twice() -> None:
    (image, _) = named()
    with pytest.raises(ArticleInvalid, match="twice"):
        check_article(article(files=(image, image)))
    many = tuple(replace(image, digest=f"{number:064x}") for number in range(21))
    assert check_article(article(files=many[:20]))
    with pytest.raises(ArticleInvalid, match="more than 20"):
        check_article(article(files=many))
