"""`python -m evals retrieval`: how well the right article, or passage, is found.

``--beir DIR`` reads a corpus in the BEIR layout, its titles as questions and
its texts as answers, and prints the metrics of the design. ``--passages FILE``
reads any file that can be imported, or a folder of them, and prints how often
the first passage holds what was expected (P@1). Both go through the index as a
release does, with the model that the settings name.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from assistant.composition import Installation
from assistant.settings import Settings
from evals.beir import Corpus, CorpusError, metrics, read_corpus
from evals.passages import (
    CASES,
    PassageCase,
    is_tuning,
    precision,
    read_cases,
    read_passages,
)
from knowledge.embedding import Embedder
from knowledge.errors import KnowledgeError
from knowledge.index import (
    FileCache,
    Index,
    IndexChunk,
    IndexDocument,
    MemoryCache,
    VectorCache,
    build,
)

DEPTH = 50
"""How many articles are looked at for each query."""

Item = TypeVar("Item")

errors = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Run:
    """A built index and what it took."""

    index: Index
    build_seconds: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--beir", type=Path, help="folder of corpus.jsonl, queries.jsonl, qrels/")
    what.add_argument("--passages", type=Path, help="a file, or a folder of files, to import")
    parser.add_argument("--cases", type=Path, default=CASES, help="questions for --passages")
    parser.add_argument(
        "--half", choices=("tuning", "reporting"), help="only this half of the cases"
    )
    parser.add_argument("--lang", default="ja", help="language of the corpus and its queries")
    parser.add_argument("--limit", type=int, default=0, help="only the first queries")
    parser.add_argument(
        "--no-cache", action="store_true", help="encode everything anew and keep nothing"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit code 2 where the corpus cannot be read or indexed."""
    try:
        report = _beir(arguments) if arguments.beir else _passages(arguments)
    except (CorpusError, KnowledgeError) as error:
        errors.print(f"[red]{error}", highlight=False)
        return 2
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _show(report)
    return 0


def _beir(arguments: argparse.Namespace) -> dict[str, object]:
    corpus = read_corpus(arguments.beir)
    documents = beir_documents(corpus, arguments.lang)
    wanted = list(corpus.judgments)[: arguments.limit or None]
    judgments = {query: corpus.judgments[query] for query in wanted}
    with _built(documents, arguments) as built:
        rankings: dict[str, list[str]] = {}
        times = []
        for query in _track(wanted, "queries"):
            begin = time.perf_counter()
            result = built.index.search(corpus.queries[query], arguments.lang, k=DEPTH)
            times.append(time.perf_counter() - begin)
            rankings[query] = [hit.slug for hit in result.hits]
        return {**metrics(rankings, judgments), **_cost(built, times)}


def _passages(arguments: argparse.Namespace) -> dict[str, object]:
    cases = read_cases(arguments.cases)
    if arguments.half:
        cases = [case for case in cases if is_tuning(case) == (arguments.half == "tuning")]
    cases = cases[: arguments.limit or None]
    # Every passage counts as an article of its own: the right one has to be first.
    documents = [replace(one, slug=one.unit) for one in read_passages(arguments.passages)]
    texts = {one.unit: "\n".join(chunk.text for chunk in one.chunks) for one in documents}
    with _built(documents, arguments) as built:
        found: list[tuple[PassageCase, list[str]]] = []
        times = []
        for case in _track(cases, "questions"):
            begin = time.perf_counter()
            result = built.index.search(case.text, arguments.lang, k=10)
            times.append(time.perf_counter() - begin)
            found.append((case, [texts[hit.slug] for hit in result.hits]))
        return {**precision(found), "passages": len(documents), **_cost(built, times)}


def beir_documents(corpus: Corpus, lang: str) -> list[IndexDocument]:
    """Return a corpus as units to index: the title is the question, the text the answer."""
    return [
        IndexDocument(
            slug=name,
            lang=lang,
            unit=name,
            title=title,
            chunks=(IndexChunk("text", "section", "", text),) if text.strip() else (),
        )
        for name, (title, text) in corpus.documents.items()
    ]


def beir_rankings(corpus: Corpus, lang: str) -> dict[str, list[str]]:
    """Return the documents found for every judged query, best first, by an index built anew."""
    options = argparse.Namespace(no_cache=False)
    with _built(beir_documents(corpus, lang), options) as built:
        return {
            query: [
                hit.slug for hit in built.index.search(corpus.queries[query], lang, k=DEPTH).hits
            ]
            for query in _track(list(corpus.judgments), "queries")
        }


@contextlib.contextmanager
def _built(documents: Sequence[IndexDocument], arguments: argparse.Namespace) -> Iterator[Run]:
    """Build an index that lasts as long as the block."""
    installation = Installation(Settings())
    embedder: Embedder = installation.embedder
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="madoguchi-")))
        cache: VectorCache = MemoryCache()
        if not arguments.no_cache:
            cache = FileCache(installation.settings.data / "evals" / "vectors.sqlite")
            stack.callback(cache.close)
        bars = stack.enter_context(_bars())
        tasks: dict[str, object] = {}

        def report(stage: str, done: int, of: int) -> None:
            task = tasks.setdefault(stage, bars.add_task(stage, total=of))
            bars.update(task, completed=done, total=of)  # type: ignore[arg-type]

        begin = time.perf_counter()
        build(documents, embedder, cache, folder / "index", report)
        seconds = time.perf_counter() - begin
        bars.stop()
        yield Run(Index.load(folder / "index", embedder), seconds)
        shutil.rmtree(folder, ignore_errors=True)


def _cost(built: Run, times: list[float]) -> dict[str, object]:
    ordered = sorted(times)
    return {
        "model": built.index.embedder.name,
        "build_seconds": round(built.build_seconds, 1),
        "query_ms_median": round(1000 * median(ordered), 1),
        "query_ms_p95": round(1000 * ordered[int(0.95 * (len(ordered) - 1))], 1),
    }


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description:>10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=errors,
        disable=not sys.stderr.isatty(),
    )


def _track(items: Sequence[Item], name: str) -> Iterator[Item]:
    with _bars() as bars:
        yield from bars.track(items, description=name)


def _show(report: dict[str, object]) -> None:
    table = Table("measure", "value")
    for name, value in report.items():
        if name != "failures":
            table.add_row(name, f"{value:.4f}" if isinstance(value, float) else str(value))
    console = Console()
    console.print(table)
    failures = report.get("failures")
    for failure in failures if isinstance(failures, list) else []:
        console.print(f"{failure['text']}\n   found: {failure['found']}", highlight=False)
