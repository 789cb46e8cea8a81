"""What goes into a release: articles with the city's values filled in, and their index units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from knowledge.article import Article, Localization, languages
from knowledge.attached_file import AttachedFile
from knowledge.chunking import chunks
from knowledge.city import City
from knowledge.index_document import IndexChunk, IndexDocument
from knowledge.ruby import strip
from knowledge.ruby_annotation import annotate, annotate_localization

EASY = "ja-x-easy"

OUTSIDE = "outside."
"""What the slugs of topics that no article answers begin with in the index."""


def documents_of(
    article: Article, asked: Mapping[str, Sequence[str]] | None = None
) -> Iterator[IndexDocument]:
    """Yield the units of `article` that are ranked.

    A procedure is one unit in each language. An imported document is one unit
    for each of its sections, so that a long report is found by what stands in it.
    `asked` are more ways to ask for it, by language; in a language in which it is
    not written they are a unit of their own.
    """
    more = asked or {}
    for lang, text in article.localizations.items():
        plain = plain_text(text)
        pieces = [IndexChunk(c.id, c.kind, " ".join(c.path), c.text) for c in chunks(plain)]
        whole = IndexDocument(
            slug=article.slug,
            lang=lang,
            unit=article.slug,
            title=plain.title,
            questions=(*plain.questions, *more.get(lang, ())),
            chunks=tuple(pieces),
            life_event=article.life_event,
            effective_from=article.effective_from,
            effective_until=article.effective_until,
            synonyms=article.synonyms if lang in ("ja", "ja-x-easy") else (),
            prose=article.kind == "document",
        )
        if article.kind != "document" or not plain.sections:
            yield whole
            continue
        for number, section in enumerate(plain.sections):
            yield replace(
                whole,
                unit=f"{article.slug}#{number}",
                # The chapters above it stand before its text; the words of its own
                # heading are the ones that tell it from its neighbours.
                title=section.heading.strip() or " ".join(section.path) or plain.title,
                questions=(),
                chunks=tuple(c for c in pieces if c.id.startswith(f"sections.{number}.")),
            )

    for lang, questions in more.items():
        if lang in languages() and lang not in article.localizations:
            yield _questions(article.slug, lang, questions, article.life_event)


def _questions(
    slug: str, lang: str, questions: Sequence[str], life_event: str = ""
) -> IndexDocument:
    """A unit that is nothing but what people ask."""
    return IndexDocument(
        slug=slug,
        lang=lang,
        unit=slug,
        title=questions[0],
        questions=tuple(questions[1:]),
        chunks=(IndexChunk("summary", "summary", "", "\n".join(questions)),),
        life_event=life_event,
    )


def outside_documents(topics: dict[str, Any]) -> Iterator[IndexDocument]:
    """Yield what no article answers, as units that compete with the articles.

    `topics` maps a topic to the questions people type, by language; its slug in
    the index is ``outside.TOPIC``, which no article can have.
    """
    for topic, entry in topics.items():
        for lang, questions in entry.items():
            if lang in languages():
                yield _questions(f"{OUTSIDE}{topic}", lang, questions)


def plain_text(text: Localization) -> Localization:
    """Return `text` without ruby annotations, as it is searched and spoken."""
    return replace(
        text,
        title=strip(text.title),
        questions=tuple(strip(q) for q in text.questions),
        summary=strip(text.summary),
        facts={
            name: strip(value) if isinstance(value, str) else tuple(strip(v) for v in value)
            for name, value in text.facts.items()
        },
        conditions=tuple(strip(c) for c in text.conditions),
        sections=tuple(
            replace(s, heading=strip(s.heading), text=strip(s.text)) for s in text.sections
        ),
    )


def rendered(article: Article, city: City, easy: City) -> Article:
    """`article` with the city's values filled in, with readings where it is easy Japanese."""
    texts = {
        lang: (easy if lang == EASY else city).render_localization(text)
        for lang, text in article.localizations.items()
    }
    if EASY in texts:
        texts[EASY] = annotate_localization(texts[EASY])
    files = tuple(_rendered_file(file, city, easy) for file in article.files)
    return replace(article, localizations=texts, files=files)


def _rendered_file(file: AttachedFile, city: City, easy: City) -> AttachedFile:
    texts = {lang: (easy if lang == EASY else city).render(text, lang)
             for lang, text in file.texts.items()}  # fmt: skip
    if EASY in texts:
        texts[EASY] = annotate(texts[EASY])
    return replace(file, texts=texts)


def with_readings(city: City) -> City:
    """The values of the city as easy Japanese shows them, each annotated once."""
    values = {key: annotate(city.text(key, EASY)) for key in city.values}
    return City(values)
