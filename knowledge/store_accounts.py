"""The part of the store that keeps the accounts of the city's staff, each change audited."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from knowledge.errors import AccountExists, AccountMissing, LastAdministrator
from knowledge.schema_accounts import AccountRow, GrantRow, SessionRow, SetUpLinkRow
from knowledge.store_audit import AuditStore
from knowledge.store_base import storable

ADMINISTRATOR = "administrator"
"""The role without which nobody could manage the accounts."""

Grants = tuple[tuple[str, str], ...]
"""Pairs of a role and a department; the department "" is all of them."""


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """One account; `issuer` and `subject` name its person in the city's directory."""

    id: str
    name: str
    display_name: str
    grants: Grants
    password_hash: str | None
    issuer: str | None
    subject: str | None
    created_at: datetime
    disabled_at: datetime | None
    signed_in_at: datetime | None


class AccountStore(AuditStore):
    """Keeps accounts, their roles, and the links with which they are set up.

    `by` is the name of whoever changes something; it stands in the audit log.
    """

    def add_account(
        self,
        name: str,
        display_name: str,
        grants: Iterable[tuple[str, str]] = (),
        *,
        by: str,
        issuer: str | None = None,
        subject: str | None = None,
    ) -> AccountRecord:
        """Add an account without a password and return it; raises `AccountExists`."""
        chosen = _ordered(grants)
        with self._writes() as session:
            if session.scalar(select(AccountRow.id).where(AccountRow.name == name)):
                raise AccountExists(f"There is an account with the name {name} already.")
            row = AccountRow(
                id=uuid.uuid4().hex,
                name=name,
                display_name=storable(display_name),
                issuer=issuer,
                subject=subject,
                created_at=self.now(),
            )
            session.add(row)
            session.flush()
            _replace_grants(session, row.id, chosen)
            self.audit(by, "account.add", name, {"roles": chosen}, session=session)
            return _record(row, chosen)

    def accounts(self) -> list[AccountRecord]:
        """Return every account by name, disabled ones included."""
        with self._reads() as session:
            rows = session.scalars(select(AccountRow).order_by(AccountRow.name)).all()
            grants = grants_of(session, None)
            return [_record(row, grants.get(row.id, ())) for row in rows]

    def account(self, name: str) -> AccountRecord:
        """Return the account with that name; raises `AccountMissing`."""
        with self._reads() as session:
            row = _row(session, name)
            return record_of(session, row)

    def account_of_subject(self, issuer: str, subject: str) -> AccountRecord | None:
        """Return the account of a person in the city's directory, or None."""
        query = select(AccountRow).where(AccountRow.issuer == issuer, AccountRow.subject == subject)
        with self._reads() as session:
            row = session.scalar(query)
            return record_of(session, row) if row else None

    def set_grants(self, name: str, grants: Iterable[tuple[str, str]], *, by: str) -> None:
        """Replace the roles of an account; raises `AccountMissing`, `LastAdministrator`."""
        chosen = _ordered(grants)
        with self._writes() as session:
            row = _row(session, name, lock=True)
            before = grants_of(session, row.id).get(row.id, ())
            if before == chosen:
                return
            _replace_grants(session, row.id, chosen)
            if _administers(before):
                _check_administrators(session)
            detail = {"before": before, "roles": chosen}
            self.audit(by, "account.roles", name, detail, session=session)

    def set_disabled(self, name: str, disabled: bool, *, by: str) -> None:
        """Disable an account, ending its sessions and links, or enable it again.

        Raises `AccountMissing`, `LastAdministrator`.
        """
        with self._writes() as session:
            row = _row(session, name, lock=True)
            if (row.disabled_at is not None) == disabled:
                return
            row.disabled_at = self.now() if disabled else None
            session.flush()
            if disabled:
                if _administers(grants_of(session, row.id).get(row.id, ())):
                    _check_administrators(session)
                end_all(session, row.id)
            action = "account.disable" if disabled else "account.enable"
            self.audit(by, action, name, session=session)

    def add_set_up_link(self, name: str, token_hash: str, expires_at: datetime, *, by: str) -> None:
        """Keep a link that sets the password of an account, in place of earlier ones.

        Raises `AccountMissing`.
        """
        with self._writes() as session:
            row = _row(session, name, lock=True)
            session.execute(delete(SetUpLinkRow).where(SetUpLinkRow.account_id == row.id))
            session.add(
                SetUpLinkRow(token_hash=token_hash, account_id=row.id, expires_at=expires_at)
            )
            detail = {"expires_at": expires_at.isoformat(timespec="seconds")}
            self.audit(by, "account.link", name, detail, session=session)

    def account_of_link(self, token_hash: str) -> AccountRecord | None:
        """Return the account that a link sets up; None if it was used, replaced or expired."""
        with self._reads() as session:
            row = self._linked(session, token_hash)
            return record_of(session, row) if row else None

    def set_password_by_link(self, token_hash: str, password_hash: str) -> AccountRecord | None:
        """Set the password of the account behind a link, which is used up by it.

        Every session of the account ends. None if the link does not hold any more.
        """
        with self._writes() as session:
            row = self._linked(session, token_hash)
            if row is None:
                return None
            row.password_hash = password_hash
            end_all(session, row.id)
            self.audit(row.name, "account.password", row.name, session=session)
            return record_of(session, row)

    def rehash_password(self, name: str, former: str, password_hash: str) -> None:
        """Replace a password's hash by a stronger one of the same password."""
        query = update(AccountRow).where(
            AccountRow.name == name, AccountRow.password_hash == former
        )
        with self._writes() as session:
            session.execute(query.values(password_hash=password_hash))

    def _linked(self, session: Session, token_hash: str) -> AccountRow | None:
        query = (
            select(AccountRow)
            .join(SetUpLinkRow, SetUpLinkRow.account_id == AccountRow.id)
            .where(
                SetUpLinkRow.token_hash == token_hash,
                SetUpLinkRow.expires_at > self.now(),
                AccountRow.disabled_at.is_(None),
            )
            .with_for_update()
        )
        return session.scalar(query)


def grants_of(session: Session, account_id: str | None) -> dict[str, Grants]:
    """Return the roles by account, of one account or of all."""
    query = select(GrantRow).order_by(GrantRow.role, GrantRow.department)
    if account_id is not None:
        query = query.where(GrantRow.account_id == account_id)
    found: dict[str, Grants] = {}
    for row in session.scalars(query):
        found[row.account_id] = (*found.get(row.account_id, ()), (row.role, row.department))
    return found


def record_of(session: Session, row: AccountRow) -> AccountRecord:
    """Return the account of a row with its roles."""
    return _record(row, grants_of(session, row.id).get(row.id, ()))


def end_all(session: Session, account_id: str) -> None:
    """End every session of an account and make its links void."""
    for table in (SessionRow, SetUpLinkRow):
        session.execute(delete(table).where(table.account_id == account_id))


def _row(session: Session, name: str, *, lock: bool = False) -> AccountRow:
    query = select(AccountRow).where(AccountRow.name == name)
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise AccountMissing(f"There is no account with the name {name}.")
    return row


def _record(row: AccountRow, grants: Grants) -> AccountRecord:
    values: dict[str, Any] = {
        name: getattr(row, name) for name in AccountRecord.__slots__ if name != "grants"
    }
    return AccountRecord(**values, grants=grants)


def _ordered(grants: Iterable[tuple[str, str]]) -> Grants:
    return tuple(sorted({(role, department) for role, department in grants}))


def _replace_grants(session: Session, account_id: str, grants: Grants) -> None:
    session.execute(delete(GrantRow).where(GrantRow.account_id == account_id))
    session.add_all(
        GrantRow(account_id=account_id, role=role, department=department)
        for role, department in grants
    )
    session.flush()


def _administers(grants: Grants) -> bool:
    return any(role == ADMINISTRATOR for role, _ in grants)


def _check_administrators(session: Session) -> None:
    """Refuse to go on without an administrator; holds them, so that two cannot go at once."""
    query = (
        select(AccountRow.id)
        .join(GrantRow, AccountRow.id == GrantRow.account_id)
        .where(GrantRow.role == ADMINISTRATOR, AccountRow.disabled_at.is_(None))
        .with_for_update(of=AccountRow)
    )
    if not session.scalars(query).all():
        raise LastAdministrator("The last administrator has to stay: nobody else could add one.")
