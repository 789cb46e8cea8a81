"""Readings: written inline, taken out, put on every kanji, and right."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge import localization_text
from knowledge.errors import ArticleInvalid
from knowledge.ruby import parse, strip
from knowledge.ruby_annotation import (
    align,
    annotate,
    annotate_file,
    annotate_localization,
    overrides_above,
    unread,
)
from knowledge.ruby_overrides import Overrides, load_overrides

SAMPLE = Path(__file__).parents[2] / "knowledge" / "sample_city"
EASY = sorted(SAMPLE.glob("articles/*/ja-x-easy.md"))

READINGS = """
{住|す}み{始|はじ}めた {日|ひ}から {14日|じゅうよっか}{以内|いない}に {出|だ}して ください。
4{月|がつ}{1日|ついたち}から 30{日|にち}まで
1{日|にち}に 1{回|かい}
{10日|とおか}、{20日|はつか}、15{日|にち}
{7日間|なのかかん} {借|か}ります
{1人|ひとり}と {2人|ふたり}と 3{人|にん}
{2人目|ふたりめ}の {子|こ}ども
30{分|ぷん}から 1{時間|じかん}、15{分|ふん}
4{分|ぶん}の3を {払|はら}います
2か{月分|げつぶん}の {家賃|やちん}
3か{月|げつ}、{何|なん}か{月|げつ}、{数|すう}か{月|げつ}
2{月|がつ}に {避難所|ひなんじょ}で、1か{月|げつ}の {上限|じょうげん}
{申|もう}し{込|こ}んだ {月|つき}の {次|つぎ}の {月|つき}に
5{万円|まんえん}{以下|いか}の {過料|かりょう}
18{歳以上|さいいじょう}の {人|ひと}、{20歳|はたち}の {人|ひと}
1{階|かい}と 3{階|がい}
{第|だい}22{条|じょう}
{住|す}んで いる {区|く}の {区役所|くやくしょ}に {行|い}きます
{転入届|てんにゅうとどけ}と {転出届|てんしゅつとどけ}と {出生届|しゅっしょうとどけ}
{窓口|まどぐち}で {聞|き}いて ください
ほかの {人|ひと}に お{願|ねが}いする {紙|かみ}
ほかの {市|し}から {引|ひ}っ{越|こ}して きました
{外国人|がいこくじん}の {人|ひと}
{前|まえ}の {年|とし}の {収入|しゅうにゅう}
{次|つぎ}の {日|ひ}に {来|き}て ください
{市|し}の {人|ひと}が {家|いえ}に {来|こ}ないとき
{来|く}る ことが できません
{何|なに}を しますか。これは {何|なん}ですか
{何時|なんじ}から {何時|なんじ}まで
{何日|なんにち} かかりますか
{年|とし}が {上|うえ}の {人|ひと}
{体|からだ}、{知的|ちてき}、{心|こころ}
{大|おお}きさと {数|かず}
{役所|やくしょ}が {開|あ}いて いる {日|ひ}
ファイルを {開|ひら}いて ください
{冷蔵庫|れいぞうこ}の {中|なか}を {空|から}に します
{日本|にほん}に {住|す}む {日本人|にほんじん}
{今日|きょう}と {明日|あした}と {今年|ことし}
{大人|おとな}と {赤|あか}ちゃん
{書|か}き{方|かた}が わかりません
{お金|おかね}の ことを {話|はな}します
{話|はなし}を {聞|き}きます
{申|もう}し{込|こ}みます
{持|も}って {来|き}た もの
{手続|てつづ}きの {間|あいだ}
{偶数月|ぐうすうづき}に {払|はら}います
{住民票|じゅうみんひょう}の {写|うつ}しを 1{通|つう}
{水道|すいどう}の {止水栓|しすいせん}
{長|なが}い {時間|じかん} {家|いえ}に いる
2{年間|ねんかん} {保険料|ほけんりょう}が {安|やす}く なります
"""


@pytest.mark.parametrize("right", [line for line in READINGS.splitlines() if line])
def test_kanji_are_read_right(right: str) -> None:
    assert annotate(strip(right)) == right


def test_there_are_enough_readings_to_trust() -> None:
    assert sum(reading is not None for _, reading in parse(READINGS)) > 100


def test_ruby_is_parsed_and_taken_out() -> None:
    text = "{市|し}の{窓口|まどぐち}、{{phone.desk}}"
    assert parse(text) == [
        ("市", "し"), ("の", None), ("窓口", "まどぐち"), ("、{{phone.desk}}", None),
    ]  # fmt: skip
    assert strip(text) == "市の窓口、{{phone.desk}}"
    assert parse("") == [] and strip("{a}") == "{a}"


@pytest.mark.parametrize(
    "text",
    [
        "{{section.resident}}の 窓口",
        "{転入届|てんいりとどけ}と {人|じん}",  # what somebody wrote stays, right or wrong
        "https://example.jp/ と mail@example.jp の 中",
        "証（カード）と B型肝炎と 交通系ICカード",
        "４月１日、㈱みおつくし、㎡、が\u3099",
        "一行目\n二行目\n",
        "",
        "ひらがなだけ",
    ],
)
def test_annotating_twice_changes_nothing(text: str) -> None:
    once = annotate(text)
    assert annotate(once) == once
    assert unread(once) == []
    assert strip(once) == strip(text)


def test_placeholders_and_addresses_are_left_alone() -> None:
    assert annotate("{{section.resident}}に 電話") == "{{section.resident}}に {電話|でんわ}"
    assert annotate("https://a.jp/x?y=1 の 市") == "https://a.jp/x?y=1 の {市|し}"


def test_okurigana_stay_outside() -> None:
    assert align("申し込み", "もうしこみ") == [("申", "もう"), ("し", ""), ("込", "こ"), ("み", "")]
    assert align("大人", "おとな") == [("大人", "おとな")]
    assert align("証(カード)", "あかし") is None
    assert align("行く", "ゆき") is None


@pytest.mark.skipif(not EASY, reason="no article in やさしい日本語 yet")
def test_every_kanji_of_the_sample_city_gets_a_reading() -> None:
    for path in EASY:
        text = path.read_text(encoding="utf-8")
        localization = localization_text.load(text, path.stem, path.name)
        annotated = annotate_localization(localization, overrides_above(path))
        assert [run for text in annotated.texts() for run in unread(text)] == []
        assert [strip(text) for text in annotated.texts()] == [
            strip(text) for text in localization.texts()
        ]


def test_a_file_is_annotated_once(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE / "articles" / "moving-in", tmp_path / "articles" / "moving-in")
    path = tmp_path / "articles" / "moving-in" / "ja-x-easy.md"
    path.write_text(strip(path.read_text(encoding="utf-8")), encoding="utf-8")
    (tmp_path / "ruby_overrides.yaml").write_text('snippets: ["{14日|じゅうよん}"]\n')
    annotate_file(path)
    text = path.read_text(encoding="utf-8")
    assert "{14日|じゅうよん}{以内|いない}に" in text
    assert "{{city.name}}に {住|す}む" in text
    assert annotate_file(path) is False
    assert path.read_text(encoding="utf-8") == text


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArticleInvalid, match=r"absent.md: the file cannot be read"):
        annotate_file(tmp_path / "absent.md")


def test_the_overrides_of_a_city_go_before_the_general_ones(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text('snippets: ["{市役所|しやくば}"]\nalone: {人: じん}\n', encoding="utf-8")
    own = Overrides().with_more([load_overrides(path)])
    assert annotate("市役所の 人", own) == "{市役所|しやくば}の {人|じん}"
    assert (
        annotate("松風区", overrides_above(SAMPLE / "articles" / "x.md"))
        == "{松風|まつかぜ}{区|く}"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("snippet: []\n", "other parts than"),
        ('snippets: ["市役所"]\n', "no reading in '市役所'"),
        ("alone: [a]\n", "'alone' is not a list"),
        ("counters: {日: {}}\n", "no reading in '日'"),
    ],
)
def test_overrides_that_are_wrong_are_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "ruby_overrides.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ArticleInvalid, match=message):
        load_overrides(path)
