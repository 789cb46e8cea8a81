"""The part of the store that keeps which browsers want notices of which kinds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select

from knowledge.schema_push import PushKindRow, PushSubscriptionRow
from knowledge.store_base import StoreBase


@dataclass(frozen=True, slots=True)
class PushSubscription:
    """Where a browser takes notices, and the keys with which they are encrypted for it.

    `endpoint` is an address at the browser's push service; `p256dh` and `auth` are
    in base64url, as RFC 8291 names them.
    """

    endpoint: str
    p256dh: str
    auth: str
    lang: str


class PushStore(StoreBase):
    """Keeps subscriptions until they are given up; nothing of them stays behind."""

    def subscribe(self, subscription: PushSubscription, kinds: Iterable[str]) -> None:
        """Keep `subscription` with these kinds of notices, in place of what was kept of it."""
        name = _name(subscription.endpoint)
        values = {
            "endpoint": subscription.endpoint,
            "p256dh": subscription.p256dh,
            "auth": subscription.auth,
            "lang": subscription.lang,
        }
        with self._writes() as session:
            kept = self._insert(PushSubscriptionRow).values(
                id=name, created_at=self.now(), **values
            )
            session.execute(
                kept.on_conflict_do_update(index_elements=[PushSubscriptionRow.id], set_=values)
            )
            session.execute(delete(PushKindRow).where(PushKindRow.subscription_id == name))
            session.add_all(PushKindRow(subscription_id=name, kind=kind) for kind in set(kinds))

    def unsubscribe(self, endpoint: str) -> bool:
        """Delete everything about the browser at `endpoint`; say whether it was there."""
        with self._writes() as session:
            deleted = session.scalar(
                delete(PushSubscriptionRow)
                .where(PushSubscriptionRow.id == _name(endpoint))
                .returning(PushSubscriptionRow.id)
            )
        return deleted is not None

    def push_kinds(self, endpoint: str) -> list[str]:
        """Return the kinds of notices that the browser at `endpoint` wants, in order."""
        wanted = select(PushKindRow.kind).where(PushKindRow.subscription_id == _name(endpoint))
        with self._reads() as session:
            return list(session.scalars(wanted.order_by(PushKindRow.kind)))

    def subscriptions(self, kind: str) -> list[PushSubscription]:
        """Return the browsers that want notices of `kind`."""
        rows = (
            select(PushSubscriptionRow)
            .join(PushKindRow, PushKindRow.subscription_id == PushSubscriptionRow.id)
            .where(PushKindRow.kind == kind)
            .order_by(PushSubscriptionRow.created_at)
        )
        with self._reads() as session:
            return [
                PushSubscription(row.endpoint, row.p256dh, row.auth, row.lang)
                for row in session.scalars(rows)
            ]


def _name(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()
