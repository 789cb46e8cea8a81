"""The part of the store that keeps golden questions: those whose right answer is known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from knowledge.schema_editing import GoldenQuestionRow
from knowledge.store_audit import AuditStore
from knowledge.store_base import in_batches


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A question and what a right answer to it is.

    `expect` is ``answer``, ``clarify``, ``abstain``, ``handoff`` or
    ``emergency``; for ``answer`` one of `slugs` is the first source and every
    one of `facts` stands in the answer.
    """

    lang: str
    text: str
    expect: str = "answer"
    slugs: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """A hash of the language and the words."""
        return hashlib.sha256(f"{self.lang}\n{self.text}".encode("utf-8", "replace")).hexdigest()


class GoldenStore(AuditStore):
    """Keeps golden questions; one of the same words replaces the former."""

    def add_golden(self, questions: Iterable[GoldenQuestion], *, by: str) -> int:
        """Keep `questions`, all or none, and return how many they are."""
        rows = {
            one.id: {
                "id": one.id,
                "lang": one.lang,
                "text": one.text,
                "expect": one.expect,
                "slugs": list(one.slugs),
                "facts": list(one.facts),
                "added_by": by,
                "added_at": self.now(),
            }
            for one in questions
        }
        with self._writes() as session:
            for batch in in_batches(rows.values(), 50):
                insert = self._insert(GoldenQuestionRow).values(list(batch))
                names = ("expect", "slugs", "facts", "added_by", "added_at")
                session.execute(
                    insert.on_conflict_do_update(
                        index_elements=["id"], set_={name: insert.excluded[name] for name in names}
                    )
                )
            if rows:
                self.audit(by, "questions.add", "", {"questions": len(rows)}, session=session)
        return len(rows)

    def golden(self) -> list[GoldenQuestion]:
        """Return every golden question, by language and words."""
        row = GoldenQuestionRow
        with self._reads() as session:
            return [
                GoldenQuestion(one.lang, one.text, one.expect, tuple(one.slugs), tuple(one.facts))
                for one in session.scalars(select(row).order_by(row.lang, row.text))
            ]

    def golden_count(self) -> int:
        """Return how many golden questions there are."""
        with self._reads() as session:
            return session.scalar(select(func.count()).select_from(GoldenQuestionRow)) or 0
