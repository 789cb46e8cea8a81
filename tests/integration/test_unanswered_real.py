"""What people asked in vain, on the real model: a gap that was planted comes first."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.composition import Installation
from assistant.settings import Settings
from evals.unanswered import CASES, replay

SAMPLE = Path(__file__).parents[2] / "knowledge" / "sample_city"
LANGUAGES = ("ja", "en", "zh-Hans")
ARTICLES = 20

pytestmark = [pytest.mark.integration, pytest.mark.long]


def lines(name: str) -> list[dict[str, Any]]:
    text = (CASES / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def slugs() -> set[str]:
    """The articles that most questions are about."""
    asked = [slug for case in lines("dev.jsonl") for slug in case["slugs"][:1]]
    return set(sorted(set(asked), key=lambda slug: (-asked.count(slug), slug))[:ARTICLES])


@pytest.fixture(scope="module")
def installation(
    slugs: set[str], model_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    folder, data = tmp_path_factory.mktemp("city"), tmp_path_factory.mktemp("data")
    shutil.copytree(SAMPLE / "city", folder / "city")
    for name in ("synonyms", "broad_topics"):
        shutil.copy(SAMPLE / f"{name}.yaml", folder)
    for slug in slugs:
        (folder / "articles" / slug).mkdir(parents=True)
        for name in ("article.yaml", *(f"{lang}.md" for lang in LANGUAGES)):
            shutil.copy(SAMPLE / "articles" / slug / name, folder / "articles" / slug)
    (data / "models").mkdir()
    (data / "models" / "e5-small").symlink_to(model_folder)
    made = Installation(Settings(_env_file=None, data=data))
    assert not made.import_paths([folder]).refused
    made.build_release()
    yield made
    made.store.close()


def test_a_planted_gap_comes_first_among_three_hundred_questions(
    installation: Installation, slugs: set[str]
) -> None:
    # Of what has an answer, only what these articles answer: the rest would be gaps as well.
    cases = [
        case
        for case in (*lines("dev.jsonl"), *lines("dev-more.jsonl"))
        if case["lang"] in (*LANGUAGES, "ja-x-easy")
        and (case["expect"] != "answer" or slugs.intersection(case["slugs"]))
    ]
    found = replay(installation, cases, lines("gap-drone.jsonl"), 300, seed=1, rated=0.5)
    assert found["questions"] == 300
    assert found["rank"] == 1, found["first"]
    assert found["first"][0]["of_the_gap"] >= 4
    assert len(found["first"][0]["langs"]) >= 2
    assert {"ドローン", "drone"} & set(found["first"][0]["name"])
