"""Why a file or an address was refused, in one sentence of the reader's language."""

from __future__ import annotations

from assistant.http.staff_view import StaffView
from knowledge.errors import ImportRefused, KnowledgeError


def refusal_words(view: StaffView, error: KnowledgeError) -> str:
    """Return the sentence for the kind of `error`; what breaks a rule of articles is one kind."""
    if not isinstance(error, ImportRefused):
        return view.say("imports.refusals.rules")
    return view.say(f"imports.refusals.{error.reason}", **error.values)
