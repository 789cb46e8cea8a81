"""A process killed anywhere in publishing loses no draft, no entry of the log, no release."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from knowledge.article import Article, Localization
from knowledge.release import Releases
from knowledge.store import Store
from knowledge.store_drafts import OPEN
from knowledge.store_vectors import StoredVectors
from knowledge.testing import FakeEmbedder

pytestmark = pytest.mark.integration

STORE_KILLS = 40
RELEASE_KILLS = 20
DAY = date(2026, 1, 1)
ORDER = ("draft", "in_review", "approved", "published")
ACTIONS = ("article.submit", "article.approve", "article.publish")

Told = Callable[[str], None]


def article(number: int, revision: int = 1) -> Article:
    """The text that draft `number` has at `revision`."""
    text = Localization("ja", f"手続き{number}の{revision}", (), f"要約{number}の{revision}")
    return Article(f"procedure-{number}", "moving", DAY, DAY, {"ja": text}, owner="section.test")


def killed(work: Callable[[Told], None], after: float) -> list[list[str]]:
    """Do `work` in a process, kill it `after` seconds, and return what it told until then."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with suppress(BaseException), os.fdopen(writing, "w") as out:
            os.close(reading)
            work(lambda line: print(line, file=out, flush=True))
        os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as lines:
        assert lines.readline() == "ready\n"
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        told = lines.read()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the work ended by itself"
    return [line.split() for line in told.splitlines()]


def write_drafts(url: str, first: int, told: Told) -> None:
    """Write, review and publish drafts without an end; tell what is committed."""
    with Store.open(url) as store:
        told("ready")
        for number in range(first, first + 10_000):
            draft = store.start_draft(article(number), department="section.test", by="editor")
            told(f"draft {draft.id} 1")
            for revision in (2, 3):
                text = article(number, revision)
                store.save_draft(draft.id, text, revision=revision - 1, by="editor")
                told(f"draft {draft.id} {revision}")
            store.submit_draft(draft.id, revision=3, by="editor")
            told(f"in_review {draft.id} 3")
            store.approve_draft(draft.id, revision=3, by="boss")
            told(f"approved {draft.id} 3")
            store.publish_due()
            told(f"published {draft.id} 3")


def write_releases(url: str, folder: Path, first: int, told: Told) -> None:
    """Publish drafts and build a release after each, without an end."""
    releases, embedder = Releases(folder), FakeEmbedder()
    with Store.open(url) as store:
        told("ready")
        for number in range(first, first + 10_000):
            draft = store.start_draft(article(number), department="section.test", by="editor")
            store.submit_draft(draft.id, revision=1, by="editor")
            store.approve_draft(draft.id, revision=1, by="boss")
            store.publish_due()
            releases.build(store, embedder, StoredVectors(store), on=store.today())


def check_whole(store: Store, committed: dict[str, tuple[str, int]]) -> None:
    """Every draft is as far as it was told, or further, and has exactly its entries."""
    drafts = {one.id: one for one in store.drafts(states=(*OPEN, "published"))}
    for draft_id, (state, revision) in committed.items():
        here = drafts[draft_id]
        assert ORDER.index(here.state) >= ORDER.index(state)
        assert here.revision >= revision
    assert not store.verify_audit().problem
    entries: dict[str, Counter[str]] = {}
    for entry in store.audit_log():
        entries.setdefault(entry.detail["draft"], Counter())[entry.action] += 1
    assert entries.keys() == drafts.keys()
    for one in drafts.values():
        wanted = Counter({"article.draft": 1, "article.save": one.revision - 1})
        wanted.update(ACTIONS[: ORDER.index(one.state)])
        assert entries[one.id] == +wanted
        if one.id in list(drafts)[:20]:
            assert [r.revision for r in store.revisions(one.id)] == [*range(1, one.revision + 1)]
            assert len(store.versions(one.slug)) == (one.state == "published")


def kill_the_writer(url: str) -> None:
    chance = random.Random(40)
    committed: dict[str, tuple[str, int]] = {}
    Store.open(url).close()
    for number in range(STORE_KILLS):
        words = killed(
            lambda told, first=number * 10_000: write_drafts(url, first, told),  # type: ignore[misc]
            chance.uniform(0.0, 0.1),
        )
        committed.update({draft: (state, int(revision)) for state, draft, revision in words})
        with Store.open(url) as store:
            check_whole(store, committed)
    assert {state for state, _ in committed.values()} >= {"draft", "published"}


def test_forty_kills_on_sqlite(tmp_path: Path) -> None:
    kill_the_writer(f"sqlite:///{tmp_path}/store.db")


def test_forty_kills_on_postgresql(postgres_url: str) -> None:
    kill_the_writer(postgres_url)


def test_twenty_kills_while_releases_are_built(tmp_path: Path) -> None:
    chance = random.Random(20)
    url, folder = f"sqlite:///{tmp_path}/store.db", tmp_path / "releases"
    releases, embedder = Releases(folder), FakeEmbedder()
    with Store.open(url) as store:
        store.publish(article(0), author="a")
        releases.build(store, embedder, StoredVectors(store), on=store.today())
    seen = {releases.current_id()}
    for number in range(RELEASE_KILLS):
        killed(
            lambda told, first=1 + number * 10_000: write_releases(url, folder, first, told),  # type: ignore[misc]
            chance.uniform(0.0, 0.5),
        )
        release = releases.load(embedder)
        seen.add(release.info.id)
        assert release.index.search("手続き0", "ja", k=3).hits
        with Store.open(url) as store:
            assert not store.verify_audit().problem
            stored = {one.slug for one in store.articles(store.today())}
        assert set(release.articles) <= stored
    assert len(seen) > RELEASE_KILLS // 4
    with Store.open(url) as store:
        releases.build(store, embedder, StoredVectors(store), on=store.today())
        assert set(releases.load(embedder).articles) == stored
    assert not list(folder.glob("*.partial"))
