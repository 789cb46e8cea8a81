"""What a language model may add to an answer, and what it may not.

A drafter writes; nothing that it writes is believed. Its text is held back until
a sentence is complete, each sentence is checked against the cited article
(`assistant.drafting_check`), and one that fails is dropped. The composed answer
is ready before the model is asked, so that a slow, broken or hostile model costs
at most `Patience.seconds` and never a figure.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

LONGEST = 4_000
"""Characters of a draft that are looked at; a model that never ends is cut off there."""

SENTENCES = 4
"""How many sentences a draft may have: it stands above a card that says the rest."""

# The point of "3 p.m." ends a sentence only before a capital letter.
_END = re.compile(
    r"[。！？!?।]+[」』)）\"]*|(?<![ap]\.m)\.(?=\s)[\"')]*|(?<=[ap]\.m)\.(?=\s+[A-Z])|\n+"
)


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is given: its orders, the article's text, the masked question.

    `tokens` is how many it may write for an editor, who can wait; 0: what an answer needs.
    """

    orders: str
    source: str
    question: str
    lang: str
    tokens: int = 0


class DraftFailed(Exception):
    """The model, or its server, does not answer as it should."""


class Drafter(Protocol):
    """A model that writes an answer, piece by piece."""

    def draft(self, prompt: Prompt) -> Iterator[str]:
        """Yield pieces of text of any size; raises `DraftFailed`."""
        ...


@dataclass
class Patience:
    """How long a model is waited for, and when it is not asked at all (a circuit breaker).

    After `failures` drafts in a row that failed or came too late, the model is left
    alone for `rest` seconds; then one question tries it again.
    """

    seconds: float = 2.0
    failures: int = 3
    rest: float = 60.0
    clock: Callable[[], float] = time.monotonic
    _failed: int = field(default=0, init=False)
    _until: float = field(default=0.0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def allows(self) -> bool:
        """Say whether the model may be asked now."""
        with self._lock:
            return self.clock() >= self._until

    def note(self, *, well: bool) -> None:
        """Take note of how a draft went."""
        with self._lock:
            self._failed = 0 if well else self._failed + 1
            if self._failed >= self.failures:
                self._until = self.clock() + self.rest


@dataclass(frozen=True)
class Drafting:
    """A model that drafts, and the patience that is had with it."""

    drafter: Drafter
    patience: Patience


def sentences(pieces: Iterator[str]) -> Iterator[str]:
    """Put pieces of text together to whole sentences, each as soon as it ends.

    What follows the last end is no sentence and is dropped: it may have been cut off
    before its condition.

    >>> list(sentences(iter(["Bring your ", "card. It is", " free. Unless"])))
    ['Bring your card.', 'It is free.']
    """
    held, seen = "", 0
    for piece in pieces:
        seen += len(piece)
        held += piece
        while (end := _END.search(held)) and (end.end() < len(held) or held[end.start()] != "."):
            sentence, held = held[: end.end()].strip(), held[end.end() :]
            if sentence:
                yield sentence
        if seen >= LONGEST:
            return
    if held.rstrip().endswith((".", "。", "!", "?", "！", "？", "।")):
        yield held.strip()


def drafted(
    drafter: Drafter, prompt: Prompt, keeps: Callable[[str], bool], patience: Patience
) -> list[str]:
    """Return the sentences of a draft that were complete in time and that `keeps` kept.

    The model runs on a thread of its own and is left behind when its time is over;
    a generator that is asked for nothing more ends at its next piece. Never raises.
    """
    if not patience.allows():
        return []
    done = threading.Event()
    arrived: queue.Queue[str | None] = queue.Queue()
    worker = threading.Thread(
        target=_work, args=(drafter, prompt, arrived, done), name="draft", daemon=True
    )
    deadline = patience.clock() + patience.seconds
    worker.start()
    kept: list[str] = []
    finished = False
    while len(kept) < SENTENCES:
        try:
            sentence = arrived.get(timeout=max(0.0, deadline - patience.clock()))
        except queue.Empty:
            break
        if sentence is None:
            finished = True
            break
        if keeps(sentence):
            kept.append(sentence)
    done.set()
    patience.note(well=finished or len(kept) == SENTENCES)
    return kept


def written(drafter: Drafter, prompt: Prompt, patience: Patience, stopped: threading.Event) -> str:
    """Return all that a model writes; raises `DraftFailed` where it does not end well in time.

    The model runs on a thread of its own and is left behind when its time is over, when
    `stopped` is set, and when it has written more than `LONGEST` characters.
    """
    if not patience.allows():
        raise DraftFailed("the model is left alone for a while")
    done = threading.Event()
    arrived: queue.Queue[str | Exception | None] = queue.Queue()
    worker = threading.Thread(
        target=_write, args=(drafter, prompt, arrived, done), name="draft", daemon=True
    )
    deadline = patience.clock() + patience.seconds
    worker.start()
    text = ""
    try:
        while len(text) <= LONGEST and not stopped.is_set():
            if patience.clock() >= deadline:
                raise DraftFailed("the model takes too long")
            try:
                piece = arrived.get(timeout=_LOOK)
            except queue.Empty:
                continue
            if isinstance(piece, Exception):
                raise DraftFailed(str(piece)) from piece
            if piece is None:
                patience.note(well=True)
                return text
            text += piece
    except DraftFailed:
        patience.note(well=False)
        raise
    finally:
        done.set()
    if stopped.is_set():
        raise DraftFailed("somebody stopped it")
    return text


_LOOK = 0.1
"""Seconds after which it is looked whether a model was stopped."""


def _write(
    drafter: Drafter,
    prompt: Prompt,
    arrived: queue.Queue[str | Exception | None],
    done: threading.Event,
) -> None:
    try:
        for piece in _until(drafter.draft(prompt), done):
            arrived.put(piece)
        arrived.put(None)
    except Exception as error:
        # Whatever a vendor raises, it is the model that failed.
        arrived.put(error)


def _work(
    drafter: Drafter, prompt: Prompt, arrived: queue.Queue[str | None], done: threading.Event
) -> None:
    pieces = drafter.draft(prompt)
    try:
        for sentence in sentences(_until(pieces, done)):
            arrived.put(sentence)
        arrived.put(None)
    except Exception:
        # Whatever a vendor raises, the answer stands without the draft; leaving the
        # queue without its end counts as a failure of the model.
        return


def _until(pieces: Iterator[str], done: threading.Event) -> Iterator[str]:
    for piece in pieces:
        if done.is_set():
            return
        yield piece
