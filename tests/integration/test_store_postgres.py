"""The store on a real PostgreSQL: the contract, and what only a server can do wrong."""

from __future__ import annotations

import psycopg
import pytest

from knowledge.errors import StoreUnreachable
from knowledge.schema import Base
from knowledge.store import Store
from tests.knowledge.store_contract import TODAY, StoreContract, article

pytestmark = pytest.mark.integration


@pytest.fixture
def url(postgres_url: str) -> str:
    return postgres_url


class TestPostgres(StoreContract):
    """The contract on PostgreSQL."""


def test_the_tables_are_those_of_the_schema(url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with Store.open(url) as store, store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_missing_database_is_named(url: str) -> None:
    with pytest.raises(StoreUnreachable, match="no database of that name"):
        Store.open(url.replace("/tests_", "/absent_"))


def test_the_store_goes_on_after_its_connections_were_cut(url: str) -> None:
    with Store.open(url) as store:
        store.publish(article(), author="a")
        with psycopg.connect(url, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert len(store.articles(TODAY)) == 1


def test_two_stores_see_what_the_other_wrote(url: str) -> None:
    with Store.open(url) as one, Store.open(url) as two:
        one.publish(article(), author="a")
        assert two.publish(article(title="新しい題"), author="b") == 2
        assert one.content_hash(TODAY) == two.content_hash(TODAY)
