"""Articles as folders of readable files, read and written without loss.

A folder holds ``article.yaml`` and one ``LANG.md`` per language, as
``docs/articles.md`` describes. ``read_article(write_article(a, folder)) == a`` for
every article that keeps the rules of `knowledge.article_rules`, but for the
version number, which the store gives. The contents of its files are read and
written by `knowledge.file_folder`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

from knowledge import file_folder, localization_text, yaml_text
from knowledge.article import Article, Kind, Localization, languages
from knowledge.article_rules import check_article, check_slug
from knowledge.errors import ArticleInvalid, os_errors_translated

_KEYS = (
    "kind",
    "life_event",
    "effective_from",
    "effective_until",
    "checked_on",
    "review_by",
    "owner",
    "address",
    "related",
    "synonyms",
    "files",
)


def read_articles(root: Path) -> Iterator[Article]:
    """Yield the articles in the folders under `root`, by slug.

    Folders without ``article.yaml`` and names that start with a dot are passed
    over. Raises `ArticleInvalid` for the first article that breaks a rule.
    """
    if not root.is_dir():
        raise ArticleInvalid(f"{root}: there is no such folder of articles.")
    for folder in sorted(root.iterdir()):
        if not folder.name.startswith(".") and (folder / "article.yaml").is_file():
            yield read_article(folder)


def read_article(folder: Path) -> Article:
    """Return the article in `folder`, whose name is its slug.

    Raises `ArticleInvalid` with the file and what is wrong in it.
    """
    slug = check_slug(folder.name)
    name = f"{slug}/article.yaml"
    values = yaml_text.load(_read(folder / "article.yaml", name), name)
    for key in values:
        if key not in _KEYS:
            raise ArticleInvalid(f"{name}: the key '{key}' is none of {', '.join(_KEYS)}.")
    article = Article(
        slug=slug,
        life_event=yaml_text.text_at(values, "life_event", name),
        effective_from=_required_day(values, "effective_from", name),
        checked_on=_required_day(values, "checked_on", name),
        localizations=_read_localizations(folder),
        kind=cast(Kind, yaml_text.text_at(values, "kind", name) or "procedure"),
        effective_until=_day(values, "effective_until", name),
        review_by=_day(values, "review_by", name),
        related=yaml_text.lines_at(values, "related", name),
        synonyms=yaml_text.lines_at(values, "synonyms", name),
        owner=yaml_text.text_at(values, "owner", name),
        address=yaml_text.text_at(values, "address", name),
        files=file_folder.files_at(values, name),
    )
    return check_article(article)


def write_article(article: Article, folder: Path) -> Path:
    """Write `article` to `folder`, whose name becomes its slug, and return the folder.

    Files of languages that the article does not have are removed. Each file is
    replaced in one step, so that a reader never sees half of one. Raises
    `ArticleInvalid` and, on a full disk, `StoreFull`.
    """
    check_article(article)
    if folder.name != article.slug:
        raise ArticleInvalid(f"The folder {folder.name} is not named {article.slug}.")
    with os_errors_translated():
        folder.mkdir(parents=True, exist_ok=True)
        for lang, localization in article.localizations.items():
            _write(folder / f"{lang}.md", localization_text.dump(localization))
        _write(folder / "article.yaml", yaml_text.dump(_front(article)))
        for stale in folder.glob("*.md"):
            if stale.stem not in article.localizations and stale.stem in languages():
                stale.unlink()
    return folder


def same_content(one: Article, other: Article) -> bool:
    """Return whether the two say the same, whatever their version numbers are."""
    return replace(one, number=0) == replace(other, number=0)


def _front(article: Article) -> dict[str, Any]:
    """The mapping that ``article.yaml`` holds: only what is not the default."""
    values: dict[str, Any] = {}
    if article.kind != "procedure":
        values["kind"] = article.kind
    if article.life_event:
        values["life_event"] = article.life_event
    for key in ("effective_from", "effective_until", "checked_on", "review_by"):
        day: date | None = getattr(article, key)
        if day is not None:
            values[key] = yaml_text.Plain(day.isoformat())
    for key in ("owner", "address"):
        if getattr(article, key):
            values[key] = getattr(article, key)
    for key in ("related", "synonyms"):
        if getattr(article, key):
            values[key] = yaml_text.Flow(getattr(article, key))
    if article.files:
        values["files"] = [file_folder.file_front(file) for file in article.files]
    return values


def _read_localizations(folder: Path) -> dict[str, Localization]:
    found: dict[str, Localization] = {}
    for path in sorted(folder.glob("*.md")):
        if path.stem not in languages():
            raise ArticleInvalid(
                f"{folder.name}/{path.name}: {path.stem!r} is no language of languages.yaml."
            )
        name = f"{folder.name}/{path.name}"
        found[path.stem] = localization_text.load(_read(path, name), path.stem, name)
    return {lang: found[lang] for lang in languages() if lang in found}


def _read(path: Path, name: str) -> str:
    """Return the text of a file in UTF-8; the line ends of Windows become those of Unix."""
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError as error:
        raise ArticleInvalid(f"{name}: the file is missing.") from error
    except UnicodeDecodeError as error:
        raise ArticleInvalid(f"{name}: the file is not in UTF-8.") from error


def _write(path: Path, text: str) -> None:
    """Put `text` at `path` in one step, leaving the file alone when it says the same."""
    content = text.encode("utf-8")
    if path.is_file() and path.read_bytes() == content:
        return
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _day(values: dict[str, Any], key: str, name: str) -> date | None:
    text = yaml_text.text_at(values, key, name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArticleInvalid(f"{name}: '{key}' is {text!r}, not a day like 2026-04-01.") from error


def _required_day(values: dict[str, Any], key: str, name: str) -> date:
    day = _day(values, key, name)
    if day is None:
        raise ArticleInvalid(f"{name}: '{key}' is missing.")
    return day
