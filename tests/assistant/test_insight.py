"""Figures for policy: counted right, small ones hidden for good; and what was asked in vain."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.accounts.roles import Grant, Role
from assistant.http.app import create_app
from assistant.insight_plot import bars
from assistant.suppression import LEAST, Cell, suppressed
from assistant.unanswered import in_vain
from tests.assistant.conftest import SmallInstallation
from tests.assistant.staff import form_token, signed_in_browser, staff_installation


@pytest.fixture
def staff(installation: SmallInstallation, tmp_path: Path) -> Iterator[SmallInstallation]:
    with staff_installation(installation, tmp_path) as made:
        yield made


def ask(staff: SmallInstallation, number: int, lang: str, status: str, question: str) -> str:
    kind = [{"type": "reply", "kind": "abstain"}] if status == "abstained" else [{}]
    sources = [{"slug": "moving-in"}] if status == "answered" else []
    return staff.store.record_turn(
        conversation_id=f"c{number}",
        request_id=f"{number}-{question}",
        question=question,
        lang=lang,
        status=status,
        answer={"sources": sources, "blocks": kind, "timings_ms": {"total": 40}},
        token_hash="h",
        expires_at=staff.store.now() + timedelta(days=30),
    ).id


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 60), max_size=8))
def test_a_small_count_cannot_be_worked_out_from_the_sum(counts: dict[str, int]) -> None:
    told = suppressed(counts)
    hidden = [key for key, cell in told.items() if cell.count is None]
    assert all(told[key].count == counts[key] for key in counts if key not in hidden)
    assert all(count not in range(1, LEAST) for key, count in counts.items() if key not in hidden)
    if len(hidden) == 1:
        assert all(count == 0 for key, count in counts.items() if key != hidden[0])


def test_a_plot_tells_its_title_and_hides_what_is_suppressed() -> None:
    plot = bars("p", "Days <b>", "Two bars", [("1", Cell(10)), ("2", Cell(None, True))])
    assert '<title id="p-t">Days &lt;b&gt;</title>' in plot and "<desc" in plot
    assert plot.count("<rect") == 2 and plot.count("hidden-count") == 1


def test_the_figures_of_a_period_as_page_and_csv(staff: SmallInstallation) -> None:
    real = staff.store.now
    staff.store.now = lambda: real() - timedelta(days=2)
    for number in range(20):
        turn = ask(staff, number, "ja", "answered", "北野区で転入届はいつまで？")
        if number < 6:
            staff.store.add_feedback(turn, "good")
    for number in range(20, 27):
        ask(staff, number, "vi", "abstained", "Drone?")
    for number in range(27, 29):
        ask(staff, number, "th", "answered", "?")
    staff.store.now = real
    ask(staff, 99, "ja", "answered", "today does not count")
    browser = signed_in_browser(staff, create_app(staff), "reader", [Grant(Role.EDITOR)])
    page = browser.get("/admin/insight?days=7")
    assert page.status_code == 200 and page.text.count('class="plot"') == 2
    assert "75.9 %" in page.text and "24.1 %" in page.text
    sent = browser.get("/admin/insight/figures.csv?days=7")
    assert sent.content.startswith(b"\xef\xbb\xbf")
    rows = {
        (area, table, key): count
        for area, table, key, _, count in csv.reader(io.StringIO(sent.text.lstrip("\ufeff")))
    }
    assert rows["asked", "lang", "ja"] == "20"
    assert (rows["asked", "lang", "vi"], rows["asked", "lang", "th"]) == ("*", "<5")
    assert rows["asked", "life_event", "moving"] == "22"
    assert (rows["asked", "ward", "北野区"], rows["asked", "ward", "-"]) == ("20", "9")
    assert rows["asked", "outcome", "abstained"] == "7"
    assert [entry.action for entry in staff.store.audit_entries(action="insight")] == [
        "insight.export"
    ]


def test_what_was_asked_in_vain_is_grouped_dismissed_and_becomes_a_draft(
    staff: SmallInstallation, small_city: Path
) -> None:
    staff.import_paths([small_city])
    for number in range(4):
        ask(staff, number, "ja", "abstained", "ドローンの許可は要りますか")
    turn = ask(staff, 5, "ja", "answered", "犬の登録はどこですか")
    staff.store.add_feedback(turn, "bad")
    ask(staff, 6, "ja", "answered", "転入届はいつまで？")
    browser = signed_in_browser(staff, create_app(staff), "editor", [Grant(Role.EDITOR)])
    page = browser.get("/admin/unanswered")
    assert "ドローン・許可" in page.text and "転入届はいつまで" not in page.text
    groups = staff.unanswered.groups(staff.live.get(), 30)
    assert [group.people for group in groups] == [4, 1]
    for number in range(8, 14):
        ask(staff, number, "ja", "clarify", "証明書がほしい")
    ask(staff, 14, "ja", "abstained", "いくら？")
    now = staff.unanswered.groups(staff.live.get(), 30)
    assert [(group.people, group.only_asked_back) for group in now] == [
        (4, False),
        (1, False),
        (6, True),
    ]
    page = browser.get("/admin/unanswered")
    assert page.text.index("ドローン・許可") < page.text.index("聞き返したままの質問")
    form = {"form_token": form_token(page), "group": groups[0].key, "days": "30"}
    made = browser.post("/admin/unanswered/draft", data=form)
    (draft,) = staff.store.drafts()
    assert made.headers["location"].startswith(f"/admin/drafts/{draft.id}")
    assert draft.article.localizations["ja"].questions == ("ドローンの許可は要りますか",)
    browser.post("/admin/unanswered/variant", data={**form, "slug": "moving-in"})
    variant = next(one for one in staff.store.drafts() if one.slug == "moving-in")
    assert "ドローンの許可は要りますか" in variant.article.localizations["ja"].questions
    assert browser.post("/admin/unanswered/dismiss", data=form).status_code == 303
    ask(staff, 7, "ja", "abstained", "ドローンの許可は要りますか")
    assert [group.people for group in staff.unanswered.groups(staff.live.get(), 30)] == [1, 6]
    (dismissed,) = staff.store.dismissed()
    back = {**form, "dismissed": dismissed.id}
    assert browser.post("/admin/unanswered/restore", data=back).status_code == 303
    assert staff.unanswered.groups(staff.live.get(), 30)[0].people == 5


def test_a_question_that_names_no_matter_is_compared_with_the_one_before(
    staff: SmallInstallation,
) -> None:
    ask(staff, 1, "ja", "answered", "ドローンを飛ばしたい")
    ask(staff, 1, "ja", "abstained", "いくら？")
    ask(staff, 2, "ja", "abstained", "いくら？")
    ask(staff, 3, "ja", "abstained", "犬")
    until = staff.store.now() + timedelta(seconds=1)
    found = list(in_vain(staff.store.asked(until - timedelta(days=1), until)))
    assert [one.whole for one in found] == ["ドローンを飛ばしたい いくら？", "犬"]
