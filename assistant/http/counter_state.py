"""The state of a session at the counter as the tablet gets it; see `docs/counter.md`."""

from __future__ import annotations

from datetime import date
from typing import Any

from assistant.counter.proposals import Proposal
from assistant.counter.session import CounterSession
from assistant.forms.checks import Finding
from assistant.forms.form import Form
from assistant.forms.sheet import written
from knowledge.city import City
from knowledge.easy_japanese import LANG as EASY


def wards(city: City) -> tuple[str, ...]:
    """Return the names of the city's wards: what its offices are called before 役所."""
    names = [city.text(key, "ja") for key in city.values if key.startswith("office.")]
    return tuple(name.split("役所")[0] for name in names if "区役所" in name)


def state(session: CounterSession, today: date, wards: tuple[str, ...]) -> dict[str, Any]:
    """Return everything that the tablet shows of `session`, as JSON."""
    return {
        "id": session.id,
        "lang": session.lang,
        "procedure": session.procedure,
        "asking": session.asking,
        "question": _question(session),
        "said": [
            {
                "side": s.side, "text": s.text, "lang": s.lang, "japanese": s.japanese,
                "shown": s.shown, "machine": s.machine, "asked": s.asked, "gist": s.gist,
            }
            for s in session.said
        ],
        "handed": [
            {
                "question": one.question, "lang": one.lang, "outcome": one.outcome,
                "title": one.title, "about": one.about,
            }
            for one in session.handed
        ],
        "proposals": [{**_proposal(p), "after": session.place(p)} for p in session.proposed],
        "form": _form(session, session.form, today, wards) if session.form else None,
    }  # fmt: skip


def _question(session: CounterSession) -> str:
    """The question that the resident is to answer now, in the language they speak, or nothing."""
    if session.form is None or session.asking is None:
        return ""
    ask = session.form.field(session.asking).ask
    return ask.get("ja" if session.lang == EASY else session.lang, "")


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "id": proposal.id, "kind": proposal.kind, "state": proposal.state,
        "lang": proposal.lang, "label": proposal.label, "label_japanese": proposal.label_japanese,
        "own": proposal.own, "own_ruby": proposal.own_ruby,
        "label_ruby": proposal.label_ruby, "japanese": proposal.japanese, "basis": proposal.basis,
        "flags": proposal.flags,
        "source": proposal.source.model_dump(mode="json") if proposal.source else None,
    }  # fmt: skip


def _form(
    session: CounterSession, form: Form, today: date, wards: tuple[str, ...]
) -> dict[str, Any]:
    found = session.found(today)
    values = session.values(today)
    findings: dict[str, list[Finding]] = {}
    for finding in session.findings(today, wards):
        findings.setdefault(finding.field, []).append(finding)
    next_field = session.next_field(today)
    return {
        "id": form.id,
        "title": form.title["ja"],
        "title_own": form.title.get(session.lang, form.title["ja"]),
        "next": next_field.name if next_field else None,
        "fields": [
            {
                "name": field.name,
                "kind": field.kind,
                "label": field.label["ja"],
                "label_own": field.text(field.label, session.lang),
                "ask": field.ask["ja"],
                "required": field.required,
                "choices": [
                    {"id": c.id, "label": c.label["ja"], "own": c.label.get(session.lang, "")}
                    for c in field.choices
                ],
                "value": values.get(field.name),
                "text": written(field, values.get(field.name)),
                "confirmed": field.name in session.confirmed,
                "words": found[field.name].words if field.name in found else "",
                "confidence": found[field.name].confidence if field.name in found else None,
                "notes": found[field.name].notes if field.name in found else (),
                "findings": [
                    {"rule": f.rule, "level": f.level, **f.words}
                    for f in findings.get(field.name, ())
                ],
            }
            for field in form.asked(values)
        ],
    }
