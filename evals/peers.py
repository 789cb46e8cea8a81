"""`python -m evals peers`: the same search on other systems, with the same texts and model.

``--beir DIR`` reads a corpus in the BEIR layout, ``--cases FILE`` the questions that the
articles of the current release answer. txtai and Haystack are given the same rows and the
folder of the same embedding model and keep their own defaults; each runs in the Python
named for it, since what they need may not fit beside what the desk needs:

    python -m venv peers && peers/bin/pip install txtai haystack-ai \\
        sentence-transformers sentence-transformers-haystack
    python -m evals peers --cases FILE --python peers/bin/python

A peer that cannot run is named with the reason, and the others are measured.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from assistant.composition import Installation
from assistant.settings import Settings
from evals.answers import read_cases
from evals.beir import Corpus, CorpusError, metrics, read_corpus
from evals.provenance import provenance
from evals.retrieval import beir_rankings
from knowledge.errors import KnowledgeError
from knowledge.index_document import IndexDocument
from knowledge.release import Release
from knowledge.release_content import OUTSIDE, documents_of

PEERS = ("txtai", "haystack")

DEPTH = 50
"""How many documents are ranked for each query."""

ROWS_DEEP = 200
"""How many rows are asked for, since several rows are of one article."""

SECONDS = 3600
"""How long a peer may take."""

SHOWN = ("recall@10", "ndcg@10", "hit@1", "hit@3", "hit@10", "mrr@10")

errors = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that are searched together; `owners` says of which document each row is."""

    rows: list[str]
    owners: list[str]
    queries: dict[str, str]


class PeerError(Exception):
    """A peer that cannot run here; the message is one sentence."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--beir", type=Path, help="folder of corpus.jsonl, queries.jsonl, qrels/")
    what.add_argument("--cases", type=Path, nargs="+", help="JSON Lines files of cases")
    parser.add_argument("--lang", nargs="+", default=["ja"], help="languages of the questions")
    parser.add_argument("--peer", nargs="+", choices=PEERS, default=PEERS, help="which of them")
    parser.add_argument(
        "--python",
        nargs="+",
        default=[sys.executable],
        help="the Python that has the peers, or one for each of --peer",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit code 2 where the texts cannot be read."""
    if len(arguments.python) not in (1, len(arguments.peer)):
        errors.print("[red]Give one --python, or one for each --peer.", highlight=False)
        return 2
    installation = Installation(Settings())
    model = installation.settings.data / "models" / "e5-small"
    try:
        groups, judgments, own, what = (
            _beir(arguments) if arguments.beir else _cases(arguments, installation.live.get())
        )
    except (CorpusError, KnowledgeError, ValueError) as error:
        errors.print(f"[red]{error}", highlight=False)
        return 2
    found: dict[str, Any] = {"madoguchi": metrics(own, judgments)}
    versions, missing = {}, []
    pythons = list(arguments.python) * (len(PEERS) if len(arguments.python) == 1 else 1)
    for peer, python in zip(arguments.peer, pythons, strict=False):
        try:
            told = ask(peer, python, model, groups)
        except PeerError as error:
            missing.append(str(error))
            continue
        versions[peer] = told["version"]
        for mode, by_group in told["found"].items():
            found[f"{peer} {mode}"] = metrics(rankings(by_group, groups), judgments)
    outcome = {
        "peers": found,
        "over": what,
        "versions": versions,
        "missing": missing,
        "run": {**provenance(), "model": installation.embedder.name},
    }
    if arguments.json:
        print(json.dumps(outcome, ensure_ascii=False, indent=1))
    else:
        _show(outcome, Console())
    return 0


def _beir(
    arguments: argparse.Namespace,
) -> tuple[list[Group], dict[str, dict[str, int]], dict[str, list[str]], str]:
    corpus: Corpus = read_corpus(arguments.beir)
    owners = list(corpus.documents)
    rows = ["\n".join(filter(None, corpus.documents[name])) for name in owners]
    queries = {name: corpus.queries[name] for name in corpus.judgments}
    own = beir_rankings(corpus, arguments.lang[0])
    return [Group(rows, owners, queries)], corpus.judgments, own, arguments.beir.name


def _cases(
    arguments: argparse.Namespace, release: Release
) -> tuple[list[Group], dict[str, dict[str, int]], dict[str, list[str]], str]:
    cases = [
        case
        for path in arguments.cases
        for case in read_cases(path)
        if case.expect == "answer" and case.slugs and not case.after
        and case.lang in arguments.lang
    ]  # fmt: skip
    if not cases:
        raise ValueError("No case has an answer in these languages.")
    documents = list(_documents(release))
    groups = []
    for lang, asked in groupby(sorted(cases, key=lambda case: case.lang), lambda case: case.lang):
        pieces = [
            (piece, one.slug) for one in documents if one.lang == lang for piece in _pieces(one)
        ]
        rows, owners = [piece for piece, _ in pieces], [slug for _, slug in pieces]
        groups.append(Group(rows, owners, {case.name: case.text for case in asked}))
    own = {
        case.name: [
            hit.slug
            for hit in release.index.search(case.text, case.lang, k=DEPTH).hits
            if not hit.slug.startswith(OUTSIDE)
        ]
        for case in cases
    }
    judgments = {case.name: dict.fromkeys(case.slugs, 1) for case in cases}
    what = f"{len(cases)} questions in {', '.join(arguments.lang)} of " + ", ".join(
        path.name for path in arguments.cases
    )
    return groups, judgments, own, what


def _documents(release: Release) -> Iterable[IndexDocument]:
    asked = release.lexicon.get("asked", {})
    for slug, article in release.articles.items():
        yield from documents_of(article, asked.get(slug))


def _pieces(document: IndexDocument) -> Iterable[str]:
    """The title, each question and each passage: a row each, as the desk indexes them."""
    yield document.title
    yield from document.questions
    for chunk in document.chunks:
        yield f"{document.title}\n{chunk.text}"


def ask(peer: str, python: str, model: Path, groups: Sequence[Group]) -> dict[str, Any]:
    """Have `peer` index and search in another Python; PeerError where it cannot."""
    job = {
        "model": str(model),
        "depth": ROWS_DEEP,
        "groups": [{"rows": group.rows, "queries": group.queries} for group in groups],
    }
    script = Path(__file__).with_name(f"peer_{peer}.py")
    offline = {**os.environ, "HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}
    try:
        done = subprocess.run(
            [python, str(script)],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            env=offline,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerError(f"{peer} was not measured: {error}.") from error
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise PeerError(f"{peer} was not measured, it cannot run in {python}: {last}")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def rankings(
    by_group: Sequence[dict[str, list[int]]], groups: Sequence[Group]
) -> dict[str, list[str]]:
    """Return the documents by query, best first, each by its best row."""
    found = {}
    for rows, group in zip(by_group, groups, strict=True):
        for query, hits in rows.items():
            found[query] = list(dict.fromkeys(group.owners[row] for row in hits))[:DEPTH]
    return found


def _show(outcome: dict[str, Any], console: Console) -> None:
    table = Table("system", *SHOWN, title=outcome["over"])
    for name, measured in outcome["peers"].items():
        table.add_row(name, *(f"{measured[key]:.3f}" for key in SHOWN))
    console.print(table)
    for version in outcome["versions"].values():
        console.print(version, highlight=False)
    for why in outcome["missing"]:
        console.print(f"[yellow]{why}", highlight=False)
