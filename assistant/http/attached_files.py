"""`/files`: the images and attachments of articles, each at an address that never changes.

The public gets those of the articles that the current release answers from, and no
others; editors and approvers also get those of drafts and former versions. A file
is sent so that a browser can do nothing with it but show or save it.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request, Response

from assistant.accounts.guard import signed_in
from assistant.accounts.roles import Role
from assistant.http.staff_view import PRIVATE
from knowledge.article import Article
from knowledge.attached_file import ENDINGS, MEDIA_TYPES, AttachedFile
from knowledge.release import Release
from knowledge.ruby import strip

router = APIRouter(tags=["articles"])

FOREVER = "public, max-age=31536000, immutable"
"""A content is known by its hash: another one has another address."""

POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Whatever a file is taken for, nothing in it runs and nothing is loaded."""

_NAME = re.compile(rf"([0-9a-f]{{64}})\.({'|'.join(ENDINGS.values())})")
_KINDS = {ending: kind for kind, ending in ENDINGS.items()}


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as a page shows it; `alt` is "" where it says nothing."""

    address: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Document:
    """An attachment as a page offers it; `saved_as` is the name that a browser gives it."""

    address: str
    title: str
    pages: int
    size: str
    saved_as: str


@router.get("/files/{name}")
async def attached_file(request: Request, name: str) -> Response:
    """Return the content of an image or an attachment."""
    named = _NAME.fullmatch(name)
    if named is None:
        raise HTTPException(404, "There is no such file.")
    digest, kind = named[1], _KINDS[named[2]]
    public = is_public(request.app.state.installation.live.get(), digest)
    if not public and not await _is_editor(request):
        raise HTTPException(404, "There is no such file.")
    headers = {
        "Content-Security-Policy": POLICY,
        "Content-Disposition": "inline" if kind == "image" else "attachment",
        "Cross-Origin-Resource-Policy": "cross-origin" if public else "same-origin",
        "ETag": f'"{digest}"',
        **({"Cache-Control": FOREVER} if public else PRIVATE),
    }
    if digest in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    store = request.app.state.installation.store
    file = await asyncio.to_thread(store.attached_file, digest)
    if file is None or file.kind != kind:
        raise HTTPException(404, "There is no such file.")
    content = await asyncio.to_thread(store.file_content, digest)
    return Response(content, media_type=MEDIA_TYPES[kind], headers=headers)


def is_public(release: Release, digest: str) -> bool:
    """Say whether an article that residents are answered from names the file."""
    return any(file.digest == digest for one in release.articles.values() for file in one.files)


def address(file: AttachedFile) -> str:
    """Return the path of a file."""
    return f"/files/{file.name}"


def pictures(article: Article, lang: str) -> list[Picture]:
    """Return the images of an article for somebody who reads `lang`."""
    return [
        Picture(address(file), file.width, file.height, strip(file.text(lang)))
        for file in article.files
        if file.kind == "image"
    ]


def documents(article: Article, lang: str) -> list[Document]:
    """Return the attachments of an article for somebody who reads `lang`."""
    return [
        Document(address(file), title, file.pages, size_in_words(file.size), f"{_saved(title)}.pdf")
        for file in article.files
        if file.kind == "attachment"
        for title in [file.text(lang)]
    ]


def size_in_words(size: int) -> str:
    """Return bytes as people read them.

    >>> size_in_words(900), size_in_words(84_321), size_in_words(2_710_000)
    ('1 kB', '84 kB', '2.7 MB')
    """
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} kB"


def _saved(title: str) -> str:
    """A title as the name of a file on any device."""
    return re.sub(r'[\\/:*?"<>|\s]+', "_", strip(title)).strip("_.")[:80] or "document"


async def _is_editor(request: Request) -> bool:
    account = await signed_in(request)
    return account is not None and account.has(Role.EDITOR, Role.APPROVER)
