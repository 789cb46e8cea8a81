"""A session at the counter: proposals in two languages, a form, and nothing left behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.counter.handover import Asked, Summary, hand_over, take
from assistant.counter.proposals import Proposal, edited
from assistant.counter.session import (
    IDLE,
    CounterSession,
    CounterSessions,
    Said,
    SessionEnded,
    ask_desk,
)
from assistant.replies import replies
from knowledge.polarity import negated
from knowledge.store import Store
from tests.assistant.conftest import SmallInstallation

START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TODAY = START.date()


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(clock: Clock) -> CounterSessions:
    return CounterSessions(clock)


@pytest.fixture
def session(sessions: CounterSessions) -> CounterSession:
    return sessions.start("hanako", "vi")


def asked(session: CounterSession, installation: SmallInstallation, text: str) -> list[Proposal]:
    answer = ask_desk(installation.live.get, session, text, topic="moving-in")
    return session.take(answer, installation.live.get())


def test_every_piece_of_an_answer_stands_in_both_languages(
    session: CounterSession, installation: SmallInstallation
) -> None:
    found = {p.kind: p for p in asked(session, installation, "Tôi phải mang theo gì?")}
    assert found["short"].lang == "vi"
    assert found["deadline"].japanese[0].startswith("住み始めた日から14日以内")
    assert "14" in found["deadline"].own[0]
    assert found["deadline"].basis.endswith("届け出てください。")
    assert all(p.state == "proposed" for p in found.values())
    assert not [(p.own, p.japanese, p.flags) for p in found.values() if p.flags]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Nhà tôi đang cháy", "emergency.fire"),
        ("thời tiết ngày mai thế nào", "abstain_elsewhere.weather"),
        ("Cho tôi nói chuyện với nhân viên", "handoff"),
    ],
)
def test_a_reply_is_the_same_reply_in_japanese(
    session: CounterSession, installation: SmallInstallation, question: str, kind: str
) -> None:
    answer = ask_desk(installation.live.get, session, question)
    piece = session.take(answer, installation.live.get())[0]
    release = installation.live.get()
    assert piece.own == (release.city.render(replies("vi")(kind), "vi"),)
    assert piece.japanese == (release.city.render(replies("ja")(kind), "ja"),)


def test_a_language_that_the_article_lacks_is_flagged(
    sessions: CounterSessions, installation: SmallInstallation
) -> None:
    thai = sessions.start("hanako", "th")
    found = asked(thai, installation, "ย้ายเข้า")
    assert any("only_japanese" in p.flags for p in found)


def test_an_edit_may_not_bring_in_a_figure(
    session: CounterSession, installation: SmallInstallation
) -> None:
    deadline = next(p for p in asked(session, installation, "khi nào?") if "14" in p.own[0])
    with pytest.raises(ValueError, match="40"):
        edited(deadline, "Hãy khai báo trong vòng 40 ngày.")
    changed = session.decide(deadline.id, "approved", "Trong vòng 14 ngày.")
    assert changed.own == ("Trong vòng 14 ngày.",)
    assert "edited" in changed.flags


@pytest.mark.parametrize(
    "text", ["Trong vòng 14 tuần.", "Mất 14 yên.", "Sau 14 ngày mới được khai báo."]
)
def test_a_figure_of_an_edit_keeps_its_unit_and_bound(
    session: CounterSession, installation: SmallInstallation, text: str
) -> None:
    deadline = next(p for p in asked(session, installation, "khi nào?") if "14" in p.own[0])
    with pytest.raises(ValueError, match="14"):
        edited(deadline, text)


def test_proposals_carry_the_ruby_of_the_article(
    sessions: CounterSessions, installation: SmallInstallation
) -> None:
    easy = sessions.start("hanako", "ja-x-easy")
    found = asked(easy, installation, "ひっこしてきました")
    lines = [
        (line, runs) for p in found for line, runs in zip(p.own, p.own_ruby, strict=False) if runs
    ]
    assert lines
    assert all("".join(base for base, _ in runs) == line for line, runs in lines)
    assert all("{" not in p.label for p in found)
    changed = edited(next(p for p in found if p.own_ruby), "まどぐちに きて ください")
    assert changed.own_ruby == ()


def test_a_session_begins_with_what_was_handed_over(
    session: CounterSession, installation: SmallInstallation
) -> None:
    summary = Summary(
        "vi",
        (
            Asked("Khi nào phải khai báo?", "vi", "answered", "moving-in", "deadline"),
            Asked("Giá vé máy bay?", "vi", "in_vain"),
            Asked("?", "vi", "answered", "withdrawn-since"),
        ),
    )
    session.take_over(summary, installation.live.get())
    assert [(one.outcome, bool(one.title), one.about) for one in session.handed] == [
        ("answered", True, "期限"), ("in_vain", False, ""), ("answered", False, ""),
    ]  # fmt: skip
    assert session.said[0].gist == session.handed[0].title
    assert [said.text for said in session.said] == [one.question for one in session.handed]


def test_what_nobody_approved_gives_way_to_the_next_answer(
    session: CounterSession, installation: SmallInstallation
) -> None:
    first = asked(session, installation, "Tôi phải mang theo gì?")
    session.decide(first[0].id, "approved")
    asked(session, installation, "Ở đâu?")
    states = [p.state for p in session.proposed]
    assert states.count("approved") == 1
    assert first[1].id not in {p.id for p in session.proposed}


def test_the_answer_to_a_field_fills_the_form(session: CounterSession) -> None:
    session.start_form("moving-in")
    session.resident_said(Said("resident", "Tôi vừa chuyển đến từ Kobe hôm qua.", "vi"))
    session.ask("name")
    session.resident_said(Said("resident", "Nguyễn Văn An ạ", "vi"))
    assert session.values(TODAY) == {
        "moved_on": "2026-11-19", "old_address": "兵庫県神戸市", "name": "NGUYỄN VĂN AN",
    }  # fmt: skip
    following = session.next_field(TODAY)
    assert following is not None and following.name == "kana"


def test_staff_who_ask_in_their_own_words_are_understood(session: CounterSession) -> None:
    session.start_form("moving-in")
    session.staff_said("では、電話番号をお願いします")
    session.resident_said(Said("resident", "090 1234 5678", "vi"))
    assert session.said[-1].asked == "telephone"
    assert session.values(TODAY)["telephone"] == "090-1234-5678"


def test_a_confirmed_value_stays_what_staff_made_it(session: CounterSession) -> None:
    session.start_form("moving-in")
    session.confirm("name", "NGUYEN VAN AN", TODAY)
    session.ask("name")
    session.resident_said(Said("resident", "Trần Văn Bình", "vi"))
    assert session.values(TODAY)["name"] == "NGUYEN VAN AN"
    session.confirm("name", None, TODAY)
    assert session.values(TODAY)["name"] == "TRẦN VĂN BÌNH"


def test_an_ended_session_is_gone(sessions: CounterSessions, session: CounterSession) -> None:
    kept = sessions.end(session.id, "hanako", "done")
    assert (kept.lang, kept.outcome) == ("vi", "done")
    with pytest.raises(SessionEnded):
        sessions.open(session.id, "hanako")


def test_ten_idle_minutes_end_a_session(
    sessions: CounterSessions, session: CounterSession, clock: Clock
) -> None:
    clock.now += IDLE - timedelta(seconds=1)
    sessions.open(session.id, "hanako")
    clock.now += IDLE
    (kept,) = sessions.sweep()
    assert kept.outcome == "idle"
    with pytest.raises(SessionEnded):
        sessions.open(session.id, "hanako")


def test_a_session_belongs_to_who_started_it(
    sessions: CounterSessions, session: CounterSession
) -> None:
    with pytest.raises(SessionEnded):
        sessions.open(session.id, "taro")


def test_nothing_that_was_asked_reaches_the_store(
    session: CounterSession, installation: SmallInstallation, tmp_path: Path
) -> None:
    asked(session, installation, "Tôi là Zzyzxova, tôi phải mang theo gì?")
    data = installation.settings.data
    for file in data.rglob("*"):
        if file.is_file():
            assert b"Zzyzxova" not in file.read_bytes()


@pytest.mark.parametrize(
    ("text", "lang", "denied"),
    [
        ("手数料はかかりません。", "ja", True),
        ("手数料は300円です。", "ja", False),
        ("There is no fee.", "en", True),
        ("Không mất lệ phí.", "vi", True),
        ("La tasa es de 300 yenes.", "es", False),
    ],
)
def test_negations_are_noticed(text: str, lang: str, denied: bool) -> None:
    assert negated(text, lang) is denied


def test_a_conversation_is_handed_over_once() -> None:
    with Store.open("sqlite://") as store:
        from assistant.conversation import _hashed

        store.record_turn(
            conversation_id=_hashed("token"), request_id="1", question="転入届について",
            lang="ja", status="answered", answer={"sources": [{"slug": "moving-in"}]},
            token_hash=_hashed("token"), expires_at=store.now() + timedelta(days=1),
        )  # fmt: skip
        code = hand_over(store, "token", "ja")
        assert code is not None and len(store.waiting_handovers()) == 1
        summary = take(store, f"{code[:4]} {code[4:]}", "hanako")
        assert summary is not None and summary.slugs == ("moving-in",)
        assert summary.asked == (Asked("転入届について", "ja", "answered", "moving-in"),)
        assert store.waiting_handovers() == []
        assert take(store, code, "taro") is None
        assert hand_over(store, "token", "ja") is None
        assert hand_over(store, "another token", "ja") is None


def test_what_staff_say_beside_a_question_ends_the_question(session: CounterSession) -> None:
    session.start_form("moving-in")
    session.ask("telephone")
    session.staff_said("少々お待ちください。")
    session.resident_said(Said("resident", "090-0000-1234", "vi"))
    assert session.said[-1].asked is None


def test_what_was_heard_as_kana_reaches_the_form(session: CounterSession) -> None:
    session.start_form("moving-in")
    session.ask("moved_on")
    said = Said("resident", "お届いです。", "ja", spoken=True, kana="おとといです")
    session.resident_said(said)
    assert session.found(TODAY)["moved_on"].value == "2026-11-18"
