"""What can go wrong in the knowledge base, as one hierarchy.

::

    KnowledgeError
    ├── ArticleInvalid        an article or a city value breaks a rule of docs/articles.md
    ├── ArticleMissing        the slug or the version asked for is not in the store
    ├── ImportRefused         a file cannot be read as articles
    │   └── FileRefused       a file cannot stand beside an article
    ├── AccountRefused        an account cannot be made or changed as asked
    │   ├── AccountExists     the name is taken
    │   ├── AccountMissing    nobody has that name
    │   └── LastAdministrator nobody would be left to manage the accounts
    ├── DraftRefused          a draft cannot be changed as asked
    │   ├── DraftMissing      there is no such draft
    │   ├── DraftConflict     somebody else saved the draft in between
    │   ├── DraftState        the draft is in a state in which that cannot be done
    │   ├── MachineUnconfirmed  a model wrote what nobody has confirmed yet
    │   ├── OwnDraft          nobody approves what they wrote themselves
    │   └── ReasonMissing     it can be done only with a reason
    ├── NoticeMissing         there is no such notice
    ├── StoreError
    │   ├── StoreLocked       another process holds the database
    │   ├── StoreFull         the disk has no room left
    │   ├── StoreDamaged      the database file is not whole
    │   ├── StoreUnreachable  the database cannot be opened or reached
    │   └── StoreTooNew       the database was written by a later version of the program
    ├── EmbeddingFailed       a model or an embeddings server gave no vectors
    ├── WeightsError
    │   ├── WeightsMissing    the weights of a model are not installed
    │   └── WeightsDamaged    the weights do not match their checksum
    └── ReleaseError
        ├── ReleaseMissing    no index has been built yet
        └── ReleaseInvalid    an index is incomplete or does not match the store

The text of every one of them is one plain English sentence that an operator can
act on. Errors of the operating system and of SQLite are turned into them by
`from_os_error` and `from_sqlite_message`.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar


class KnowledgeError(Exception):
    """Something of the knowledge base failed; the text is one sentence for an operator."""


class ArticleInvalid(KnowledgeError):
    """An article or a city value breaks a rule; the text names the file and what is wrong."""


class ArticleMissing(KnowledgeError):
    """The slug or the version asked for is not in the store."""


class ImportRefused(KnowledgeError):
    """A file cannot be read as articles; the text says why in one sentence.

    `reason` is the kind of refusal, by which pages say it in other languages (their
    texts under ``imports.refusals``); `values` is what those texts name.
    """

    def __init__(self, text: str, reason: str = "other", **values: object) -> None:
        super().__init__(text)
        self.reason = reason
        self.values = values


class FileRefused(ImportRefused):
    """A file cannot stand beside an article; `reason` is a key of `SENTENCES`."""

    SENTENCES: ClassVar[dict[str, str]] = {
        "empty": "The file is empty.",
        "type": "The file is no JPEG, PNG or WebP image and no PDF.",
        "image_heavy": "The image has more than 15 MB.",
        "image_pixels": "The image has too many pixels: 80 million of a JPEG, else 25 million.",
        "image_animated": "The image moves; only still images are taken.",
        "image_damaged": "The image is damaged.",
        "image_large": "The image cannot be made small enough.",
        "image_metadata": "The image carries more than its picture.",
        "pdf_large": "The PDF has more than 3 MB.",
        "pdf_pages": "The PDF has more than 200 pages.",
        "pdf_damaged": "The PDF is damaged.",
        "pdf_locked": "The PDF is locked with a password.",
        "pdf_script": "The PDF holds a program (JavaScript or XFA).",
        "pdf_launch": "The PDF starts something outside of itself.",
        "pdf_embedded": "The PDF has other files inside.",
        "most": "An article has at most 20 files.",
        "none": "There is no file.",
        "twice": "The file is there already.",
        "other_content": "The file is not the one that the article names.",
    }

    def __init__(self, reason: str) -> None:
        super().__init__(self.SENTENCES[reason], reason)


class AccountRefused(KnowledgeError):
    """An account cannot be made or changed as asked; the text says why in one sentence."""


class AccountExists(AccountRefused):
    """The name is taken, if only by an account that is disabled."""


class AccountMissing(AccountRefused):
    """Nobody has that name."""


class LastAdministrator(AccountRefused):
    """The change would leave nobody who can manage the accounts."""


class DraftRefused(KnowledgeError):
    """A draft cannot be changed as asked; the text says why in one sentence."""


class DraftMissing(DraftRefused):
    """There is no such draft."""


class DraftConflict(DraftRefused):
    """Somebody else saved the draft in between; nothing was written."""


class DraftState(DraftRefused):
    """The draft is in a state in which that cannot be done."""


class MachineUnconfirmed(DraftRefused):
    """A model wrote into the draft what nobody has confirmed yet."""


class OwnDraft(DraftRefused):
    """Nobody approves what they wrote themselves."""


class NoticeMissing(KnowledgeError):
    """There is no such notice."""


class ReasonMissing(DraftRefused):
    """It can be done only with a reason."""


class StoreError(KnowledgeError):
    """The store failed."""


class StoreLocked(StoreError):
    """Another process holds the database for longer than the store waits."""


class StoreFull(StoreError):
    """The disk has no room left; nothing of the transaction was written."""


class StoreDamaged(StoreError):
    """The database file is not whole."""


class StoreUnreachable(StoreError):
    """The database cannot be opened or reached."""


class StoreTooNew(StoreError):
    """The database was written by a later version of the program."""


class WeightsError(KnowledgeError):
    """The weights of a model cannot be used."""


class WeightsMissing(WeightsError):
    """The weights of a model are not installed."""


class WeightsDamaged(WeightsError):
    """The weights of a model do not match their checksum."""


class EmbeddingFailed(KnowledgeError):
    """A model or an embeddings server gave no vectors."""


class ReleaseError(KnowledgeError):
    """A release cannot be used."""


class ReleaseMissing(ReleaseError):
    """No release has been built yet."""


class ReleaseInvalid(ReleaseError):
    """A release is incomplete or does not match the store."""


_FULL = "The disk is full, so nothing was written; free some space and try again."
_LOCKED = "The database is held by another process; wait until it is done and try again."
_DAMAGED = "The database file is damaged; restore it from the last backup."
_SQLITE_MESSAGES: tuple[tuple[str, type[StoreError], str], ...] = (
    ("database is locked", StoreLocked, _LOCKED),
    ("database table is locked", StoreLocked, _LOCKED),
    ("database or disk is full", StoreFull, _FULL),
    ("disk image is malformed", StoreDamaged, _DAMAGED),
    ("file is not a database", StoreDamaged, _DAMAGED),
    ("disk i/o error", StoreUnreachable, "The disk refused to read or write the database."),
    (
        "unable to open database file",
        StoreUnreachable,
        "The database file cannot be opened; check that its folder exists and can be written.",
    ),
    (
        "readonly database",
        StoreUnreachable,
        "The database can be read but not written; check the rights of the file and its folder.",
    ),
)


def from_sqlite_message(message: str) -> StoreError | None:
    """Return the error that a message of SQLite stands for, or None if it is none of ours."""
    lowered = message.lower()
    for fragment, kind, sentence in _SQLITE_MESSAGES:
        if fragment in lowered:
            return kind(sentence)
    return None


def from_os_error(error: OSError) -> KnowledgeError | None:
    """Return the error that an error of the operating system stands for, or None."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreFull(_FULL)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StoreUnreachable(f"There is no right to write {error.filename or 'the file'}.")
    return None


@contextmanager
def os_errors_translated() -> Iterator[None]:
    """Raise the errors of the operating system inside the block as `KnowledgeError`.

    An `OSError` that stands for none of ours is raised as it is.
    """
    try:
        yield
    except OSError as error:
        known = from_os_error(error)
        if known is None:
            raise
        raise known from error
