"""One session at the counter: what was said, what is proposed, the form that fills itself.

It lives in memory only. `end`, or ten idle minutes, is the end of everything that
was said: nothing of it was ever in the store, a file or a log. What remains is one
line for the office without personal data (`SessionRecord`).
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from assistant.answer import Desk, Question
from assistant.blocks import Answer
from assistant.conversation import PassingThread
from assistant.counter.handover import Summary
from assistant.counter.proposals import Proposal, edited, proposals
from assistant.counter.typed import typed
from assistant.forms.checks import Finding, check
from assistant.forms.filling import Proposal as Value
from assistant.forms.filling import Utterance, asked_field, fill
from assistant.forms.form import Field, Form, forms
from assistant.replies import replies
from knowledge.release import Release
from knowledge.ruby import strip

IDLE = timedelta(minutes=10)
"""How long a session outlives the last thing that was done in it."""

LIMIT = 200
"""How many sessions one server holds; a city has fewer tablets."""

Side = Literal["resident", "staff"]


class SessionEnded(Exception):
    """There is no such session: it was ended, or it was idle for too long."""


class TooManySessions(Exception):
    """The server holds as many sessions as it may."""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said or written on one side.

    `japanese` is its wording for staff where there is an official one; `machine`
    says that a model made it. `shown` is what the other side sees, if anything;
    `gist` is the Japanese title of the article that was found for it, `kana` the sound
    of what was spoken in Japanese.
    """

    side: Side
    text: str
    lang: str
    japanese: str = ""
    shown: str = ""
    machine: bool = False
    spoken: bool = False
    asked: str | None = None
    gist: str = ""
    kana: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """One question of the conversation that was handed over, and what came of it.

    `title` is that of the article that answered it, `about` what of it was asked for; both
    in Japanese, and empty where nothing answered.
    """

    question: str
    lang: str
    outcome: str
    title: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """What the office keeps of a session: nothing about the person."""

    procedure: str | None
    lang: str
    seconds: int
    outcome: str
    form: str | None


@dataclass
class CounterSession:
    """One session; every method is called under the lock of `CounterSessions`."""

    id: str
    account: str
    lang: str
    started_at: datetime
    used_at: datetime
    said: list[Said] = field(default_factory=list)
    proposed: list[Proposal] = field(default_factory=list)
    form: Form | None = None
    confirmed: dict[str, object] = field(default_factory=dict)
    asking: str | None = None
    procedure: str | None = None
    handed: tuple[Handed, ...] = ()
    answered_after: list[int] = field(default_factory=list)
    requests: set[str] = field(default_factory=set)
    thread: PassingThread = field(default_factory=PassingThread)

    def is_new(self, request: str) -> bool:
        """Say whether a request is here for the first time; a tablet may send one again."""
        if not request:
            return True
        if request in self.requests:
            return False
        self.requests.add(request)
        return True

    def staff_said(self, text: str, shown: str = "", lang: str = "ja") -> None:
        """Take in what staff said; the field it asks for, if any, is what is answered next."""
        self.said.append(Said("staff", text, lang, japanese=text, shown=shown))
        self.asking = asked_field(self.form, text) if self.form else None

    def ask(self, name: str) -> Field:
        """Ask for a field in the resident's language; KeyError where the form lacks it."""
        if self.form is None:
            raise KeyError(name)
        asked = self.form.field(name)
        self.asking = name
        self.said.append(
            Said(
                "staff",
                asked.ask["ja"],
                "ja",
                japanese=asked.ask["ja"],
                shown=asked.text(asked.ask, self.lang),
            )
        )
        return asked

    def resident_said(self, said: Said) -> None:
        """Take in what the resident said, as the answer to what was asked last."""
        self.said.append(replace(said, asked=self.asking))
        self.asking = None

    def take(self, answer: Answer, release: Release) -> list[Proposal]:
        """Turn an answer into proposals; what nobody approved before is dropped."""
        self.answered_after.append(len(self.said))
        self.proposed = [p for p in self.proposed if p.state == "approved"]
        new = proposals(answer, release, str(len(self.answered_after)))
        self.proposed += new
        if answer.sources:
            slug = answer.sources[0].slug
            self._note_gist(release.shown(slug, "ja").title)
            if self.procedure is None:
                self.procedure = slug
        return new

    def place(self, proposal: Proposal) -> int:
        """Return how many things had been said when `proposal` was made."""
        return self.answered_after[int(proposal.id.partition(".")[0]) - 1]

    def take_over(self, summary: Summary, release: Release) -> None:
        """Begin with what was asked on the website, and what came of it."""
        handed = []
        for one in summary.asked:
            known = one.slug in release.articles
            title = strip(release.shown(one.slug, "ja").title) if known else ""
            about = strip(replies("ja")(f"fact_labels.{one.fact}")) if known and one.fact else ""
            handed.append(Handed(one.question, one.lang, one.outcome, title, about))
            japanese = one.question if one.lang.startswith("ja") else ""
            self.resident_said(
                Said("resident", one.question, one.lang, japanese=japanese, gist=title)
            )
        self.handed = tuple(handed)
        if summary.slugs:
            self.procedure = summary.slugs[-1]

    def take_back(self, number: int) -> None:
        """Forget one thing that the resident said, such as one heard wrongly; IndexError if none.

        Its place stays, empty, so that everything else keeps its number.
        """
        said = self.said[number] if number >= 0 else None
        if said is None or said.side != "resident":
            raise IndexError(number)
        self.said[number] = replace(said, text="", japanese="", shown="", gist="", kana="")

    def _note_gist(self, title: str) -> None:
        for number in range(len(self.said) - 1, -1, -1):
            if self.said[number].side == "resident":
                self.said[number] = replace(self.said[number], gist=strip(title))
                return

    def decide(self, id_: str, state: Literal["approved", "dropped"], text: str = "") -> Proposal:
        """Approve or drop a proposal, with new wording if staff gave any.

        Raises KeyError for an unknown id, ValueError for wording with a foreign figure.
        """
        for place, proposal in enumerate(self.proposed):
            if proposal.id == id_:
                changed = edited(proposal, text) if text else proposal
                self.proposed[place] = replace(changed, state=state)
                return self.proposed[place]
        raise KeyError(id_)

    def start_form(self, form: str) -> Form:
        """Begin a form; what was confirmed for one before stays where the fields agree."""
        self.form = forms()[form]
        names = {f.name for f in self.form.fields}
        self.confirmed = {n: v for n, v in self.confirmed.items() if n in names}
        self.procedure = self.form.slug
        return self.form

    def found(self, today: date) -> dict[str, Value]:
        """Return what the conversation says for fields that are not confirmed."""
        if self.form is None:
            return {}
        heard = [
            Utterance(s.text, s.lang, s.asked, s.spoken, s.kana)
            for s in self.said
            if s.side == "resident" and s.text
        ]
        return fill(self.form, heard, today, self.confirmed.keys())

    def values(self, today: date) -> dict[str, object]:
        """Return the confirmed values and, below them, what was found."""
        return {**{n: v.value for n, v in self.found(today).items()}, **self.confirmed}

    def findings(self, today: date, wards: tuple[str, ...] = ()) -> list[Finding]:
        """Return the rules that the values break."""
        return check(self.form, self.values(today), today, wards) if self.form else []

    def next_field(self, today: date) -> Field | None:
        """Return the field to ask for next: the first required one without a value."""
        values = self.values(today)
        for candidate in self.form.asked(values) if self.form else ():
            if candidate.required and candidate.name not in values:
                return candidate
        return None

    def confirm(self, name: str, value: object, today: date) -> None:
        """Take a value as right, as staff confirmed or typed it; None takes it back.

        KeyError where the form lacks the field, `NotUnderstood` for a value of no use.
        """
        if self.form is None:
            raise KeyError(name)
        field = self.form.field(name)
        if value is None or value == "":
            self.confirmed.pop(name, None)
        else:
            self.confirmed[name] = typed(field, value, today)


class CounterSessions:
    """The sessions of one server, in memory; safe to share between threads."""

    def __init__(self, now: Callable[[], datetime], idle: timedelta = IDLE) -> None:
        self._now = now
        self._idle = idle
        self._lock = threading.RLock()
        self._sessions: dict[str, CounterSession] = {}

    def start(self, account: str, lang: str) -> CounterSession:
        """Start a session; raises `TooManySessions`."""
        with self._lock:
            self.sweep()
            if len(self._sessions) >= LIMIT:
                raise TooManySessions
            session = CounterSession(
                secrets.token_urlsafe(16), account, lang, self._now(), self._now()
            )
            self._sessions[session.id] = session
            return session

    def open(self, id_: str, account: str) -> CounterSession:
        """Return a session of `account` and note that it is used; raises `SessionEnded`."""
        with self._lock:
            self.sweep()
            session = self._sessions.get(id_)
            if session is None or session.account != account:
                raise SessionEnded
            session.used_at = self._now()
            return session

    def end(self, id_: str, account: str, outcome: str) -> SessionRecord:
        """End a session: everything that was said is gone. Raises `SessionEnded`."""
        session = self.open(id_, account)
        with self._lock:
            del self._sessions[id_]
        return _record(session, self._now(), outcome)

    def sweep(self) -> list[SessionRecord]:
        """Forget the sessions that were idle for too long; return a line for each."""
        with self._lock:
            late = [s for s in self._sessions.values() if self._now() - s.used_at >= self._idle]
            for session in late:
                del self._sessions[session.id]
        return [_record(session, session.used_at, "idle") for session in late]


def _record(session: CounterSession, ended: datetime, outcome: str) -> SessionRecord:
    return SessionRecord(
        session.procedure,
        session.lang,
        round((ended - session.started_at).total_seconds()),
        outcome,
        session.form.id if session.form else None,
    )


def ask_desk(
    release: Callable[[], Release],
    session: CounterSession,
    text: str,
    kana: str = "",
    topic: str | None = None,
) -> Answer:
    """Answer what the resident asked, in their language, without a trace in the store.

    `topic` is the slug of an article that staff picked.
    """
    question = Question(text, session.lang, conversation=session.id, topic=topic, kana=kana or None)
    return Desk(release, session.thread).answer(question)
