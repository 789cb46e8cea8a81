"""Questions on running text, and whether the first passage found answers them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.beir import CorpusError
from knowledge import importers
from knowledge.index import IndexDocument
from knowledge.release_content import documents_of

CASES = Path(__file__).parent / "cases" / "passages.jsonl"

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class PassageCase:
    """A question, and strings of which one stands in a passage that answers it."""

    text: str
    expected: tuple[str, ...]


def read_cases(path: Path) -> list[PassageCase]:
    """Read a JSON Lines file of ``text`` and ``expected``; CorpusError if it is none."""
    found = []
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            found.append(PassageCase(entry["text"], tuple(entry["expected"])))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{path} holds no questions: {error}") from error
    return found


def is_tuning(case: PassageCase) -> bool:
    """Say whether a question belongs to the half that may be tuned on, by its hash."""
    return int(hashlib.sha256(case.text.encode("utf-8")).hexdigest(), 16) % 2 == 0


def read_passages(path: Path) -> list[IndexDocument]:
    """Import a file, or every file of a folder, cut into units as a release cuts it."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return [
        document
        for file in files
        for article in importers.read(file)
        for document in documents_of(article)
        if any(chunk.text.strip() for chunk in document.chunks)
    ]


def precision(found: Sequence[tuple[PassageCase, Sequence[str]]]) -> dict[str, object]:
    """Return P@1, P@3 (one of the first three) and what failed at 1.

    `found` has for each case the texts of the passages, best first. White
    space does not count.
    """
    ranks = [_rank(case, texts) for case, texts in found]
    size = max(len(ranks), 1)
    return {
        "p@1": sum(rank == 0 for rank in ranks) / size,
        "p@3": sum(rank is not None and rank < 3 for rank in ranks) / size,
        "p@10": sum(rank is not None for rank in ranks) / size,
        "questions": len(ranks),
        "failures": [
            {"text": case.text, "rank": rank, "found": texts[0][:80] if texts else ""}
            for (case, texts), rank in zip(found, ranks, strict=True)
            if rank != 0
        ],
    }


def _rank(case: PassageCase, texts: Sequence[str]) -> int | None:
    expected = [_SPACES.sub("", text) for text in case.expected]
    for rank, text in enumerate(texts):
        bare = _SPACES.sub("", text)
        if any(each in bare for each in expected):
            return rank
    return None
