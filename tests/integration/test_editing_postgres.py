"""Drafts and their publication on a real PostgreSQL."""

from __future__ import annotations

import pytest

from tests.knowledge.editing_contract import EditingContract

pytestmark = pytest.mark.integration


@pytest.fixture
def url(postgres_url: str) -> str:
    return postgres_url


class TestPostgres(EditingContract):
    """The contract on PostgreSQL."""
