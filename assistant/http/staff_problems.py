"""What somebody of the staff reads, or a script gets, when they may not do something."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from assistant.accounts.guard import NotAllowed, NotSignedIn, is_own_page, signed_in
from assistant.accounts.session import FIELD
from assistant.http.problem_pages import wants_page
from assistant.http.staff_view import PRIVATE, StaffView

STATUS = {"NotSignedIn": 401, "NotAllowed": 403, "ForeignForm": 403}


async def staff_refusal(request: Request, error: Exception) -> Response:
    """Return the answer to a `StaffRefused`: a page for people, JSON for scripts."""
    kind = type(error).__name__
    status = STATUS[kind]
    if not wants_page(request):
        words = StaffView(request).say(f"staff.refused.{kind}.text")
        body = {"error": {"type": kind, "message": words}}
        return JSONResponse(body, status_code=status, headers=PRIVATE)
    if isinstance(error, NotSignedIn) and request.method == "GET":
        return to_sign_in(request)
    view = StaffView(request, await signed_in(request))
    fields = [] if isinstance(error, NotAllowed) else await _sent_fields(request)
    title = view.say(f"staff.refused.{kind}.title")
    return view.render("staff/refused.html", status=status, title=title, kind=kind, fields=fields)


def to_sign_in(request: Request) -> RedirectResponse:
    """Send somebody to the page to sign in, which sends them back here."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    address = f"/sign-in?{urlencode({'next': here})}"
    return RedirectResponse(address, status_code=303, headers=PRIVATE)


async def _sent_fields(request: Request) -> list[tuple[str, str]]:
    """What was typed into the form, so that it can be sent again; nothing from other sites."""
    if request.method != "POST" or not is_own_page(request):
        return []
    form = await request.form()
    return [
        (name, value)
        for name, value in form.multi_items()
        if isinstance(value, str) and name != FIELD and "password" not in name
    ]
