"""What the store promises of images and attachments, whichever database is under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import text

from knowledge.article import Article
from knowledge.attached_file import AttachedFile
from knowledge.attaching import prepared
from knowledge.errors import ArticleInvalid
from knowledge.schema import VersionRow
from knowledge.store import Store
from tests.knowledge import file_samples as samples
from tests.knowledge.store_contract import TODAY, Clock, article

IMAGE, ATTACHMENT = prepared(samples.plan()), prepared(samples.pdf())
BEFORE = "175066b9ac8c971467a122aa8da1e7077d0846a7a82e0a59500bb32391521456"
"""The hash of `article()` as it was before articles could have files."""

WORDS = {"ja": "窓口の地図", "en": "Map of the counters"}


def named() -> tuple[AttachedFile, ...]:
    return replace(IMAGE.file, texts=WORDS), replace(ATTACHMENT.file, texts=WORDS)


class FilesContract:
    """Subclasses give a `url` fixture that names an empty database."""

    clock: Clock

    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        self.clock = Clock()
        with Store.open(url, now=self.clock) as store:
            yield store

    def kept(self, store: Store) -> Article:
        for made in (IMAGE, ATTACHMENT):
            store.keep_file(made, by="tanaka")
        return article(files=named())

    def test_a_content_is_kept_once_and_comes_back_as_it_was(self, store: Store) -> None:
        for made in (IMAGE, IMAGE, ATTACHMENT):
            assert store.keep_file(made, by="tanaka") == made.file
            assert store.attached_file(made.file.digest) == made.file
            assert store.file_content(made.file.digest) == made.content
        assert store.attached_file("0" * 64) is None
        assert store.file_content("0" * 64) is None

    def test_a_version_keeps_its_files_in_their_order(self, store: Store) -> None:
        one = self.kept(store)
        other = replace(one, files=named()[::-1])
        assert store.publish(one, author="a") == 1
        assert store.publish(one, author="a") == 1
        assert store.publish(other, author="a") == 2
        assert store.articles(TODAY) == [replace(other, number=2)]
        assert store.article("moving-in", 1) == replace(one, number=1)
        assert store.roll_back_article("moving-in", 1, by="boss").number == 3
        assert store.article("moving-in").files == named()

    def test_an_article_without_files_has_the_hash_it_always_had(self, store: Store) -> None:
        """So that nothing is published anew."""
        store.publish(article(), author="a")
        with store._reads() as session:
            row = session.query(VersionRow).one()
            assert (row.content_hash, row.files) == (BEFORE, None)

    def test_nothing_is_published_without_its_content(self, store: Store) -> None:
        with pytest.raises(ArticleInvalid, match=r"content of the file .* is missing"):
            store.publish(article(files=named()), author="a")
        assert store.articles(TODAY) == []
        store.keep_file(IMAGE, by="a")
        draft = store.start_draft(article(files=named()), department="section.resident", by="e")
        store.submit_draft(draft.id, revision=1, by="e")
        store.approve_draft(draft.id, revision=1, by="boss")
        assert store.publish_due() == []
        after = store.draft(draft.id)
        assert after.state == "draft" and "is missing" in after.note
        store.keep_file(ATTACHMENT, by="a")
        store.submit_draft(draft.id, revision=1, by="e")
        store.approve_draft(draft.id, revision=1, by="boss")
        assert len(store.publish_due()) == 1
        assert store.article("moving-in").files == named()

    def test_a_lost_or_damaged_content_is_named(self, store: Store) -> None:
        digests = [file.digest for file in self.kept(store).files]
        assert store.lacking_files(digests) == []
        with store._writes() as session:
            session.execute(
                text("UPDATE attached_file SET content = :c WHERE digest = :d"),
                {"c": b"other", "d": digests[0]},
            )
            session.execute(text("DELETE FROM attached_file WHERE digest = :d"), {"d": digests[1]})
        assert store.lacking_files(digests) == sorted(digests)
