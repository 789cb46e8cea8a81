"""The path of a question, on five articles and the fake embedder."""

from __future__ import annotations

import pytest

from assistant.answer import Desk, Question
from assistant.blocks import (
    FactsBlock,
    NotesBlock,
    NoticeBlock,
    ReplyBlock,
    ShortBlock,
)
from assistant.phrases import facet
from assistant.steps.screen import LIMIT
from knowledge.figures import figures
from knowledge.ruby import strip

from .conftest import SmallInstallation


@pytest.mark.parametrize(
    ("question", "lang", "words"),
    [
        ("引っ越してきました。いつまでに届け出が必要ですか", "ja", "14日以内"),
        ("I just moved here. By when do I have to register my address?", "en", "14 days"),
    ],
)
def test_the_fact_asked_for_comes_first(desk: Desk, question: str, lang: str, words: str) -> None:
    answer = desk.answer(Question(question, lang))
    assert answer.status == "answered"
    assert answer.sources[0].slug == "moving-in"
    assert answer.sources[0].version == 1
    short = answer.blocks[0]
    assert isinstance(short, ShortBlock)
    assert short.fact == "deadline"
    assert words in short.body.text


def test_conditions_are_never_left_out(desk: Desk, installation: SmallInstallation) -> None:
    answer = desk.answer(Question("転入届の手数料はいくら", "ja"))
    notes = next(block for block in answer.blocks if isinstance(block, NotesBlock))
    source = installation.live.get().shown("moving-in", "ja")
    assert len(notes.lines) == len(source.conditions)


def test_every_figure_of_an_answer_stands_in_its_source(
    desk: Desk, installation: SmallInstallation
) -> None:
    for slug, article in installation.live.get().articles.items():
        for lang in ("ja", "ja-x-easy", "en", "vi"):
            for question in article.localizations[lang].questions[:3]:
                answer = desk.answer(Question(question, lang))
                if answer.status != "answered":
                    continue
                source = installation.live.get().shown(answer.sources[0].slug, answer.lang)
                held = figures(" ".join(strip(words) for words in source.texts()))
                said = figures(
                    " ".join(
                        line.text
                        for block in answer.blocks
                        if isinstance(block, ShortBlock | NotesBlock)
                        for line in (
                            *block.lines,
                            *([block.body] if hasattr(block, "body") else []),
                        )
                    )
                )
                assert said <= held, (slug, lang, question)


@pytest.mark.parametrize(
    ("follow_up", "fact", "lang"),
    [
        ("持ち物は？", "bring", "ja"),
        ("what if I'm late?", None, "en"),
        ("何時まで？", "hours", "ja"),
    ],
)
def test_a_follow_up_holds_the_thread(
    desk: Desk, follow_up: str, fact: str | None, lang: str
) -> None:
    first = desk.answer(Question("転入届について教えて", "ja"))
    assert first.sources[0].slug == "moving-in"
    second = desk.answer(Question(follow_up, "ja", first.conversation))
    assert second.sources[0].slug == "moving-in"
    assert second.lang == lang
    short = next(block for block in second.blocks if isinstance(block, ShortBlock))
    assert short.fact == fact
    if fact is None:
        assert short.body.text != first.blocks[0].body.text  # type: ignore[union-attr]


def test_a_new_topic_leaves_the_thread(desk: Desk) -> None:
    first = desk.answer(Question("転入届について教えて", "ja"))
    second = desk.answer(Question("粗大ごみの料金はいくらですか", "ja", first.conversation))
    assert second.sources[0].slug == "bulky-garbage"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("家が燃えています", "fire"),
        ("My house is on fire", "fire"),
        ("夫に殴られます", "dv"),
        ("死にたい", "suicide"),
    ],
)
def test_emergencies_come_before_everything(desk: Desk, question: str, kind: str) -> None:
    answer = desk.answer(Question(question, None))
    assert answer.status == "emergency"
    block = answer.blocks[0]
    assert isinstance(block, ReplyBlock)
    assert block.kind == kind
    assert block.phones
    assert "retrieve" not in answer.timings_ms


@pytest.mark.parametrize("question", ["死亡届はどこに出しますか", "火事のあとの罹災証明書がほしい"])
def test_procedures_are_no_emergencies(desk: Desk, question: str) -> None:
    assert desk.answer(Question(question, "ja")).status != "emergency"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("", "empty"),
        ("   \u3000\u200b ", "empty"),
        ("あ" * (LIMIT + 1), "too-long"),
        ("あ" * 10_000, "too-long"),
        ("😀😀😀", "unreadable"),
        ("？！…", "unreadable"),
        ("\x00\x01\x02", "empty"),
    ],
)
def test_unreadable_questions_get_a_sentence(desk: Desk, question: str, kind: str) -> None:
    for lang in ("ja", "en", "th"):
        answer = desk.answer(Question(question, lang))
        assert answer.status == "error"
        block = answer.blocks[0]
        assert isinstance(block, ReplyBlock)
        assert block.kind == kind
        assert "{" not in block.body.text


def test_control_characters_do_not_change_the_answer(desk: Desk) -> None:
    clean = desk.answer(Question("転入届の持ち物", "ja"))
    dirty = desk.answer(Question("転入\u200b届\x07の持ち\u00ad物\x00", "ja"))
    assert dirty.sources == clean.sources


def test_mixed_scripts_are_answered(desk: Desk) -> None:
    answer = desk.answer(Question("転入届 deadline いつまで до когда?", "ja"))
    assert answer.status in ("answered", "clarify")


def test_personal_data_is_masked_before_it_is_stored(
    desk: Desk, installation: SmallInstallation
) -> None:
    answer = desk.answer(Question("マイナンバー1234-5678-9018のカードをなくした", "ja"))
    assert answer.conversation is not None
    kept = installation.conversations.transcript(answer.conversation)
    assert "1234" not in str(kept)
    assert any(getattr(block, "kind", "") == "masked" for block in answer.blocks)


def test_a_double_submit_is_one_turn(desk: Desk, installation: SmallInstallation) -> None:
    question = Question("転入届の持ち物", "ja", "conversation-one", request_id="request-one")
    first, second = desk.answer(question), desk.answer(question)
    assert first.turn == second.turn
    assert len(installation.conversations.transcript("conversation-one")) == 1


def test_a_choice_is_answered_from_its_article(desk: Desk) -> None:
    answer = desk.answer(Question("証明書", "ja", topic="my-number-card-loss"))
    assert answer.sources[0].slug == "my-number-card-loss"


def test_an_untranslated_article_is_shown_in_japanese_and_says_so(desk: Desk) -> None:
    answer = desk.answer(Question("ย้ายบ้าน", "th", topic="moving-in"))
    assert answer.lang == "th"
    assert answer.sources[0].lang == "ja"
    assert isinstance(answer.blocks[0], NoticeBlock)
    assert answer.blocks[0].kind == "shown_in_japanese"


def test_a_step_that_fails_still_answers(installation: SmallInstallation) -> None:
    def broken(turn: object) -> None:
        raise RuntimeError("out of order")

    desk = Desk(installation.live.get, installation.conversations, steps=(("broken", broken),))
    answer = desk.answer(Question("転入届", "vi"))
    assert answer.status == "error"
    assert answer.lang == "vi"
    assert answer.blocks[0].type == "reply"


def test_the_card_shows_each_fact_once(desk: Desk) -> None:
    answer = desk.answer(Question("転入届の期限", "ja"))
    card = next(block for block in answer.blocks if isinstance(block, FactsBlock))
    assert "deadline" not in {item.name for item in card.items}


@pytest.mark.parametrize(
    ("question", "lang"),
    [("転入届", "ja"), ("転入届のこと、教えてほしいねん", "ja"), ("I just moved here", "en")],
)
def test_what_an_article_answers_is_not_broad(desk: Desk, question: str, lang: str) -> None:
    assert desk.answer(Question(question, lang)).sources[0].slug == "moving-in"


@pytest.mark.parametrize(
    ("text", "lang", "fact"),
    [
        ("phải khai báo địa chỉ trong bao lâu?", "vi", "deadline"),
        ("gia hạn mất bao lâu?", "vi", "duration"),
        ("how many days do I have to report it?", "en", "deadline"),
        ("많이 늦었는데 어떡하죠", "ko", "late"),
        ("ลูกเพิ่งเกิด ต้องแจ้งภายในกี่วัน", "th", "deadline"),
    ],
)
def test_the_fact_a_question_is_after(text: str, lang: str, fact: str) -> None:
    assert facet(text, lang).fact == fact
