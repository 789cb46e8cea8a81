"""Personal data is hidden, and figures that are none of it stay."""

from __future__ import annotations

import unicodedata

import pytest

from assistant.masking import is_card_number, is_my_number, mask


def test_my_number_by_its_check_digit() -> None:
    assert is_my_number("1234-5678-9018")
    assert not is_my_number("1234-5678-9012")
    assert not is_my_number("1234-5678-901")


def test_card_number_by_its_check_digit() -> None:
    assert is_card_number("4111 1111 1111 1111")
    assert not is_card_number("4111 1111 1111 1112")


@pytest.mark.parametrize(
    ("text", "masked", "kinds"),
    [
        ("番号は123456789018です", "番号は[my-number]です", ("my-number",)),
        ("番号は１２３４５６７８９０１８です", "番号は[my-number]です", ("my-number",)),
        ("090-1234-5678にかけて", "[phone]にかけて", ("phone",)),
        ("call me at 080 9876 5432", "call me at [phone]", ("phone",)),
        ("taro@example.jp に送って", "[email] に送って", ("email",)),
        ("カード4111 1111 1111 1111", "カード[card]", ("card",)),
        ("AB12345678CDの在留カード", "[residence-card]の在留カード", ("residence-card",)),
        ("みおつくし市中央区潮見橋1-2-3です", "[address]です", ("address",)),
        ("〒123-4567です", "[postal-code]です", ("postal-code",)),
    ],
)
def test_masks(text: str, masked: str, kinds: tuple[str, ...]) -> None:
    assert mask(text) == (masked, kinds)


@pytest.mark.parametrize(
    "text",
    [
        "14日以内に5万円",
        "2026年4月1日に引っ越しました",
        "0120-95-0178は何の番号ですか",
        "119にかけるのはどんなときですか",
        "第22条",
        "手数料は300円ですか",
        "10/3と1-2月",
    ],
)
def test_leaves_figures_alone(text: str) -> None:
    assert mask(text) == (text, ())


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("私は山田太郎と申します", "私は[name]と申します"),
        ("名前は鈴木一郎です", "名前は[name]です"),
        ("My name is John Smith and I moved", "My name is [name] and I moved"),
        ("我叫王小明，想问垃圾", "我叫[name],想问垃圾"),
        ("제 이름은 김민수입니다", "제 이름은 [name]입니다"),
        ("Tôi tên là Nguyễn Văn An", "Tôi tên là [name]"),
        ("Me llamo Ana López", "Me llamo [name]"),
        ("มายนัมเบอร์ ๐๙๐-๑๒๓๔-๕๖๗๘", "มายนัมเบอร์ [phone]"),
        ("número de cuenta 1234567", "[account]"),
    ],
)
def test_names_that_are_stated_and_numbers_of_every_script_are_hidden(
    text: str, masked: str
) -> None:
    found, kinds = mask(text)
    assert kinds
    assert found == unicodedata.normalize("NFKC", masked)


@pytest.mark.parametrize(
    "text",
    [
        "私は外国人です",
        "名前はカタカナで書きますか",
        "我叫了救护车",
        "저는 학생이라고 합니다만",
        "My name is wrong on the card",
        "मेरो नाम गलत छ",
        "鈴木さんという職員の方はいますか",
    ],
)
def test_what_is_no_stated_name_stays(text: str) -> None:
    assert mask(text) == (text, ())
