"""A backup brings an installation back, and never overwrites one."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from assistant.answer import Question
from assistant.backup import back_up, restore
from assistant.settings import Settings
from knowledge.errors import ImportRefused
from tests.assistant.conftest import SmallInstallation


@pytest.fixture
def kept(installation: SmallInstallation, tmp_path: Path) -> Path:
    assert installation.visitor_key
    target = tmp_path / "backups" / "madoguchi.zip"
    assert back_up(installation, target).store
    return target


def test_what_was_backed_up_answers_again(kept: Path, tmp_path: Path) -> None:
    again = SmallInstallation(Settings(_env_file=None, data=tmp_path / "again"))
    done = restore(again, kept)
    assert done.articles == 5 and "visitor.key" in done.keys
    again.build_release()
    answer = again.desk.answer(Question("転入届はいつまでですか", "ja"))
    assert answer.sources[0].slug == "moving-in"
    again.store.close()


def test_articles_can_be_read_without_the_program(kept: Path) -> None:
    with zipfile.ZipFile(kept) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith("moving-in/ja.md"))
        assert "14日以内" in archive.read(name).decode()


def test_a_backup_is_for_its_owner_only(kept: Path) -> None:
    assert kept.stat().st_mode & 0o077 == 0
    assert [file.name for file in kept.parent.iterdir()] == ["madoguchi.zip"]


def test_nothing_is_overwritten(kept: Path, installation: SmallInstallation) -> None:
    with pytest.raises(ImportRefused, match="holds an installation already"):
        restore(installation, kept)


def test_what_is_no_backup_is_refused_in_words(tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    other.write_bytes(b"PK no")
    empty = SmallInstallation(Settings(_env_file=None, data=tmp_path / "empty"))
    with pytest.raises(ImportRefused, match=r"other\.zip is not a backup"):
        restore(empty, other)
