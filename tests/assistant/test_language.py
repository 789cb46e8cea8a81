"""The language of a question, within the thirteen."""

from __future__ import annotations

import pytest

from assistant.language import identify


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("引っ越してきました。いつまでに届け出が必要ですか", "ja"),
        ("ひっこしました。なにを しますか", "ja-x-easy"),
        ("きのう ひっこして きました。なにを しますか", "ja-x-easy"),
        ("マイナンバーカード 更新 必要なもの", "ja"),
        ("粗大ごみ シール 値段", "ja"),
        ("I just moved here", "en"),
        ("搬家以后要办什么手续", "zh-Hans"),
        ("大型垃圾怎麼丟", "zh-Hant"),
        ("이사했는데 언제까지 신고해야 하나요", "ko"),
        ("toi vua chuyen nha", "vi"),
        ("Tôi vừa chuyển nhà", "vi"),
        ("quanto custa o certificado", "pt"),
        ("¿cuánto cuesta el certificado?", "es"),
        ("magkano ang bayad", "tl"),
        ("बसाइँ सरेपछि के गर्नुपर्छ", "ne"),
        ("berapa biaya surat keterangan", "id"),
        ("ย้ายบ้านต้องทำอย่างไร", "th"),
    ],
)
def test_without_a_hint(text: str, lang: str) -> None:
    assert identify(text) == lang


@pytest.mark.parametrize(
    ("text", "hint", "lang"),
    [
        ("住民票", "zh-Hant", "zh-Hant"),
        ("住民票", "ja", "ja"),
        ("転入届", "zh-Hans", "ja"),
        ("119", "ko", "ko"),
        ("pension", "es", "es"),
        ("持ち物は？", "ja-x-easy", "ja-x-easy"),
        ("what if I'm late?", "ja", "en"),
        ("搬家", "zh-Hans", "zh-Hans"),
        ("情報公開請求 何日", "ja", "ja"),
        ("旅券申請 目的", "ja", "ja"),
        ("学童 申し込み 書類", "ja", "ja"),
        ("請問多少錢", "ja", "zh-Hant"),
        ("申請", "zh-Hant", "zh-Hant"),
    ],
)
def test_the_page_decides_where_the_text_cannot(text: str, hint: str, lang: str) -> None:
    assert identify(text, hint) == lang


def test_an_unknown_hint_is_ignored() -> None:
    assert identify("hello", "xx") == "en"


@pytest.mark.parametrize(
    ("text", "hint", "lang"),
    [
        ("Transfer of registered domicile (転籍届)", "en", "en"),
        ("姓名的变更、离婚后的姓氏（氏名の変更・離婚後の氏）", "zh-Hans", "zh-Hans"),
        ("How do I get 住民票の写し?", "en", "en"),
        ("How do I get a 住民票の写し?", None, "en"),
        ("Làm sao để lấy 住民票", "vi", "vi"),
        ("giay to dang ky ly hon", "vi", "vi"),
        ("lop tieng nhat gia re", "vi", "vi"),
        ("gbizid co mat phi khong", "vi", "vi"),
        ("how do I pay my tax", "vi", "en"),
        ("where can my son go to school", "vi", "en"),
        ("magkano po ang bayad sa munisipyo", "vi", "tl"),
        ("kokuho kasari banaune", "ne", "ne"),
        ("what documents do I bring", "ne", "en"),
        ("法テラス是什么", "zh-Hans", "zh-Hans"),
        ("转入届の期限", "ja", "ja"),
        ("My Number Cardをなくした", "ja", "ja"),
        ("My Number Cardをなくした", None, "ja"),
        ("「転入届」とは", "en", "ja"),
        ("転入届", "en", "ja"),
    ],
)
def test_a_quoted_official_term_does_not_make_a_question_japanese(
    text: str, hint: str | None, lang: str
) -> None:
    assert identify(text, hint) == lang
