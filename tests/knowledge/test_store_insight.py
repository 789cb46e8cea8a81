"""Notices and what was asked in vain on SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.knowledge.insight_contract import InsightContract


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


class TestSqlite(InsightContract):
    """The contract on a SQLite file."""
