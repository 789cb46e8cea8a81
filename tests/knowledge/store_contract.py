"""What the store promises, whichever database is under it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from knowledge.article import Article, Localization, Section
from knowledge.city import City
from knowledge.errors import ArticleInvalid, ArticleMissing
from knowledge.store import Store, Turn

NOW = datetime(2026, 10, 2, 3, 0, tzinfo=UTC)  # noon in Japan
TODAY = date(2026, 10, 2)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.moment = NOW

    def __call__(self) -> datetime:
        return self.moment


def article(slug: str = "moving-in", title: str = "転入届", **changes: Any) -> Article:
    """An article with something in every field."""
    text = Localization(
        "ja", title, ("いつまで？",), "要約です。",
        {"who": "本人です。", "deadline": "14日以内です。", "bring": ("証明書", "本人確認書類")},
        ("例外です。",), (Section("遅れたとき", "過料。", ("上", "中"), 3), Section("次", "文。")),
    )  # fmt: skip
    values: dict[str, Any] = {
        "slug": slug,
        "life_event": "moving",
        "effective_from": date(2026, 4, 1),
        "checked_on": date(2026, 10, 1),
        "localizations": {"ja": text, "en": Localization("en", "Moving in 😀")},
        "review_by": date(2027, 3, 31),
        "related": ("nhi-enrollment",),
        "synonyms": ("引越し",),
        "owner": "section.resident",
        "address": "https://example.jp/",
    }
    return Article(**values | changes)


class StoreContract:
    """Subclasses give a `url` fixture that names an empty database."""

    clock: Clock

    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        self.clock = Clock()
        with Store.open(url, now=self.clock) as store:
            yield store

    def test_a_published_article_comes_back_as_it_was(self, store: Store) -> None:
        assert store.publish(article(), author="tanaka") == 1
        assert store.articles(TODAY) == [replace(article(), number=1)]
        back = store.article("moving-in")
        assert back == replace(article(), number=1)
        assert list(back.localizations["ja"].facts) == ["who", "deadline", "bring"]

    def test_publishing_the_same_again_writes_nothing(self, store: Store) -> None:
        store.publish(article(), author="tanaka")
        assert store.publish(replace(article(), number=9), author="suzuki") == 1
        assert [v.author for v in store.versions("moving-in")] == ["tanaka"]

    def test_a_new_text_supersedes_the_former(self, store: Store) -> None:
        store.publish(article(), author="tanaka")
        assert store.publish(article(title="転入の届け"), author="suzuki", approver="sato") == 2
        newest, oldest = store.versions("moving-in")
        assert (newest.number, newest.state, newest.approver) == (2, "published", "sato")
        assert (oldest.number, oldest.state) == (1, "superseded")
        assert newest.published_at == NOW and newest.review_by == date(2027, 3, 31)
        assert [a.number for a in store.articles(TODAY)] == [2]
        assert store.article("moving-in", 1).localizations["ja"].title == "転入届"

    def test_a_text_for_a_later_day_waits_for_it(self, store: Store) -> None:
        later = article(title="新しい届け", effective_from=date(2027, 4, 1))
        store.publish(article(), author="a")
        assert store.publish(later, author="a") == 2
        assert [a.number for a in store.articles(TODAY)] == [1]
        assert [a.number for a in store.articles(date(2027, 4, 1))] == [2]
        assert store.article("moving-in").number == 1
        assert store.publish(article(title="直した届け"), author="a") == 3
        assert [a.number for a in store.articles(TODAY)] == [3]
        assert [a.number for a in store.articles(date(2027, 4, 1))] == [2]
        self.clock.moment = datetime(2027, 4, 1, tzinfo=UTC)
        assert store.article("moving-in").number == 2

    def test_a_day_begins_in_japan(self, store: Store) -> None:
        self.clock.moment = datetime(2026, 9, 30, 15, 30, tzinfo=UTC)
        assert store.today() == date(2026, 10, 1)

    def test_an_article_is_in_force_until_its_last_day(self, store: Store) -> None:
        until = article(effective_until=date(2026, 12, 31))
        store.publish(until, author="a")
        assert len(store.articles(date(2026, 12, 31))) == 1
        assert store.articles(date(2027, 1, 1)) == []
        assert store.articles(date(2026, 3, 31)) == []

    def test_a_retired_article_is_gone_but_not_lost(self, store: Store) -> None:
        store.publish(article(), author="a")
        assert store.retire("moving-in")
        assert not store.retire("moving-in")
        assert store.articles(TODAY) == []
        with pytest.raises(ArticleMissing):
            store.article("moving-in")
        assert store.article("moving-in", 1).number == 1
        assert store.publish(article(), author="a") == 2

    def test_what_is_not_there_is_named(self, store: Store) -> None:
        with pytest.raises(ArticleMissing, match="no published article absent"):
            store.article("absent")
        store.publish(article(), author="a")
        with pytest.raises(ArticleMissing, match="moving-in has no version 7"):
            store.article("moving-in", 7)
        assert store.versions("absent") == []

    def test_many_are_published_or_none(self, store: Store) -> None:
        many = [article(f"a-{n}") for n in range(1200)]
        assert all(p.new and p.number == 1 for p in store.publish_all(many, author="a"))
        again = store.publish_all([*many[:-1], article("a-1199", "別の題")], author="a")
        assert [(p.slug, p.number) for p in again if p.new] == [("a-1199", 2)]
        assert len(store.articles(TODAY)) == 1200
        bad = [article("b-1"), article("b-2", life_event="none")]
        with pytest.raises(ArticleInvalid, match="b-2: the life_event"):
            store.publish_all(bad, author="a")
        assert store.versions("b-1") == []

    def test_the_content_hash_follows_what_is_in_force(self, store: Store) -> None:
        store.publish(article(), author="a")
        first = store.content_hash(TODAY)
        store.publish(article(), author="b")
        store.publish(article(title="後の", effective_from=date(2027, 4, 1)), author="a")
        assert store.content_hash(TODAY) == first
        assert store.content_hash(date(2027, 4, 1)) != first
        store.set_city(City({"phone.desk": "06-0000-1010"}))
        second = store.content_hash(TODAY)
        store.publish(article("moving-out"), author="a")
        assert len({first, second, store.content_hash(TODAY)}) == 3

    def test_the_city_comes_back_and_is_replaced(self, store: Store) -> None:
        city = City({"b.c": {"yen": 300}, "a": "x", "d": {"ja": "窓口", "en": "desk"}})
        store.set_city(city)
        assert store.city() == city
        store.set_city(City({"a": "y"}))
        assert store.city() == City({"a": "y"})
        with pytest.raises(ArticleInvalid):
            store.set_city(City({"A B": "y"}))
        assert store.city() == City({"a": "y"})

    def test_vectors_are_kept_by_model_and_kind(self, store: Store) -> None:
        vectors = {f"{n:064x}": bytes([n % 256]) * 384 for n in range(1300)}
        store.vectors_put("e5", "passage", vectors)
        store.vectors_put("e5", "passage", {f"{0:064x}": b"other"})
        assert store.vectors_get("e5", "passage", [*vectors, "absent"]) == vectors
        assert store.vectors_get("e5", "query", vectors) == {}
        assert store.vectors_get("m3", "passage", vectors) == {}

    def test_a_release_replaces_the_active_one(self, store: Store) -> None:
        assert store.active_release() is None
        for number in ("1", "2"):
            store.record_release(number, "hash", {"articles": 3})
            store.activate_release(number)
        active = store.active_release()
        assert active is not None
        assert (active.id, active.state, active.activated_at) == ("2", "active", NOW)

    def record(self, store: Store, request_id: str = "r1", **changes: Any) -> Turn:
        values: dict[str, Any] = {
            "conversation_id": "c1",
            "request_id": request_id,
            "question": "いつまで？",
            "lang": "ja",
            "status": "answered",
            "answer": {"text": "14日以内です😀", "sources": [{"slug": "moving-in"}]},
            "token_hash": "t",
            "expires_at": NOW + timedelta(days=30),
        }
        return store.record_turn(**values | changes)

    def test_turns_come_back_in_order(self, store: Store) -> None:
        first = self.record(store)
        second = self.record(store, "r2", lang="en", expires_at=NOW + timedelta(days=31))
        conversation = store.conversation("c1")
        assert conversation is not None
        assert conversation.turns == (first, second)
        assert [turn.position for turn in conversation.turns] == [0, 1]
        assert conversation.lang == "en" and conversation.token_hash == "t"
        assert conversation.expires_at == NOW + timedelta(days=31)
        assert first.answer["text"] == "14日以内です😀"
        assert store.turn(second.id) == second
        assert store.conversation("absent") is None and store.turn("absent") is None

    def test_a_repeated_request_is_recorded_once(self, store: Store) -> None:
        first = self.record(store)
        assert self.record(store, question="別の") == first
        other = self.record(store, conversation_id="c2")
        assert other.id != first.id and other.position == 0

    def test_what_no_database_takes_is_taken_out(self, store: Store) -> None:
        turn = self.record(store, question="a\x00b\ud83d", answer={"text": "x\x00\ud83d"})
        assert turn.question == "ab?"
        assert store.conversation("c1") is not None

    def test_an_expired_conversation_is_forgotten(self, store: Store) -> None:
        turn = self.record(store)
        self.record(store, conversation_id="c2", expires_at=NOW + timedelta(days=60))
        store.add_feedback(turn.id, "good")
        self.clock.moment = NOW + timedelta(days=30)
        assert store.conversation("c1") is None
        assert store.expire(self.clock.moment) == 1
        assert store.expire(self.clock.moment) == 0
        assert store.turn(turn.id) is None and store.feedback() == {}
        assert store.conversation("c2") is not None

    def test_a_conversation_is_deleted_with_all_it_holds(self, store: Store) -> None:
        turn = self.record(store)
        store.add_feedback(turn.id, "bad", "古い")
        assert store.delete_conversation("c1")
        assert not store.delete_conversation("c1")
        assert store.turn(turn.id) is None and store.feedback() == {}

    def test_the_last_feedback_counts(self, store: Store) -> None:
        turn = self.record(store)
        assert store.add_feedback(turn.id, "good")
        assert store.add_feedback(turn.id, "bad", "電話番号が違う")
        assert store.feedback() == {"bad": 1}
        assert not store.add_feedback("absent", "good")

    def test_writers_at_once_lose_nothing(self, store: Store) -> None:
        with at_once(6) as run:
            run(lambda n: [self.record(store, f"{n}-{i}") for i in range(5)])
        conversation = store.conversation("c1")
        assert conversation is not None
        assert [turn.position for turn in conversation.turns] == list(range(30))
        with at_once(4) as run:
            run(lambda n: store.publish(article(title=f"題{n}"), author="a"))
        states = [version.state for version in store.versions("moving-in")]
        assert states == ["published", "superseded", "superseded", "superseded"]

    def test_opening_at_once_makes_the_tables_once(self, url: str) -> None:
        with at_once(4) as run:
            run(lambda n: Store.open(url).close())
        with Store.open(url) as store:
            assert store.articles(TODAY) == []


@contextmanager
def at_once(count: int) -> Iterator[Callable[[Callable[[int], object]], None]]:
    """Give a function that runs its argument in `count` threads and raises what they raise."""
    errors: list[BaseException] = []

    def run(work: Callable[[int], object]) -> None:
        def guarded(number: int) -> None:
            try:
                work(number)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=guarded, args=(n,)) for n in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    yield run
    if errors:
        raise errors[0]
