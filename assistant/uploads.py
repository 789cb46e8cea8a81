"""Files that an editor sent: kept for a day until they are taken, then drafts of what is new."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.crawl import fingerprint, proposal
from assistant.importing import refuse_orders
from knowledge import importers
from knowledge.errors import ArticleInvalid, ImportRefused, os_errors_translated
from knowledge.importers import faq
from knowledge.importers.source import Source
from knowledge.ruby import strip
from knowledge.store import Store

KEPT_SECONDS = 86_400
"""How long a file that was sent and not taken is kept."""

MOST_DRAFTS = 2000
"""The most articles that one file may become."""

_ID = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file; `department` is whose drafts it becomes, `by` who sent it."""

    id: str
    name: str
    department: str
    lang: str | None
    by: str
    content: bytes


@dataclass(slots=True)
class Taken:
    """What became of a file: drafts by title, titles that say nothing new, refusals.

    `left_out` are rows of a table, by number and text, without a question or an answer.
    """

    drafts: list[tuple[str, str]] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[tuple[str, ImportRefused | ArticleInvalid]] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)


class Uploads:
    """The files that wait in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(
        self, name: str, content: bytes, *, department: str, lang: str | None, by: str
    ) -> Upload:
        """Keep a file until it is taken; those of yesterday are deleted."""
        upload = Upload(secrets.token_hex(16), name[-200:], department, lang, by, content)
        about = {"name": upload.name, "department": department, "lang": lang, "by": by}
        with os_errors_translated():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._expire()
            self._path(upload.id, "bin").write_bytes(content)
            text = json.dumps(about, ensure_ascii=False)
            self._path(upload.id, "json").write_text(text, encoding="utf-8")
        return upload

    def get(self, upload_id: str, by: str) -> Upload | None:
        """Return a file that `by` sent; None where there is none."""
        if not _ID.fullmatch(upload_id):
            return None
        try:
            about = json.loads(self._path(upload_id, "json").read_text(encoding="utf-8"))
            content = self._path(upload_id, "bin").read_bytes()
        except (OSError, ValueError):
            return None
        return Upload(upload_id, **about, content=content) if about["by"] == by else None

    def drop(self, upload_id: str) -> None:
        """Delete a file."""
        for kind in ("json", "bin"):
            self._path(upload_id, kind).unlink(missing_ok=True)

    def _path(self, upload_id: str, kind: str) -> Path:
        return self._folder / f"{upload_id}.{kind}"

    def _expire(self) -> None:
        for path in self._folder.iterdir():
            if path.stat().st_mtime < time.time() - KEPT_SECONDS:
                path.unlink(missing_ok=True)


def source_of(upload: Upload) -> Source:
    """Return a file as importers read it."""
    return Source.of(upload.content, upload.name, lang=upload.lang)


def take(
    store: Store,
    upload: Upload,
    columns: Mapping[str, str],
    largest: int,
    may_edit: Callable[[str], bool],
) -> Taken:
    """Make drafts of what a file says; raises `ImportRefused` where nothing can be read.

    `may_edit` says of a department whether whoever sent the file may write for it.
    An article that says what the version in force says already becomes no draft.
    """
    articles = importers.read(
        upload.content, upload.name, lang=upload.lang, columns=columns, largest=largest
    )
    if len(articles) > MOST_DRAFTS:
        raise ImportRefused(
            f"{upload.name}: more than {MOST_DRAFTS} articles, {len(articles)}; divide it.",
            "many",
            count=len(articles),
            most=MOST_DRAFTS,
        )
    in_force = {one.slug: one for one in store.articles(store.today())}
    taken = Taken()
    source = source_of(upload)
    if importers.is_table(source):
        taken.left_out = faq.left_out(source, columns)
    for article in articles:
        title = strip(next(iter(article.localizations.values())).title)
        try:
            refuse_orders([article])
            made, base, department = proposal(store, article, upload.department)
            if not may_edit(department):
                raise ImportRefused(
                    f"{made.slug} belongs to another department, {department}", "department"
                )
            former = in_force.get(made.slug)
            if former is not None and fingerprint(former) == fingerprint(made):
                taken.unchanged.append(title)
                continue
            draft = store.start_draft(made, department=department, by=upload.by, base_number=base)
            taken.drafts.append((title, draft.id))
        except (ImportRefused, ArticleInvalid) as error:
            taken.refused.append((title, error))
    return taken
