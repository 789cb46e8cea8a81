"""A model drafts translations for editors: marked, held to the Japanese, never published alone."""

from __future__ import annotations

import html
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from assistant.accounts.roles import Grant, Role
from assistant.drafting import DraftFailed, Drafting, Patience, Prompt
from assistant.drafting_openai import OpenAIDrafter
from assistant.http.app import create_app
from assistant.publishing import Publishing
from assistant.settings import Settings
from knowledge.article import Article, Localization, Section
from knowledge.figures import figures
from knowledge.machine_text import MachineText, fields_of, unconfirmed
from knowledge.ruby import strip
from knowledge.schema_editing import DraftRow
from knowledge.store_drafts import Draft
from tests.assistant.conftest import SmallInstallation
from tests.assistant.hostile_server import HostileServer
from tests.assistant.staff import form_token, signed_in_browser

SLUG = "moving-in"
NOTHING_BROKEN = {"questions": 0, "broken": 0, "mended": 0, "wrong": 0, "changed": []}
GLOSSARY: Any = [
    {"term": "転入届", "translations": {"en": "moving-in notification"}, "easy": "知らせる 紙"}
]


class Translator:
    """A model that knows the city's own translation, but for the lines that it is told to spoil."""

    def __init__(self, lines: dict[str, str]) -> None:
        self.lines = lines
        self.spoilt: dict[str, str] = {}
        self.prompts: list[Prompt] = []
        self.before_each: Callable[[], None] = lambda: None

    def draft(self, prompt: Prompt) -> Iterator[str]:
        self.prompts.append(prompt)
        self.before_each()
        said = self.spoilt.get(prompt.question) or self.lines.get(prompt.question)
        if said is None:
            raise DraftFailed(f"does not know {prompt.question}")
        yield said[:7]
        yield said[7:]


def lines_of(article: Article, lang: str) -> dict[str, str]:
    """The lines of the Japanese text with those of a translation, signs in front taken off."""
    found = {}
    there = fields_of(article.localizations[lang])
    for name, japanese in fields_of(article.localizations["ja"]).items():
        pairs = zip(strip(japanese).splitlines(), strip(there[name]).splitlines(), strict=False)
        found |= {one.lstrip("- "): other.lstrip("- ") for one, other in pairs}
    return found


class Translating(SmallInstallation):
    """An installation whose model is put in by the test; None: there is none."""

    model: Any = None
    patience = Patience(seconds=5)

    @property
    def article_drafting(self) -> Drafting | None:  # type: ignore[override]
        found = type(self).model
        return Drafting(found, self.patience) if found else None


@pytest.fixture(scope="module")
def made(small_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Translating]:
    made = Translating(Settings(_env_file=None, data=tmp_path_factory.mktemp("machine")))
    assert not made.import_paths([small_city]).refused
    made.store.set_lexicon("glossary", GLOSSARY)
    made.build_release()
    yield made
    made.store.close()


@pytest.fixture
def model(made: Translating) -> Iterator[Translator]:
    Translating.model = Translator(lines_of(made.store.article(SLUG), "en"))
    Translating.patience = Patience(seconds=5)
    yield Translating.model
    Translating.model = None


@pytest.fixture(scope="module")
def app(made: Translating) -> Iterator[Any]:
    app = create_app(made)
    yield app
    app.state.machine_drafts.close()
    app.state.checks.close()


@pytest.fixture(scope="module")
def editor(made: Translating, app: Any) -> TestClient:
    return signed_in_browser(made, app, "editor", [Grant(Role.EDITOR)])


@pytest.fixture(scope="module")
def approver(made: Translating, app: Any) -> TestClient:
    return signed_in_browser(made, app, "approver", [Grant(Role.APPROVER)])


@pytest.fixture
def draft(made: Translating) -> Draft:
    """A draft of an article without English."""
    article = made.store.article(SLUG)
    texts = {lang: text for lang, text in article.localizations.items() if lang != "en"}
    return made.store.start_draft(
        replace(article, number=0, localizations=texts),
        department=article.owner, by="editor", base_number=1,
    )  # fmt: skip


def send(browser: TestClient, path: str, **fields: Any) -> Any:
    return browser.post(path, data={"form_token": form_token(browser.get("/staff")), **fields})


def typed(page: Any) -> dict[str, str]:
    """What stands in the lines and boxes of a draft's form."""
    boxes = re.findall(
        r'<textarea id="[^"]*" name="([^"]+)"[^>]*>\n(.*?)</textarea>', page.text, re.S
    )
    lines = re.findall(
        r'<input id="[^"]*" name="((?:title|heading)[^"]*)" value="([^"]*)"', page.text
    )
    return {name: html.unescape(value) for name, value in (*boxes, *lines)}


def save(editor: TestClient, made: Translating, draft_id: str, **fields: Any) -> Any:
    """Fill in the form of the English tab as it is shown, with `fields`, and send it."""
    there = typed(editor.get(f"/admin/drafts/{draft_id}?tab=en"))
    revision = str(made.store.draft(draft_id).revision)
    values = {"tab": "en", "revision": revision, **there, **fields}
    return send(editor, f"/admin/drafts/{draft_id}", **values)


def ended(app: Any, draft_id: str, lang: str = "en") -> str:
    for _ in range(400):
        state = app.state.machine_drafts.of(draft_id, lang)
        if state is not None and state.end:
            return str(state.end)
        time.sleep(0.02)
    raise AssertionError("the model never ended")


def machine_draft(app: Any, editor: TestClient, made: Translating, draft_id: str) -> str:
    page = save(editor, made, draft_id, go="machine")
    assert page.headers["location"] == f"/admin/drafts/{draft_id}/machine?tab=en", page.text
    return ended(app, draft_id)


def submit(editor: TestClient, made: Translating, draft_id: str) -> Any:
    revision = str(made.store.draft(draft_id).revision)
    return send(editor, f"/admin/drafts/{draft_id}/submit", revision=revision)


def put(made: Translating, draft_id: str, **values: Any) -> None:
    """Bring a draft into a state that no page brings it into."""
    with made.store._writes() as session:
        session.execute(update(DraftRow).where(DraftRow.id == draft_id).values(**values))


def test_a_draft_by_a_machine_waits_for_a_person(
    made: Translating, app: Any, editor: TestClient, approver: TestClient, model: Translator,
    draft: Draft,
) -> None:  # fmt: skip
    page = editor.get(f"/admin/drafts/{draft.id}?tab=en")
    assert "日本語から下訳をつくる" in page.text
    assert machine_draft(app, editor, made, draft.id) == "done"
    now = made.store.draft(draft.id)
    english, original = now.article.localizations["en"], made.store.article(SLUG)
    assert english.facts["deadline"] == original.localizations["en"].facts["deadline"]
    assert len(english.sections) == len(original.localizations["ja"].sections)
    assert now.updated_by == "editor"
    waiting = unconfirmed(now.article, now.machine)
    assert {one.field for one in waiting} == set(fields_of(english))
    page = editor.get(f"/admin/drafts/{draft.id}?tab=en")
    assert page.text.count("機械の下訳（") == len(waiting)
    refused = submit(editor, made, draft.id)
    assert refused.status_code == 400 and "確かめていない欄" in refused.text
    review = approver.get(f"/admin/drafts/{draft.id}/review").text
    assert review.count('<span class="state care">まだ確かめていません') == len(waiting)

    # One field is made a person's own; the others are confirmed.
    seen = {f"seen.{one.field}": "1" for one in waiting if one.field != "summary"}
    save(editor, made, draft.id, summary="Register within 14 days of moving in.", **seen)
    now = made.store.draft(draft.id)
    assert not unconfirmed(now.article, now.machine)
    assert {one.checked_by for one in now.machine if one.text} == {"editor"}
    assert "summary" not in {one.field for one in now.machine}
    assert submit(editor, made, draft.id).status_code == 303
    assert "editor が確かめました" in approver.get(f"/admin/drafts/{draft.id}/review").text
    (entry,) = made.store.audit_entries(action="article.save", limit=1)
    assert "en title" in entry.detail["machine_confirmed"]


def test_the_server_approves_and_publishes_nothing_that_nobody_confirmed(
    made: Translating, app: Any, editor: TestClient, approver: TestClient, model: Translator,
    draft: Draft,
) -> None:  # fmt: skip
    machine_draft(app, editor, made, draft.id)
    now = made.store.draft(draft.id)
    made.store.keep_check(draft.id, now.revision, "release", NOTHING_BROKEN)
    put(made, draft.id, state="in_review")
    page = send(approver, f"/admin/drafts/{draft.id}/approve", revision=str(now.revision))
    assert page.status_code == 400 and "その言語を読める人" in page.text
    assert made.store.draft(draft.id).state == "in_review"

    put(made, draft.id, state="approved", approver="approver")
    number = made.store.article(SLUG).number
    Publishing(made).work()
    assert made.store.article(SLUG).number == number
    assert made.store.draft(draft.id).state == "draft"


def test_a_tick_holds_for_the_words_that_it_stood_beside(
    made: Translating, app: Any, editor: TestClient, model: Translator, draft: Draft
) -> None:
    machine_draft(app, editor, made, draft.id)
    machine = made.store.draft(draft.id).article.localizations["en"].title
    save(editor, made, draft.id, title=f"  {machine} ")
    waiting = [one.field for one in unconfirmed_of(made, draft.id)]
    assert "title" in waiting, "a space more is no other text"
    save(editor, made, draft.id, title="Moving in", **{"seen.title": "1"})
    marks = [one for one in made.store.draft(draft.id).machine if one.field == "title"]
    assert marks == []


def unconfirmed_of(made: Translating, draft_id: str) -> list[MachineText]:
    now = made.store.draft(draft_id)
    return unconfirmed(now.article, now.machine)


def test_what_differs_from_the_japanese_stays_empty_with_the_reason_beside_it(
    made: Translating, app: Any, editor: TestClient, model: Translator, draft: Draft
) -> None:
    original = made.store.article(SLUG).localizations
    japanese, english = (strip(str(original[lang].facts["deadline"])) for lang in ("ja", "en"))
    assert "14" in english
    model.spoilt[japanese] = english.replace("14", "40")
    title = strip(original["ja"].title)
    model.spoilt[title] = "Moving in <script>alert(1)</script>"
    machine_draft(app, editor, made, draft.id)
    now = made.store.draft(draft.id)
    assert "deadline" not in now.article.localizations["en"].facts
    reasons = {one.field: one.reason for one in now.machine if one.reason}
    assert reasons.items() >= {"fact.deadline": "figures", "title": "markup"}.items()
    page = editor.get(f"/admin/drafts/{draft.id}?tab=en").text
    assert "数字や日付" in page and "40" in page and "alert(1)" not in page
    save(editor, made, draft.id, **{"fact.deadline": english})
    assert "fact.deadline" not in {one.field for one in made.store.draft(draft.id).machine}


def test_a_section_of_which_nothing_is_taken_keeps_its_place(
    made: Translating, app: Any, editor: TestClient, model: Translator, draft: Draft
) -> None:
    sections = made.store.article(SLUG).localizations["ja"].sections
    model.spoilt[strip(sections[0].heading)] = "As of 1 April 1999"
    model.spoilt[strip(sections[0].text).splitlines()[0].lstrip("- ")] = "Call 06-9999-1234."
    machine_draft(app, editor, made, draft.id)
    now = made.store.draft(draft.id)
    made_sections = now.article.localizations["en"].sections
    assert len(made_sections) == len(sections)
    assert made_sections[0] == Section(sections[0].heading, "", page=sections[0].page)
    assert "日本語の見出しを置いてあります" in editor.get(f"/admin/drafts/{draft.id}?tab=en").text
    assert "heading.0" in {one.field for one in unconfirmed(now.article, now.machine)}


def test_without_a_model_there_is_no_button(
    made: Translating, editor: TestClient, draft: Draft
) -> None:
    page = editor.get(f"/admin/drafts/{draft.id}?tab=en").text
    assert 'value="machine"' not in page
    page = save(editor, made, draft.id, title="Moving in", go="machine")
    assert page.headers["location"].startswith(f"/admin/drafts/{draft.id}?tab=en")
    assert made.store.draft(draft.id).article.localizations["en"].title == "Moving in"


def test_there_is_no_button_where_nothing_is_missing(
    made: Translating, editor: TestClient, model: Translator, draft: Draft
) -> None:
    assert 'value="machine"' not in editor.get(f"/admin/drafts/{draft.id}?tab=ja").text
    assert 'value="machine"' not in editor.get(f"/admin/drafts/{draft.id}?tab=shared").text
    assert 'value="machine"' not in editor.get(f"/admin/drafts/{draft.id}?tab=ko").text


def test_a_simplification_is_asked_for_in_its_own_words(
    made: Translating, app: Any, editor: TestClient, model: Translator, draft: Draft
) -> None:
    article = draft.article
    texts = {"ja": Localization("ja", "転入届", summary="転入届は14日以内に出してください。")}
    made.store.save_draft(draft.id, replace(article, localizations=texts), revision=1, by="editor")
    assert (
        "やさしい日本語の下書きをつくる"
        in editor.get(f"/admin/drafts/{draft.id}?tab=ja-x-easy").text
    )
    model.lines = {
        "転入届": "転入届（住む ことを 知らせる 紙）",
        "転入届は14日以内に出してください。": "転入届は 14日以内に 出して ください。",
    }
    page = send(editor, f"/admin/drafts/{draft.id}", tab="ja-x-easy", revision="2", go="machine")
    assert page.status_code == 303
    assert ended(app, draft.id, "ja-x-easy") == "done"
    easy = made.store.draft(draft.id).article.localizations["ja-x-easy"]
    assert easy.summary == "転入届は 14日以内に 出して ください。"
    assert "やさしい日本語" in model.prompts[0].orders and "転入届" in model.prompts[0].source


def test_what_somebody_saves_meanwhile_stays(
    made: Translating, app: Any, editor: TestClient, model: Translator, draft: Draft
) -> None:
    writes = threading.Event()
    go_on = threading.Event()

    def wait() -> None:
        writes.set()
        go_on.wait(10)

    model.before_each = wait
    page = save(editor, made, draft.id, summary="My own summary.", go="machine")
    assert page.status_code == 303 and writes.wait(5)
    assert "下訳を機械が書いています" in editor.get(f"/admin/drafts/{draft.id}?tab=en").text
    assert "data-reloads" in editor.get(f"/admin/drafts/{draft.id}/machine?tab=en").text
    save(editor, made, draft.id, title="My own title")
    late = str(made.store.draft(draft.id).revision)
    go_on.set()
    assert ended(app, draft.id) == "done"
    english = made.store.draft(draft.id).article.localizations["en"]
    assert (english.title, english.summary) == ("My own title", "My own summary.")
    assert english.facts and not {"title", "summary"} & {
        one.field for one in made.store.draft(draft.id).machine
    }
    conflict = send(
        editor, f"/admin/drafts/{draft.id}", tab="en", revision=late, title="Typed meanwhile"
    )
    assert conflict.status_code == 409 and "Typed meanwhile" in conflict.text


def test_what_was_kept_after_a_conflict_is_marked_still(
    made: Translating, app: Any, editor: TestClient, model: Translator, draft: Draft
) -> None:
    machine_draft(app, editor, made, draft.id)
    now = made.store.draft(draft.id)
    fields = {**fields_of(now.article.localizations["en"]), "title": "Mine"}
    kept = send(
        editor, f"/admin/drafts/{draft.id}/another", tab="en", revision=str(now.revision), **fields
    )
    other = kept.headers["location"].removeprefix("/admin/drafts/").partition("?")[0]
    waiting = {one.field for one in unconfirmed_of(made, other)}
    assert "summary" in waiting and "title" not in waiting


def test_it_is_stopped_and_keeps_what_is_written(
    made: Translating, app: Any, editor: TestClient, model: Translator, draft: Draft
) -> None:
    def slow() -> None:
        if len(model.prompts) == 2:
            time.sleep(3)

    model.before_each = slow
    assert save(editor, made, draft.id, go="machine").status_code == 303
    while len(model.prompts) < 2:
        time.sleep(0.01)
    started = time.monotonic()
    send(editor, f"/admin/drafts/{draft.id}/machine/stop", tab="en")
    assert ended(app, draft.id) == "stopped"
    assert time.monotonic() - started < 1.0
    english = made.store.draft(draft.id).article.localizations["en"]
    assert english.title and not english.facts
    page = editor.get(f"/admin/drafts/{draft.id}/machine?tab=en").text
    assert "止めました" in page and "下訳が入った欄：1" in page


@pytest.mark.parametrize("kind", ["dead", "slow", "endless"])
def test_a_model_that_does_not_answer_is_told_and_nothing_is_lost(
    made: Translating, app: Any, editor: TestClient, draft: Draft, kind: str
) -> None:
    class Broken:
        def draft(self, prompt: Prompt) -> Iterator[str]:
            if kind == "slow":
                time.sleep(0.5)
            while kind == "endless":
                yield "It costs 777 yen. " * 20
            yield from OpenAIDrafter("http://127.0.0.1:9/v1", "none", seconds=0.5).draft(prompt)

    Translating.model, Translating.patience = Broken(), Patience(seconds=0.2)
    started = time.monotonic()
    page = save(editor, made, draft.id, summary="Typed by me.", go="machine")
    assert page.status_code == 303
    end = ended(app, draft.id)
    Translating.model = None
    assert time.monotonic() - started < 8
    now = made.store.draft(draft.id)
    assert now.article.localizations["en"].summary == "Typed by me."
    assert "777" not in str(now.article.localizations["en"])
    japanese = fields_of(now.article.localizations["ja"])
    for one in unconfirmed(now.article, now.machine):
        assert one.text in japanese.values(), "only what needs no model is there"
    told = editor.get(f"/admin/drafts/{draft.id}/machine?tab=en").text
    assert end == ("done" if kind == "endless" else "model")
    assert "入力した内容はそのまま残っています" in told or kind == "endless"
    assert editor.get(f"/admin/drafts/{draft.id}?tab=en").status_code == 200


def test_nothing_that_a_hostile_server_says_is_believed(
    made: Translating, app: Any, editor: TestClient, draft: Draft
) -> None:
    known = figures(" ".join(map(strip, made.store.article(SLUG).localizations["ja"].texts())))
    with HostileServer(seed=5).running() as server:
        Translating.model = OpenAIDrafter(server.url, "hostile", seconds=0.5)
        Translating.patience = Patience(seconds=0.5, failures=100)
        assert save(editor, made, draft.id, fee="Free", go="machine").status_code == 303
        for _ in range(1500):
            if app.state.machine_drafts.of(draft.id, "en").end:
                break
            time.sleep(0.02)
        Translating.model = None
        assert server.requests > 5
    now = made.store.draft(draft.id)
    english = now.article.localizations.get("en", Localization("en", ""))
    said = " ".join(words for words in map(strip, english.texts()))
    assert figures(said) <= known
    assert not re.search(r"evil|<script|guarantee|exempt", said)
    marked = {one.field for one in unconfirmed(now.article, now.machine)}
    assert set(fields_of(english)) <= marked
