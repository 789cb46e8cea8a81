"""A small city on the fake embedder: no weights, no network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.answer import Desk
from assistant.composition import Installation
from assistant.http.app import create_app
from assistant.settings import Settings
from knowledge.embedding import Embedder
from knowledge.testing import FakeEmbedder

SAMPLE = Path(__file__).parents[2] / "knowledge" / "sample_city"
SLUGS = ("moving-in", "bulky-garbage", "birth-registration", "my-number-card-loss", "emergency-119")


class SmallInstallation(Installation):
    """An installation on the fake embedder."""

    @cached_property
    def embedder(self) -> Embedder:
        return FakeEmbedder()


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city folder with five articles, one of them without Thai."""
    folder = tmp_path_factory.mktemp("city")
    shutil.copytree(SAMPLE / "city", folder / "city")
    for slug in SLUGS:
        shutil.copytree(SAMPLE / "articles" / slug, folder / "articles" / slug)
    (folder / "articles" / "moving-in" / "th.md").unlink(missing_ok=True)
    return folder


@pytest.fixture(scope="session")
def installation(
    small_city: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SmallInstallation]:
    made = SmallInstallation(Settings(_env_file=None, data=tmp_path_factory.mktemp("data")))
    report = made.import_paths([small_city])
    assert not report.refused
    made.build_release()
    yield made
    made.store.close()


@pytest.fixture(scope="session")
def desk(installation: SmallInstallation) -> Desk:
    return installation.desk


@pytest.fixture(scope="session")
def client(installation: SmallInstallation) -> Iterator[TestClient]:
    with TestClient(create_app(installation)) as client:
        yield client
