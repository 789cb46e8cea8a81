"""Images and attachments on a real PostgreSQL."""

from __future__ import annotations

import pytest

from tests.knowledge.files_contract import FilesContract

pytestmark = pytest.mark.integration


@pytest.fixture
def url(postgres_url: str) -> str:
    return postgres_url


class TestPostgres(FilesContract):
    """The contract on PostgreSQL."""
