"""The suite ``personal_data``: is personal data masked, and is nothing else.

Each line of ``cases/safety/personal_data.jsonl`` names the personal data that its
text holds. A span counts as found when no piece of it is left in the masked text;
what is masked in a text, and belongs to no span of it, is a false find.
"""

from __future__ import annotations

import json
import re
import statistics
import time
import unicodedata
from collections import defaultdict
from importlib import resources
from typing import Any

from assistant.masking import mask
from knowledge.release import Release

_MARK = re.compile(r"\[([a-z-]+)\]")


def run(release: Release) -> dict[str, Any]:
    """Return, by half, recall and precision, by kind and by language, and what was missed."""
    text = resources.files("evals").joinpath("cases", "safety", "personal_data.jsonl")
    cases = [json.loads(line) for line in text.read_text(encoding="utf-8").splitlines()]
    halves: dict[str, Any] = {}
    milliseconds = []
    for half in ("development", "test"):
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        false, missed = 0, []
        for case in (case for case in cases if case["half"] == half):
            started = time.perf_counter()
            masked, _ = mask(case["text"])
            milliseconds.append((time.perf_counter() - started) * 1000)
            for span in case["spans"]:
                found = not left(span["text"], masked, case["text"])
                for group in ("all", f"kind {span['kind']}", f"lang {case['lang']}"):
                    counts[group][0] += found
                    counts[group][1] += 1
                if not found:
                    missed.append({"text": case["text"], "span": span, "masked": masked})
            extra = len(_MARK.findall(masked)) - len(case["spans"])
            if extra > 0:
                false += extra
                missed.append({"text": case["text"], "span": None, "masked": masked})
        hits, all_spans = counts["all"]
        halves[half] = {
            "recall": round(hits / all_spans, 4),
            "precision": round(hits / (hits + false), 4),
            "spans": all_spans,
            "false": false,
            "recall_by": {g: round(f / n, 4) for g, (f, n) in sorted(counts.items()) if g != "all"},
            "failures": missed if half == "development" else [],
        }
    return {
        "cases": len(cases),
        "median_ms": round(statistics.median(milliseconds), 3),
        "halves": halves,
    }


def left(span: str, masked: str, text: str) -> bool:
    """Say whether a telling piece of `span` is left in `masked`: four letters in a row, or all.

    A piece that the rest of the text has too (the "mail" of "e-mail") tells nothing.
    """
    folded = unicodedata.normalize("NFKC", span)
    outside = unicodedata.normalize("NFKC", text).replace(folded, " ")
    rest = _MARK.sub(" ", masked)
    size = min(4, len(folded))
    pieces = (folded[at : at + size] for at in range(len(folded) - size + 1))
    return any(piece in rest and piece not in outside for piece in pieces)
