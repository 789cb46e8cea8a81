"""Accounts and the audit log on a real PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from knowledge.store import Store
from tests.knowledge.accounts_contract import AccountsContract

pytestmark = pytest.mark.integration


@pytest.fixture
def url(postgres_url: str) -> str:
    return postgres_url


class TestPostgres(AccountsContract):
    """The contract on PostgreSQL."""


def test_emptying_the_log_is_refused_too(url: str) -> None:
    with Store.open(url) as store:
        store.audit("tanaka", "test")
        with pytest.raises(DBAPIError, match="only grows"), store._writes() as session:
            session.execute(text("TRUNCATE audit_entry"))
