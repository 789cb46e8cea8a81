"""The store on SQLite: the contract, processes that are killed, full disks, locks."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

import knowledge
from knowledge.errors import StoreDamaged, StoreFull, StoreLocked, StoreTooNew, StoreUnreachable
from knowledge.schema import HEAD, Base
from knowledge.store import Store
from tests.knowledge.store_contract import TODAY, StoreContract, article


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/folder/store.db"


class TestSqlite(StoreContract):
    """The contract on a SQLite file."""


def test_a_store_in_memory_works() -> None:
    with Store.open("sqlite://") as store:
        assert store.publish(article(), author="a") == 1


def test_the_tables_are_those_of_the_schema(url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with Store.open(url) as store, store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_head_is_the_newest_migration() -> None:
    config = Config()
    folder = Path(knowledge.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_the_file_is_written_ahead_and_opens_again(url: str) -> None:
    with Store.open(url) as store:
        store.publish(article(), author="a")
        with store.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5000
    with Store.open(url) as store:
        assert len(store.articles(TODAY)) == 1


def test_a_locked_database_is_named(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(url) as store:
        holder = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 10")
        with pytest.raises(StoreLocked, match="held by another process"):
            store.publish(article(), author="a")
        assert store.articles(TODAY) == []
        holder.execute("ROLLBACK")
        holder.close()
        assert store.publish(article(), author="a") == 1


def test_a_full_disk_is_named_and_nothing_is_half_written(url: str) -> None:
    with Store.open(url) as store:
        store.publish(article(), author="a")
        with store.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        many = [article(f"a-{n}", "長い題" * 100) for n in range(200)]
        with pytest.raises(StoreFull, match="disk is full"):
            store.publish_all(many, author="a")
        assert [a.slug for a in store.articles(TODAY)] == ["moving-in"]


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(b"no database at all" * 1000)
    with pytest.raises(StoreDamaged, match="restore it"):
        Store.open(f"sqlite:///{tmp_path}/store.db")


def test_a_store_of_a_later_program_is_not_touched(url: str) -> None:
    with Store.open(url) as store, store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreTooNew, match="later version"):
        Store.open(url)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("no url", "is not a URL"),
        ("mysql://host/name", "SQLite or PostgreSQL, not mysql"),
        ("sqlite:////dev/null/store.db", "The folder /dev/null of the database cannot be made"),
        ("postgresql://nobody:x@127.0.0.1:1/none?connect_timeout=2", "cannot be reached"),
    ],
)
def test_what_cannot_be_opened_is_named(url: str, message: str) -> None:
    with pytest.raises(StoreUnreachable, match=message):
        Store.open(url)


KILLED = """
import sys
from knowledge.store import Store
from tests.knowledge.store_contract import article
store = Store.open(sys.argv[1])
for n in range(100000):
    store.publish_all([article(f"a-{n}-{i}") for i in range(5)], author="a")
    print(n, flush=True)
"""


@pytest.mark.parametrize("delay", [0.0, 0.03, 0.11])
def test_a_killed_process_loses_nothing_it_had_committed(url: str, delay: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, url],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": "."},
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    told = 1 + len([line for line in process.stdout.read().split(b"\n") if line])
    process.stdout.close()
    process.wait()
    with Store.open(url) as store:
        kept = len(store.articles(TODAY))
        assert kept % 5 == 0 and told * 5 <= kept <= (told + 1) * 5
        store.publish(article("after"), author="a")
