"""Builds the search index: an immutable folder, one subfolder a language."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from knowledge.article import languages
from knowledge.column import Column
from knowledge.column_build import BuildProgress, ColumnBuild, Terms
from knowledge.embedding import Embedder
from knowledge.encodings import BATCH, Encodings, VectorCache, text_hash
from knowledge.errors import KnowledgeError
from knowledge.index_document import IndexDocument
from knowledge.index_folder import (
    column_folder,
    digests_of,
    link_column,
    read_manifest,
    write_manifest,
)
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

    `parent` is the index before this one. A language without a change is
    linked to it; of another one, what did not change is taken from it, and so
    is what was fitted on the knowledge base while less than a tenth of the
    language's units changed. A parent that cannot be used is ignored.
    Raises EmbeddingFailed where the model gives no vectors, ValueError where
    two units of a language have the same name.
    """
    report = progress or (lambda stage, done, of: None)
    files = vector_files()
    encodings = Encodings(embedder, cache)
    columns = _columns(documents)
    keys = {lang: [one.content_hash() for one in own] for lang, own in columns.items()}
    contents = {lang: _contents(own) for lang, own in keys.items()}
    old = _Parent(parent, embedder, files)
    same = [lang for lang in columns if old.contents.get(lang) == contents[lang]]
    builds = {
        lang: ColumnBuild(own, keys[lang], languages()[lang].script, encodings, old.column(lang))
        for lang, own in columns.items()
        if lang not in same
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
    for lang in same:
        old.link(lang, directory)
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
            "columns": {lang: languages()[lang].script for lang in columns},
            "contents": contents,
        },
        {name: digest for lang in same for name, digest in old.digests(lang).items()},
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


def _contents(keys: Sequence[str]) -> str:
    """One hash over the units of a column, in their order."""
    return hashlib.sha256("\n".join(keys).encode("ascii")).hexdigest()


class _Parent:
    """The index before, if the same model and program made it and no file of it changed."""

    def __init__(self, folder: Path | None, embedder: Embedder, files: VectorFiles) -> None:
        self._folder = folder or Path()
        self._files = files
        self._manifest: dict[str, Any] = {}
        if folder is None:
            return
        try:
            manifest = read_manifest(folder, check=True)
            if manifest["model"] == embedder.name and manifest["vectors"] == files.name:
                self._manifest = manifest
        except (KnowledgeError, OSError, ValueError, KeyError) as error:
            logger.warning("the index in %s cannot be built upon: %s", folder, error)

    @property
    def contents(self) -> Mapping[str, str]:
        """The hash of the units of each language."""
        return dict(self._manifest.get("contents", {}))

    def column(self, lang: str) -> Column | None:
        """One language, loaded; None where there is none that can be used."""
        script = self._manifest.get("columns", {}).get(lang)
        if script is None:
            return None
        try:
            return Column(column_folder(self._folder, lang), lang, script, self._files)
        except (OSError, ValueError, KeyError) as error:
            logger.warning("the index in %s cannot be built upon: %s", self._folder, error)
            return None

    def link(self, lang: str, directory: Path) -> None:
        """Give `directory` this column as it is."""
        link_column(self._folder, directory, lang)

    def digests(self, lang: str) -> dict[str, str]:
        """The hashes of the files of a column."""
        return digests_of(self._manifest["files"], lang)


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
