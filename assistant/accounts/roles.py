"""Roles of the city's staff, each in one department or in all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from knowledge.store_accounts import AccountRecord

ALL = ""
"""The department that stands for all of them."""


class Role(StrEnum):
    """What somebody does; no role contains another, and one person may have several."""

    COUNTER = "counter"
    EDITOR = "editor"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """A role in one department, which is the `owner` of its articles, or in `ALL`.

    >>> str(Grant(Role.EDITOR, "section.resident")), str(Grant(Role.COUNTER))
    ('editor:section.resident', 'counter')
    """

    role: Role
    department: str = ALL

    def __str__(self) -> str:
        return f"{self.role}:{self.department}" if self.department else str(self.role)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the grant that `text` writes as ROLE or ROLE:DEPARTMENT; raises ValueError.

        >>> Grant.parse("editor:section.resident").department
        'section.resident'
        """
        role, _, department = text.strip().partition(":")
        return cls(Role(role.strip()), department.strip())


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who is signed in; `name` is what the audit log and versions call them."""

    id: str
    name: str
    display_name: str
    grants: frozenset[Grant]

    def has(self, *roles: Role) -> bool:
        """Say whether the account has one of `roles` in any department."""
        return any(grant.role in roles for grant in self.grants)

    def may(self, role: Role, department: str) -> bool:
        """Say whether the account has `role` in `department`."""
        return bool({Grant(role, department), Grant(role, ALL)} & self.grants)

    def departments(self, role: Role) -> frozenset[str] | None:
        """Return the departments in which the account has `role`; None for all of them."""
        found = frozenset(grant.department for grant in self.grants if grant.role == role)
        return None if ALL in found else found

    @classmethod
    def of(cls, record: AccountRecord) -> Self:
        """Return the account of a record in the store; roles it does not know are left out."""
        return cls(record.id, record.name, record.display_name, frozenset(grants(record.grants)))


def grants(pairs: Iterable[tuple[str, str]]) -> list[Grant]:
    """Return grants as the store keeps them, in order; roles of a later version are left out."""
    known = {role.value: role for role in Role}
    return sorted(Grant(known[role], department) for role, department in pairs if role in known)


def pairs(grants: Iterable[Grant]) -> list[tuple[str, str]]:
    """Return `grants` as the store keeps them."""
    return [(grant.role.value, grant.department) for grant in grants]
