"""Builds the search index: an immutable folder, one subfolder a language."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from knowledge.article import languages
from knowledge.column import Column
from knowledge.column_build import BuildProgress, ColumnBuild, Terms
from knowledge.embedding import Embedder
from knowledge.encodings import BATCH, Encodings, VectorCache, text_hash
from knowledge.errors import KnowledgeError
from knowledge.index_document import IndexDocument
from knowledge.index_folder import column_folder, read_manifest, write_manifest
from knowledge.japanese import Morpheme, analyse
from knowledge.synonyms import Synonyms
from knowledge.terms import terms
from knowledge.vectors import VectorFiles, vector_files

ANALYSIS = "sudachi-core-A-1"
"""The name by which analyses of Japanese are kept; changed when they would differ."""

logger = logging.getLogger(__name__)


def build(
    documents: Sequence[IndexDocument],
    embedder: Embedder,
    cache: VectorCache,
    directory: Path,
    progress: BuildProgress | None = None,
    parent: Path | None = None,
    synonyms: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
) -> None:
    """Write an index of `documents` to `directory`, which must not exist yet.

    `parent` is the index before this one. What did not change is taken from
    it, and so is what was fitted on the knowledge base while less than a tenth
    of a language's units changed. A parent that cannot be used is ignored.
    Raises EmbeddingFailed where the model gives no vectors, ValueError where
    two units of a language have the same name.
    """
    report = progress or (lambda stage, done, of: None)
    files = vector_files()
    encodings = Encodings(embedder, cache)
    columns = _columns(documents)
    old = _parent_columns(parent, embedder, files) if parent is not None else {}
    builds = {
        lang: ColumnBuild(own, languages()[lang].script, encodings, old.get(lang))
        for lang, own in columns.items()
    }
    encodings.ensure(
        [text for each in builds.values() for text in each.questions()],
        "query",
        lambda done, of: report("questions", done, of),
    )
    encodings.ensure(
        [text for each in builds.values() for text in each.passages()],
        "passage",
        lambda done, of: report("passages", done, of),
    )
    directory.mkdir(parents=True)
    for number, (lang, each) in enumerate(builds.items()):
        report("columns", number, len(builds))
        folder = column_folder(directory, lang)
        folder.mkdir()
        changed = [each.documents[place] for place in each.fresh]
        each.write(folder, files, _unit_terms(changed, each.script, cache, report))
    Synonyms(synonyms or {}).save(directory)
    write_manifest(
        directory,
        {
            "model": embedder.name,
            "dimension": embedder.dimension,
            "vectors": files.name,
            "columns": {lang: each.script for lang, each in builds.items()},
        },
    )
    report("columns", len(builds), len(builds))


def _columns(documents: Sequence[IndexDocument]) -> dict[str, list[IndexDocument]]:
    columns: dict[str, list[IndexDocument]] = {}
    for document in sorted(documents, key=lambda one: (one.slug, one.unit)):
        if document.lang not in languages():
            raise ValueError(f"{document.unit} is in {document.lang}, which is no known language")
        columns.setdefault(document.lang, []).append(document)
    for lang, own in columns.items():
        names = [document.unit for document in own]
        if len(set(names)) != len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"two units are called {twice} in {lang}")
    return columns


def _parent_columns(parent: Path, embedder: Embedder, files: VectorFiles) -> dict[str, Column]:
    """The columns of the index before, if it was made by the same model and program."""
    try:
        manifest = read_manifest(parent)
        if manifest["model"] != embedder.name or manifest["vectors"] != files.name:
            return {}
        return {
            lang: Column(column_folder(parent, lang), lang, script, files)
            for lang, script in manifest["columns"].items()
        }
    except (KnowledgeError, OSError, ValueError, KeyError) as error:
        logger.warning("the index in %s cannot be built upon: %s", parent, error)
        return {}


def _unit_terms(
    documents: Sequence[IndexDocument], script: str, cache: VectorCache, report: BuildProgress
) -> Callable[[IndexDocument], Terms]:
    """Return a function that gives the terms of a unit, analyses taken from the cache."""
    if script != "japanese":
        return lambda document: terms(document.searched_text(), script)
    texts = {text_hash(text): text for text in (own.searched_text() for own in documents)}
    kept = cache.get(ANALYSIS, "analysis", texts)
    missing = [key for key in texts if key not in kept]
    for start in range(0, len(missing), BATCH):
        part = missing[start : start + BATCH]
        fresh = {key: _packed(analyse(texts[key])) for key in part}
        cache.put(ANALYSIS, "analysis", fresh)
        kept.update(fresh)
        report("words", min(start + BATCH, len(missing)), len(missing))

    def of(document: IndexDocument) -> Terms:
        text = document.searched_text()
        return terms(text, script, _unpacked(kept[text_hash(text)]))

    return of


def _packed(words: list[Morpheme]) -> bytes:
    return json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _unpacked(content: bytes) -> list[Morpheme]:
    return [Morpheme(*word) for word in json.loads(content)]
