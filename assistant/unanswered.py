"""What people asked in vain: which questions, grouped by meaning, named, and ranked.

A question was in vain where the desk abstained without knowing another office that
answers it, asked back and no answer followed, was rated bad, or handed the
conversation over.
Questions are compared as vectors less the mean question of their language, so
that a group may hold several languages (`knowledge.centres`). One that names no
matter of its own (「いくら？」) is compared together with the question before it.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from itertools import groupby
from threading import Lock
from typing import Literal, TypeVar

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from assistant.group_name import characteristic
from assistant.phrases import facet, fold
from assistant.topics import own_words
from knowledge.embedding import Embedder, unit_rows
from knowledge.release import Release
from knowledge.store import Store
from knowledge.store_insight import AskedTurn, Dismissed

T = TypeVar("T")

Why = Literal["abstained", "elsewhere", "asked_back", "rated_bad", "handed_over"]

OURS = frozenset({"abstain", "city_no_page"})
"""Replies of an abstention that an article of the city would have spared; the others say
which office or company to ask instead."""

REMEMBERED = 20_000
"""Questions whose vectors are kept in memory; they are never written to the disk."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How questions are grouped; the figures stand in ``unanswered.yaml``."""

    group_above: float
    dismiss_above: float
    most_questions: int


@cache
def limits() -> Limits:
    """Return the limits that the package ships."""
    text = resources.files("assistant").joinpath("unanswered.yaml").read_text(encoding="utf-8")
    return Limits(**yaml.safe_load(text))


@dataclass(frozen=True, slots=True)
class InVain:
    """One question asked in vain, already masked, and why.

    `context` is the question before it, where this one names no matter of its own.
    """

    question: str
    lang: str
    conversation_id: str
    at: datetime
    why: Why
    context: str = ""

    @property
    def whole(self) -> str:
        """The words by which its meaning is compared."""
        return f"{self.context} {self.question}" if self.context else self.question


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that mean the same.

    `name` are its characteristic words, `example` the question in its middle, both in
    Japanese where somebody asked in Japanese: editors read that;
    `people` counts conversations, `langs` and `whys` conversations by language and
    reason. `centre` is a unit vector, fp32 [dimension], and `nearness` the least
    cosine to it within the group.
    """

    key: str
    name: tuple[str, ...]
    example: str
    example_lang: str
    people: int
    langs: dict[str, int]
    whys: dict[Why, int]
    questions: tuple[InVain, ...]
    last: datetime
    centre: NDArray[np.float32]
    nearness: float

    @property
    def left_without(self) -> int:
        """How many people were not merely asked back, where several articles fitted."""
        return len({one.conversation_id for one in self.questions if one.why != "asked_back"})

    @property
    def only_asked_back(self) -> bool:
        """Whether each time several articles fitted, so that none need be missing."""
        return not self.left_without


class Unanswered:
    """Finds the groups; keeps the vectors of questions from one look to the next."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder
        self._vectors: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def groups(self, release: Release, days: int, *, elsewhere: bool = False) -> list[Group]:
        """Return the groups of the last `days` days, those of the most people first.

        People who were only asked back count less than any others. With `elsewhere`,
        questions too that the desk sent to another office.
        """
        until = self._store.now() + timedelta(seconds=1)
        found = list(in_vain(self._store.asked(until - timedelta(days=days), until)))
        asked = [one for one in found if elsewhere or one.why != "elsewhere"]
        asked.sort(key=lambda one: one.at)
        asked = asked[-limits().most_questions :]
        if not asked:
            return []
        vectors = self._comparable(asked, release)
        kept = ~_near(vectors, self._centres())
        return grouped([one for one, keep in zip(asked, kept, strict=True) if keep], vectors[kept])

    def dismiss(self, group: Group, by: str) -> str:
        """Keep that `group` needs no article; what means the same stays away from now on."""
        return self._store.dismiss(
            name="、".join(group.name) or group.example,
            model=self._embedder.name,
            centre=group.centre.astype(np.float32).tobytes(),
            nearness=max(limits().dismiss_above, group.nearness),
            by=by,
        )

    def _centres(self) -> list[Dismissed]:
        """What was dismissed; vectors of another model say nothing about those of this one."""
        model = self._embedder.name
        return [one for one in self._store.dismissed() if one.model == model]

    def _comparable(self, asked: Sequence[InVain], release: Release) -> NDArray[np.float32]:
        raw = self._encoded([one.whole for one in asked])
        langs = np.array([one.lang for one in asked])
        made = np.empty_like(raw)
        for lang in set(langs.tolist()):
            made[langs == lang] = release.index.comparable(raw[langs == lang], lang)
        return made

    def _encoded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._vectors]
            if missing:
                pooled = self._embedder.encode(missing, kind="query").pooled
                self._vectors.update(zip(missing, pooled, strict=True))
            for text in dict.fromkeys(texts):
                self._vectors.move_to_end(text)
            rows = np.stack([self._vectors[text] for text in texts])
            while len(self._vectors) > REMEMBERED:
                self._vectors.popitem(last=False)
            return rows


def in_vain(turns: Iterable[AskedTurn]) -> Iterator[InVain]:
    """Yield what was asked in vain among `turns`, which come by conversation and in order.

    Who begins with a question that names nothing at all (「いくら？」) asked about no
    matter that an article could answer.
    """
    for _, conversation in groupby(turns, key=lambda turn: turn.conversation_id):
        thread = list(conversation)
        for place, turn in enumerate(thread):
            why = _why(turn, thread[place + 1 :])
            if why is None:
                continue
            context = ""
            if _names_nothing(turn):
                if not place:
                    continue
                context = thread[place - 1].question
            yield InVain(
                turn.question, turn.lang, turn.conversation_id, turn.created_at, why, context
            )


def _names_nothing(turn: AskedTurn) -> bool:
    asked = facet(turn.question, turn.lang)
    return bool(asked.fact) and not own_words(asked.rest, turn.lang)


def _why(turn: AskedTurn, later: Sequence[AskedTurn]) -> Why | None:
    if turn.rating == "bad":
        return "rated_bad"
    if turn.status == "abstained" and turn.reply != "manipulation":
        return "abstained" if turn.reply in OURS else "elsewhere"
    if turn.status == "clarify" and not turn.reply:
        if any(after.status == "answered" for after in later):
            return None
        return "asked_back"
    # A wish for a person tells nothing; the question before it is what was not answered.
    if turn.status == "answered" and turn.rating != "good":
        wished = bool(later) and later[0].status == "handoff"
        if wished or (turn.handed_over and not later):
            return "handed_over"
    return None


def grouped(asked: Sequence[InVain], vectors: NDArray[np.float32]) -> list[Group]:
    """Return `asked` grouped by `vectors` [questions, dimension], in the order of `groups`.

    Groups are joined while their questions are alike on average (average linkage
    on cosine distance); the same question twice is one point.
    """
    if not asked:
        return []
    points: dict[tuple[str, str], int] = {}
    point_of = [points.setdefault((fold(one.whole), one.lang), len(points)) for one in asked]
    first = [point_of.index(number) for number in range(len(points))]
    labels = np.ones(len(points), dtype=np.int64)
    if len(points) > 1:
        tree = linkage(vectors[first].astype(np.float64), "average", metric="cosine")
        labels = fcluster(tree, 1.0 - limits().group_above, "distance")
    members: dict[int, list[int]] = {}
    for place, point in enumerate(point_of):
        members.setdefault(int(labels[point]), []).append(place)
    background = Counter(word for one in asked for word in characteristic_words(one))
    groups = [_group(asked, vectors, places, background) for places in members.values()]
    return sorted(groups, key=_order)


def _order(group: Group) -> tuple[int, int, float, str]:
    return (-group.left_without, -group.people, -group.last.timestamp(), group.key)


def characteristic_words(one: InVain) -> frozenset[str]:
    """Return the words of one question, as groups are named by them."""
    return characteristic(one.whole, one.lang)


def _group(
    asked: Sequence[InVain],
    vectors: NDArray[np.float32],
    places: Sequence[int],
    background: Counter[str],
) -> Group:
    rows = vectors[list(places)]
    centre = unit_rows(rows.mean(axis=0, keepdims=True))[0]
    cosines = rows @ centre
    questions = [asked[place] for place in places]
    home = [place for place, one in enumerate(questions) if _is_japanese(one)]
    middle = questions[max(home or range(len(questions)), key=lambda place: float(cosines[place]))]
    people = {one.conversation_id for one in questions}
    return Group(
        key=_key(questions),
        name=_name(questions, background),
        example=middle.question,
        example_lang=middle.lang,
        people=len(people),
        langs=_by_people(questions, [one.lang for one in questions]),
        whys=_by_people(questions, [one.why for one in questions]),
        questions=tuple(sorted(questions, key=lambda one: one.at, reverse=True)),
        last=max(one.at for one in questions),
        centre=centre,
        nearness=float(cosines.min()),
    )


def _by_people(questions: Sequence[InVain], values: Sequence[T]) -> dict[T, int]:
    pairs = {(one.conversation_id, value) for one, value in zip(questions, values, strict=True)}
    return dict(Counter(value for _, value in pairs).most_common())


def _is_japanese(one: InVain) -> bool:
    return one.lang.split("-")[0] == "ja"


def _name(questions: Sequence[InVain], background: Counter[str]) -> tuple[str, ...]:
    """The words that stand out: in many questions of the group, and in few outside."""
    home = [one for one in questions if _is_japanese(one)] or questions
    own = Counter(word for one in home for word in characteristic_words(one))
    least = 1 if len(home) == 1 else 2
    weight = {
        word: count * count / background[word] for word, count in own.items() if count >= least
    }
    return tuple(sorted(weight, key=lambda word: (-weight[word], word))[:4])


def _key(questions: Sequence[InVain]) -> str:
    """What names a group in a form: its earliest question, which outlives regrouping best."""
    earliest = min(questions, key=lambda one: (one.at, one.conversation_id))
    return f"{earliest.conversation_id[:16]}-{int(earliest.at.timestamp() * 1000)}"


def _near(vectors: NDArray[np.float32], dismissed: Sequence[Dismissed]) -> NDArray[np.bool_]:
    """Say of each vector whether it lies within something that was dismissed."""
    if not dismissed:
        return np.zeros(len(vectors), dtype=np.bool_)
    centres = np.stack([np.frombuffer(one.centre, dtype=np.float32) for one in dismissed])
    reach = np.array([one.nearness for one in dismissed], dtype=np.float32)
    return np.asarray((vectors @ centres.T >= reach - 1e-6).any(axis=1))
