"""The files of an article on the disk: named in ``article.yaml``, their contents in ``files/``.

A content stands under its hash, so that an article folder can be carried anywhere
by itself and nothing in it can be exchanged unseen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from knowledge import yaml_text
from knowledge.article import Article
from knowledge.attached_file import ENDINGS, AttachedFile, FileContent, FileKind
from knowledge.attaching import confirmed
from knowledge.errors import ArticleInvalid, FileRefused, os_errors_translated

FOLDER = "files"

_NAME = re.compile(rf"[0-9a-f]{{64}}\.(?:{'|'.join(ENDINGS.values())})")
_MEASURES = ("size", "width", "height", "pages")
_KEYS = ("digest", "kind", *_MEASURES, "decorative", "texts")
_LARGEST = 9  # digits of a measure


def file_front(file: AttachedFile) -> dict[str, Any]:
    """Return what ``article.yaml`` says of `file`: only what is not the default."""
    entry: dict[str, Any] = {"digest": file.digest, "kind": file.kind}
    for name in _MEASURES:
        if value := getattr(file, name):
            entry[name] = yaml_text.Plain(str(value))
    if file.decorative:
        entry["decorative"] = "yes"
    if file.texts:
        entry["texts"] = dict(file.texts)
    return entry


def files_at(values: dict[str, Any], name: str) -> tuple[AttachedFile, ...]:
    """Return the files that an ``article.yaml`` names; raises `ArticleInvalid`."""
    return tuple(
        _file(entry, f"{name}: file {number}")
        for number, entry in enumerate(yaml_text.list_at(values, "files", name), start=1)
    )


def _file(entry: object, name: str) -> AttachedFile:
    if not isinstance(entry, dict):
        raise ArticleInvalid(f"{name} is not a list of `key: value` lines.")
    for key in entry:
        if key not in _KEYS:
            raise ArticleInvalid(f"{name} has the key '{key}', which is none of {_KEYS}.")
    measures = {key: yaml_text.text_at(entry, key, name) or "0" for key in _MEASURES}
    for key, told in measures.items():
        if not told.isdecimal() or len(told) > _LARGEST:
            raise ArticleInvalid(f"{name}: '{key}' is no whole number.")
    texts = entry.get("texts") or {}
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise ArticleInvalid(f"{name}: 'texts' are not one text for each language.")
    return AttachedFile(
        yaml_text.text_at(entry, "digest", name),
        cast(FileKind, yaml_text.text_at(entry, "kind", name)),
        **{key: int(told) for key, told in measures.items()},
        decorative=yaml_text.text_at(entry, "decorative", name) == "yes",
        texts=texts,
    )


def read_contents(article: Article, folder: Path) -> Iterator[FileContent]:
    """Yield the contents that `article` names, from its folder; raises `ArticleInvalid`."""
    for file in article.files:
        path = folder / FOLDER / file.name
        try:
            yield confirmed(file, path.read_bytes())
        except FileNotFoundError as error:
            raise ArticleInvalid(f"{article.slug}: {FOLDER}/{file.name} is missing.") from error
        except FileRefused as refused:
            raise ArticleInvalid(f"{article.slug}: {FOLDER}/{file.name}: {refused}") from refused


def write_contents(article: Article, folder: Path, content: Callable[[str], bytes | None]) -> None:
    """Write what `content` knows under each hash beside the article; take away what is not named.

    A content that is lost stops nobody from taking the rest: importing the folder and
    `madoguchi doctor` say so.
    """
    place = folder / FOLDER
    with os_errors_translated():
        for file in article.files:
            path = place / file.name
            found = content(file.digest)
            if found is None:
                continue
            place.mkdir(parents=True, exist_ok=True)
            if not path.is_file() or path.read_bytes() != found:
                path.write_bytes(found)
        named = {file.name for file in article.files}
        for path in place.iterdir() if place.is_dir() else ():
            if _NAME.fullmatch(path.name) and path.name not in named:
                path.unlink()
