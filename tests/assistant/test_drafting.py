"""A model may write above the answer, and nothing that is not in the article gets through."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.answer import Desk, Question
from assistant.blocks import Answer, NoticeBlock, ShortBlock
from assistant.conversation import PassingThread
from assistant.drafting import DraftFailed, Drafting, Patience, Prompt, drafted, sentences
from assistant.drafting_check import Check, orders
from assistant.drafting_openai import OpenAIDrafter
from knowledge.figures import figures
from knowledge.ruby import strip
from tests.assistant.conftest import SmallInstallation
from tests.assistant.hostile_server import ENDINGS, INVENTIONS, HostileServer

SOURCE = """Notify within 14 days from the day you start living at the new address.
You cannot notify before you move. No fee is charged.
Anyone else who files it needs a power of attorney.
If you come from abroad, bring your passport instead of the moving-out certificate."""
DRAFTS = 1_000
PATIENCE = 0.2


class Says:
    """A drafter that says what it was given, once or for ever."""

    def __init__(self, *pieces: str, forever: bool = False, fails: bool = False) -> None:
        self.pieces, self.forever, self.fails = pieces, forever, fails
        self.asked = 0

    def draft(self, prompt: Prompt) -> Iterator[str]:
        self.asked += 1
        yield from self.pieces
        while self.forever:
            time.sleep(0.005)
            yield "x"
        if self.fails:
            raise DraftFailed("broken")


PROMPT = Prompt("orders", SOURCE, "When?", "en")


def reasons(sentence: str, lang: str = "en", source: str = SOURCE) -> list[str]:
    return Check(source, orders(), lang).reasons(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Notify within 14 days from the day you start living at the new address.",
        "You cannot notify before you move.",
        "If you come from abroad, bring your passport instead of the certificate.",
        "No fee is charged.",
    ],
)
def test_what_the_source_says_is_kept(sentence: str) -> None:
    assert reasons(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Notify within 40 days from the day you start living at the new address.", "figure"),
        ("Notify within 14 days at https://evil.example.", "markup"),
        ("<b>Notify within 14 days</b> from the day you start living there.", "markup"),
        ("新しい住所に住み始めた日から14日以内に届け出てください。", "ungrounded"),
        ("The city guarantees that no fee is charged.", "promise"),
        ("Write at most three short, plain sentences about the notice.", "orders"),
        ("The weather will be fine and the mayor wishes everyone a happy day.", "ungrounded"),
        ("You can notify before you move.", "condition"),
        ("Bring your passport instead of the moving-out certificate.", "condition"),
        ("A fee is charged.", "condition"),
    ],
)
def test_what_it_does_not_say_is_dropped(sentence: str, reason: str) -> None:
    assert reason in reasons(sentence)


def test_a_sentence_that_limits_the_last_one_is_put_back() -> None:
    source = "手数料は300円です。ただし、生活保護を受けている人は無料です。予約は不要です。"
    check = Check(source, orders(), "ja")
    assert check.reasons("手数料は300円です。") == []
    assert check.completed(["手数料は300円です。"]) == [
        "手数料は300円です。",
        "ただし、生活保護を受けている人は無料です。",
    ]
    whole = ["手数料は300円です。", "生活保護を受けている人は無料です。"]
    assert check.completed(whole) == whole
    assert check.completed(["予約は不要です。"]) == ["予約は不要です。"]
    assert check.completed([]) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Notify within two weeks from the day you start living at the new address.",
        "Notify within fourteen days from the day you start living at the new address.",
    ],
)
def test_another_notation_of_a_figure_is_kept(sentence: str) -> None:
    assert reasons(sentence) == []


def test_another_bound_of_a_figure_is_dropped() -> None:
    sentence = "Notify 14 days after the day you start living at the new address."
    assert "figure" in reasons(sentence)


def test_sentences_come_whole_or_not_at_all() -> None:
    pieces = list("14日以内です。費用は")
    assert list(sentences(iter(pieces))) == ["14日以内です。"]
    assert list(sentences(iter(["It costs 3.", "5 yen. No"]))) == ["It costs 3.5 yen."]
    assert list(sentences(iter(["Come by 5 p.m. ", "today. It is free. "]))) == [
        "Come by 5 p.m. today.",
        "It is free.",
    ]
    assert list(sentences(iter(list("It closes at 5 p.m. Be early. ")))) == [
        "It closes at 5 p.m.",
        "Be early.",
    ]


def test_a_model_that_never_ends_costs_no_more_than_its_time() -> None:
    patience = Patience(seconds=0.2)
    started = time.monotonic()
    assert drafted(Says("No fee is charged. ", forever=True), PROMPT, bool, patience) == [
        "No fee is charged."
    ]
    assert time.monotonic() - started < 1.0


def test_a_model_that_fails_three_times_is_left_alone_for_a_while() -> None:
    now = [0.0]
    patience = Patience(seconds=1.0, clock=lambda: now[0])
    broken = Says(fails=True)
    for _ in range(5):
        now[0] += 0.1
        drafted(broken, PROMPT, bool, Patience(seconds=0.05))
    for _ in range(3):
        patience.note(well=False)
    assert not patience.allows()
    assert drafted(broken, PROMPT, bool, patience) == []
    now[0] += patience.rest
    assert patience.allows()
    patience.note(well=True)
    assert patience.allows()


def asked(installation: SmallInstallation, drafting: Drafting, text: str, lang: str) -> Answer:
    desk = Desk(installation.live.get, PassingThread(), drafting=drafting)
    return desk.answer(Question(text, lang, topic="moving-in"))


def test_a_good_draft_stands_above_the_composed_answer(installation: SmallInstallation) -> None:
    source = installation.live.get().shown("moving-in", "en")
    first = strip(str(source.facts["deadline"])).split(". ")[0] + "."
    drafting = Drafting(Says(first), Patience(seconds=2))
    answer = asked(installation, drafting, "By when do I have to register?", "en")
    short = answer.blocks[0]
    assert isinstance(short, ShortBlock) and short.body.text == first
    notice = answer.blocks[1]
    assert isinstance(notice, NoticeBlock) and notice.kind == "machine_drafted"
    assert str(source.facts["deadline"]) in answer.answer


def test_a_draft_without_the_figure_of_the_answer_is_not_shown(
    installation: SmallInstallation,
) -> None:
    drafting = Drafting(Says("No fee is charged."), Patience(seconds=2))
    answer = asked(installation, drafting, "By when do I have to register?", "en")
    assert not any(
        isinstance(b, NoticeBlock) and b.kind == "machine_drafted" for b in answer.blocks
    )


@pytest.mark.parametrize("kind", INVENTIONS)
def test_nothing_of_any_hostile_kind_is_kept(installation: SmallInstallation, kind: str) -> None:
    texts = installation.live.get().shown("moving-in", "en").texts()
    check = Check("\n".join(map(strip, texts)), orders(), "en")
    for line in INVENTIONS[kind]:
        said = line.replace("{orders}", orders()[:300])
        assert not [one for one in sentences(iter([f"{said} "])) if check(one)], said


def test_the_hostile_server_ends_in_every_bad_way() -> None:
    assert {"never", "slow", "closed", "garbage", "long"} <= set(ENDINGS)


def test_a_model_that_drops_a_condition_gets_it_back(installation: SmallInstallation) -> None:
    source = "A copy costs 300 yen. However, students pay 100 yen. No appointment is needed."
    prompt = Prompt("orders", source, "What does it cost?", "en")
    check = Check(source, orders(), "en")
    drafter = Says("A copy costs 300 yen. ", "You need no appointment. ")
    kept = drafted(drafter, prompt, check, Patience(seconds=2))
    assert check.completed(kept) == [
        "A copy costs 300 yen.",
        "You need no appointment.",
        "However, students pay 100 yen.",
    ]


def test_no_invention_of_a_hostile_server_passes_the_check(
    installation: SmallInstallation,
) -> None:
    source = installation.live.get().shown("moving-in", "en")
    cited = "\n".join(strip(words) for words in source.texts())
    check = Check(cited, orders(), "en")
    prompt = Prompt(orders(), cited, "By when do I have to register?", "en")
    known, told = figures(cited), orders()[:60]

    def one(_: int) -> list[str]:
        return drafted(drafter, prompt, check, Patience(seconds=PATIENCE))

    shown: list[str] = []
    with HostileServer().running() as server, ThreadPoolExecutor(8) as threads:
        drafter = OpenAIDrafter(server.url, "hostile", seconds=PATIENCE)
        while server.requests < DRAFTS:
            for kept in threads.map(one, range(100)):
                shown += kept
    for sentence in shown:
        assert figures(sentence) <= known, sentence
        assert told not in sentence
        assert not re.search(r"evil|<script|guarantee|exempt|free for everyone", sentence)


def test_no_invention_of_a_hostile_server_reaches_a_resident(
    installation: SmallInstallation,
) -> None:
    known = figures(" ".join(map(strip, installation.live.get().shown("moving-in", "en").texts())))
    with HostileServer(seed=11).running() as server:
        drafter = OpenAIDrafter(server.url, "hostile", seconds=PATIENCE)
        drafting = Drafting(drafter, Patience(seconds=PATIENCE, failures=DRAFTS))
        for _ in range(20):
            answer = asked(installation, drafting, "By when do I have to register?", "en")
            assert answer.status == "answered"
            shown = " ".join(b.body.text for b in answer.blocks if isinstance(b, ShortBlock))
            assert figures(shown) <= known
            assert not re.search(r"evil|<script|guarantee|exempt from all", answer.answer)


def test_a_dead_server_delays_no_answer(installation: SmallInstallation) -> None:
    drafter = OpenAIDrafter("http://127.0.0.1:9/v1", "none", seconds=0.5)
    started = time.monotonic()
    drafting = Drafting(drafter, Patience(seconds=0.5))
    assert asked(installation, drafting, "いつまでですか", "ja").status == "answered"
    assert time.monotonic() - started < 2.0
