"""Values come from words that were said, and from nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.forms.dates import days
from assistant.forms.filling import Utterance, asked_field, fill, values
from assistant.forms.form import forms
from assistant.forms.places import municipality, postal_area
from assistant.forms.telephone import telephones
from assistant.forms.words import words
from knowledge.article import languages

TODAY = date(2026, 11, 20)  # a Friday


def filled(form: str, lang: str, *turns: tuple[str, str | None]) -> dict[str, object]:
    said = [Utterance(text, lang, asked) for text, asked in turns]
    return values(fill(forms()[form], said, TODAY))


@pytest.mark.parametrize(
    ("form", "asked", "text", "lang"),
    [
        ("bulky-garbage", "items", "料金はいくらですか。", "ja"),
        ("residence-certificate", "purpose", "Magkano po ba?", "tl"),
        ("residence-certificate", "purpose", "你们几点关门？", "zh-Hans"),
        ("moving-out", "new_address", "まだ新しい家は見つかっていなくて。", "ja"),
        ("child-allowance", "bank", "通帳は今日持ってきていません。", "ja"),
        ("seal-registration", "certificates", "一枚もいりません。", "ja"),
        ("seal-registration", "telephone", "夫の携帯は080-0000-9999です。", "ja"),
        ("child-allowance", "bank", "まだ口座を作ってないんです。", "ja"),
        ("bulky-garbage", "place", "うちの前の道に出していいですか。", "ja"),
        ("moving-out", "members", "子どもはもう独立しとるんで、夫婦二人です。", "ja"),
        ("moving-out", "members", "Istri dan anak saya sudah pulang duluan.", "id"),
    ],
)
def test_talk_around_an_answer_fills_nothing(form: str, asked: str, text: str, lang: str) -> None:
    assert asked not in filled(form, lang, (text, asked))


@pytest.mark.parametrize(
    ("form", "asked", "text", "lang", "value"),
    [
        ("moving-in", "telephone", "090の、えー、1234の5678です。", "ja", "090-1234-5678"),
        ("moving-in", "telephone", "zero eight zero, one two three four, double five double six",
         "en", "080-1234-5566"),
        ("moving-in", "birth_date", "July the fourth, nineteen eighty-eight.", "en", "1988-07-04"),
        ("moving-out", "moves_on", "再来週の土曜日です。", "ja", "2026-12-05"),
        ("bulky-garbage", "items", "棚が、えー、二つですね。", "ja", [{"item": "棚", "count": 2}]),
        ("moving-in", "members", "子どもが二人、いや三人です。", "ja",
         [{"kin": "child", "count": 3}]),
        ("moving-in", "name", "私の名前ですか。山口恵です。", "ja", "山口恵"),
        ("moving-in", "head", "世帯主は娘婿の佐々木健太です。", "ja", "佐々木健太"),
        ("moving-in", "birth_date", "五十八年の七月二十日、昭和です。", "ja", "1983-07-20"),
        ("moving-in", "old_address", "富山県の高岡市に五十年おりました。", "ja", "富山県高岡市"),
        ("moving-out", "new_address", "実家に戻るんです、長野県松本市の。", "ja", "長野県松本市"),
        ("moving-in", "telephone", "0790、あ、それ実家だ。080-9123-4456です。", "ja",
         "080-9123-4456"),
        ("moving-in", "members", "就我和我太太，孩子还在国内。", "zh-Hans",
         [{"kin": "wife", "count": 1}]),
        ("bulky-garbage", "wish_on", "On Tuesday.", "en", "2026-11-24"),
        ("bulky-garbage", "wish_on", "El viernes que viene.", "es", "2026-11-27"),
        ("moving-in", "moved_on", "El martes.", "es", "2026-11-17"),
        ("seal-registration", "applicant", "I'm doing it for myself.", "en", "self"),
    ],
)  # fmt: skip
def test_hesitation_and_repair_leave_the_answer(
    form: str, asked: str, text: str, lang: str, value: object
) -> None:
    assert filled(form, lang, (text, asked))[asked] == value


@pytest.mark.parametrize(
    ("text", "lang", "day"),
    [
        ("昨日", "ja", "2026-11-19"),
        ("三日前", "ja", "2026-11-17"),
        ("先週の土曜日", "ja", "2026-11-14"),
        ("令和8年11月15日", "ja", "2026-11-15"),
        ("昭和25年3月10日", "ja", "1950-03-10"),
        ("平成元年1月8日", "ja", "1989-01-08"),
        ("S25.3.10", "ja", "1950-03-10"),
        ("11月15日", "ja", "2026-11-15"),
        ("12月15日", "ja", "2025-12-15"),
        ("last Saturday", "en", "2026-11-14"),
        ("November 15th", "en", "2026-11-15"),
        ("15 November 2026", "en", "2026-11-15"),
        ("three days ago", "en", "2026-11-17"),
        ("上周六", "zh-Hans", "2026-11-14"),
        ("上週六", "zh-Hant", "2026-11-14"),
        ("1990年5月3号", "zh-Hans", "1990-05-03"),
        ("지난주 토요일", "ko", "2026-11-14"),
        ("1990년 3월 15일생", "ko", "1990-03-15"),
        ("hôm qua", "vi", "2026-11-19"),
        ("ngày 15 tháng 11 năm 2026", "vi", "2026-11-15"),
        ("15/11/2026", "vi", "2026-11-15"),
        ("há três dias", "pt", "2026-11-17"),
        ("15 de março de 1990", "pt", "1990-03-15"),
        ("anteayer", "es", "2026-11-18"),
        ("el 3 de mayo de 1990", "es", "1990-05-03"),
        ("kahapon", "tl", "2026-11-19"),
        ("Marso 15, 1990", "tl", "1990-03-15"),
        ("हिजो", "ne", "2026-11-19"),
        ("१९९० मार्च १५", "ne", "1990-03-15"),
        ("kemarin", "id", "2026-11-19"),
        ("15 Maret 1990", "id", "1990-03-15"),
        ("เมื่อวาน", "th", "2026-11-19"),
        ("15 มีนาคม 2533", "th", "1990-03-15"),
    ],
)
def test_days_are_read_as_they_are_said(text: str, lang: str, day: str) -> None:
    assert [str(found.value) for found in days(text, lang, TODAY)] == [day]


def test_a_day_that_may_be_read_two_ways_is_not_sure() -> None:
    (day,) = days("03/04/1990", "en", TODAY)
    assert not day.sure


@pytest.mark.parametrize("text", ["13月40日", "2月30日", "99/99/2020", "令和8年13月1日"])
def test_impossible_days_are_not_read(text: str) -> None:
    assert days(text, "ja", TODAY) == []


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from(sorted(languages())))
def test_any_text_can_be_read(text: str, lang: str) -> None:
    for form in forms().values():
        for field in form.fields:
            fill(form, [Utterance(text, lang, field.name)], TODAY)


@settings(deadline=None)
@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 11, 20)))
def test_every_iso_day_is_read_as_itself(day: date) -> None:
    assert [found.value for found in days(day.isoformat(), "en", TODAY)] == [day]


def test_a_first_sentence_fills_what_it_says_and_nothing_else() -> None:
    assert filled(
        "moving-in", "ja", ("昨日、神戸から妻と子ども2人と引っ越してきました。", None)
    ) == {
        "moved_on": "2026-11-19",
        "old_address": "兵庫県神戸市",
        "members": [{"kin": "wife", "count": 1}, {"kin": "child", "count": 2}],
    }


def test_a_vietnamese_conversation_fills_the_notice_of_moving_in() -> None:
    assert filled(
        "moving-in", "vi",
        ("Tôi vừa chuyển đến từ Kobe hôm qua.", None),
        ("Tôi tên là Nguyễn Văn An ạ", "name"),
        ("Tôi sinh ngày 15 tháng 3 năm 1990", "birth_date"),
        ("090-1234-5678 ạ", "telephone"),
        ("Dạ không, một mình ạ", "members"),
    ) == {
        "moved_on": "2026-11-19",
        "old_address": "兵庫県神戸市",
        "name": "NGUYỄN VĂN AN",
        "birth_date": "1990-03-15",
        "telephone": "090-1234-5678",
        "members": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("name", "わかりません"),
        ("name", "え、何ですか？"),
        ("telephone", "電話は持っていません"),
        ("birth_date", "ちょっと待ってください"),
        ("old_address", "いいえ"),
        ("new_postal_code", "わからないです"),
        ("kana", "漢字で山田です"),
    ],
)
def test_what_is_no_answer_fills_nothing(asked: str, text: str) -> None:
    assert asked not in filled("moving-in", "ja", (text, asked))


def test_the_birthday_of_a_child_is_not_the_claimants() -> None:
    found = filled("child-allowance", "ja", ("11月15日に子どもが生まれました", None))
    assert found == {"claim_reason": "born", "happened_on": "2026-11-15"}


def test_a_my_number_is_never_taken_from_what_was_said() -> None:
    found = filled("child-allowance", "ja", ("マイナンバーは1234 5678 9018です", "my_number"))
    assert "my_number" not in found


def test_an_answer_corrects_what_was_found_before() -> None:
    found = filled(
        "moving-in", "en",
        ("I moved in yesterday.", None), ("No, sorry, November 10, 2026.", "moved_on"),
    )  # fmt: skip
    assert found["moved_on"] == "2026-11-10"


def test_a_confirmed_value_is_never_touched() -> None:
    said = [Utterance("I moved in yesterday.", "en")]
    assert fill(forms()["moving-in"], said, TODAY, confirmed={"moved_on"}) == {}


def test_every_value_names_the_words_it_rests_on() -> None:
    said = [Utterance("My name is John Smith and I moved here from Kobe yesterday.", "en")]
    for proposal in fill(forms()["moving-in"], said, TODAY).values():
        assert proposal.words in said[proposal.utterance].text
        assert 0 < proposal.confidence < 1


def test_heard_characters_are_marked_for_a_look() -> None:
    said = [Utterance("山田太郎です", "ja", "name", spoken=True)]
    proposal = fill(forms()["moving-in"], said, TODAY)["name"]
    assert "characters_heard" in proposal.notes
    assert proposal.confidence < 0.8


def test_the_question_of_staff_tells_the_field() -> None:
    form = forms()["moving-in"]
    assert asked_field(form, "前の住所を教えてください") == "old_address"
    assert asked_field(form, "新しい住所はどちらですか") == "new_address"
    assert asked_field(form, "お名前は何とお読みしますか") == "kana"
    assert asked_field(form, "今日は寒いですね") is None


def test_every_field_can_be_asked_for_by_its_own_question() -> None:
    for form in forms().values():
        for field in form.fields:
            assert asked_field(form, field.ask["ja"]) == field.name, (form.id, field.name)


def test_places_are_known_by_all_their_names() -> None:
    assert municipality("Kobe", "en") == municipality("神户", "zh-Hans") == "兵庫県神戸市"
    assert municipality("Yokohama City", "en") == "神奈川県横浜市"
    assert municipality("府中", "ja") is None
    assert str(postal_area("530-0001")) == "大阪府大阪市北区梅田"
    assert postal_area("999-9999") is None


def test_telephone_numbers_keep_the_groups_that_were_said() -> None:
    (number,) = telephones("電話は06の0000の1234です")
    assert number.text == "06-0000-1234"
    (number,) = telephones("+81 90 1234 5678")
    assert number.text == "090-1234-5678"
    assert list(telephones("12345")) == []


@pytest.mark.parametrize("lang", sorted(languages()))
def test_every_language_has_words_for_forms(lang: str) -> None:
    vocabulary = words(lang)
    assert {kin for kin, _ in vocabulary.kin} == {kin for kin, _ in words("ja").kin}
    assert vocabulary.days and vocabulary.names and vocabulary.came_from


@pytest.mark.parametrize(
    ("text", "lang", "day"),
    [
        ("先月の二十八日", "ja", "2026-10-28"),
        ("来週の水曜日", "ja", "2026-11-25"),
        ("昭和十二年の一月七日", "ja", "1937-01-07"),
        ("11がつ とおか", "ja-x-easy", "2026-11-10"),
        ("民國79年5月3日", "zh-Hant", "1990-05-03"),
        ("下周三", "zh-Hans", "2026-11-25"),
        ("십일월 십일", "ko", "2026-11-10"),
        ("primeiro de novembro", "pt", "2026-11-01"),
        ("November the fifth", "en", "2026-11-05"),
        ("วันที่ 10 พฤศจิกายนครับ", "th", "2026-11-10"),
    ],
)
def test_days_in_words_and_of_other_months_are_read(text: str, lang: str, day: str) -> None:
    assert [str(found.value) for found in days(text, lang, TODAY)] == [day]


@pytest.mark.parametrize(
    ("asked", "text", "value"),
    [
        ("moved_on", "10月9日、いや、10日です", "2026-10-10"),
        ("telephone", "ゼロハチゼロ、イチニサンヨン、ゴロクナナハチです", "080-1234-5678"),
        ("telephone", "ホテルは06-0000-9999ですけど、私は080-1111-2222です", "080-1111-2222"),
        ("name", "木村、木村拓郎です", "木村拓郎"),
        ("name", "森由美子です。旦那は森健太です。", "森由美子"),
        ("kana", "まつもと、じゅんいちろうです", "マツモト ジュンイチロウ"),
        ("new_postal_code", "五三〇の〇〇〇一です", "530-0001"),
        ("old_address", "今は広島市中区基町5-25です", "広島市中区基町5-25"),
    ],
)
def test_answers_are_read_as_people_talk(asked: str, text: str, value: str) -> None:
    assert filled("moving-in", "ja", (text, asked))[asked] == value


@pytest.mark.parametrize(
    ("lang", "asked", "text"),
    [
        ("ja", "telephone", "ホテルの電話は06-0000-9999です"),
        ("ja", "name", "父の高橋一郎です"),
        ("ja", "moved_on", "11月1日以降です"),
        ("ja", "birth_date", "母は昭和30年1月1日生まれです"),
        ("ja", "new_address", "友達の家に泊まってるのでまだです"),
        ("tl", "members", "Ang asawa ko po at dalawang anak"),
    ],
)
def test_what_is_somebody_elses_or_open_fills_nothing(lang: str, asked: str, text: str) -> None:
    assert asked not in filled("moving-in", lang, (text, asked))


def test_the_head_of_the_household_may_be_the_person_who_asks() -> None:
    found = filled("moving-in", "ja", ("私です", "head"), ("佐藤大輔です", "name"))
    assert found["head"] == "佐藤大輔"


@pytest.mark.parametrize(
    ("form", "lang", "asked", "text"),
    [
        ("moving-out", "ja", "members", "子どもたちも一緒です。"),
        ("moving-out", "ja", "members", "夫は残ります。妻の母と行きます。"),
        ("moving-in", "es", "members", "Con mi esposa y mi suegra."),
        ("moving-in", "en", "members", "My wife and our kids."),
        ("moving-in", "en", "name", "It's on my residence card."),
        ("bulky-garbage", "ja", "items", "いろいろあるんですけど。"),
        ("bulky-garbage", "ja", "wish_on", "火曜か木曜。"),
        ("bulky-garbage", "ja", "wish_on", "月曜日はだめです。"),
        ("residence-certificate", "en", "copies", "One for me and one for my wife."),
        ("residence-certificate", "ja", "domicile_shown", "載せたほうがいいですか？"),
        ("seal-registration", "ja", "applicant", "代理って何ですか。"),
        ("child-allowance", "th", "bank", "ขอคิดดูก่อนครับ"),
    ],
)
def test_what_leaves_something_open_fills_nothing(
    form: str, lang: str, asked: str, text: str
) -> None:
    assert asked not in values(fill(forms()[form], [Utterance(text, lang, asked)], TODAY))


@pytest.mark.parametrize(
    ("form", "lang", "asked", "text", "value"),
    [
        ("moving-in", "en", "old_address", "We came from Okayama.", "岡山"),
        ("moving-in", "en", "name", "Last name Brown, first name Alice.", "Alice BROWN"),
        ("moving-in", "ja", "moved_on", "荷物は10日、住み始めたのは12日です。", "2026-11-12"),
        ("moving-out", "ja", "moves_on", "来週の金曜です。あ、違うわ、木曜です。", "2026-11-26"),
        ("moving-out", "ja", "name", "大野です。下の名前は、さくらです。", "大野さくら"),
        ("child-allowance", "ja", "children", "上に二人いるので、全部で三人です。", 3),
        ("nhi-enrollment", "tl", "reason", "Nawalan po ako ng trabaho.", "left_insurance"),
        ("moving-in", "ja-x-easy", "old_address", "なごやから きました", "愛知県名古屋市"),
    ],
)
def test_answers_are_read_as_more_people_give_them(
    form: str, lang: str, asked: str, text: str, value: object
) -> None:
    found = values(fill(forms()[form], [Utterance(text, lang, asked)], TODAY))
    assert str(found.get(asked)).casefold() == str(value).casefold()


def test_a_proxy_gives_the_birthday_of_the_one_they_act_for() -> None:
    born = ("父は昭和二十五年四月一日生まれです。", "birth_date")
    proxy = ("父の代理です。", "applicant")
    assert filled("seal-registration", "ja", proxy, born)["birth_date"] == "1950-04-01"
    assert "birth_date" not in filled("seal-registration", "ja", born)
