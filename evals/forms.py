"""`python -m evals forms`: are the fields of a form filled right from a conversation.

A case is one JSON line ``{"half", "form", "lang", "today", "turns", "fields"}``; a turn is
``{"text", "asked"}``, where `asked` names the field that staff asked for just before.
Words and rules are written on the half ``dev`` and measured on ``test``, a hash having
put each case into one.
A field is right when its value is the expected one after normalisation (below);
a field that is filled with something else is mistaken, one that is filled though the
conversation says nothing of it is invented. Failures are listed of the half ``dev`` only.
With ``--speech`` each turn is spoken by the packaged voice and heard by the packaged
recogniser first, for the languages that have a voice, which is told the question as on the
tablet; the characters of a name cannot be known from its sound, so a heard name is right when
it can be read like the expected one (the readings of the name dictionary; without accents in
Latin letters), and staff ask for its characters; a thing is right when it reads the same
(つくえ and 机), an address however its figures are joined (一丁目2の3 and 1-2-3).
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.forms.figures import numeral
from assistant.forms.filling import Utterance, fill, values
from assistant.forms.form import forms
from knowledge.japanese import reading, readings_of_name

CASES = Path(__file__).parent / "cases" / "forms.jsonl"


@dataclass
class Score:
    """Counts over cases."""

    expected: int = 0
    right: int = 0
    mistaken: int = 0
    invented: int = 0
    wrong: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """The share of expected fields that are right."""
        return round(self.right / self.expected, 4) if self.expected else 0.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("--cases", type=Path, default=CASES, help="JSON lines (see above)")
    parser.add_argument("--speech", action="store_true", help="speak and hear each turn first")
    parser.add_argument(
        "--heard", type=Path, help="JSON lines that keep what was heard, for another run"
    )
    parser.add_argument("--half", choices=("dev", "test"), help="only this half of the cases")
    parser.add_argument("--limit", type=int, default=0, help="only the first so many cases")


def run(arguments: argparse.Namespace) -> int:
    """Measure, and print a table or JSON."""
    text = arguments.cases.read_text(encoding="utf-8")
    cases = [json.loads(line) for line in text.splitlines() if line.strip()]
    cases = [case for case in cases if arguments.half in (None, case.get("half", "dev"))]
    hear = None
    if arguments.speech:
        from evals.heard import hearing

        hear = hearing(arguments.heard)
        cases = [case for case in cases if case["lang"] in hear.langs]
    cases = cases[: arguments.limit or None]
    total = Score()
    by_lang: defaultdict[str, Score] = defaultdict(Score)
    by_form: defaultdict[str, Score] = defaultdict(Score)
    by_half: defaultdict[str, Score] = defaultdict(Score)
    errors = Console(stderr=True)
    for case in track(cases, "conversations", console=errors, transient=True):
        found = measured(case, hear)
        for score in (
            total, by_half[case.get("half", "dev")], by_lang[case["lang"]], by_form[case["form"]]
        ):  # fmt: skip
            count(score, case, found, by_sound=hear is not None)
    report = {
        "source": "synthesised speech" if arguments.speech else "text",
        "conversations": len(cases),
        "fields": total.expected,
        "fields_right": total.rate,
        "fields_mistaken": total.mistaken,
        "fields_invented": total.invented,
        "by_half": {
            half: {
                "conversations": sum(case.get("half", "dev") == half for case in cases),
                "fields": score.expected,
                "fields_right": score.rate,
                "fields_mistaken": score.mistaken,
                "fields_invented": score.invented,
            }
            for half, score in sorted(by_half.items())
        },
        "by_lang": {lang: score.rate for lang, score in sorted(by_lang.items())},
        "by_form": {form: score.rate for form, score in sorted(by_form.items())},
        "wrong": by_half["dev"].wrong,
    }
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _table(report)
    return 0


def measured(case: dict[str, Any], hear: Any = None) -> dict[str, object]:
    """Return the values that a conversation gave."""
    said = []
    form = forms()[case["form"]]
    for turn in case["turns"]:
        asked = turn.get("asked")
        question = form.field(asked).ask.get(case["lang"], "") if asked else ""
        text, kana = hear(turn["text"], case["lang"], question) if hear else (turn["text"], "")
        said.append(Utterance(text, case["lang"], asked, hear is not None, kana))
    return values(fill(form, said, date.fromisoformat(case["today"])))


def count(
    score: Score, case: dict[str, Any], found: dict[str, object], *, by_sound: bool = False
) -> None:
    """Add one conversation to `score`; names `by_sound` where the characters cannot be heard."""
    form = forms()[case["form"]]
    for name, wanted in case["fields"].items():
        score.expected += 1
        kind = form.field(name).kind if by_sound else ""
        if (
            same(found.get(name), wanted)
            or (kind == "name" and sounds_same(found.get(name), wanted))
            or (kind == "items" and read_same(found.get(name), wanted))
            or (kind == "address" and same_place(found.get(name), wanted))
        ):
            score.right += 1
        else:
            score.mistaken += name in found
            score.wrong.append(
                {"form": case["form"], "lang": case["lang"], "field": name,
                 "wanted": wanted, "found": found.get(name)}
            )  # fmt: skip
    for name in found.keys() - case["fields"].keys():
        score.invented += 1
        score.wrong.append(
            {"form": case["form"], "lang": case["lang"], "field": name,
             "wanted": None, "found": found[name]}
        )  # fmt: skip


def same(found: object, wanted: object) -> bool:
    """Say whether two values are the same: width, case, spaces and hyphens do not count."""
    return _normal(found) == _normal(wanted)


def sounds_same(found: object, wanted: object) -> bool:
    """Say whether two Japanese names can be read the same: 池田彩 and 池田綾."""
    if not isinstance(found, str) or not isinstance(wanted, str):
        return False
    return bool(_readings(found) & _readings(wanted)) or _bare(found) == _bare(wanted)


def same_place(found: object, wanted: object) -> bool:
    """Say whether two addresses differ only in how their figures are written and joined."""
    if not isinstance(found, str) or not isinstance(wanted, str):
        return False
    return _joined(found) == _joined(wanted)


def _bare(name: str) -> str:
    """A name without accents, which cannot be heard."""
    parts = unicodedata.normalize("NFD", str(_normal(name)))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _joined(address: str) -> str:
    figures = re.sub(
        r"[〇一二三四五六七八九十百]+(?=丁目|番|号)", lambda one: str(numeral(one.group())), address
    )
    joined = re.sub(
        r"(?<=\d)(?:丁目の?|番地?の?|の|号)", "-", unicodedata.normalize("NFKC", figures)
    )
    return re.sub(r"[\s、,]|-+$", "", re.sub("-+", "-", joined)).strip("-").casefold()


def read_same(found: object, wanted: object) -> bool:
    """Say whether two lists name the same things, however they are written: つくえ and 机."""
    return same(_read(found), _read(wanted))


def _read(things: object) -> object:
    if not isinstance(things, list):
        return things
    return [{**thing, "item": reading(str(thing["item"]))} for thing in things]


def _readings(name: str) -> set[str]:
    """How a name may be read; one in katakana is taken from its sound and reads as it is."""
    return {str(_normal(kana)) for kana in readings_of_name(name) | {reading(name)}}


def _normal(value: object) -> object:
    if isinstance(value, str):
        return re.sub(r"[\s\-‐ー−・,.、]", "", unicodedata.normalize("NFKC", value)).casefold()
    if isinstance(value, list):
        return sorted(json.dumps(_normal(item), ensure_ascii=False) for item in value)
    if isinstance(value, dict):
        return {key: _normal(item) for key, item in sorted(value.items())}
    return value


def _table(report: dict[str, Any]) -> None:
    table = Table(title=f"{report['conversations']} conversations, {report['source']}")
    table.add_column("")
    table.add_column("fields right", justify="right")
    table.add_row("all", f"{report['fields_right']:.1%} of {report['fields']}")
    for half, row in report["by_half"].items():
        table.add_row(half, f"{row['fields_right']:.1%}, {row['fields_invented']} invented")
    for name, rate in {**report["by_lang"], **report["by_form"]}.items():
        table.add_row(name, f"{rate:.1%}")
    table.add_row("invented", str(report["fields_invented"]))
    Console().print(table)
