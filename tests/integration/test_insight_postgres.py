"""Notices and what was asked in vain on a real PostgreSQL."""

from __future__ import annotations

import pytest

from tests.knowledge.insight_contract import InsightContract

pytestmark = pytest.mark.integration


@pytest.fixture
def url(postgres_url: str) -> str:
    return postgres_url


class TestPostgres(InsightContract):
    """The contract on PostgreSQL."""
