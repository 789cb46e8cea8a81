"""What `madoguchi import` and `export` do: files into the store and back.

A path is a city folder (with ``articles/``), a folder of article folders, one
article folder, or a file of any kind that `knowledge.importers` reads. One
refused file never stops the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from assistant.manipulation import suspicious
from knowledge import importers
from knowledge.article import Article
from knowledge.article_files import read_article, write_article
from knowledge.city import dump_city, load_city
from knowledge.errors import ArticleInvalid, ImportRefused, from_os_error
from knowledge.file_folder import read_contents, write_contents
from knowledge.ruby import strip
from knowledge.store import Store

AUTHOR = "import"

LEXICONS = ("synonyms", "broad_topics", "outside", "asked", "leads", "glossary")
"""Files of a city folder: words for search, asking back, abstaining, answering, listening."""


@dataclass(slots=True)
class Report:
    """What was taken, by slug, and what was refused, by path, with the reason."""

    taken: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def import_paths(
    store: Store, paths: Iterable[Path], *, lang: str | None, max_bytes: int
) -> Report:
    """Publish what `paths` hold; what is refused is reported, not raised."""
    report = Report()
    for path in paths:
        if (path / "articles").is_dir():
            _import_city(store, path)
            path = path / "articles"
        for item in _items(path):
            try:
                articles = _read(item, lang, max_bytes)
                refuse_orders(articles)
                for article in articles:
                    for made in list(read_contents(article, item)):
                        store.keep_file(made, by=AUTHOR)
                publications = store.publish_all(articles, author=AUTHOR)
                report.taken += [publication.slug for publication in publications]
            except (ImportRefused, ArticleInvalid) as error:
                report.refused[str(item)] = str(error)
            except OSError as error:
                report.refused[str(item)] = str(from_os_error(error) or error)
    return report


def refuse_orders(articles: Iterable[Article]) -> None:
    """Raise ImportRefused where a text hides words or gives orders to a machine, naming it.

    What an article says is shown to residents as the city's word, so such a
    text has to be looked at by a person first.
    """
    for article in articles:
        for lang, localization in article.localizations.items():
            beside = (file.texts.get(lang, "") for file in article.files)
            passage = suspicious(strip(words) for words in (*localization.texts(), *beside))
            if passage is not None:
                raise ImportRefused(
                    f"{article.slug} ({localization.lang}) holds hidden text or an order to a "
                    f"machine: “{passage}”; take it out, or put it in words for residents",
                    "orders",
                    passage=passage,
                )


def _import_city(store: Store, folder: Path) -> None:
    if (folder / "city").is_dir():
        store.set_city(load_city(folder / "city"))
    for name in LEXICONS:
        words = folder / f"{name}.yaml"
        if words.is_file():
            entry: Any = yaml.safe_load(words.read_text(encoding="utf-8"))
            store.set_lexicon(name, entry)


def _items(path: Path) -> Iterator[Path]:
    """The article folders and files under `path`, in order."""
    if not path.is_dir() or (path / "article.yaml").is_file():
        yield path
        return
    for child in sorted(path.iterdir()):
        if not child.name.startswith("."):
            yield from _items(child)


def _read(item: Path, lang: str | None, max_bytes: int) -> list[Article]:
    if item.is_dir():
        return [read_article(item)]
    return importers.read(item, lang=lang, largest=max_bytes)


def export_to(store: Store, folder: Path) -> int:
    """Write every article in force, its files and the city's values; return the count."""
    articles = store.articles(store.today())
    for article in articles:
        write_article(article, folder / "articles" / article.slug)
        write_contents(article, folder / "articles" / article.slug, store.file_content)
    (folder / "city").mkdir(parents=True, exist_ok=True)
    (folder / "city" / "city.yaml").write_text(dump_city(store.city()), encoding="utf-8")
    for name, words in store.lexicons().items():
        text = yaml.safe_dump(words, allow_unicode=True, sort_keys=False)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return len(articles)
