"""Accounts and the audit log on SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from knowledge.store import Store
from tests.knowledge.accounts_contract import AccountsContract


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


class TestSqlite(AccountsContract):
    """The contract on a SQLite file."""


def test_replacing_an_entry_is_refused_too(url: str) -> None:
    with Store.open(url) as store:
        store.audit("tanaka", "test")
        replace = text("REPLACE INTO audit_entry SELECT * FROM audit_entry")
        with pytest.raises(DBAPIError, match="only grows"), store._writes() as session:
            session.execute(replace)
