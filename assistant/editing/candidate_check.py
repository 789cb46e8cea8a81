"""What a draft would change: golden questions asked of the release in force and of a candidate."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from assistant.answer import Desk, Question
from assistant.blocks import Answer
from assistant.composition import Installation
from assistant.conversation import PassingThread
from knowledge.article import Article, languages
from knowledge.release import Release
from knowledge.ruby import strip
from knowledge.store_drafts import Draft
from knowledge.store_golden import GoldenQuestion

STATUS = {
    "answer": "answered",
    "clarify": "clarify",
    "abstain": "abstained",
    "handoff": "handoff",
    "emergency": "emergency",
}
"""The status of a right answer, by what is expected."""

SHOWN = 200
"""How many changed answers are kept with a check."""

Progress = Callable[[int, int], None]


def ask(release: Release, question: str, lang: str) -> Answer:
    """Answer a question from `release`, leaving no trace of it."""
    return Desk(lambda: release, PassingThread()).answer(Question(question, lang))


def own_questions(article: Article) -> list[GoldenQuestion]:
    """Return the question variants of an article as golden questions."""
    return [
        GoldenQuestion(lang, strip(words), slugs=(article.slug,))
        for lang, text in article.localizations.items()
        for words in text.questions
    ]


def is_right(answer: Answer, golden: GoldenQuestion) -> bool:
    """Say whether `answer` is what is expected."""
    if answer.status != STATUS.get(golden.expect):
        return False
    if golden.expect != "answer":
        return True
    first = answer.sources[0].slug if answer.sources else ""
    return first in golden.slugs and all(fact in answer.answer for fact in golden.facts)


def check(
    before: Release,
    after: Release,
    own: Iterable[GoldenQuestion],
    stored: Iterable[GoldenQuestion],
    progress: Progress = lambda done, of: None,
) -> dict[str, Any]:
    """Ask every question of both releases and return what came out, as a JSON object.

    ``broken`` counts questions that were right and are not any more, ``wrong``
    those of the article itself that it does not answer; ``changed`` lists the
    questions whose answer differs.
    """
    asked = list({one.id: one for one in (*stored, *own)}.values())
    asked = [one for one in asked if one.lang in languages()]
    mine = {one.id for one in own}
    rows = []
    counts = {"questions": len(asked), "broken": 0, "mended": 0, "wrong": 0}
    for number, one in enumerate(asked):
        old, new = ask(before, one.text, one.lang), ask(after, one.text, one.lang)
        was, is_ = is_right(old, one), is_right(new, one)
        counts["broken"] += was and not is_
        counts["mended"] += is_ and not was
        counts["wrong"] += one.id in mine and not is_
        told = [_told(old), _told(new)]
        if told[0] != told[1] or (one.id in mine and not is_):
            rows.append(
                {
                    "lang": one.lang, "text": one.text, "own": one.id in mine,
                    "was": was, "is": is_, "before": told[0], "after": told[1],
                }
            )  # fmt: skip
        progress(number + 1, len(asked))
    rows.sort(key=lambda row: (not (row["was"] and not row["is"]), row["is"], not row["own"]))
    return {**counts, "changed": rows[:SHOWN], "changes": len(rows)}


def _told(answer: Answer) -> dict[str, str]:
    """The status, the first source and the short answer."""
    short = next((block for block in answer.blocks if block.type == "short"), None)
    lines = [short.body.text, *(line.text for line in short.lines)] if short else [answer.answer]
    first = answer.sources[0] if answer.sources else None
    return {
        "status": answer.status,
        "slug": first.slug if first else "",
        "title": first.title if first else "",
        "short": "\n".join(lines)[:400],
    }


@dataclass(slots=True)
class Running:
    """How far a check is; `failed` says why it ended without a result."""

    revision: int
    done: int = 0
    of: int = 0
    failed: str = ""


class Checks:
    """The checks of drafts, one at a time in the background; results go to the store."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="check")
        self._running: dict[str, Running] = {}
        self._lock = threading.Lock()

    def start(self, draft: Draft) -> None:
        """Check a draft's newest revision, unless that is under way."""
        with self._lock:
            known = self._running.get(draft.id)
            if known and known.revision == draft.revision and not known.failed:
                return
            state = self._running[draft.id] = Running(draft.revision)
        self._executor.submit(self._work, draft, state)

    def running(self, draft: Draft) -> Running | None:
        """Return how far the check of the newest revision is; None where there is none."""
        with self._lock:
            state = self._running.get(draft.id)
        return state if state and state.revision == draft.revision else None

    def close(self) -> None:
        """Let the check under way end, and start no other."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _work(self, draft: Draft, state: Running) -> None:
        def progress(done: int, of: int) -> None:
            state.done, state.of = done, of

        try:
            store = self._installation.store
            before = self._installation.live.get()
            own = own_questions(draft.article)
            with self._installation.candidate(draft.article) as after:
                found = check(before, after, own, store.golden(), progress)
            store.keep_check(draft.id, draft.revision, before.info.id, found)
        except Exception as error:
            state.failed = str(error) or type(error).__name__
            return
        with self._lock:
            if self._running.get(draft.id) is state:
                del self._running[draft.id]
