"""Plain text: how headings, pages and paragraphs are told apart."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.article import Section
from knowledge.importers import contents, text
from knowledge.importers.layout import parts
from knowledge.importers.pages import even_pages, pages
from knowledge.importers.reflow import Block, reflow
from knowledge.importers.source import Source

NOTICE = """粗大ごみの出し方について

１　申し込み方法
　粗大ごみは事前の申し込みが必要です。電話またはインターネットで申し込んでくだ
さい。受付時間は月曜日から土曜日の９時から17時までです。

(1) 電話での申し込み
　粗大ごみ受付センターに電話してください。
電話番号　06-0000-5030

(2) インターネットでの申し込み
　市のホームページから24時間申し込めます。

２　手数料
　次のとおりです。
・いす　200円
・机　400円

■注意
エアコン、テレビは収集できません。
※家電リサイクル法の対象です。

【お問い合わせ】
環境局ごみ減量課
電話　06-0000-5010
"""


def read(content: str, name: str = "a.txt", title: str = "") -> tuple[Section, ...]:
    source = Source(name, content.encode(), date(2026, 4, 1))
    (article,) = text.read(b"", source=source, title=title)
    (localization,) = article.localizations.values()
    return localization.sections


def test_numbers_and_marks_make_headings() -> None:
    found = read(NOTICE)
    assert [(section.path, section.heading) for section in found] == [
        ((), "１ 申し込み方法"),
        (("１ 申し込み方法",), "(1) 電話での申し込み"),
        (("１ 申し込み方法",), "(2) インターネットでの申し込み"),
        ((), "２ 手数料"),
        (("２ 手数料",), "■注意"),
        (("２ 手数料",), "【お問い合わせ】"),
    ]
    assert found[0].text.startswith(
        "粗大ごみは事前の申し込みが必要です。電話またはインターネットで申し込んでください。"
    )
    assert found[1].text.endswith("\n電話番号 06-0000-5030")
    assert found[3].text == "次のとおりです。\n・いす 200円\n・机 400円"


def test_the_first_line_is_the_title() -> None:
    (article,) = text.read(NOTICE.encode("cp932"), "gomi.txt")
    assert article.localizations["ja"].title == "粗大ごみの出し方について"
    assert article.slug == "gomi"


def test_english_paragraphs_and_headings() -> None:
    found = read(
        "Guide to garbage\n\nBurnable waste is collected twice a week. Please put\n"
        "it out by 8:30.\n\nLarge items\n\nCall the center first.\n"
    )
    assert found == (
        Section(
            "Guide to garbage",
            "Burnable waste is collected twice a week. Please put it out by 8:30.",
        ),
        Section("Large items", "Call the center first."),
    )  # fmt: skip


def test_form_feeds_are_pages_and_printed_numbers_say_which() -> None:
    body = "この計画は市の取り組みを定めます。"
    found = read(f"計画\n\n{body}\n5\n\f続きの文です。\n6\n\f{body}\n7\n", title="計画")
    assert [(section.page, section.text) for section in found] == [
        (5, body), (6, "続きの文です。"), (7, body),
    ]  # fmt: skip


def test_pages_without_printed_numbers_are_counted() -> None:
    found = pages("一\f二\f三\f")
    assert [(page.number, page.lines) for page in found] == [
        (1, ("一",)),
        (2, ("二",)),
        (3, ("三",)),
    ]


def test_a_page_is_told_only_where_it_is_certain() -> None:
    # Two pages begin among three places of like size: which, nobody can say.
    assert even_pages([100, 100, 100, 100], [True, False, False, False], 3) == [0, None, None, 2]
    # As many places as pages: no doubt.
    assert even_pages([10, 900, 30], [True, False, False], 3) == [0, 1, 2]
    # A place that is no page break for sure.
    assert even_pages([500, 10, 500], [True, False, True], 2) == [0, 0, 1]
    assert even_pages([10], [True], 2) == [None]


def test_wrapped_lines_are_joined_and_headings_are_not() -> None:
    lines = [
        "相談の充実",
        "",
        "オンライン会議ツール等を活用し、来庁しなくても相談",
        "",
        "できる機会の充実を図ります。",
    ]
    assert reflow(lines, spaced=True) == [
        Block("short", "相談の充実", True),
        Block(
            "paragraph",
            "オンライン会議ツール等を活用し、来庁しなくても相談できる機会の充実を図ります。",
            True,
        ),
    ]


def test_headings_after_their_text_are_given_back() -> None:
    blocks = [
        Block(
            "paragraph",
            "行政への申請・手続きについて、オンラインで完結できるよう行政手続きを拡大します。",
        ),
        Block(
            "paragraph",
            "タブレットを活用した書かない窓口等により、ストレスを感じない窓口をめざします。",
        ),
        Block("paragraph", "また、場所にとらわれない手続きの調査を進めます。"),
        Block("short", "デジタル行政手続きの拡大"),
        Block("short", "ストレスを感じない窓口サービスの実現"),
    ]
    found = parts(blocks, slides=True)
    assert [(part.heading, len(part.blocks)) for part in found] == [
        ("デジタル行政手続きの拡大", 1),
        ("ストレスを感じない窓口サービスの実現", 2),
    ]


def test_a_table_of_contents_gives_chapters() -> None:
    table = "目次\n\nはじめに p1-2\n\nサービス\n副題\n\n01 p3-5\n\nあんしん\n\n02 p6-9\n"
    assert contents.chapters(table) == [("はじめに", 1, 2), ("サービス", 3, 5), ("あんしん", 6, 9)]
    assert contents.chapters("3ページ p9-29\n") == []


CORPUS = Path(__file__).parents[4] / "shared" / "corpora" / "osaka-city-dx-strategy.txt"


@pytest.mark.skipif(not CORPUS.exists(), reason="the report is not on this machine")
def test_a_real_report_taken_out_of_slides() -> None:
    (article,) = text.read(CORPUS)
    found = article.localizations["ja"].sections
    (counter,) = [section for section in found if "「書かない窓口」" in section.text]
    assert counter.heading == "デジタルによるストレスを感じない窓口サービスの実現"
    assert counter.path == ("03. 大阪市のDX戦略", "サービスのRe-Design")
    assert counter.page == 12
    assert counter.text.startswith("自立型対話AI等による行政サービスの案内やタブレットを活用した")
    assert counter.text.endswith("仕組みづくりに向け調査研究を進めます。")
    places = {section.heading: (section.path[-1:], section.page) for section in found}
    assert places["パーソナライズされた情報の提供"] == (("サービスのRe-Design",), 13)
    assert places["デジタルツインによる防災・減災対策"] == (("あんしんのRe-Design",), 15)
    assert places["「誰一人取り残されない」デジタル化"][0] == ("やさしさのRe-Design",)
    assert places["アバター" if "アバター" in places else "アジャイル"][0] == ("Appendix. 用語集",)
