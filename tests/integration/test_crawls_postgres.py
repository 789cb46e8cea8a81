"""Crawls and the pages they know on a real PostgreSQL."""

from __future__ import annotations

import pytest

from tests.knowledge.crawl_contract import CrawlContract

pytestmark = pytest.mark.integration


@pytest.fixture
def url(postgres_url: str) -> str:
    return postgres_url


class TestPostgres(CrawlContract):
    """The contract on PostgreSQL."""
