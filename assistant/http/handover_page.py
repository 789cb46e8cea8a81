"""The page on which a resident agrees that counter staff read the conversation.

The chat opens it with the conversation's token behind ``#``, which reaches no
server; a script puts it into the form. The page of questions sends it in a form.
"""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.http.ask_page import TOKEN, form_fields
from assistant.http.handover import HandoverCode, code_for
from assistant.http.page_view import View
from assistant.http.protection import refused

router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/{lang:page_lang}/handover")
def handover_page(request: Request, lang: str) -> HTMLResponse:
    """Say what staff would see, and ask for consent."""
    return _page(View(request, lang))


@router.post("/{lang:page_lang}/handover")
async def handover_form(request: Request, lang: str) -> HTMLResponse:
    """Ask for consent with the conversation of the form; given that, show the code."""
    view = View(request, lang)
    form = await form_fields(request)
    token = form.get("conversation", "")
    if not TOKEN.fullmatch(token):
        return _page(view, words=view.words("handover.empty"), status=400)
    if form.get("consent") != "yes":
        return _page(view, token=token)
    refusal = refused(request, lang)
    if refusal is not None:
        page = _page(view, token=token, words=refusal.words, status=refusal.status)
        page.headers.update(refusal.headers)
        return page
    given = await asyncio.to_thread(code_for, request, token, lang)
    if given is None:
        return _page(view, words=view.words("handover.gone"), status=404)
    return _page(view, given=given)


def _page(
    view: View,
    *,
    token: str = "",
    words: str = "",
    given: HandoverCode | None = None,
    status: int = 200,
) -> HTMLResponse:
    page = view.render(
        "handover.html",
        status=status,
        title=view.plain("handover.title"),
        token=token,
        words=words,
        given=given,
    )
    page.headers["Cache-Control"] = "no-store"
    return page
