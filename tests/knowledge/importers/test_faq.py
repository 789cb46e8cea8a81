"""Questions and answers in CSV and XLSX."""

from __future__ import annotations

import pytest

from knowledge.article import Section
from knowledge.importers import faq
from tests.knowledge.importers import samples

CSV = 'カテゴリー,質問,回答\r\nごみ,"粗大ごみは, いつ？","申し込みの\r\n日です。～①髙"\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_a_csv_is_read_in_the_encodings_of_offices(encoding: str) -> None:
    (article,) = faq.read(CSV.encode(encoding), "ごみ.csv")
    text = article.localizations["ja"]
    assert text.title == "粗大ごみは, いつ？" and text.questions == ("粗大ごみは, いつ？",)
    assert text.sections == (Section("回答", "申し込みの\n日です。～①髙", ("ごみ",)),)
    assert article.kind == "faq"


@pytest.mark.parametrize("encoding", ["euc_jp", "iso2022_jp", "shift_jis"])
def test_older_encodings_are_told_apart(encoding: str) -> None:
    text = "質問,回答\n粗大ごみの収集を申し込むには？,電話で申し込んでください。\n"
    (article,) = faq.read(text.encode(encoding), "faq.csv")
    assert article.localizations["ja"].title == "粗大ごみの収集を申し込むには？"


def test_half_width_katakana_stay_shift_jis() -> None:
    (article,) = faq.read("質問,回答\nｺﾞﾐの日は？,ｶﾚﾝﾀﾞｰを見てください。\n".encode("cp932"), "a.csv")
    assert article.localizations["ja"].title == "ｺﾞﾐの日は？"


def test_merged_cells_hold_for_every_row_they_cover() -> None:
    rows: list[list[object]] = [
        ["みおつくし市FAQ", None, None, None, None],
        ["No", "分類", "質問", "回答", "URL"],
        [
            1,
            "ごみ",
            "粗大ごみの出し方は？",
            "電話してください。\n受付は9時から。",
            "https://a.jp/1",
        ],
        [2, None, "いくらですか", 200, None],
        [3.0, "税", "証明書は？", "窓口です。", None],
        [4, "税", "空の回答", None, None],
    ]
    articles = faq.read(samples.xlsx(rows, ["A1:E1", "B3:B4"]), "faq.xlsx")
    assert [article.slug for article in articles] == ["faq-1", "faq-2", "faq-3"]
    texts = [article.localizations["ja"] for article in articles]
    assert [text.sections[0].path for text in texts] == [("ごみ",), ("ごみ",), ("税",)]
    assert texts[0].sections[0].text == "電話してください。\n受付は9時から。"
    assert texts[1].sections[0].text == "200"
    assert articles[0].address == "https://a.jp/1"


def test_columns_can_be_named() -> None:
    table = "件名,説明\nいつ？,明日です。\n".encode()
    (article,) = faq.read(table, "a.csv", columns={"question": "件名", "answer": "説明"})
    assert article.localizations["ja"].sections[0] == Section("説明", "明日です。")


@pytest.mark.parametrize(
    "text",
    ['question;answer\nWhere?;"Here; now."\n', "Question\tAnswer\nWhere?\tHere; now.\n"],
)
def test_other_separators_and_languages(text: str) -> None:
    (article,) = faq.read(text.encode(), "faq.csv")
    english = article.localizations["en"]
    assert (english.title, english.sections[0].text) == ("Where?", "Here; now.")


def test_rows_keep_their_slugs_when_others_come_and_go() -> None:
    one = faq.read("質問,回答\nあ？,い。\nう？,え。\n".encode(), "a.csv")
    two = faq.read("質問,回答\nう？,お。\n新しい？,はい。\nあ？,い。\n".encode(), "a.csv")
    slugs = {article.localizations["ja"].title: article.slug for article in two}
    assert [slugs[article.localizations["ja"].title] for article in one] == [a.slug for a in one]


def test_a_question_that_stands_twice_is_told_apart() -> None:
    rows = "質問,回答\nいつ？,朝。\nいつ？,朝。\nいつ？,夜。\n"
    articles = faq.read(rows.encode(), "a.csv")
    assert len(articles) == 2
    assert articles[1].slug == f"{articles[0].slug}-2"


def test_quotes_and_ragged_rows_do_not_break_it() -> None:
    rows = '質問,回答,備考\n"「はい」か""いいえ""か？",はい。\nいつ？,今日。,a,b,c\n\n'
    titles = [a.localizations["ja"].title for a in faq.read(rows.encode(), "a.csv")]
    assert titles == ['「はい」か"いいえ"か？', "いつ？"]
