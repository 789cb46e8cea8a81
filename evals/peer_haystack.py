"""Search by Haystack: BM25, vectors and both joined (its defaults), run by its own Python.

Reads one job as JSON from standard input and writes the rankings to standard output;
`evals.peers` says what stands in them. Nothing of this project is imported.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version

MODES = ("hybrid", "dense", "bm25")


def main() -> int:
    """Index and search each group of the job."""
    from haystack import Document
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import (
        InMemoryBM25Retriever,
        InMemoryEmbeddingRetriever,
    )
    from haystack.document_stores.in_memory import (
        InMemoryDocumentStore,
    )
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
        SentenceTransformersTextEmbedder,
    )

    job = json.load(sys.stdin)
    shared = {"model": job["model"], "progress_bar": False, "model_kwargs": {"dtype": "float32"}}
    documents = SentenceTransformersDocumentEmbedder(prefix="passage: ", **shared)
    queries = SentenceTransformersTextEmbedder(prefix="query: ", **shared)
    documents.warm_up()
    queries.warm_up()
    joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=job["depth"])
    found: dict[str, list[dict[str, list[int]]]] = {
        mode: [{} for _ in job["groups"]] for mode in MODES
    }
    for number, group in enumerate(job["groups"]):
        rows = [Document(content=text, meta={"row": row}) for row, text in enumerate(group["rows"])]
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        store.write_documents(documents.run(documents=rows)["documents"])
        words = InMemoryBM25Retriever(store, top_k=job["depth"])
        vectors = InMemoryEmbeddingRetriever(store, top_k=job["depth"])
        for name, query in group["queries"].items():
            by_words = words.run(query=query)["documents"]
            by_vectors = vectors.run(query_embedding=queries.run(text=query)["embedding"])
            by_vectors = by_vectors["documents"]
            joined = joiner.run(documents=[by_words, by_vectors])["documents"]
            for mode, hits in zip(MODES, (joined, by_vectors, by_words), strict=True):
                found[mode][number][name] = [hit.meta["row"] for hit in hits]
    told = f"haystack-ai {version('haystack-ai')}"
    json.dump({"version": told, "found": found}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
