"""What the chat's files promise: small, complete in every language, nothing inline."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
import yaml

from assistant.phrases import wants_person
from assistant.steps.screen import clean
from knowledge.article import FACT_NAMES, LIFE_EVENTS, languages
from knowledge.ruby import strip

WIDGET = Path(__file__).parents[2] / "widget"
STATIC = WIDGET / "static"
MODULES = sorted((STATIC / "chat").glob("*.js"))
SCRIPTS = [STATIC / "widget.js", *MODULES]
JAPANESE = json.loads((STATIC / "strings" / "ja.json").read_text("utf-8"))
PLACEHOLDER = re.compile(r"\{\w+\}")


def strings(lang: str) -> dict[str, str]:
    words: dict[str, str] = json.loads((STATIC / "strings" / f"{lang}.json").read_text("utf-8"))
    return words


def zipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def test_the_loader_is_below_5_kilobytes() -> None:
    assert (STATIC / "widget.js").stat().st_size < 5000


def test_the_whole_is_below_40_kilobytes_zipped() -> None:
    largest = max(zipped(path) for path in (STATIC / "strings").glob("*.json"))
    styles = [
        *(STATIC / "chat" / name for name in ("chat.css", "tokens.css")),
        STATIC / "theme.css",
    ]
    # In a frame, embed.js takes the place of the loader.
    scripts = [path for path in SCRIPTS if path.name != "embed.js"]
    assert sum(map(zipped, [*scripts, *styles])) + largest < 40_000


def test_every_language_has_a_file_of_strings() -> None:
    assert {path.stem for path in (STATIC / "strings").glob("*.json")} == set(languages())


@pytest.mark.parametrize("lang", sorted(languages()))
def test_strings_are_complete(lang: str) -> None:
    words = strings(lang)
    assert list(words) == list(JAPANESE)
    assert all(text.strip() == text and text for text in words.values())
    for key, text in words.items():
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(JAPANESE[key])), key


def test_every_kanji_of_easy_japanese_has_its_reading() -> None:
    # Not shown as text: the sentence that is sent, and the hint in the box.
    shown = {key: text for key, text in strings("ja-x-easy").items() if key != "person_question"}
    bare = {key: re.sub(r"\{[^{}|]+\|[^{}|]+\}", "", text) for key, text in shown.items()}
    assert not {key: text for key, text in bare.items() if re.search(r"[一-鿿]", text)}


@pytest.mark.parametrize("lang", sorted(languages()))
def test_the_button_for_a_person_asks_for_one(lang: str) -> None:
    assert wants_person(clean(strip(strings(lang)["person_question"])))


def test_the_picker_names_every_language_in_itself() -> None:
    text = (STATIC / "chat" / "languages.js").read_text("utf-8")
    told = re.findall(r'\["([\w-]+)", "([^"]+)"\]', text)
    assert told == [(lang.tag, lang.name) for lang in languages().values()]
    loader = (STATIC / "widget.js").read_text("utf-8")
    labels = re.search(r"const LABELS = \{(.*?)\};", loader, re.DOTALL)
    assert labels is not None
    assert re.findall(r'^  "?([\w-]+)"?: ', labels[1], re.MULTILINE) == list(languages())


def test_facts_and_life_events_have_icons_and_names() -> None:
    icons = (STATIC / "chat" / "icons.js").read_text("utf-8")
    drawn = set(re.findall(r'^  "?([\w-]+)"?: "M', icons, re.MULTILINE))
    events = yaml.safe_load((WIDGET / "first_questions.yaml").read_text("utf-8"))
    assert drawn >= {*FACT_NAMES} | {*events}
    assert set(events) <= set(LIFE_EVENTS)
    assert {key.removeprefix("event.") for key in JAPANESE if "." in key} == set(events)


def test_first_questions_are_of_articles_that_exist() -> None:
    events = yaml.safe_load((WIDGET / "first_questions.yaml").read_text("utf-8"))
    articles = WIDGET.parent / "knowledge" / "sample_city" / "articles"
    missing = [
        slug for slugs in events.values() for slug in slugs if not (articles / slug).is_dir()
    ]
    assert not missing


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_never_read_a_text_as_markup(path: Path) -> None:
    source = path.read_text("utf-8")
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    assert not re.search(forbidden, source)
    assert len(source.splitlines()) < 300


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_use_no_string_that_is_missing(path: Path) -> None:
    used = re.findall(r'\bsay\("([\w.]+)"', path.read_text("utf-8"))
    assert set(used) <= set(JAPANESE)


def test_pages_have_nothing_inline() -> None:
    for name in ("embed.html", "demo_host.html"):
        page = (WIDGET / name).read_text("utf-8")
        assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]*\ssrc=)", page)
        page = re.sub(r"<pre>.*?</pre>", "", page)
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page)
