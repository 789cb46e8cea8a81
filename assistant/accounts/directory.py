"""The city's own directory, which says who somebody is; vendors stand in `directory_authlib`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from assistant.accounts.accounts import DIRECTORY, NAME, normal_name
from assistant.accounts.roles import Grant, pairs
from assistant.settings import DirectorySettings
from knowledge.errors import AccountExists, KnowledgeError, LastAdministrator
from knowledge.store import Store
from knowledge.store_accounts import AccountRecord


class DirectoryFailed(KnowledgeError):
    """The directory cannot be reached, or what it says cannot be trusted; the text says why."""


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a browser is sent to sign in, and what is kept until it comes back."""

    address: str
    state: str
    kept: dict[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the directory knows them; `subject` never changes, the rest may."""

    issuer: str
    subject: str
    name: str
    display_name: str
    groups: tuple[str, ...]


class Directory(Protocol):
    """An OpenID Connect provider, asked by authorization code with PKCE and a nonce."""

    def depart(self, redirect_uri: str) -> Departure:
        """Return where to send a browser; raises `DirectoryFailed`."""

    def arrive(
        self, redirect_uri: str, kept: Mapping[str, str], answer: Mapping[str, str]
    ) -> Person:
        """Return who came back, from the parameters of the address; raises `DirectoryFailed`."""


class Staff:
    """The accounts of people whom the directory knows.

    Where the settings map groups to roles, roles follow the groups at every
    sign-in, and people without such a group are not let in. Without a map,
    everybody gets an account, and administrators give roles here.
    """

    def __init__(self, store: Store, settings: DirectorySettings) -> None:
        self._store = store
        self._roles = {
            group: [Grant.parse(text) for text in texts] for group, texts in settings.roles.items()
        }

    def account(self, person: Person) -> AccountRecord | None:
        """Return the account of `person`, made or brought up to date; None if there is none."""
        given = sorted({grant for group in person.groups for grant in self._roles.get(group, [])})
        record = self._store.account_of_subject(person.issuer, person.subject)
        if record is None:
            return None if self._roles and not given else self._added(person, given)
        if self._roles and record.grants != tuple(pairs(given)):
            try:
                self._store.set_grants(record.name, pairs(given), by=DIRECTORY)
            except LastAdministrator:
                return record
            record = self._store.account(record.name)
        return record

    def _added(self, person: Person, given: list[Grant]) -> AccountRecord | None:
        """Add an account; a name that is taken is somebody else's until an administrator says."""
        name = normal_name(person.name)
        if not NAME.fullmatch(name):
            name = f"person-{hashlib.sha256(person.subject.encode()).hexdigest()[:12]}"
        try:
            return self._store.add_account(
                name,
                person.display_name or name,
                pairs(given),
                by=DIRECTORY,
                issuer=person.issuer,
                subject=person.subject,
            )
        except AccountExists:
            return None
