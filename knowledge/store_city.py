"""The part of the store that keeps the city's values and the words that search knows."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import delete, select

from knowledge.city import City, CityValue, check_value
from knowledge.schema import CityValueRow, LexiconRow
from knowledge.store_base import StoreBase


class CityStore(StoreBase):
    """Keeps what stands once and is used in many articles."""

    def city(self) -> City:
        """Return the values of the city."""
        with self._reads() as session:
            rows = session.scalars(select(CityValueRow).order_by(CityValueRow.key))
            return City({row.key: cast(CityValue, row.value) for row in rows})

    def set_city(self, city: City) -> None:
        """Replace the values of the city; raises `ArticleInvalid`."""
        rows = [
            CityValueRow(key=key, value=check_value(key, value, "city"))
            for key, value in city.values.items()
        ]
        with self._writes() as session:
            session.execute(delete(CityValueRow))
            session.add_all(rows)

    def lexicon(self, name: str) -> dict[str, Any]:
        """Return the words kept under `name`, such as ``synonyms``; empty if there are none."""
        with self._reads() as session:
            row = session.get(LexiconRow, name)
            return dict(row.content) if row else {}

    def set_lexicon(self, name: str, content: dict[str, Any]) -> None:
        """Replace the words kept under `name`."""
        with self._writes() as session:
            session.merge(LexiconRow(name=name, content=content))

    def lexicons(self) -> dict[str, Any]:
        """Return all the words by name."""
        with self._reads() as session:
            rows = session.scalars(select(LexiconRow).order_by(LexiconRow.name))
            return {row.name: row.content for row in rows}
