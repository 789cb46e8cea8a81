"""What would be in force if one article were published now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from knowledge.article import Article
from knowledge.city import City
from knowledge.release_build import Published


@dataclass(frozen=True, slots=True)
class WithArticle:
    """`published` with `article` in the place of the version in force; a `Published` itself."""

    published: Published
    article: Article

    def articles(self, on: date) -> list[Article]:
        """Return the versions in force on `on`, and `article`, by slug."""
        others = [one for one in self.published.articles(on) if one.slug != self.article.slug]
        here = replace(self.article, effective_from=on, effective_until=None)
        return sorted([*others, here], key=lambda one: one.slug)

    def city(self) -> City:
        """Return the values of the city."""
        return self.published.city()

    def lexicons(self) -> dict[str, Any]:
        """Return the city's words by name."""
        return self.published.lexicons()

    def content_hash(self, on: date) -> str:
        """Return a hash that no release has: a candidate never becomes one."""
        return f"candidate {self.article.slug} {self.published.content_hash(on)}"
