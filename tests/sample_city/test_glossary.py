"""The glossary: its fixed translations are the ones that the articles use.

A general word (`everyday: true`: 申請, 窓口) is left to the sentence it stands in. An
inflected form counts, and so do the forms that an entry lists under `accepted`, and
the Japanese term itself, which is what stands on the sign.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.article import languages
from knowledge.article_files import read_article
from knowledge.city import load_city
from knowledge.glossary import Glossary
from knowledge.ruby import strip

CITY = Path(__file__).parents[2] / "knowledge" / "sample_city"
GLOSSARY: list[dict[str, Any]] = yaml.safe_load(
    (CITY / "glossary.yaml").read_text(encoding="utf-8")
)
ENTRIES = {entry["term"]: entry for entry in GLOSSARY}
TRANSLATED = [lang for lang in languages() if lang not in ("ja", "ja-x-easy")]


@cache
def texts(slug: str) -> dict[str, str]:
    """The article by language, without its question variants, which use everyday words."""
    city = load_city(CITY / "city")
    found = {}
    for lang, text in read_article(CITY / "articles" / slug).localizations.items():
        asked = set(text.questions)
        words = (w for w in city.render_localization(text).texts() if w not in asked)
        found[lang] = " \n ".join(strip(w) for w in words)
    return found


@pytest.mark.parametrize("lang", TRANSLATED)
def test_articles_use_the_fixed_translations(lang: str) -> None:
    glossary = Glossary(GLOSSARY)
    wrong = []
    for folder in sorted((CITY / "articles").iterdir()):
        own = texts(folder.name)
        if lang in own:
            lacking = glossary.lacking(own["ja"], own[lang], lang)
            wrong += [
                f"{folder.name}: {term} is «{glossary.official(term, lang)}»" for term in lacking
            ]
    assert not wrong


def test_every_term_is_translated_into_every_language() -> None:
    missing = {
        term: absent
        for term, entry in ENTRIES.items()
        if (absent := set(TRANSLATED) - set(entry["translations"]))
    }
    assert not missing


def test_no_term_is_there_twice() -> None:
    assert len(ENTRIES) == len(GLOSSARY)
