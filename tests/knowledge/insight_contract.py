"""What the store promises of notices, of what was in vain, and of links, on any database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from knowledge.errors import NoticeMissing
from knowledge.store import Store
from knowledge.store_insight import TriedLink
from knowledge.store_notices import NoticeRecord
from tests.knowledge.store_contract import NOW, Clock

HOUR = timedelta(hours=1)


def put_up(store: Store, **changes: Any) -> NoticeRecord:
    values: dict[str, Any] = {
        "kind": "heat",
        "level": "warning",
        "disaster": False,
        "texts": {"ja": {"title": "暑さ", "text": "水を飲んでください。", "links": []}},
        "reason": "警報",
        "until": store.now() + HOUR,
        "by": "boss",
    }
    return store.put_up_notice(**values | changes)


def asked(store: Store, conversation: str, request: str, status: str = "answered") -> str:
    """One turn; return its id."""
    sources = [{"slug": "moving-in"}] if status == "answered" else []
    blocks = [{"type": "reply", "kind": "abstain"}] if status == "abstained" else [{"type": "x"}]
    return store.record_turn(
        conversation_id=conversation,
        request_id=request,
        question="いつまで？",
        lang="ja",
        status=status,
        answer={"sources": sources, "blocks": blocks, "timings_ms": {"total": 12.5}},
        token_hash="h",
        expires_at=store.now() + timedelta(days=30),
    ).id


class InsightContract:
    """Subclasses give a `url` fixture that names an empty database."""

    clock: Clock

    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        self.clock = Clock()
        with Store.open(url, now=self.clock) as store:
            yield store

    def test_a_notice_holds_until_its_moment_and_no_longer(self, store: Store) -> None:
        first = put_up(store)
        self.clock.moment = NOW + HOUR / 2
        second = put_up(store, kind="flood", disaster=True)
        assert store.notices_in_force() == [second, first]
        self.clock.moment = NOW + HOUR - timedelta(microseconds=1)
        assert store.notices_in_force() == [second, first]
        self.clock.moment = NOW + HOUR
        assert store.notices_in_force() == [second]
        assert [one.id for one in store.notices()] == [second.id, first.id]

    def test_a_notice_ends_early_once_and_both_ends_are_audited(self, store: Store) -> None:
        notice = put_up(store)
        store.end_notice(notice.id, reason="解除", by="admin")
        store.end_notice(notice.id, reason="もう一度", by="admin")
        assert store.notices_in_force() == []
        (kept,) = store.notices()
        assert (kept.ended_by, kept.ended_at) == ("admin", NOW)
        entries = store.audit_entries()
        assert [(one.action, one.detail["reason"]) for one in entries] == [
            ("notice.end", "解除"),
            ("notice.put_up", "警報"),
        ]
        with pytest.raises(NoticeMissing):
            store.end_notice("nothing", reason="", by="admin")

    def test_turns_are_read_with_what_became_of_them(self, store: Store) -> None:
        good = asked(store, "b", "1")
        asked(store, "b", "2", "abstained")
        store.add_feedback(good, "bad")
        store.hand_over("b", "code", "ja", NOW + HOUR)
        self.clock.moment = NOW + HOUR
        asked(store, "a", "1")
        found = store.asked(NOW, NOW + 2 * HOUR)
        assert [(one.conversation_id, one.position) for one in found] == [
            ("a", 0), ("b", 0), ("b", 1),
        ]  # fmt: skip
        assert [one.handed_over for one in found] == [False, True, True]
        assert [one.rating for one in found] == ["", "bad", ""]
        assert [one.slug for one in found] == ["moving-in", "moving-in", ""]
        assert [one.reply for one in found] == ["", "", "abstain"]
        assert {one.milliseconds for one in found} == {12.5}
        assert store.asked(NOW, NOW) == []
        assert len(store.asked(NOW, NOW + 2 * HOUR, limit=1)) == 1

    def test_what_was_dismissed_is_kept_and_comes_back(self, store: Store) -> None:
        centre = np.array([0.6, 0.8], dtype=np.float32)
        kept = store.dismiss(
            name="ドローン", model="m", centre=centre.tobytes(), nearness=0.5, by="editor"
        )
        (one,) = store.dismissed()
        assert (one.id, one.name, one.by) == (kept, "ドローン", "editor")
        assert np.array_equal(np.frombuffer(one.centre, dtype=np.float32), centre)
        assert store.restore_dismissed(kept, by="editor")
        assert not store.restore_dismissed(kept, by="editor")
        assert store.dismissed() == []
        assert [entry.action for entry in store.audit_entries()] == [
            "unanswered.restore",
            "unanswered.dismiss",
        ]

    def test_tried_links_replace_those_of_before(self, store: Store) -> None:
        store.keep_tried_links([TriedLink("https://a.example/", "gone", "404", NOW)])
        later = [TriedLink("https://b.example/", "", "", NOW)]
        store.keep_tried_links(later)
        assert store.tried_links() == later
