"""Articles as files: nothing is lost, and what is wrong is named."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.article import FACT_NAMES, LIFE_EVENTS, LIST_FACTS, Article, Localization, Section
from knowledge.article_files import read_article, read_articles, same_content, write_article
from knowledge.errors import ArticleInvalid

SAMPLE = Path(__file__).parents[2] / "knowledge" / "sample_city" / "articles"

NASTY = (
    "{{hours.ward}}", "- list", "# heading", "## 見出し", "\\## 見出し", "<!-- path: a -->",
    "key: value", "no", "~", "null", "2026-04-01", "09:00", "1_000", "'", '"', "a # b",
    " 前に空白", "後ろに空白 ", "一行目\n二行目", "\n\n空行", "---", "--- a", "...",
    "a\n---\nb", "%TAG", "@at", "`x`", "!tag", "&a *b", "タブ\tの字", "\u2028",
    "\u3000全角", "{漢字|かんじ}", "😀", "é", "a > b", "p; page: 3", "-->", "[x]", ">-",
    "。」と。次", "文。 空白。文", "x\n## y", "=", "<<", "ä\u0308", "\ufeff", "|",
    "a\n\n\n\nb", "a \nb",
)  # fmt: skip
TEXT = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30),
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=4).map("".join),
)
FILLED = TEXT.filter(lambda text: bool(text.strip()))
LINES = st.lists(FILLED, max_size=3).map(tuple)
SLUG = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,3}", fullmatch=True)


def _facts(pairs: dict[str, tuple[str, str]]) -> dict[str, str | tuple[str, ...]]:
    return {name: pair if name in LIST_FACTS else pair[0] for name, pair in pairs.items()}


PAIRS = st.dictionaries(st.sampled_from(FACT_NAMES), st.tuples(FILLED, FILLED), max_size=4)
FACTS = PAIRS.map(_facts)
SECTION = st.builds(Section, TEXT, TEXT, LINES, st.none() | st.integers(1, 900))
DAY = st.dates(date(2000, 1, 1), date(2099, 1, 1))


@st.composite
def articles(draw: st.DrawFn) -> Article:
    tags = st.sampled_from(("ja", "ja-x-easy", "en", "th"))
    langs = draw(st.lists(tags, min_size=1, unique=True))
    texts = {
        lang: Localization(
            lang, draw(FILLED), draw(LINES), draw(TEXT), draw(FACTS), draw(LINES),
            tuple(draw(st.lists(SECTION, max_size=3))),
        )
        for lang in langs
    }  # fmt: skip
    start = draw(DAY)
    return Article(
        draw(SLUG), draw(st.sampled_from(LIFE_EVENTS)), start, draw(DAY), texts,
        draw(st.sampled_from(("procedure", "faq", "document"))),
        draw(st.none() | st.dates(start, date(2100, 1, 1))), draw(st.none() | DAY),
        tuple(draw(st.lists(SLUG, max_size=3))), draw(LINES), draw(TEXT), draw(TEXT),
    )  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(articles())
def test_an_article_comes_back_from_its_files(article: Article) -> None:
    with tempfile.TemporaryDirectory() as root:
        folder = write_article(article, Path(root) / article.slug)
        assert read_article(folder) == article


def test_the_example_comes_back_and_is_written_readably(tmp_path: Path) -> None:
    example = read_article(SAMPLE / "moving-in")
    folder = write_article(example, tmp_path / "moving-in")
    assert read_article(folder) == example
    text = (folder / "ja.md").read_text(encoding="utf-8")
    assert "summary: >-\n  {{city.name}}の外から引っ越してきた人が、" in text
    assert "\n## 届け出が遅れたとき\n\n14日を過ぎても" in text
    assert "  bring:\n    - 転出証明書（" in text
    assert "effective_from: 2026-04-01\n" in (folder / "article.yaml").read_text(encoding="utf-8")


def test_folded_japanese_gets_no_space(tmp_path: Path) -> None:
    example = read_article(SAMPLE / "moving-in")
    assert "手続きです。住み始めて" in example.localizations["ja"].summary


def test_a_language_taken_out_loses_its_file(tmp_path: Path) -> None:
    example = read_article(SAMPLE / "moving-in")
    write_article(example, tmp_path / "moving-in")
    only = {"ja": example.localizations["ja"]}
    shorter = Article("moving-in", "moving", date(2026, 4, 1), date(2026, 4, 1), only)
    write_article(shorter, tmp_path / "moving-in")
    assert sorted(p.name for p in (tmp_path / "moving-in").iterdir()) == ["article.yaml", "ja.md"]


def test_the_number_is_no_content() -> None:
    example = read_article(SAMPLE / "moving-in")
    other = Article(**{f: getattr(example, f) for f in Article.__slots__} | {"number": 7})
    assert same_content(example, other)


GOOD_YAML = "life_event: moving\neffective_from: 2026-04-01\nchecked_on: 2026-04-01\n"
GOOD_TEXT = "---\ntitle: 題\n---\n"


def folder_with(
    root: Path, article: str = GOOD_YAML, ja: str = GOOD_TEXT, slug: str = "a-b"
) -> Path:
    folder = root / slug
    folder.mkdir(parents=True)
    (folder / "article.yaml").write_text(article, encoding="utf-8")
    (folder / "ja.md").write_text(ja, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"article": "life_event: moving\n"}, "a-b/article.yaml: 'effective_from' is missing"),
        ({"article": GOOD_YAML + "onwer: x\n"}, "the key 'onwer' is none of"),
        ({"article": GOOD_YAML + "owner: a\nowner: b\n"}, "line 5: the key 'owner' stands twice"),
        ({"article": GOOD_YAML.replace("04-01", "13-01")}, "'effective_from' is '2026-13-01'"),
        ({"article": GOOD_YAML.replace("moving", "travel")}, "life_event 'travel' is none of"),
        ({"article": GOOD_YAML + "effective_until: 2026-01-01\n"}, "before effective_from"),
        ({"article": GOOD_YAML + "related: [../x]\n"}, "slug '../x' is not of the form"),
        ({"article": "- a\n"}, "not a list of `key: value` lines"),
        ({"article": "a: [b\n"}, "article.yaml line"),
        ({"ja": "title: 題\n"}, "a-b/ja.md: the file does not start with"),
        ({"ja": "---\ntitle: 題\n"}, "does not end with"),
        ({"ja": "---\ntitle: ''\n---\n"}, "a-b/ja: the title is empty"),
        ({"ja": "---\ntitle: 題\nfact: {}\n---\n"}, "the key 'fact' is none of"),
        ({"ja": "---\ntitle: 題\nfacts:\n  cost: 無料\n---\n"}, "the fact 'cost' is none of"),
        ({"ja": "---\ntitle: 題\nfacts:\n  bring: 紙\n---\n"}, "'bring' is not a list"),
        ({"ja": "---\ntitle: 題\nfacts:\n  fee: [紙]\n---\n"}, "'fee' is not one text"),
        ({"ja": "---\ntitle: 題\nfacts:\n  fee:\n---\n"}, "the fact fee is empty"),
        ({"ja": "---\ntitle: 題\nquestions:\n  - a: b\n---\n"}, "line 1 of 'questions'"),
        ({"ja": "---\ntitle: 題\n---\n本文だけ\n"}, "stands before the first ## heading"),
        ({"slug": "A_b"}, "slug 'A_b' is not of the form"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, changes: dict[str, str], message: str) -> None:
    with pytest.raises(ArticleInvalid) as caught:
        read_article(folder_with(tmp_path, **changes))
    assert message in str(caught.value)


def test_a_file_of_no_language_and_a_wrong_encoding_are_named(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    (folder / "xx.md").write_text(GOOD_TEXT)
    with pytest.raises(ArticleInvalid, match=r"a-b/xx.md: 'xx' is no language"):
        read_article(folder)
    (folder / "xx.md").unlink()
    (folder / "ja.md").write_bytes("---\ntitle: 題\n---\n".encode("cp932"))
    with pytest.raises(ArticleInvalid, match=r"a-b/ja.md: the file is not in UTF-8"):
        read_article(folder)


def test_windows_line_ends_and_byte_order_marks_are_read(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    text = "\ufeff---\r\ntitle: 題\r\n---\r\n\r\n## 見出し\r\n\r\n本文\r\n"
    (folder / "ja.md").write_bytes(text.encode())
    assert read_article(folder).localizations["ja"].sections == (Section("見出し", "本文"),)


def test_writing_refuses_what_files_cannot_hold(tmp_path: Path) -> None:
    text = Localization("ja", "題\x00")
    article = Article("a-b", "moving", date(2026, 4, 1), date(2026, 4, 1), {"ja": text})
    with pytest.raises(ArticleInvalid, match="U\\+0000"):
        write_article(article, tmp_path / "a-b")
    with pytest.raises(ArticleInvalid, match="not named a-b"):
        write_article(article.__class__(**{
            f: getattr(article, f) for f in Article.__slots__
        } | {"localizations": {"ja": Localization("ja", "題")}}), tmp_path / "other")  # fmt: skip


def test_folders_without_an_article_are_passed_over(tmp_path: Path) -> None:
    folder_with(tmp_path, slug="b")
    folder_with(tmp_path, slug="a")
    (tmp_path / "images").mkdir()
    (tmp_path / ".git").mkdir()
    assert [article.slug for article in read_articles(tmp_path)] == ["a", "b"]
    with pytest.raises(ArticleInvalid, match="no such folder"):
        list(read_articles(tmp_path / "absent"))
