"""The part of the store that knows who is signed in, and how often signing in failed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from knowledge.schema_accounts import AccountRow, PendingSignInRow, SessionRow, SignInFailureRow
from knowledge.store_accounts import AccountRecord, record_of
from knowledge.store_audit import AuditStore

SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is kept when a session was last used, so that few requests write."""


class SignInStore(AuditStore):
    """Keeps sessions, sign-ins under way, and failures; tokens only as their hashes."""

    def begin_session(
        self,
        account_id: str,
        token_hash: str,
        expires_at: datetime,
        *,
        detail: dict[str, Any],
        replaces: str = "",
    ) -> bool:
        """Sign an account in, ending the session `replaces`; False if it is disabled."""
        with self._writes() as session:
            query = select(AccountRow).where(AccountRow.id == account_id).with_for_update()
            row = session.scalar(query)
            if row is None or row.disabled_at is not None:
                return False
            now = self.now()
            session.execute(
                delete(SessionRow).where(
                    (SessionRow.expires_at <= now) | (SessionRow.token_hash == replaces)
                )
            )
            session.add(
                SessionRow(
                    token_hash=token_hash,
                    account_id=account_id,
                    created_at=now,
                    seen_at=now,
                    expires_at=expires_at,
                )
            )
            row.signed_in_at = now
            self.audit(row.name, "session.begin", row.name, detail, session=session)
            return True

    def account_of_session(self, token_hash: str, idle: timedelta) -> AccountRecord | None:
        """Return who holds a session; None if it ended, or was not used for `idle`."""
        now = self.now()
        query = (
            select(SessionRow.seen_at, AccountRow)
            .join(AccountRow, AccountRow.id == SessionRow.account_id)
            .where(
                SessionRow.token_hash == token_hash,
                SessionRow.expires_at > now,
                SessionRow.seen_at > now - idle,
                AccountRow.disabled_at.is_(None),
            )
        )
        with self._reads() as session:
            found = session.execute(query).first()
            if found is None:
                return None
            record = record_of(session, found.AccountRow)
        if now - found.seen_at >= SEEN_EVERY:
            with self._writes() as session:
                seen = update(SessionRow).where(SessionRow.token_hash == token_hash)
                session.execute(seen.values(seen_at=now))
        return record

    def end_session(self, token_hash: str) -> bool:
        """Sign out; say whether there was such a session."""
        with self._writes() as session:
            gone = delete(SessionRow).where(SessionRow.token_hash == token_hash)
            account_id = session.scalar(gone.returning(SessionRow.account_id))
            if account_id is None:
                return False
            name = session.scalar(select(AccountRow.name).where(AccountRow.id == account_id))
            self.audit(str(name), "session.end", str(name), session=session)
            return True

    def begin_sign_in(self, state_hash: str, content: dict[str, Any], expires_at: datetime) -> None:
        """Keep what is needed when the city's directory sends somebody back."""
        with self._writes() as session:
            old = PendingSignInRow.expires_at <= self.now()
            session.execute(delete(PendingSignInRow).where(old))
            session.add(
                PendingSignInRow(state_hash=state_hash, content=content, expires_at=expires_at)
            )

    def take_sign_in(self, state_hash: str) -> dict[str, Any] | None:
        """Return what `begin_sign_in` kept, once; None if it expired or was taken."""
        gone = delete(PendingSignInRow).where(
            PendingSignInRow.state_hash == state_hash, PendingSignInRow.expires_at > self.now()
        )
        with self._writes() as session:
            return session.scalar(gone.returning(PendingSignInRow.content))

    def try_sign_in(
        self,
        key: str,
        lock_for: Callable[[int], timedelta],
        forget_after: timedelta,
    ) -> datetime | None:
        """Count one attempt under `key` before it is looked at; a right one is forgiven later.

        Returns until when `key` is locked, or None if the attempt may be made.
        `lock_for` says how long so many attempts lock those that follow. Counting
        first means that attempts at the same time cannot slip past the limit.
        """
        with self._writes() as session:
            now = self.now()
            long_ago = SignInFailureRow.failed_at < now - forget_after
            session.execute(delete(SignInFailureRow).where(long_ago))
            begun = self._insert(SignInFailureRow).values(key=key, failures=0, failed_at=now)
            session.execute(begun.on_conflict_do_nothing())
            query = select(SignInFailureRow).where(SignInFailureRow.key == key)
            row = session.scalars(query.with_for_update()).one()
            if row.locked_until is not None and row.locked_until > now:
                return row.locked_until
            row.failures += 1
            row.failed_at = now
            pause = lock_for(row.failures)
            row.locked_until = now + pause if pause else None
            return None

    def forgive(self, key: str, *, all_of_them: bool) -> None:
        """Take back the last attempt under `key`, which was right, or `all_of_them`."""
        with self._writes() as session:
            row = session.get(SignInFailureRow, key, with_for_update=True)
            if row is None:
                return
            row.failures = 0 if all_of_them else max(0, row.failures - 1)
            row.locked_until = None
