"""The images and attachments of a draft as a form: their order, and their words by language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import count

from assistant.editing.article_form import clean
from knowledge.article import Article, languages
from knowledge.attached_file import MOST_FILES, AttachedFile

Described = Callable[[str], AttachedFile | None]
"""Gives the file with a hash, without words; None where there is none."""


def with_files(article: Article, form: Mapping[str, str], described: Described) -> Article:
    """Return `article` with the files that a form names, in the form's order.

    ``file.0`` is the hash of the first, ``text.0.ja`` its words, ``decorative.0``
    its tick. Words in languages that the form does not have stay.
    """
    known = {file.digest: file for file in article.files}
    found: dict[str, AttachedFile] = {}
    for number in count():
        digest = form.get(f"file.{number}")
        if digest is None:
            break
        file = known.get(digest) or described(digest)
        if file is not None and len(found) < MOST_FILES:
            found.setdefault(digest, _told(file, form, number))
    return replace(article, files=tuple(found.values()))


def _told(file: AttachedFile, form: Mapping[str, str], number: int) -> AttachedFile:
    texts = dict(file.texts)
    for lang in languages():
        told = form.get(f"text.{number}.{lang}")
        if told is not None:
            texts[lang] = clean(told)
    decorative = file.kind == "image" and f"decorative.{number}" in form
    return replace(
        file, decorative=decorative, texts={lang: text for lang, text in texts.items() if text}
    )


def arranged(article: Article, go: str) -> Article:
    """Return `article` with one file moved or taken away, as a button says: ``up.2``, ``remove.0``.

    A button of another name, or for a file that is not there, changes nothing.
    """
    action, _, told = go.partition(".")
    files = list(article.files)
    if not told.isdecimal() or len(told) > 3 or int(told) >= len(files):
        return article
    at = int(told)
    if action == "remove":
        files.pop(at)
    elif action == "up" and at > 0:
        files.insert(at - 1, files.pop(at))
    elif action == "down":
        files.insert(at + 1, files.pop(at))
    return replace(article, files=tuple(files))
