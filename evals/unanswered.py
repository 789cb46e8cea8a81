"""`python -m evals unanswered`: does a gap in the articles come first among what was in vain?

Replays questions of a case file through the real desk of the current release,
each in a conversation of its own (a follow-up after the questions before it), with
the questions of a planted gap between them, which no article answers. Whoever gets
an answer from a wrong article rates it bad with the probability ``--rated``: a gap
that the desk does not notice shows in nothing else. The store is in memory, so that
nothing of the installation changes. With ``--grouping`` it also tells how well questions that
one article answers are grouped, for some values of `group_above`: pairs in one
group that belong together (precision), pairs that belong together and are in
one group (recall).
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track
from scipy.cluster.hierarchy import fcluster, linkage

from assistant.answer import Desk, Question
from assistant.composition import Installation
from assistant.conversation import Conversations
from assistant.settings import Settings
from assistant.unanswered import Unanswered
from knowledge.errors import KnowledgeError
from knowledge.store import Store

CASES = Path(__file__).parent / "cases"
DAYS = 7


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--cases", type=Path, default=CASES / "dev.jsonl", help="questions")
    parser.add_argument("--gap", type=Path, default=CASES / "gap.jsonl", help="the planted gap")
    parser.add_argument("--questions", type=int, default=300, help="how many are replayed in all")
    parser.add_argument("--rated", type=float, default=0.5, help="share of wrong answers rated")
    parser.add_argument("--seed", type=int, default=1, help="which of them, and in which order")
    parser.add_argument("--grouping", action="store_true", help="measure the grouping as well")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit code 1 where the gap is not first, 2 where nothing can be asked."""
    try:
        installation = Installation(Settings())
        cases, gap = _lines(arguments.cases), _lines(arguments.gap)
        report = replay(
            installation, cases, gap, arguments.questions, arguments.seed, arguments.rated
        )
        if arguments.grouping:
            report["grouping"] = _grouping(installation, cases)
    except (KnowledgeError, OSError, ValueError) as error:
        Console(stderr=True).print(f"[red]Nothing could be replayed: {error}", highlight=False)
        return 2
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        for name, value in report.items():
            print(f"{name}: {value}")
    return 0 if report["rank"] == 1 else 1


def replay(
    installation: Installation,
    cases: list[dict[str, Any]],
    gap: list[dict[str, Any]],
    count: int,
    seed: int,
    rated: float,
) -> dict[str, Any]:
    """Ask `count` questions, `gap` among them; tell at which rank the gap's group comes.

    `rank` is that of the first group of which most questions are of the gap, 0 for none.
    """
    chance = random.Random(seed)
    others = chance.sample(cases, min(len(cases), count - len(gap)))
    asked = [*others, *gap]
    chance.shuffle(asked)
    release = installation.live.get()
    with Store.open("sqlite://") as store:
        thread = Conversations(store, timedelta(days=DAYS))
        desk = Desk(lambda: release, thread)
        statuses: Counter[str] = Counter()
        for case in track(asked, "asking", console=Console(stderr=True)):
            conversation = None
            for before in case.get("after", ()):
                earlier = desk.answer(
                    Question(before, lang=case["lang"], conversation=conversation)
                )
                conversation = earlier.conversation
            answer = desk.answer(
                Question(case["text"], lang=case["lang"], conversation=conversation)
            )
            statuses[answer.status] += 1
            first = answer.sources[0].slug if answer.sources else ""
            wrong = answer.status == "answered" and first not in case.get("slugs", ())
            if wrong and answer.turn and chance.random() < rated:
                thread.feedback(answer.turn, "bad", "")
        groups = Unanswered(store, installation.embedder).groups(release, DAYS)
    planted = {case["text"] for case in gap}
    ours = [sum(one.question in planted for one in group.questions) for group in groups]
    firsts = (
        place
        for place, (group, hits) in enumerate(zip(groups, ours, strict=True), 1)
        if hits * 2 > len(group.questions)
    )
    return {
        "questions": len(asked),
        "statuses": dict(statuses),
        "in_vain": sum(len(group.questions) for group in groups),
        "groups": len(groups),
        "planted": len(gap),
        "planted_in_vain": sum(ours),
        "rank": next(firsts, 0),
        "first": [
            {
                "name": list(group.name),
                "example": group.example,
                "people": group.people,
                "langs": group.langs,
                "of_the_gap": hits,
            }
            for group, hits in list(zip(groups, ours, strict=True))[:5]
        ],
    }


def _grouping(installation: Installation, cases: list[dict[str, Any]]) -> list[dict[str, float]]:
    """Precision and recall of pairs of questions whose case names the same one article."""
    release = installation.live.get()
    known = [case for case in cases if case["expect"] == "answer" and len(case["slugs"]) == 1]
    raw = installation.embedder.encode([case["text"] for case in known], kind="query").pooled
    rows = np.concatenate(
        [
            release.index.comparable(vector[None], case["lang"])
            for vector, case in zip(raw, known, strict=True)
        ]
    )
    slugs = np.array([case["slugs"][0] for case in known])
    upper = np.triu_indices(len(known), 1)
    same = (slugs[:, None] == slugs[None])[upper]
    tree = linkage(rows.astype(np.float64), "average", metric="cosine")
    found = []
    for above in (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45):
        labels = fcluster(tree, 1.0 - above, "distance")
        together = (labels[:, None] == labels[None])[upper]
        both = int((same & together).sum())
        found.append(
            {
                "group_above": above,
                "precision": round(both / max(1, int(together.sum())), 3),
                "recall": round(both / max(1, int(same.sum())), 3),
            }
        )
    return found


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]
