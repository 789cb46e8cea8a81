"""Draft translations in the background, one at a time: how far each is, and where it goes.

A model fills only fields that are empty when it is done: whatever somebody typed
and saved meanwhile stays, and whoever saves on an older revision afterwards is told,
as always. What was written before a model gave up, or before somebody stopped it,
is kept.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Literal

from assistant.composition import Installation
from assistant.drafting import Drafting
from assistant.editing.translation import Stopped, Translation, filled, gaps
from knowledge.errors import DraftConflict, DraftRefused
from knowledge.glossary import Glossary
from knowledge.machine_text import MachineText, fields_of
from knowledge.store_drafts import Draft
from knowledge.translations import ORIGINAL

log = logging.getLogger(__name__)

TRIES = 10
"""How often it is tried to save beside people who save at the same time."""

REMEMBERED = 200
"""How many translations that are over are remembered, for the page that tells of them."""

NO_HEADING = "–"
"""What holds the place of a section without a heading."""

End = Literal["", "done", "stopped", "model", "refused", "error"]
"""How a translation ended; "" while it runs, ``model``: it failed too often."""


@dataclass(slots=True)
class Running:
    """How far a translation is, in fields; `written` and `left` are known when it is over."""

    done: int = 0
    of: int = 0
    written: int = 0
    left: int = 0
    end: End = ""
    stopped: threading.Event = field(default_factory=threading.Event)


class MachineDrafts:
    """The translations of drafts by the model of an installation."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="translation")
        self._known: dict[tuple[str, str], Running] = {}
        self._lock = threading.Lock()

    def start(self, draft: Draft, lang: str, *, by: str) -> None:
        """Fill the empty fields of `lang`, unless that is under way or there is no model."""
        drafting = self._installation.article_drafting
        if drafting is None:
            return
        with self._lock:
            known = self._known.get((draft.id, lang))
            if known and not known.end:
                return
            self._known.pop((draft.id, lang), None)
            over = [key for key, one in self._known.items() if one.end]
            for key in over[: max(0, len(over) - REMEMBERED)]:
                del self._known[key]
            state = self._known[draft.id, lang] = Running(of=len(gaps(draft.article, lang)))
        self._executor.submit(self._work, drafting, draft, lang, by, state)

    def of(self, draft_id: str, lang: str) -> Running | None:
        """Return how far the translation of a draft into `lang` is; None where there was none."""
        with self._lock:
            return self._known.get((draft_id, lang))

    def running(self, draft_id: str) -> list[str]:
        """Return the languages into which a draft is being translated."""
        with self._lock:
            return [lang for (one, lang), state in self._known.items()
                    if one == draft_id and not state.end]  # fmt: skip

    def stop(self, draft_id: str, lang: str) -> None:
        """Ask a translation to stop; what it wrote so far is kept."""
        state = self.of(draft_id, lang)
        if state is not None:
            state.stopped.set()

    def close(self) -> None:
        """Stop all of them; what was written so far is kept."""
        with self._lock:
            for state in self._known.values():
                state.stopped.set()
        self._executor.shutdown(wait=True)

    def _work(self, drafting: Drafting, draft: Draft, lang: str, by: str, state: Running) -> None:
        try:
            found, whole = self._translated(drafting, draft, lang, state)
            saved = self._save(draft, lang, by, found)
            state.written = sum(not one.reason for one in saved)
            state.left = len({one.field for one in saved if one.reason})
            state.end = "done" if whole else "stopped" if state.stopped.is_set() else "model"
        except DraftRefused:
            state.end = "refused"
        except Exception:
            log.exception("the draft %s could not be translated into %s", draft.id, lang)
            state.end = "error"

    def _translated(
        self, drafting: Drafting, draft: Draft, lang: str, state: Running
    ) -> tuple[list[MachineText], bool]:
        """What the model wrote, and whether it came to the end."""
        chosen = self._installation.settings.drafting
        store = self._installation.store
        glossary = Glossary(store.lexicons().get("glossary", ()))
        translation = Translation(drafting, lang, glossary, state.stopped)
        found: list[MachineText] = []
        for name, japanese in gaps(draft.article, lang).items():
            try:
                one = translation.field(name, japanese)
            except Stopped:
                return found, False
            reason, detail = (one.fault.reason, one.fault.detail) if one.fault else ("", "")
            found.append(
                MachineText(
                    lang, name, one.text, chosen.model or chosen.kind, store.now(), reason, detail
                )
            )
            state.done += 1
        return found, True

    def _save(
        self, draft: Draft, lang: str, by: str, found: list[MachineText]
    ) -> list[MachineText]:
        """Put what was written where nothing is yet and the Japanese is the same; return it."""
        if not found:
            return []
        store = self._installation.store
        asked = fields_of(draft.article.localizations.get(ORIGINAL))
        for _ in range(TRIES):
            now = store.draft(draft.id)
            open_ = gaps(now.article, lang)
            new = [one for one in found if open_.get(one.field) == asked[one.field]]
            new = in_their_places(new, asked, fields_of(now.article.localizations.get(lang)))
            old = [one for one in now.machine if one.lang != lang or not one.reason]
            made = {one.field: one.text for one in new}
            try:
                store.save_draft(
                    draft.id,
                    filled(now.article, lang, made),
                    revision=now.revision,
                    by=by,
                    publish_at=now.publish_at,
                    ends_at=now.ends_at,
                    confirmed=now.confirmed,
                    machine=[*old, *new],
                )
                return new
            except DraftConflict:
                continue
        raise DraftConflict("Others save this draft all the time.")


def in_their_places(
    found: Iterable[MachineText], japanese: Mapping[str, str], there: Collection[str]
) -> list[MachineText]:
    """Return `found` with the Japanese heading for every section of which nothing was taken.

    Without it the section would go, and those after it would stand beside another one's
    Japanese text. `there` are the fields that are not empty.
    """
    texts = {one.field: one for one in found}
    for name, one in list(texts.items()):
        part, _, number = name.partition(".")
        if part not in ("heading", "text"):
            continue
        heading, text = f"heading.{number}", f"text.{number}"
        taken = any(place in texts and texts[place].text for place in (heading, text))
        if not taken and heading not in there and text not in there:
            kept = replace(texts.get(heading, one), field=heading)
            texts[heading] = replace(kept, text=japanese.get(heading, NO_HEADING))
    return list(texts.values())
