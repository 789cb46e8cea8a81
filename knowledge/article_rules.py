"""The rules that every article keeps, whichever way it came in.

`check_article` is called before an article is stored and after it is read from
files, so that nothing invalid is ever published.
"""

from __future__ import annotations

import re
import unicodedata
from typing import get_args

from knowledge.article import (
    FACT_NAMES,
    LIFE_EVENTS,
    LIST_FACTS,
    Article,
    Kind,
    Localization,
    languages,
)
from knowledge.attached_file import (
    ATTACHMENT_BYTES,
    IMAGE_BYTES,
    LONGEST_SIDE,
    MEDIA_TYPES,
    MOST_FILES,
    AttachedFile,
)
from knowledge.errors import ArticleInvalid

KINDS: tuple[str, ...] = get_args(Kind)
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
DIGEST = re.compile(r"[0-9a-f]{64}")
SLUG_LENGTH = 100
"""The most characters of a slug; file names and URLs stay well under their limits."""


def check_slug(slug: str) -> str:
    """Return `slug` if it is one: lower-case Latin letters, digits, single hyphens.

    Raises `ArticleInvalid`. A slug is also a folder name, and this keeps it from
    leading anywhere else.
    """
    if len(slug) > SLUG_LENGTH or not SLUG.fullmatch(slug):
        shown = slug if len(slug) <= 60 else slug[:60] + "…"
        raise ArticleInvalid(
            f"The slug {shown!r} is not of the form `moving-in`: "
            "lower-case letters and digits, joined by single hyphens."
        )
    return slug


def check_article(article: Article) -> Article:
    """Return `article` if it keeps every rule; raises `ArticleInvalid` naming the broken one."""
    check_slug(article.slug)
    slug = article.slug
    if article.kind not in KINDS:
        raise ArticleInvalid(f"{slug}: the kind {article.kind!r} is none of {', '.join(KINDS)}.")
    _check_life_event(article)
    if article.effective_until and article.effective_until < article.effective_from:
        raise ArticleInvalid(f"{slug}: effective_until lies before effective_from.")
    if not article.localizations:
        raise ArticleInvalid(f"{slug}: there is no text in any language.")
    for other in article.related:
        check_slug(other)
    for text in (*article.synonyms, article.owner, article.address):
        check_text(text, slug)
    for lang, localization in article.localizations.items():
        if lang != localization.lang:
            raise ArticleInvalid(f"{slug}: the text under {lang} says it is {localization.lang}.")
        _check_localization(localization, f"{slug}/{lang}")
    _check_files(article)
    return article


def check_text(text: str, name: str) -> str:
    """Return `text` if every store and file can hold it; `name` is what an error names."""
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t":
            code = f"U+{ord(character):04X}"
            raise ArticleInvalid(f"{name}: the control character {code} stands in a text.")
    return text


def _check_files(article: Article) -> None:
    digests = [file.digest for file in article.files]
    if len(digests) > MOST_FILES:
        raise ArticleInvalid(f"{article.slug}: there are more than {MOST_FILES} files.")
    if len(set(digests)) < len(digests):
        raise ArticleInvalid(f"{article.slug}: the same file stands there twice.")
    for file in article.files:
        name = f"{article.slug}: the file {file.digest[:12]}"
        _check_file(file, name)
        for lang, text in file.texts.items():
            if lang not in languages():
                raise ArticleInvalid(f"{name} has words in {lang!r}, which is no language.")
            check_text(text, name)
        missing = file.untold(article.localizations)
        if missing:
            raise ArticleInvalid(f"{name} is not told in words in {', '.join(missing)}.")


def _check_file(file: AttachedFile, name: str) -> None:
    if not DIGEST.fullmatch(file.digest) or file.kind not in MEDIA_TYPES:
        raise ArticleInvalid(f"{name} has no SHA-256, or is neither image nor attachment.")
    sides = (file.width, file.height)
    if file.kind == "image":
        right = min(sides) > 0 and max(sides) <= LONGEST_SIDE and 0 < file.size <= IMAGE_BYTES
    else:
        right = file.pages > 0 and not file.decorative and 0 < file.size <= ATTACHMENT_BYTES
    if not right:
        raise ArticleInvalid(f"{name} is larger than allowed, or its measures are missing.")


def _check_life_event(article: Article) -> None:
    if not article.life_event and article.kind != "procedure":
        return
    if article.life_event not in LIFE_EVENTS:
        raise ArticleInvalid(
            f"{article.slug}: the life_event {article.life_event!r} is none of "
            f"{', '.join(LIFE_EVENTS)}."
        )


def _check_localization(localization: Localization, name: str) -> None:
    if localization.lang not in languages():
        raise ArticleInvalid(f"{name}: {localization.lang!r} is no language of languages.yaml.")
    if not localization.title.strip():
        raise ArticleInvalid(f"{name}: the title is empty.")
    for fact, value in localization.facts.items():
        _check_fact(fact, value, name)
    for field, lines in (
        ("questions", localization.questions),
        ("conditions", localization.conditions),
    ):
        if any(not line.strip() for line in lines):
            raise ArticleInvalid(f"{name}: a line of {field} is empty.")
    for section in localization.sections:
        if section.page is not None and section.page < 1:
            raise ArticleInvalid(f"{name}: the page {section.page} is less than 1.")
        for heading in section.path:
            check_text(heading, name)
    for text in localization.texts():
        check_text(text, name)


def _check_fact(fact: str, value: str | tuple[str, ...], name: str) -> None:
    if fact not in FACT_NAMES:
        raise ArticleInvalid(f"{name}: the fact {fact!r} is none of {', '.join(FACT_NAMES)}.")
    if fact in LIST_FACTS:
        if not isinstance(value, tuple) or not value:
            raise ArticleInvalid(f"{name}: the fact {fact} is not a list of lines.")
        if any(not line.strip() for line in value):
            raise ArticleInvalid(f"{name}: a line of the fact {fact} is empty.")
    elif not isinstance(value, str):
        raise ArticleInvalid(f"{name}: the fact {fact} is a list, but is one text.")
    elif not value.strip():
        raise ArticleInvalid(f"{name}: the fact {fact} is empty; leave it out instead.")
