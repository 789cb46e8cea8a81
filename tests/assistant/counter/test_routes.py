"""The tablet's routes: one session from the first word to the end, and what they refuse."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.accounts.roles import Grant, Role
from assistant.http.app import create_app
from assistant.settings import Settings
from knowledge.article import languages
from tests.assistant.conftest import SLUGS, SmallInstallation
from tests.assistant.staff import HTML, form_token, signed_in_browser, staff_installation

API = "/counter/api"


@pytest.fixture(scope="module")
def staff(
    installation: SmallInstallation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SmallInstallation]:
    with staff_installation(installation, tmp_path_factory.mktemp("counter")) as made:
        yield made


@pytest.fixture(scope="module")
def app(staff: SmallInstallation) -> Any:
    return create_app(staff)


class Tablet:
    """A browser of somebody at the counter that sends the form's token."""

    def __init__(self, browser: TestClient) -> None:
        self.browser = browser
        self._token = form_token(browser.get("/staff", headers=HTML))

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        headers = {"accept": "application/json", "x-form-token": self._token, **headers}
        return self.browser.request(method, f"{API}{path}", json=body, headers=headers)

    def start(self, lang: str = "vi") -> str:
        return str(self.send("POST", "/sessions", {"lang": lang}).json()["id"])


@pytest.fixture(scope="module")
def tablet(staff: SmallInstallation, app: Any) -> Tablet:
    return Tablet(signed_in_browser(staff, app, "hanako", [Grant(Role.COUNTER)]))


def say(tablet: Tablet, id_: str, text: str, lang: str = "vi", **more: Any) -> Any:
    headers = {"x-request-id": more.pop("request", "")}
    body = {"side": "resident", "text": text, "lang": lang, **more}
    return tablet.send("POST", f"/sessions/{id_}/said", body, **headers)


class Recorded:
    """A voice that notes what it was asked to say."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    def speak(self, text: str, lang: str) -> Iterator[bytes]:
        self.said.append((text, lang))
        yield b""


def test_the_voice_begins_while_staff_read_what_a_speaker_will_hear(
    tablet: Tablet, staff: SmallInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    voice = Recorded()
    monkeypatch.setattr(type(staff), "voice", voice)
    typed, spoken = tablet.start("ja"), tablet.start("ja")
    say(tablet, typed, "転入届の持ち物は？", "ja")
    assert not voice.said
    state = say(tablet, spoken, "転入届の持ち物は？", "ja", spoken=True).json()
    for _ in range(50):
        if voice.said:
            break
        time.sleep(0.02)
    assert voice.said == [(state["proposals"][0]["own"][0], "ja")]


def test_from_the_first_word_to_the_printed_form(tablet: Tablet, staff: SmallInstallation) -> None:
    id_ = tablet.start()
    state = say(tablet, id_, "Tôi phải mang theo gì?", topic="moving-in").json()
    assert state["said"][0]["gist"].startswith("転入届")
    first = state["proposals"][0]
    assert (first["after"], first["source"]["title"][:3]) == (1, "転入届")
    approved = tablet.send(
        "POST", f"/sessions/{id_}/proposals/{first['id']}", {"state": "approved"}
    ).json()
    assert approved["proposals"][0]["state"] == "approved"
    tablet.send("POST", f"/sessions/{id_}/form", {"form": "moving-in"})
    asked = tablet.send("POST", f"/sessions/{id_}/form/ask/telephone").json()
    assert asked["asking"] == "telephone" and asked["said"][-1]["shown"]
    filled = say(tablet, id_, "090-1234-5678").json()
    phone = next(f for f in filled["form"]["fields"] if f["name"] == "telephone")
    assert (phone["text"], phone["confirmed"]) == ("090-1234-5678", False)
    sheet = f"/counter/sheet/{id_}/moving-in"
    assert "090-1234-5678" not in tablet.browser.get(sheet).text
    tablet.send("PUT", f"/sessions/{id_}/form/telephone", {"value": phone["value"]})
    page = tablet.browser.get(sheet)
    assert "090-1234-5678" in page.text and "<svg" in page.text
    assert page.headers["cache-control"] == "no-store"
    record = tablet.send("GET", f"/sessions/{id_}/record.json").json()
    assert record["連絡先"] == {"電話番号": "090-1234-5678"}
    assert tablet.send("POST", f"/sessions/{id_}/end", {"outcome": "form_printed"}).json()["ended"]
    assert tablet.send("GET", f"/sessions/{id_}").status_code == 410
    assert tablet.browser.get(sheet).status_code == 410
    day = staff.store.now().date()
    kept = staff.store.counter_records(day.replace(day=1), day.replace(year=day.year + 1))
    assert (kept[-1].procedure, kept[-1].form, kept[-1].outcome) == (
        "moving-in", "moving-in", "form_printed",
    )  # fmt: skip
    files = Path(staff.settings.store_url().removeprefix("sqlite:///")).parent.iterdir()
    assert not [file for file in files if b"1234-5678" in file.read_bytes()]


def test_a_request_that_is_sent_again_counts_once(tablet: Tablet) -> None:
    id_ = tablet.start()
    for _ in range(2):
        state = say(tablet, id_, "Xin chào", ask=False, request="the same").json()
    assert len(state["said"]) == 1


def test_what_was_heard_wrongly_is_taken_back(tablet: Tablet) -> None:
    id_ = tablet.start("ja")
    tablet.send("POST", f"/sessions/{id_}/form", {"form": "moving-in"})
    say(tablet, id_, "私の名前は山田花子です", "ja", ask=False)
    state = tablet.send("POST", f"/sessions/{id_}/said/0/take-back").json()
    assert state["said"][0]["text"] == ""
    assert all(field["value"] is None for field in state["form"]["fields"])
    assert tablet.send("POST", f"/sessions/{id_}/said/7/take-back").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("birth_date", "昭和60年3月10日", "1985-03-10"),
        ("birth_date", "1985-03-10", "1985-03-10"),
        ("birth_date", "いつか", None),
        ("birth_date", [{"kin": "wife"}], None),
        ("telephone", "090 1234 5678", "090-1234-5678"),
        ("members", [{"kin": "wife", "count": 1}], [{"kin": "wife", "count": 1}]),
        ("members", [{"kin": 1}], None),
        ("name", "髙﨑 一郎", "髙﨑 一郎"),
        ("kana", "たかさき いちろう", "タカサキ イチロウ"),
        ("name", "あ" * 301, None),
    ],
)
def test_typed_values_are_read_or_refused(
    tablet: Tablet, field: str, value: object, kept: object
) -> None:
    id_ = tablet.start("ja")
    tablet.send("POST", f"/sessions/{id_}/form", {"form": "moving-in"})
    reply = tablet.send("PUT", f"/sessions/{id_}/form/{field}", {"value": value})
    if kept is None:
        assert reply.status_code == 422
        return
    told = next(f for f in reply.json()["form"]["fields"] if f["name"] == field)
    assert (told["value"], told["confirmed"]) == (kept, True)


def test_nobody_opens_the_session_of_somebody_else(
    tablet: Tablet, staff: SmallInstallation, app: Any
) -> None:
    other = Tablet(signed_in_browser(staff, app, "taro", [Grant(Role.COUNTER)]))
    id_ = tablet.start()
    assert other.send("GET", f"/sessions/{id_}").status_code == 410
    assert other.browser.get(f"/counter/sheet/{id_}/moving-in").status_code == 410


def test_the_tablet_knows_its_words_in_every_language(tablet: Tablet) -> None:
    desk = tablet.browser.get("/counter/desk.json").json()
    keys = list(desk["words"]["ja"])
    assert len(desk["languages"]) == 13
    assert all(list(words) == keys and all(words.values()) for words in desk["words"].values())
    assert sum(len(task["phrases"]) for task in desk["tasks"]) >= 120
    japanese, english = desk["staff_words"]["ja"], desk["staff_words"]["en"]
    assert japanese.keys() == english.keys()
    assert japanese["end"].keys() == english["end"].keys() == {
        "title", "text", "outcome", "outcomes", "yes", "no",
    }  # fmt: skip
    assert {form["id"] for form in desk["forms"]} >= {"moving-in", "bulky-garbage"}
    ready = tablet.browser.get("/counter/articles.json").json()["articles"]
    assert {"emergency-119", "moving-in"} <= {article["slug"] for article in ready}


def test_the_shell_that_is_kept_names_nobody(tablet: Tablet) -> None:
    page = tablet.browser.get("/counter/shell", headers=HTML)
    assert "hanako" not in page.text and 'content=""' in page.text
    assert "trusted-types madoguchi-counter" in page.headers["content-security-policy"]


def test_a_conversation_of_the_website_comes_to_the_counter(tablet: Tablet, app: Any) -> None:
    with TestClient(app) as resident:
        asked = {"question": "転入届はいつまでですか", "lang": "ja"}
        chat = resident.post("/api/chat", json=asked, headers={"accept": "application/json"})
        token = chat.json()["conversation"]
        refused = resident.post("/api/handover", json={"conversation": token, "consent": False})
        assert refused.status_code == 422
        given = resident.post("/api/handover", json={"conversation": token, "consent": True}).json()
        assert len(given["code"]) == 8 and given["qr"].startswith("<svg")
        assert len(tablet.send("GET", "/handovers").json()["waiting"]) == 1
        taken = tablet.send("POST", "/handovers", {"code": given["code"]}).json()
        assert taken["said"][0]["text"] == "転入届はいつまでですか"
        assert [(one["outcome"], one["question"]) for one in taken["handed"]] == [
            ("answered", "転入届はいつまでですか")
        ]
        assert taken["handed"][0]["title"]
        assert tablet.send("POST", "/handovers", {"code": given["code"]}).status_code == 404
        again = resident.post("/api/handover", json={"conversation": token, "consent": True})
        assert again.status_code == 404


def test_the_record_follows_its_schema(tablet: Tablet) -> None:
    schema = tablet.send("GET", "/schema/form.json").json()
    assert schema["$schema"].endswith("2020-12/schema") and json.dumps(schema)


def test_the_worker_may_fetch_what_it_keeps(tablet: Tablet) -> None:
    page = tablet.browser.get("/counter-worker.js")
    assert "connect-src 'self'" in page.headers["content-security-policy"]


def test_articles_are_found_by_words_in_the_body(tablet: Tablet) -> None:
    found = tablet.send("POST", "/articles", {"text": "転入届"}).json()["articles"]
    assert "moving-in" in [article["slug"] for article in found]
    assert tablet.send("POST", "/articles", {"text": ""}).status_code == 422


def test_a_search_shows_no_topic_that_no_article_answers(small_city: Path, tmp_path: Path) -> None:
    made = SmallInstallation(Settings(_env_file=None, data=tmp_path))
    made.import_paths([small_city])
    asked = "会社の健康保険の保険証をなくした"
    topic = {"reply": "insurer", **{lang: [asked] for lang in languages()}}
    made.store.set_lexicon("outside", {"company-insurance": topic})
    made.build_release()
    browser = signed_in_browser(made, create_app(made), "hanako", [Grant(Role.COUNTER)])
    assert made.live.get().index.search(asked, "ja").hits[0].slug not in SLUGS
    found = Tablet(browser).send("POST", "/articles", {"text": asked})
    assert {article["slug"] for article in found.json()["articles"]} <= set(SLUGS)
    made.store.close()
