"""Search by txtai (hybrid, its defaults), run by its own Python beside this project's.

Reads one job as JSON from standard input and writes the rankings to standard output;
`evals.peers` says what stands in them. Nothing of this project is imported.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version

MODES = {"hybrid": 0.5, "dense": 1.0}
"""The weight of vectors beside words; .5 is the default."""


def main() -> int:
    """Index and search each group of the job."""
    from txtai import Embeddings

    job = json.load(sys.stdin)
    found: dict[str, list[dict[str, list[int]]]] = {
        mode: [{} for _ in job["groups"]] for mode in MODES
    }
    for number, group in enumerate(job["groups"]):
        embeddings = Embeddings(
            path=job["model"],
            method="sentence-transformers",
            hybrid=True,
            instructions={"query": "query: ", "data": "passage: "},
            vectors={"model_kwargs": {"dtype": "float32"}},
        )
        embeddings.index(list(enumerate(group["rows"])))
        for name, query in group["queries"].items():
            for mode, weight in MODES.items():
                hits = embeddings.search(query, job["depth"], weights=weight)
                found[mode][number][name] = [int(row) for row, _ in hits]
    json.dump({"version": f"txtai {version('txtai')}", "found": found}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
