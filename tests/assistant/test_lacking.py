"""A release without some of its articles."""

from __future__ import annotations

from assistant.confidence import articles, confidence
from evals.lacking import without
from knowledge.release import Release
from tests.assistant.conftest import SmallInstallation

QUESTION = "転入届の持ち物を教えてください"


def sure(release: Release) -> float:
    return confidence(release.index.search(QUESTION, "ja"), QUESTION, "ja", release)


def test_an_article_that_is_taken_away_is_not_found(installation: SmallInstallation) -> None:
    release = installation.live.get()
    left = without(release, ["moving-in"])
    assert articles(release.index.search(QUESTION, "ja"))[0].slug == "moving-in"
    assert all(hit.slug != "moving-in" for hit in left.index.search(QUESTION, "ja").hits)
    assert "moving-in" in release.articles and "moving-in" not in left.articles
    assert sure(left) < sure(release)


def test_all_else_is_shared(installation: SmallInstallation) -> None:
    release = installation.live.get()
    left = without(release, ["moving-in"])
    assert left.index.embedder is release.index.embedder
    assert articles(release.index.search(QUESTION, "ja"))[0].slug == "moving-in"
