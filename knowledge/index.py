"""The search index: articles by question, and sentences of an article by question.

Hybrid and in several languages at once. Each language is a column with
statistics of its own (`knowledge.column`); a question is put to the column of
its language and to the Japanese one, and only standard deviations are compared
(`knowledge.fusion`). The reasons and the measurements are in
docs/decisions/0003-search.md.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.article import languages
from knowledge.centres import centres
from knowledge.column import Column, Query
from knowledge.embedding import Embedder, encodable, unit_rows
from knowledge.encodings import FileCache, MemoryCache, VectorCache
from knowledge.errors import ReleaseInvalid
from knowledge.fusion import ColumnScores, Ranked, fuse
from knowledge.index_build import build
from knowledge.index_document import IndexChunk, IndexDocument
from knowledge.index_folder import column_folder, digests_of, read_manifest
from knowledge.japanese import is_kana, katakana
from knowledge.late_interaction import projected
from knowledge.search import EncodedQuery, Hit, Passage, SearchResult
from knowledge.synonyms import Synonyms, expanded
from knowledge.terms import KANA, kana_grams, shared_words, terms
from knowledge.threads import single_threaded_products
from knowledge.vectors import vector_files

__all__ = [
    "FileCache",
    "Index",
    "IndexChunk",
    "IndexDocument",
    "MemoryCache",
    "VectorCache",
    "build",
]

KANA_TYPED = 0.1
KANA_SPOKEN = 0.3
KANA_WRITTEN = 3.0
"""Weight of the kana channel beside the words, for typed and for spoken questions, and
for those written in kana alone, which a dictionary cuts at the wrong places."""

WRITTEN_WORDS = 0.6
"""Weight of words beside vectors for a question in kana alone: the model has seen few."""

ORIGINAL = "ja"
"""The column that is always searched too: every article stands in it."""

REMEMBERED = 64
"""Questions whose vectors are kept, since a turn asks for hits and then for passages."""


class Index:
    """A loaded index; immutable, and safe to use from several threads."""

    def __init__(
        self,
        columns: Mapping[str, Column],
        embedder: Embedder,
        synonyms: Synonyms,
        digests: Mapping[str, str],
    ) -> None:
        self.columns = columns
        self._digests = digests
        self.embedder = embedder
        self._synonyms = synonyms
        self._centres = centres(columns)
        self._slugs = sorted({str(slug) for column in columns.values() for slug in column.slugs})
        places = {slug: number for number, slug in enumerate(self._slugs)}
        self._articles = {
            lang: np.array([places[slug] for slug in column.slugs], dtype=np.int64)
            for lang, column in columns.items()
        }
        self._queries: OrderedDict[tuple[str, str], EncodedQuery] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def load(cls, directory: Path, embedder: Embedder, before: Index | None = None) -> Index:
        """Load the index in `directory`, its arrays mapped from disk.

        Columns that an index loaded `before` has too are shared with it. From
        then on matrix products of this process keep to one thread. Raises
        ReleaseInvalid where a file is missing or changed, or the index was built
        with another model.
        """
        single_threaded_products()
        manifest = read_manifest(directory, check=True)
        if manifest["model"] != embedder.name:
            raise ReleaseInvalid(
                f"{directory} was built with {manifest['model']}, not with {embedder.name}; "
                "build the index again"
            )
        files = vector_files(manifest["vectors"])
        try:
            columns = {
                lang: (before and before._same_column(lang, manifest["files"]))
                or Column(column_folder(directory, lang), lang, script, files)
                for lang, script in manifest["columns"].items()
            }
            return cls(columns, embedder, Synonyms.load(directory), manifest["files"])
        except (OSError, ValueError, KeyError) as error:
            raise ReleaseInvalid(f"{directory} cannot be read: {error}") from error

    def _same_column(self, lang: str, digests: Mapping[str, str]) -> Column | None:
        if digests_of(digests, lang) == digests_of(self._digests, lang):
            return self.columns.get(lang)
        return None

    def encode(self, text: str, lang: str) -> EncodedQuery:
        """Return `text`, asked in `lang`, with its vectors; the last ones are remembered."""
        with self._lock:
            known = self._queries.get((text, lang))
            if known is not None:
                self._queries.move_to_end((text, lang))
                return known
        encoded = self.embedder.encode([text], kind="query")
        query = EncodedQuery(
            text, lang, encoded.pooled[0], encoded.tokens[0] if encoded.tokens else None
        )
        with self._lock:
            self._queries[(text, lang)] = query
            while len(self._queries) > REMEMBERED:
                self._queries.popitem(last=False)
        return query

    def comparable(self, vectors: NDArray[np.float32], lang: str) -> NDArray[np.float32]:
        """Return vectors of questions in `lang` as unit rows that compare across languages.

        `vectors` is fp32 [questions, dimension]; see `knowledge.centres`.
        """
        centre = self._centres.get(lang, self._centres[""])
        return unit_rows(vectors - centre.questions)

    def search(
        self,
        text: str,
        lang: str,
        *,
        k: int = 10,
        life_event: str | None = None,
        slugs: Collection[str] | None = None,
        on: date | None = None,
        kana: str | None = None,
        lexical_weight: float | None = None,
    ) -> SearchResult:
        """Return the `k` best articles for `text`, asked in `lang`.

        Filters: `life_event`, a set of `slugs`, and the day `on` which they are
        in force. `kana` is what was heard, for spoken questions. `lexical_weight`
        (0 to 1) takes the place of the weights that units have by kind.
        """
        asked = self.encode(encodable(text), lang)
        found: list[ColumnScores] = []
        queries: dict[str, Query] = {}
        for tag in self._searched(lang):
            column = self.columns[tag]
            allowed = column.allowed(life_event, slugs, on)
            if allowed.any():
                query = queries[tag] = self._query(asked, column, kana)
                scores = column.rerank(query, column.first_stage(query, lexical_weight), allowed)
                found.append(ColumnScores(tag, scores, column.slug_starts, self._articles[tag]))
        hits = tuple(self._hit(one, found, queries) for one in fuse(found, len(self._slugs), k))
        cosines = {
            each.lang: self.columns[each.lang].top_cosine(queries[each.lang], each.units)
            for each in found
        }
        return SearchResult(hits, max(cosines.values(), default=0.0), asked, cosines)

    def _hit(self, one: Ranked, found: Sequence[ColumnScores], queries: Mapping[str, Query]) -> Hit:
        asked = coverage = 0.0
        for each in found:
            if each.lang not in one.z:
                continue
            column, unit = self.columns[each.lang], each.best_units(one.article)
            asked = max(asked, column.asked_cosine(queries[each.lang], unit))
            if each is found[0]:
                coverage = column.coverage(queries[each.lang], unit)
        return Hit(
            slug=self._slugs[one.article],
            score=one.score,
            z=one.z,
            cosine=self.columns[one.lang].cosine(queries[one.lang], one.unit),
            lang=one.lang,
            unit=self.columns[one.lang].units[one.unit].unit,
            asked=asked,
            coverage=coverage,
        )

    def passages(
        self, query: str | EncodedQuery, slug: str, lang: str, k: int = 3
    ) -> list[Passage]:
        """Return the `k` sentences of an article's text in `lang` that answer best.

        A `query` that was not searched for before is taken to be asked in `lang`.
        No such text, or none with sentences: an empty list.
        """
        column = self.columns.get(lang)
        if column is None:
            return []
        asked = self._asked(encodable(query), lang) if isinstance(query, str) else query
        wanted = self._query(asked, column, None)
        found: list[Passage] = []
        for number in column.units_of(slug):
            unit = column.units[number]
            scores, chunks = column.sentences(wanted, number)
            found.extend(
                Passage(unit.chunk_ids[chunk], sentence, float(score))
                for sentence, chunk, score in zip(unit.sentences, chunks, scores, strict=True)
            )
        found.sort(key=lambda passage: -passage.score)
        return found[:k]

    def _searched(self, lang: str) -> list[str]:
        known = languages().get(lang)
        wanted: Sequence[str] = known.columns if known else (lang, ORIGINAL)
        return [tag for tag in wanted if tag in self.columns] or list(self.columns)[:1]

    def _asked(self, text: str, lang: str) -> EncodedQuery:
        with self._lock:
            known = next(
                (query for query in reversed(self._queries.values()) if query.text == text), None
            )
        return known or self.encode(text, lang)

    def _query(self, asked: EncodedQuery, column: Column, kana: str | None) -> Query:
        centre = self._centres.get(asked.lang, self._centres[""])
        tokens: NDArray[np.float32] | None = None
        if asked.tokens is not None and column.fit.projection.shape[1]:
            mean = centre.tokens
            tokens = projected(asked.tokens.vectors, mean, column.fit.projection)
        text = expanded(asked.text, self._synonyms.of(column.lang))
        words = terms(shared_words(text, asked.lang, column.lang), column.script)
        weight, share = (KANA_TYPED, None) if kana is None else (KANA_SPOKEN, None)
        if kana is None and is_kana(asked.text):
            kana, weight, share = asked.text, KANA_WRITTEN, WRITTEN_WORDS
        if kana is not None:
            words[KANA] = kana_grams(katakana("".join(kana.split())))
        return Query(
            raw=asked.pooled,
            centred=unit_rows((asked.pooled - centre.questions)[None])[0],
            tokens=tokens,
            terms=words,
            kana_weight=weight,
            lexical_weight=share,
        )
