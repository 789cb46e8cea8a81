"""Signing in and out, links that set a password, and what locks somebody out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from assistant.accounts import passwords
from assistant.accounts.roles import Account, Grant, pairs
from assistant.accounts.session import hashed, new_token
from assistant.settings import AccountSettings
from knowledge.errors import AccountMissing, AccountRefused
from knowledge.store import Store
from knowledge.store_accounts import AccountRecord

NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")
"""What an account may be called, in lower case."""

COMMAND_LINE = "(command line)"
"""The actor in the audit log of what is done with `madoguchi users`."""

DIRECTORY = "(directory)"
"""The actor in the audit log of what the city's own directory says."""

SIGNING_IN = "(signing in)"
"""The actor in the audit log of somebody who has not shown yet who they are."""

FORGET_AFTER = timedelta(days=1)
"""Failures are forgotten when there was none for so long."""

FIRST_LOCK = timedelta(seconds=30)
"""How long the first failure beyond those allowed locks; each further one twice as long."""

ADDRESS_FACTOR = 10
"""From one address so many times as many failures are allowed: an office shares one."""


class NameRefused(AccountRefused):
    """The name of a new account cannot be used."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody signed in; `cookie` is the secret of the session."""

    account: Account
    cookie: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """The name or the password is wrong, or the account is disabled: it is not said which."""


@dataclass(frozen=True, slots=True)
class Locked:
    """There were too many failures; signing in may be tried again at `until`."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Link:
    """A link that sets a password once, until it expires."""

    token: str
    expires_at: datetime

    @property
    def path(self) -> str:
        """The path of the page behind the link."""
        return f"/set-up/{self.token}"


class Accounts:
    """The accounts in the store, under the rules of the settings."""

    def __init__(self, store: Store, settings: AccountSettings) -> None:
        self._store = store
        self._settings = settings

    def add(self, name: str, display_name: str, grants: list[Grant], *, by: str) -> Link:
        """Add an account and return the link that sets its password.

        Raises `NameRefused` and `AccountExists`.
        """
        name = normal_name(name)
        if not NAME.fullmatch(name):
            raise NameRefused(
                "A name has 2 to 100 characters: letters a-z, digits, and . _ @ + - inside."
            )
        self._store.add_account(name, display_name.strip() or name, pairs(grants), by=by)
        return self.new_link(name, by=by)

    def new_link(self, name: str, *, by: str) -> Link:
        """Return a new link that sets the password of `name`; earlier ones are void.

        Raises `AccountMissing`, also for a disabled account.
        """
        name = normal_name(name)
        if self._store.account(name).disabled_at is not None:
            raise AccountMissing(f"The account {name} is disabled.")
        link = Link(new_token(), self._store.now() + timedelta(hours=self._settings.link_hours))
        self._store.add_set_up_link(name, hashed(link.token), link.expires_at, by=by)
        return link

    def of_link(self, token: str) -> AccountRecord | None:
        """Return the account that a link sets up; None if the link is void."""
        return self._store.account_of_link(hashed(token))

    def set_password(self, token: str, password: str) -> AccountRecord | None:
        """Use a link to set a password that `passwords.weakness` finds nothing wrong with."""
        return self._store.set_password_by_link(hashed(token), passwords.hash_password(password))

    def of_session(self, cookie: str) -> Account | None:
        """Return who holds the session of `cookie`; None if it has ended."""
        idle = timedelta(minutes=self._settings.idle_minutes)
        record = self._store.account_of_session(hashed(cookie), idle)
        return Account.of(record) if record else None

    def sign_in(
        self, name: str, password: str, *, address: str, former: str = ""
    ) -> SignedIn | Wrong | Locked:
        """Begin a session with a name and a password; `former` is a cookie that it replaces.

        An unknown name takes as long and is locked like a known one.
        """
        name = normal_name(name)
        keys = {
            hashed(f"address {address}"): self._settings.failures_before_lock * ADDRESS_FACTOR,
            (own := hashed(f"account {name}")): self._settings.failures_before_lock,
        }
        for key, allowed in keys.items():
            until = self._store.try_sign_in(key, _Pause(allowed, self._settings), FORGET_AFTER)
            if until is not None:
                return Locked(until)
        record = self._known(name)
        kept = record.password_hash if record else None
        if not passwords.is_password(kept, password) or record is None:
            # An unknown name is not kept: it may be a password in the wrong box.
            known = record.name if record else ""
            self._store.audit(SIGNING_IN, "session.refuse", known, {"address": address})
            return Wrong()
        signed_in = self.begin(record, {"by": "password", "address": address}, former=former)
        if isinstance(signed_in, SignedIn):
            self._rehash(record, password)
            for key in keys:
                self._store.forgive(key, all_of_them=key == own)
        return signed_in

    def begin(
        self, record: AccountRecord, detail: dict[str, Any], *, former: str = ""
    ) -> SignedIn | Wrong:
        """Begin a session of somebody who has shown who they are."""
        cookie = new_token()
        begun = self._store.begin_session(
            record.id,
            hashed(cookie),
            self._store.now() + timedelta(hours=self._settings.session_hours),
            detail=detail,
            replaces=hashed(former) if former else "",
        )
        return SignedIn(Account.of(record), cookie) if begun else Wrong()

    def sign_out(self, cookie: str) -> None:
        """End the session of `cookie`."""
        self._store.end_session(hashed(cookie))

    def _known(self, name: str) -> AccountRecord | None:
        try:
            return self._store.account(name)
        except AccountMissing:
            return None

    def _rehash(self, record: AccountRecord, password: str) -> None:
        former = record.password_hash or ""
        if passwords.needs_rehash(former):
            self._store.rehash_password(record.name, former, passwords.hash_password(password))


@dataclass(frozen=True, slots=True)
class _Pause:
    """How long so many failures lock: `FIRST_LOCK`, doubled each time, up to the setting."""

    allowed: int
    settings: AccountSettings

    def __call__(self, failures: int) -> timedelta:
        beyond = failures - self.allowed
        if beyond < 0:
            return timedelta(0)
        longest = timedelta(minutes=self.settings.longest_lock_minutes)
        return min(longest, FIRST_LOCK * (1 << min(beyond, 20)))


def normal_name(name: str) -> str:
    """Return `name` as accounts are known: without spaces around, in lower case."""
    return unicodedata.normalize("NFKC", name).strip().lower()[:100]
