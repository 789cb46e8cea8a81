"""Drafts and their publication on SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.knowledge.editing_contract import EditingContract


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


class TestSqlite(EditingContract):
    """The contract on a SQLite file."""
