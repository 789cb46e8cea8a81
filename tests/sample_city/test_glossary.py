"""The glossary: its fixed translations are the ones that the articles use.

A general word (`everyday: true`: 申請, 窓口) is left to the sentence it stands in. An
inflected form counts, and so do the forms that an entry lists under `accepted`, and
the Japanese term itself, which is what stands on the sign.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.article import languages
from knowledge.article_files import read_article
from knowledge.city import load_city
from knowledge.ruby import strip

CITY = Path(__file__).parents[2] / "knowledge" / "sample_city"
GLOSSARY: list[dict[str, Any]] = yaml.safe_load(
    (CITY / "glossary.yaml").read_text(encoding="utf-8")
)
ENTRIES = {entry["term"]: entry for entry in GLOSSARY}
TERMS = re.compile("|".join(map(re.escape, sorted(ENTRIES, key=len, reverse=True))))
BRACKETS = re.compile(r"[(（].*?[)）]")
TRANSLATED = [lang for lang in languages() if lang not in ("ja", "ja-x-easy")]

STEM = 5
"""Letters of a word that no ending changes."""

SHARE = 0.7
"""The share of a translation's words, or pairs of characters, that an inflected form keeps."""


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return " ".join(plain.split())


@cache
def texts(slug: str) -> dict[str, str]:
    """The article by language, without its question variants, which use everyday words."""
    city = load_city(CITY / "city")
    found = {}
    for lang, text in read_article(CITY / "articles" / slug).localizations.items():
        asked = set(text.questions)
        words = (w for w in city.render_localization(text).texts() if w not in asked)
        found[lang] = folded(" \n ".join(strip(w) for w in words))
    return found


def uses(text: str, wanted: str, lang: str) -> bool:
    bare = folded(BRACKETS.sub(" ", wanted))
    if folded(wanted) in text or bare in text:
        return True
    if languages()[lang].script == "bigram":
        joined, bare = text.replace(" ", ""), bare.replace(" ", "")
        parts = [bare[start : start + 2] for start in range(len(bare) - 1)]
        return bool(parts) and sum(part in joined for part in parts) >= SHARE * len(parts)
    parts = [word[:STEM] for word in re.split(r"[\s\-/,]+", bare) if len(word) > 3]
    return bool(parts) and sum(part in text for part in parts) >= SHARE * len(parts)


@pytest.mark.parametrize("lang", TRANSLATED)
def test_articles_use_the_fixed_translations(lang: str) -> None:
    wrong = []
    for folder in sorted((CITY / "articles").iterdir()):
        own = texts(folder.name)
        if lang not in own:
            continue
        for term in sorted(set(TERMS.findall(own["ja"]))):
            entry = ENTRIES[term]
            fixed = entry["translations"].get(lang)
            if fixed is None or entry.get("everyday") or folded(term) in own[lang]:
                continue
            forms = (fixed, *entry.get("accepted", {}).get(lang, ()))
            if not any(uses(own[lang], form, lang) for form in forms):
                wrong.append(f"{folder.name}: {term} is «{fixed}»")
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
