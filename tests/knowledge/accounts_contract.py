"""What the store promises of accounts and the audit log, whichever database is under it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from knowledge.errors import AccountExists, AccountMissing, LastAdministrator, StoreLocked
from knowledge.store import Store
from knowledge.store_audit import FIRST
from tests.knowledge.store_contract import Clock

ADMINISTRATOR = [("administrator", "")]


class AccountsContract:
    """Subclasses give a `url` fixture that names an empty database."""

    clock: Clock

    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        self.clock = Clock()
        with Store.open(url, now=self.clock) as store:
            yield store

    def test_an_account_comes_back_as_it_was_made(self, store: Store) -> None:
        grants = [("editor", "section.resident"), ("counter", ""), ("counter", "")]
        made = store.add_account("tanaka", "田中\x00 花子", grants, by="boss")
        assert store.account("tanaka") == made
        assert store.accounts() == [made]
        assert (made.display_name, made.password_hash) == ("田中 花子", None)
        assert made.grants == (("counter", ""), ("editor", "section.resident"))
        with pytest.raises(AccountExists):
            store.add_account("tanaka", "Another", by="boss")
        with pytest.raises(AccountMissing):
            store.account("suzuki")

    def test_the_last_administrator_stays(self, store: Store) -> None:
        store.add_account("editor", "E", [("editor", "")], by="t")
        store.set_grants("editor", [], by="t")
        store.add_account("boss", "B", ADMINISTRATOR, by="t")
        for change in (
            lambda: store.set_grants("boss", [("editor", "")], by="t"),
            lambda: store.set_disabled("boss", True, by="t"),
        ):
            with pytest.raises(LastAdministrator):
                change()
        assert store.account("boss").grants == tuple(ADMINISTRATOR)
        store.add_account("second", "S", ADMINISTRATOR, by="t")
        store.set_disabled("boss", True, by="second")
        with pytest.raises(LastAdministrator):
            store.set_grants("second", [], by="second")
        store.set_disabled("boss", False, by="second")
        store.set_grants("second", [], by="boss")

    def test_two_administrators_cannot_go_at_once(self, url: str, store: Store) -> None:
        for name in ("one", "two"):
            store.add_account(name, name, ADMINISTRATOR, by="t")
        start = threading.Barrier(2)

        def leave(name: str) -> None:
            with Store.open(url) as own:
                start.wait()
                # One of them is refused, or told to try again.
                with suppress(LastAdministrator, StoreLocked):
                    own.set_disabled(name, True, by=name)

        threads = [threading.Thread(target=leave, args=(name,)) for name in ("one", "two")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert any(record.disabled_at is None for record in store.accounts())

    def test_a_link_holds_once_and_ends_sessions(self, store: Store) -> None:
        made = store.add_account("tanaka", "T", by="boss")
        later = self.clock.moment + timedelta(hours=1)
        assert store.begin_session(made.id, "s" * 64, later, detail={})
        store.add_set_up_link("tanaka", "l" * 64, later, by="boss")
        assert store.account_of_link("l" * 64) == store.account("tanaka")
        changed = store.set_password_by_link("l" * 64, "hash")
        assert changed is not None and changed.password_hash == "hash"
        assert store.set_password_by_link("l" * 64, "other") is None
        assert store.account_of_session("s" * 64, timedelta(hours=1)) is None

    def test_a_session_of_the_disabled_does_not_begin(self, store: Store) -> None:
        made = store.add_account("tanaka", "T", by="boss")
        store.set_disabled("tanaka", True, by="boss")
        later = self.clock.moment + timedelta(hours=1)
        assert not store.begin_session(made.id, "s" * 64, later, detail={})

    def test_attempts_at_once_do_not_slip_past_the_limit(self, url: str, store: Store) -> None:
        allowed: list[bool] = []

        def attempt() -> None:
            with Store.open(url, now=self.clock) as own:
                for _ in range(4):
                    until = own.try_sign_in(
                        "key", lambda n: timedelta(minutes=n >= 5), timedelta(days=1)
                    )
                    allowed.append(until is None)

        threads = [threading.Thread(target=attempt) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (allowed.count(True), allowed.count(False)) == (5, 11)
        store.forgive("key", all_of_them=True)
        assert store.try_sign_in("key", lambda _: timedelta(), timedelta(days=1)) is None

    def test_what_is_pending_is_taken_once(self, store: Store) -> None:
        later = self.clock.moment + timedelta(minutes=10)
        store.begin_sign_in("state", {"nonce": "n"}, later)
        assert store.take_sign_in("state") == {"nonce": "n"}
        assert store.take_sign_in("state") is None
        store.begin_sign_in("state", {}, later)
        self.clock.moment = later
        assert store.take_sign_in("state") is None

    def test_entries_form_a_chain(self, store: Store) -> None:
        detail = {"figures": [1, 2.5, None, True], "text": "窓口 😀 \x00\ud800", "in": {"b": 1}}
        first = store.audit("tanaka", "article.publish", "moving-in", detail)
        second = store.audit("suzuki", "article.retire", "moving-in")
        assert (first.number, first.previous_hash) == (1, FIRST)
        assert (second.number, second.previous_hash) == (2, first.hash)
        assert first.detail["text"] == "窓口 😀 ?"
        assert list(store.audit_log()) == [first, second]
        assert store.verify_audit().problem == ""
        assert store.verify_audit().head == second.hash
        assert store.verify_audit(first.hash).problem == ""
        assert "taken off" in store.verify_audit("0123").problem
        assert store.audit_entries(actor="tanaka") == [first]
        assert store.audit_entries(action="article.re") == [second]
        assert store.audit_entries(before=2, limit=5) == [first]
        assert json.loads(json.dumps(first.as_json()))["at"].endswith("+00:00")

    def test_an_action_and_its_entry_are_written_together(self, store: Store) -> None:
        store.add_account("tanaka", "T", by="boss")
        before = list(store.audit_log())
        with pytest.raises(RuntimeError), store._writes() as session:
            session.execute(text("UPDATE account SET display_name = 'other'"))
            store.audit("boss", "account.rename", "tanaka", session=session)
            raise RuntimeError("the program ends here")
        assert list(store.audit_log()) == before
        assert store.account("tanaka").display_name == "T"

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE audit_entry SET actor = 'nobody'",
            "DELETE FROM audit_entry",
            "DELETE FROM audit_entry WHERE number = 2",
        ],
    )
    def test_the_database_refuses_changes(self, store: Store, change: str) -> None:
        for n in range(3):
            store.audit("tanaka", f"test.{n}")
        with pytest.raises(DBAPIError, match="only grows"), store._writes() as session:
            session.execute(text(change))
        assert [entry.action for entry in store.audit_log()] == ["test.0", "test.1", "test.2"]

    @pytest.mark.parametrize(
        ("change", "problem"),
        [
            (
                "UPDATE audit_entry SET detail = '{\"n\": 9}' WHERE number = 2",
                "Entry 2 was changed",
            ),
            (
                "UPDATE audit_entry SET at = '2020-01-01 00:00:00+00' WHERE number = 3",
                "Entry 3 was",
            ),
            ("UPDATE audit_entry SET previous_hash = hash WHERE number = 2", "Entry 2 does not"),
            ("DELETE FROM audit_entry WHERE number = 1", "Entry 1 is missing"),
            ("DELETE FROM audit_entry WHERE number = 2", "Entry 2 is missing"),
            ("UPDATE audit_entry SET actor = 'nobody' WHERE number = 3", "Entry 3 was changed"),
        ],
    )
    def test_what_an_owner_of_the_database_changes_shows(
        self, store: Store, change: str, problem: str
    ) -> None:
        for n in range(3):
            store.audit("tanaka", "test", detail={"n": n})
        self.drop_triggers(store)
        with store._writes() as session:
            session.execute(text(change.replace(":", "\\:")))
        assert store.verify_audit().problem.startswith(problem)

    def test_entries_taken_off_the_end_show_against_a_kept_hash(self, store: Store) -> None:
        for n in range(3):
            store.audit("tanaka", f"test.{n}")
        head = store.verify_audit().head
        self.drop_triggers(store)
        with store._writes() as session:
            session.execute(text("DELETE FROM audit_entry WHERE number = 3"))
        assert store.verify_audit().problem == ""
        assert "taken off" in store.verify_audit(head).problem

    def test_writers_at_once_make_one_chain(self, url: str, store: Store) -> None:
        failures: list[Any] = []

        def write(who: int) -> None:
            try:
                with Store.open(url) as own:
                    for n in range(15):
                        own.audit(f"writer-{who}", "test", str(n))
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=write, args=(who,)) for who in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures
        report = store.verify_audit()
        assert (report.entries, report.problem) == (60, "")

    def drop_triggers(self, store: Store) -> None:
        """What only somebody who owns the database can do."""
        names = ["audit_entry_unchanged", "audit_entry_kept", "audit_entry_in_order"]
        on = ""
        if store.engine.dialect.name == "postgresql":
            names, on = names[:2], " ON audit_entry"
        with store._writes() as session:
            for name in names:
                session.execute(text(f"DROP TRIGGER {name}{on}"))
