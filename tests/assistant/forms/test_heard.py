"""What was heard as kana mends what was written, and where both differ nothing is taken."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.forms.filling import Utterance, fill, values
from assistant.forms.form import forms
from assistant.forms.heard import heard_answer, in_figures
from assistant.forms.person_names import known_name

TODAY = date(2026, 11, 20)  # a Friday


def heard(form: str, asked: str, text: str, kana: str) -> object:
    said = [Utterance(text, "ja", asked, spoken=True, kana=kana)]
    return values(fill(forms()[form], said, TODAY)).get(asked)


@pytest.mark.parametrize(
    ("kana", "figures"),
    [
        ("しょうわにねんのしがつついたち", "昭和2年の4月1日"),
        ("へいせいがんねんのはちがつじょうごにち", "平成元年の8月15日"),
        ("みいかまえです", "3日前です"),
        ("にじうよっか", "24日"),
        ("よんつー", "4通"),
        ("いちいちがつ", "11月"),
    ],
)
def test_numbers_are_read_from_their_sound(kana: str, figures: str) -> None:
    assert in_figures(kana) == figures


@pytest.mark.parametrize(
    ("form", "asked", "text", "kana", "value"),
    [
        ("moving-in", "moved_on", "お届いです。", "おとといです", "2026-11-18"),
        ("moving-in", "moved_on", "見課まいです。", "みいかまいです", "2026-11-17"),
        ("moving-in", "name", "医能へ踏み込です。", "いのうえふみこです", "イノウエ フミコ"),
        ("moving-in", "name", "山田太郎です。", "やまだたろうです", "山田太郎"),
        ("moving-in", "kana", "わたなびなおこです。", "わたなびなおこです", "ワタナベ ナオコ"),
        ("moving-in", "head", "排出人です。", "はいしょじんです", None),
        (
            "moving-in",
            "head",
            "世帯主はむすめむ子のささき検査です。",
            "せたいのしはむすめむこのささきけんたです",
            "ササキ ケンタ",
        ),
        (
            "moving-in",
            "name",
            "主人ですか。私はカタ村めぐみです。",
            "しゅじんですかわたしはよしむらめぐみです",
            "ヨシムラ メグミ",
        ),
        (
            "moving-in",
            "birth_date",
            "昭和の7年5月ミカです。",
            "しょうわのななねんごがつみかです",
            "1932-05-03",
        ),
        ("moving-out", "moves_on", "12月お台です。", "じゅうにがちみっかです", "2026-12-03"),
        ("nhi-enrollment", "qualified_on", "11月2日です。", "じゆいちがつふつかです", "2026-11-02"),
        (
            "moving-in",
            "old_address",
            "トイヤマケンの高岡市です。",
            "といやまけんのたかおかしです",
            "富山県高岡市",
        ),
        (
            "moving-in",
            "old_address",
            "よご県のひめじしです。",
            "よごけんのひめじしです",
            "兵庫県姫路市",
        ),
        ("moving-in", "old_address", "みなみ山です。", "みなみやまのほうです", "みなみ山"),
        (
            "moving-in",
            "new_address",
            "大手町にの15の300にです。",
            "おーてまちにのじゅうごのさんびゃくにです",
            "大手町2-15-302",
        ),
        (
            "child-allowance",
            "bank",
            "水保銀行の埋め出してんです。",
            "みずほぎんこうのうめだしてんです",
            "みずほ銀行の梅田支店",
        ),
        (
            "moving-in",
            "members",
            "おとと子どもが二人います。",
            "おととおこどもがふたりいます",
            [{"kin": "husband", "count": 1}, {"kin": "child", "count": 2}],
        ),
        ("residence-certificate", "copies", "にまいです。", "にまいです", 2),
        ("residence-certificate", "copies", "3枚です。", "よんまいです", None),
        (
            "seal-registration",
            "telephone",
            "音の携帯です。08000009909です。",
            "おっとのけいたい",
            None,
        ),
    ],
)
def test_an_answer_by_its_sound(form: str, asked: str, text: str, kana: str, value: object) -> None:
    assert heard(form, asked, text, kana) == value


def test_of_two_days_the_one_that_sounds_like_what_was_heard_is_taken() -> None:
    text, kana = "昭和2年の4月2日です。", "しょうわにねんのしがつついたちです"
    assert heard("moving-in", "birth_date", text, kana) == "1927-04-01"


def test_what_is_no_name_sounds_like_none() -> None:
    assert known_name("もういちどおねがいします") is None


@pytest.mark.parametrize(
    ("text", "kana", "value"),
    [
        (
            "広島市中くもとまちごの25です。",
            "ひろしましなかくもとまちごのにじうごです",
            "広島市中区基町5-25",
        ),
        (
            "今は、みおつくし市中央区、本庁、産庁命中の二号です。",
            "いまはみをつくししちうおくほんちょうさんちょうめいちばんにごうです",
            "みおつくし市中央区本町3丁目1番2号",
        ),
        ("中央区谷町2丁目3番4号です。", "ちゅうおうくたにまちにちょうめさんばんよんごうです", None),
    ],
)
def test_an_address_is_put_together_by_its_sound(text: str, kana: str, value: str | None) -> None:
    field = forms()["moving-out"].field("old_address")
    answer = heard_answer(field, text, kana, "ja", TODAY)
    assert answer is not None
    assert answer.value == (value or text.removesuffix("です。"))


def test_an_address_with_a_lost_figure_stays_open() -> None:
    field = forms()["moving-out"].field("old_address")
    kana = "みおつくししちうおくおうてまちちょうめにばんさんごうです"
    heard = "みおつくし市中央区大手町 丁目2番産号です"
    assert heard_answer(field, heard, kana, "ja", TODAY) is None


def test_a_postal_code_is_heard_as_a_number_and_four_figures() -> None:
    field = forms()["moving-in"].field("new_postal_code")
    answer = heard_answer(
        field, "530の001です。", "ごはやくさんじゅーのせろせろせろいちです", "ja", TODAY
    )
    assert answer is not None and answer.value == "530-0001"


def test_a_number_heard_as_another_word_is_read_after_a_question_for_it() -> None:
    said = [Utterance("Do please.", "en", "copies", spoken=True)]
    assert values(fill(forms()["residence-certificate"], said, TODAY)) == {"copies": 2}
    typed = [Utterance("Do please.", "en", "copies")]
    assert values(fill(forms()["residence-certificate"], typed, TODAY)) == {}
