"""What articles tell about themselves: reviews, contradictions, use, and links."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from assistant.link_check import addresses, tried
from assistant.self_checks import contradictions, due, never_used
from knowledge.article import Localization
from knowledge.crawling import Fetched, PageRefused
from tests.knowledge.store_contract import NOW, article


class Web:
    """A web of three addresses."""

    def get(
        self, url: str, *, etag: str = "", modified: str = "", types: frozenset[str] | None = None
    ) -> Fetched:
        if "private" in url:
            raise PageRefused("address", "it lies at a private address")
        return Fetched(404 if "gone" in url else 301)


def test_reviews_come_overdue_first() -> None:
    articles = [
        article("soon", review_by=date(2026, 10, 20)),
        article("late", review_by=date(2026, 9, 1)),
        article("far", review_by=date(2027, 9, 1)),
    ]
    found = due(articles, date(2026, 10, 2))
    assert [(one.slug, one.overdue) for one in found] == [("late", True), ("soon", False)]
    assert never_used(articles, []) and len(never_used(articles, [])) == 3


def test_only_different_amounts_for_the_same_term_contradict() -> None:
    def said(slug: str, title: str, summary: str) -> tuple[str, object]:
        text = Localization("ja", title, summary=summary)
        return slug, replace(article(slug), localizations={"ja": text})

    certificate = said("a", "住民票の写し", "住民票の写しは1通300円です。")
    differs = said("b", "コンビニ交付", "住民票の写しは200円です。")
    agrees = said("c", "窓口の案内", "住民票の写しは300円です。")
    other = said("d", "戸籍の証明", "戸籍の証明は450円です。")
    texts = {"a": certificate[1], "b": differs[1], "c": agrees[1], "d": other[1]}
    found = contradictions(texts)  # type: ignore[arg-type]
    assert {(one.term, one.first, one.second) for one in found} == {("住民票の写し", "b", "c")}


def test_links_are_tried_and_a_redirect_opens() -> None:
    text = Localization("ja", "x", summary="https://ok.example/ https://gone.example/a。")
    one = article(localizations={"ja": replace(text, conditions=("http://private.example/",))})
    assert len(addresses([one])) == 3
    problems = {link.url: link.problem for link in tried([one], Web(), lambda: NOW)}
    assert problems == {
        "https://ok.example/": "",
        "https://gone.example/a": "gone",
        "http://private.example/": "address",
    }
