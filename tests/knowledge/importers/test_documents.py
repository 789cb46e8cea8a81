"""Web pages, PDF, Word and Markdown: title, headings, pages and address are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.article import Article, Section
from knowledge.importers import docx, html, markdown, pdf, read
from tests.knowledge.importers import samples

PAGE = """<!DOCTYPE html>
<html lang="ja"><head><meta charset="{charset}"><title>転入届｜みおつくし市</title>
<link rel="canonical" href="/tennyu.html"><script>var 秘密 = 1;</script></head><body>
<header><nav><a href="/">ホーム</a></nav></header><p class="breadcrumb">ホーム &gt; くらし</p>
{open}<h1>転入届</h1><p>引っ越してきた人は、住み始めた日から
14日以内に<b>届け出て</b>ください。</p>
<h2>必要なもの</h2><ul><li>転出証明書<ul><li>原本</li></ul></li><li>本人確認書類</li></ul>
<h3>外国人の方</h3><p>在留カードが必要です。</p>
<h2>受付時間</h2><table><tr><th>曜日</th><th>時間</th></tr><tr><td>月曜日</td><td></td></tr></table>
<h2>お問い合わせ</h2><div>住民情報課<br>電話：06-0000-1010</div>{close}
<footer>Copyright</footer><noscript>JavaScriptを有効に</noscript></body></html>"""


def sections(article: Article) -> tuple[Section, ...]:
    (text,) = article.localizations.values()
    return text.sections


@pytest.mark.parametrize("charset", ["utf-8", "shift_jis", "euc-jp"])
@pytest.mark.parametrize(
    ("opening", "closing"),
    [("<main>", "</main>"), ('<div id="x"><div>', "</div></div>"), ("<article>", "</article>")],
)
def test_a_page_keeps_its_headings_and_loses_its_furniture(
    charset: str, opening: str, closing: str
) -> None:
    page = PAGE.format(charset=charset, open=opening, close=closing).encode(charset)
    (article,) = read(page, "tennyu.html", address="https://city.example.jp/kurashi/")
    assert article.address == "https://city.example.jp/kurashi/"
    assert article.localizations["ja"].title == "転入届"
    assert sections(article) == (
        Section("転入届", "引っ越してきた人は、住み始めた日から14日以内に届け出てください。"),
        Section("必要なもの", "- 転出証明書\n- 原本\n- 本人確認書類"),
        Section("外国人の方", "在留カードが必要です。", ("必要なもの",)),
        Section("受付時間", "曜日 | 時間\n月曜日 | -"),
        Section("お問い合わせ", "住民情報課\n電話：06-0000-1010"),
    )


def test_the_canonical_address_is_taken_from_a_file() -> None:
    page = PAGE.replace("/tennyu.html", "https://city.example.jp/tennyu.html")
    (article,) = html.read(page.format(charset="utf-8", open="", close="").encode(), "a.html")
    assert article.address == "https://city.example.jp/tennyu.html"


def test_what_scripts_say_never_becomes_text() -> None:
    page = (
        "<body><p>本文の段落です。ここに書いてあります。</p><script>document.write('悪い')</script>"
    )
    (article,) = html.read(page.encode(), "a.html")
    assert "悪い" not in sections(article)[0].text


PDF = samples.pdf(
    [
        [
            (20, "子育て支援計画"), (8, ""), (15, "第1章　基本方針"),
            (10.5, "この計画は、すべての子どもが健やかに育つまちをめざし"),
            (10.5, "て、市が取り組むことを定めるものです。"),
            (15, "第2章　取り組み"), (12.5, "(1) 相談"), (10.5, "区役所で相談できます。"),
            (10.5, ""), (10.5, "- 1 -"),
        ],
        [
            (10.5, "電話でも相談できます。"), (12.5, "(2) 手当"), (10.5, "児童手当を支給します。"),
            (10.5, "- 2 -"),
        ],
    ]
)  # fmt: skip


def test_a_pdf_keeps_headings_and_the_page_of_every_section() -> None:
    (article,) = pdf.read(PDF, "計画.pdf")
    assert article.localizations["ja"].title == "子育て支援計画"
    lead = (
        "この計画は、すべての子どもが健やかに育つまちをめざして、市が取り組むことを定めるものです。"
    )
    assert sections(article) == (
        Section("第1章 基本方針", lead, (), 1),
        Section("(1) 相談", "区役所で相談できます。", ("第2章 取り組み",), 1),
        Section("(1) 相談", "電話でも相談できます。", ("第2章 取り組み",), 2),
        Section("(2) 手当", "児童手当を支給します。", ("第2章 取り組み",), 2),
    )


def test_a_pdf_in_one_size_is_read_like_plain_text() -> None:
    lines = [(10.5, "１　日時"), (10.5, "令和8年4月1日から始めます。"), (10.5, "２　場所")]
    content = samples.pdf([[*lines, (10.5, "区役所の窓口です。")]], title="市のお知らせ")
    (article,) = pdf.read(content, "x.pdf")
    assert article.localizations["ja"].title == "市のお知らせ"
    assert [s.heading for s in sections(article)] == ["１ 日時", "２ 場所"]
    assert [s.page for s in sections(article)] == [1, 1]


def test_a_word_document_keeps_headings_lists_and_tables() -> None:
    content = samples.docx(
        [
            ("Title", "手引"), ("Normal", "はじめに読んでください。"), ("Heading 1", "手続き"),
            ("Heading 2", "転入"), ("Normal", "14日以内です。"), ("List Bullet", "証明書"),
            ("table", [["曜日", "時間"], ["月", ""]]),
            ("Heading 1", "問い合わせ"), ("Normal", "区役所"),
        ]
    )  # fmt: skip
    (article,) = docx.read(content, "a.docx")
    assert article.localizations["ja"].title == "手引"
    assert sections(article) == (
        Section("手引", "はじめに読んでください。"),
        Section("転入", "14日以内です。\n- 証明書\n曜日 | 時間\n月 | -", ("手続き",)),
        Section("問い合わせ", "区役所"),
    )


MARKDOWN = """# 手引

導入。**太字**と[リンク](https://example.jp)と`コード`です。
二行目。

## 手続き
- 証明書
- 本人確認
1. 出す

### 手数料
| 種類 | 額 |
|---|---|
| 住民票 | 300円 |

# 別の章
文です。
"""


def test_markdown_keeps_headings_and_loses_markup() -> None:
    (article,) = markdown.read(MARKDOWN.encode(), "a.md")
    assert article.localizations["ja"].title == "手引"
    assert sections(article) == (
        Section("手引", "導入。太字とリンクとコードです。\n二行目。"),
        Section("手続き", "- 証明書\n- 本人確認\n1. 出す"),
        Section("手数料", "種類 | 額\n住民票 | 300円", ("手続き",)),
        Section("別の章", "文です。"),
    )


def test_markdown_takes_its_title_from_front_matter(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: 案内\ntags: [a]\n---\n# 章\n文です。\n", encoding="utf-8")
    (article,) = markdown.read(path)
    assert article.localizations["ja"].title == "案内"
    assert sections(article) == (Section("章", "文です。"),)
