"""What the store promises of drafts and their publication, whichever database is under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from knowledge.article import Article
from knowledge.errors import (
    ArticleInvalid,
    ArticleMissing,
    DraftConflict,
    DraftMissing,
    DraftState,
    MachineUnconfirmed,
    OwnDraft,
    ReasonMissing,
)
from knowledge.machine_text import MachineText
from knowledge.store import Store
from knowledge.store_drafts import Draft
from knowledge.store_golden import GoldenQuestion
from tests.knowledge.store_contract import NOW, TODAY, Clock, article

MINUTE = timedelta(minutes=1)


def started(store: Store, text: Article | None = None, **more: object) -> Draft:
    return store.start_draft(
        text or article(), department="section.resident", by="editor", **more  # type: ignore[arg-type]
    )  # fmt: skip


def approved(store: Store, text: Article | None = None, **more: object) -> Draft:
    draft = started(store, text, **more)
    store.submit_draft(draft.id, revision=draft.revision, by="editor")
    return store.approve_draft(draft.id, revision=draft.revision, by="boss", reason="needed")


def actions(store: Store) -> list[str]:
    return [entry.action for entry in reversed(store.audit_entries())]


class EditingContract:
    """Subclasses give a `url` fixture that names an empty database."""

    clock: Clock

    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        self.clock = Clock()
        with Store.open(url, now=self.clock) as store:
            yield store

    def test_a_draft_becomes_a_version_at_its_moment(self, store: Store) -> None:
        at = NOW + 2 * MINUTE
        draft = approved(store, publish_at=at)
        assert store.next_moment() == at
        assert store.publish_due() == []
        assert store.articles(TODAY) == []
        self.clock.moment = at - timedelta(seconds=1)
        assert store.publish_due() == []
        self.clock.moment = at
        (done,) = store.publish_due()
        assert (done.slug, done.number) == ("moving-in", 1)
        assert store.publish_due() == [] and store.next_moment() is None
        (published,) = store.articles(TODAY)
        assert published.localizations == draft.article.localizations
        assert published.effective_from == TODAY
        (version,) = store.versions("moving-in")
        assert (version.author, version.approver) == ("editor", "boss")
        after = store.draft(draft.id)
        assert (after.state, after.number) == ("published", 1)
        assert actions(store) == [
            "article.draft", "article.submit", "article.approve", "article.publish",
        ]  # fmt: skip
        assert not store.verify_audit().problem

    def test_the_day_of_a_version_is_japans(self, store: Store) -> None:
        at = datetime(2026, 10, 2, 15, 0, tzinfo=UTC)
        approved(store, publish_at=at, ends_at=datetime(2026, 10, 31, 15, 0, tzinfo=UTC))
        self.clock.moment = at
        store.publish_due()
        (version,) = store.versions("moving-in")
        assert version.effective_from == date(2026, 10, 3)
        assert version.effective_until == date(2026, 10, 31)

    def test_without_a_moment_it_is_published_when_approved(self, store: Store) -> None:
        approved(store)
        assert len(store.publish_due()) == 1

    def test_one_that_breaks_a_rule_goes_back_and_holds_nobody_up(self, store: Store) -> None:
        wrong = approved(store, ends_at=NOW - timedelta(days=3))
        approved(store, article("moving-out"))
        assert [done.slug for done in store.publish_due()] == ["moving-out"]
        back = store.draft(wrong.id)
        assert back.state == "draft" and "effective_until" in back.note

    def test_a_version_ends_to_the_minute(self, store: Store) -> None:
        end = NOW + 5 * MINUTE
        approved(store, ends_at=end)
        store.publish_due()
        assert store.end_of("moving-in", 1) == end == store.next_moment()
        self.clock.moment = end - timedelta(seconds=1)
        assert store.end_due() == []
        self.clock.moment = end
        assert store.end_due() == ["moving-in"]
        assert store.end_due() == []
        assert store.articles(TODAY) == []
        assert store.versions("moving-in")[0].state == "retired"
        assert actions(store)[-1] == "article.end"

    def test_an_end_does_not_touch_what_followed(self, store: Store) -> None:
        end = NOW + 5 * MINUTE
        approved(store, ends_at=end)
        store.publish_due()
        approved(store, article(title="新しい届け"), base_number=1, publish_at=end)
        self.clock.moment = end
        store.publish_due()
        assert store.end_due() == []
        assert [a.number for a in store.articles(TODAY)] == [2]

    def test_two_who_edit_are_told_and_nothing_is_overwritten(self, store: Store) -> None:
        draft = started(store)
        one = store.save_draft(draft.id, article(title="一"), revision=1, by="tanaka")
        with pytest.raises(DraftConflict):
            store.save_draft(draft.id, article(title="二"), revision=1, by="suzuki")
        now = store.draft(draft.id)
        assert (now.updated_by, now.revision) == ("tanaka", 2) == (one.updated_by, one.revision)
        assert now.article.localizations["ja"].title == "一"
        assert [r.saved_by for r in store.revisions(draft.id)] == ["editor", "tanaka"]
        assert store.revisions(draft.id)[0].article == article()

    def test_saving_the_same_again_writes_nothing(self, store: Store) -> None:
        draft = started(store)
        assert store.save_draft(draft.id, article(), revision=1, by="x").revision == 1
        assert actions(store) == ["article.draft"]

    def test_nobody_approves_what_they_wrote(self, store: Store) -> None:
        draft = started(store)
        store.save_draft(draft.id, article(title="一"), revision=1, by="tanaka")
        store.submit_draft(draft.id, revision=2, by="tanaka")
        for author in ("editor", "tanaka"):
            with pytest.raises(OwnDraft):
                store.approve_draft(draft.id, revision=2, by=author)
        assert store.approve_draft(draft.id, revision=2, by="boss").state == "approved"

    def test_only_what_was_seen_is_approved(self, store: Store) -> None:
        draft = started(store)
        with pytest.raises(DraftState):
            store.approve_draft(draft.id, revision=1, by="boss")
        store.submit_draft(draft.id, revision=1, by="editor")
        with pytest.raises(DraftState):
            store.save_draft(draft.id, article(title="一"), revision=1, by="editor")
        with pytest.raises(DraftConflict):
            store.approve_draft(draft.id, revision=2, by="boss")
        back = store.return_draft(draft.id, by="boss", note="金額が違います")
        assert (back.state, back.note) == ("draft", "金額が違います")

    def test_what_a_machine_wrote_waits_for_a_person(self, store: Store) -> None:
        text = article(title="機械の題")
        mark = MachineText("ja", "title", "機械の題", "a-model", NOW)
        draft = started(store, text, machine=[mark])
        assert draft.machine == (mark,)
        with pytest.raises(MachineUnconfirmed):
            store.submit_draft(draft.id, revision=1, by="editor")
        kept = store.save_draft(
            draft.id, replace(text, synonyms=("別名",)), revision=1, by="editor"
        )
        assert kept.machine == (mark,), "another field is no word about this one"
        assert [one.machine for one in store.revisions(draft.id)] == [(mark,), (mark,)]
        right = replace(mark, checked_by="tanaka")
        seen = store.save_draft(draft.id, kept.article, revision=2, by="tanaka", machine=[right])
        assert seen.machine == (right,)
        (entry,) = store.audit_entries(limit=1)
        assert entry.detail["machine_confirmed"] == ["ja title"]
        changed = store.save_draft(draft.id, article(title="人の題"), revision=3, by="tanaka")
        assert changed.machine == ()
        assert store.submit_draft(draft.id, revision=4, by="tanaka").state == "in_review"

    def test_what_breaks_or_is_behind_needs_a_reason(self, store: Store) -> None:
        store.publish(article(), author="a")
        draft = started(store, article(title="新しい届け"), base_number=1)
        store.submit_draft(draft.id, revision=1, by="editor")
        with pytest.raises(ReasonMissing):
            store.approve_draft(draft.id, revision=1, by="boss", broken=1)
        store.publish(article(title="別の届け"), author="a")
        assert store.is_behind(draft.id)
        with pytest.raises(ReasonMissing):
            store.approve_draft(draft.id, revision=1, by="boss", reason=" ")
        store.approve_draft(draft.id, revision=1, by="boss", reason="急ぎ")
        assert store.audit_entries()[0].detail["reason"] == "急ぎ"

    def test_what_breaks_a_rule_is_not_handed_in(self, store: Store) -> None:
        draft = started(store, article(title=" "))
        with pytest.raises(ArticleInvalid):
            store.submit_draft(draft.id, revision=1, by="editor")
        with pytest.raises(ArticleInvalid):
            started(store, article(slug="../etc"))
        assert actions(store) == ["article.draft"]

    def test_what_was_put_away_is_kept(self, store: Store) -> None:
        draft = started(store)
        store.discard_draft(draft.id, by="editor")
        assert store.drafts() == []
        assert [d.id for d in store.drafts(states=("discarded",))] == [draft.id]
        with pytest.raises(DraftMissing):
            store.draft("none")

    def test_a_former_version_comes_back_as_a_new_one(self, store: Store) -> None:
        store.publish(article(), author="a")
        store.publish(article(title="新しい届け"), author="b")
        assert store.roll_back_article("moving-in", 1, by="boss").number == 3
        (now,) = store.articles(TODAY)
        assert now.localizations == article().localizations
        assert store.versions("moving-in")[1].state == "superseded"
        assert store.audit_entries()[0].detail == {"from": 1, "version": 3}
        with pytest.raises(ArticleMissing):
            store.roll_back_article("moving-in", 9, by="boss")

    def test_retiring_is_in_the_log(self, store: Store) -> None:
        store.publish(article(), author="a")
        assert store.retire_article("moving-in", by="boss", reason="廃止")
        assert not store.retire_article("moving-in", by="boss")
        assert actions(store) == ["article.retire"]

    def test_a_check_belongs_to_a_revision(self, store: Store) -> None:
        draft = started(store)
        store.keep_check(draft.id, 1, "r1", {"broken": 2})
        store.keep_check(draft.id, 1, "r2", {"broken": 1})
        kept = store.check_of(draft.id, 1)
        assert kept is not None and (kept.release_id, kept.broken) == ("r2", 1)
        assert store.check_of(draft.id, 2) is None

    def test_golden_questions_are_kept_once(self, store: Store) -> None:
        one = GoldenQuestion("ja", "いつまで", slugs=("moving-in",), facts=("14日",))
        assert store.add_golden([one, one], by="a") == 1
        store.add_golden([replace(one, facts=())], by="a")
        assert store.golden() == [replace(one, facts=())] and store.golden_count() == 1

    def test_a_held_release_is_let_go(self, store: Store) -> None:
        store.hold_release("r1", by="boss", reason="誤り")
        store.hold_release("r2", by="boss", reason="誤り")
        held = store.release_hold()
        assert held is not None and held.release_id == "r2"
        before = store.last_action()
        store.let_release_go(by="boss")
        assert store.release_hold() is None and store.last_action() == before + 1

    def test_a_confirmed_translation_is_known(self, store: Store) -> None:
        draft = started(store)
        store.save_draft(draft.id, article(), revision=1, by="editor", confirmed=["en"])
        store.submit_draft(draft.id, revision=2, by="editor")
        store.approve_draft(draft.id, revision=2, by="boss")
        store.publish_due()
        assert [lang for lang, _, _ in store.confirmed_translations("moving-in")] == ["en"]
