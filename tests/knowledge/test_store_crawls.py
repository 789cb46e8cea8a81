"""Crawls and the pages they know on SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.knowledge.crawl_contract import CrawlContract


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


class TestSqlite(CrawlContract):
    """The contract on a SQLite file."""
