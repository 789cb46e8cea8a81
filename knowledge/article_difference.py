"""What differs between two versions of an article, field by field, changed figures apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from knowledge.article import FACT_NAMES, Article, Localization, languages
from knowledge.figures import figures
from knowledge.ruby import strip

Run = tuple[bool, str]
"""A piece of a text, and whether it stands on this side only."""

KEYS = ("life_event", "owner")
"""Fields whose value is a name for programs, which changes as a whole."""

FILES = "files"
"""The field of the images and attachments: in what all languages share a run is the name
of a file, in a language a line is what is said of one."""

_PIECES = re.compile(r"\d+(?:[.,:]\d+)*|[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs: its language ("" for what all share), its name, both texts in runs.

    `figures_before` and `figures_after` are those that stand on one side only; what all
    languages share has dates and names, which say it themselves.
    """

    lang: str
    field: str
    before: tuple[Run, ...]
    after: tuple[Run, ...]
    figures_before: tuple[str, ...]
    figures_after: tuple[str, ...]


def differences(before: Article | None, after: Article) -> list[Difference]:
    """Return what differs, what all languages share first, then by language in picker order."""
    found = []
    for lang in ("", *languages()):
        old = dict(_fields(before, lang)) if before else {}
        new = dict(_fields(after, lang))
        for field in dict.fromkeys((*new, *old)):
            one, other = old.get(field, ""), new.get(field, "")
            if one != other:
                found.append(_difference(lang, field, one, other))
    return found


def _difference(lang: str, field: str, before: str, after: str) -> Difference:
    if lang:
        old, new = _runs(before, after)
    elif field == FILES:
        old, new = _names(before.splitlines(), after.splitlines())
    else:
        old, new = (_whole(before), _whole(after)) if field in KEYS else _runs(before, after)
    here, there = (figures(before), figures(after)) if lang else (set[str](), set[str]())
    return Difference(
        lang, field, old, new, tuple(sorted(here - there)), tuple(sorted(there - here))
    )


def _fields(article: Article, lang: str) -> Iterator[tuple[str, str]]:
    """The fields of one language, each as one text of lines; those all share for ""."""
    if not lang:
        yield "life_event", article.life_event
        yield "owner", article.owner
        yield "effective_from", article.effective_from.isoformat()
        yield "effective_until", str(article.effective_until or "")
        yield "review_by", str(article.review_by or "")
        yield "related", "\n".join(article.related)
        yield "synonyms", "\n".join(article.synonyms)
        yield FILES, "\n".join(file.name for file in article.files)
        return
    text = article.localizations.get(lang)
    if text is None:
        return
    yield "title", strip(text.title)
    yield "questions", "\n".join(map(strip, text.questions))
    yield "summary", strip(text.summary)
    yield from _facts(text)
    yield "conditions", "\n".join(map(strip, text.conditions))
    yield (
        "sections",
        "\n\n".join(strip(f"{section.heading}\n{section.text}") for section in text.sections),
    )
    said = (file.texts.get(lang, "") for file in article.files if not file.decorative)
    yield FILES, "\n".join(strip(words) for words in said if words)


def _facts(text: Localization) -> Iterator[tuple[str, str]]:
    for name in FACT_NAMES:
        if name in text.facts:
            value = text.facts[name]
            yield name, strip(value if isinstance(value, str) else "\n".join(value))


def _whole(text: str) -> tuple[Run, ...]:
    return ((True, text),) if text else ()


def _runs(before: str, after: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    left: list[Run] = []
    right: list[Run] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        changed = kind != "equal"
        if b > a:
            left.append((changed, "".join(old[a:b])))
        if d > c:
            right.append((changed, "".join(new[c:d])))
    return tuple(left), tuple(right)


def _names(before: list[str], after: list[str]) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Both lists, each name a run; one that only moved stands on both sides."""
    left = tuple((name not in after, name) for name in before)
    return left, tuple((name not in before, name) for name in after)
