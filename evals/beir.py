"""Retrieval corpora in the BEIR layout, and the metrics over their judgments."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class CorpusError(Exception):
    """A corpus cannot be read; the text says which file and why."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus: `documents` are (title, text) by id, `judgments` grades by query and document."""

    documents: dict[str, tuple[str, str]]
    queries: dict[str, str]
    judgments: dict[str, dict[str, int]]


def read_corpus(folder: Path) -> Corpus:
    """Read ``corpus.jsonl``, ``queries.jsonl`` and ``qrels/test.tsv``; CorpusError if not."""
    documents = {
        str(line["_id"]): (str(line.get("title") or ""), str(line["text"]))
        for line in _lines(folder / "corpus.jsonl", ("_id", "text"))
    }
    queries = {
        str(line["_id"]): str(line["text"])
        for line in _lines(folder / "queries.jsonl", ("_id", "text"))
    }
    judgments: dict[str, dict[str, int]] = {}
    path = folder / "qrels" / "test.tsv"
    for number, row in enumerate(_text(path).splitlines()):
        cells = row.split("\t")
        if number == 0 and not cells[-1].strip().lstrip("-").isdigit():
            continue
        if len(cells) != 3 or cells[0] not in queries or cells[1] not in documents:
            raise CorpusError(f"{path}, line {number + 1}: {row!r} names no query and document")
        if int(cells[2]) > 0:
            judgments.setdefault(cells[0], {})[cells[1]] = int(cells[2])
    if not judgments:
        raise CorpusError(f"{path} judges nothing as relevant")
    return Corpus(documents, queries, judgments)


def metrics(
    rankings: Mapping[str, Sequence[str]], judgments: Mapping[str, Mapping[str, int]]
) -> dict[str, float]:
    """Return the metrics of the design, over all queries with a relevant document.

    `rankings` holds document ids by query, best first. Gain is linear in the
    grade; recall counts every document judged relevant, of whatever grade.
    """
    rows = [_query_metrics(rankings.get(query, ()), own) for query, own in judgments.items()]
    found = {name: sum(row[name] for row in rows) / len(rows) for name in rows[0]}
    return {**found, "queries": len(rows)}


def _query_metrics(ranking: Sequence[str], grades: Mapping[str, int]) -> dict[str, float]:
    def recall(depth: int) -> float:
        return sum(document in grades for document in ranking[:depth]) / len(grades)

    def hit(depth: int) -> float:
        return float(any(document in grades for document in ranking[:depth]))

    gains = [grades.get(document, 0) for document in ranking[:10]]
    first = next((rank for rank, gain in enumerate(gains) if gain), None)
    return {
        "recall@10": recall(10),
        "recall@50": recall(50),
        "ndcg@10": _discounted(gains) / _discounted(sorted(grades.values(), reverse=True)[:10]),
        "mrr@10": 1 / (first + 1) if first is not None else 0.0,
        "hit@1": hit(1),
        "hit@3": hit(3),
        "hit@10": hit(10),
    }


def _discounted(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains))


def _lines(path: Path, keys: tuple[str, ...]) -> list[dict[str, object]]:
    found = []
    for number, text in enumerate(_text(path).splitlines(), 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
            found.append({**line, **{key: line[key] for key in keys}})
        except (ValueError, KeyError, TypeError) as error:
            raise CorpusError(f"{path}, line {number}: {error}") from error
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path} cannot be read: {error}") from error
