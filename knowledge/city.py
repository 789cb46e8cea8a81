"""The values of a city that articles refer to as ``{{key}}``: numbers, fees, hours, names.

They stand once, in ``city/*.yaml``, in one of three forms::

    phone.resident: "06-0000-1010"                        the same in every language
    section.resident: {ja: 区役所 住民情報課, en: Resident Records Section}
    fee.residence_certificate: {yen: 300}                 written in each language's own way
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path

from knowledge import yaml_text
from knowledge.article import Localization, Section, languages
from knowledge.article_rules import check_text
from knowledge.errors import ArticleInvalid

CityValue = str | dict[str, str] | dict[str, int]
"""One text, a text per language, or ``{"yen": amount}``; the form that is stored as JSON."""

KEY = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*")
UNSPACED = ("ja", "zh-Hans", "zh-Hant")
_AFTER_SENTENCE = re.compile(r"(?<=[。！？]) +(?=\S)")
PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class City:
    """The values of one city by key."""

    values: Mapping[str, CityValue]

    def text(self, key: str, lang: str) -> str:
        """Return the value of `key` as a resident reads it in `lang`.

        Where the language is missing, やさしい日本語 falls back to Japanese and any
        other language to English, then Japanese. Raises `ArticleInvalid` for a key
        that the city does not have.
        """
        value = self.values.get(key)
        if value is None:
            raise ArticleInvalid(f"The city has no value '{key}'.")
        if isinstance(value, str):
            return value
        if "yen" in value:
            return yen(int(value["yen"]), lang)
        for candidate in _fallbacks(lang):
            if candidate in value:
                return str(value[candidate])
        return str(next(iter(value.values())))

    def render(self, text: str, lang: str) -> str:
        """Return `text` with every ``{{key}}`` filled in; raises `ArticleInvalid`.

        Lines that a file folds are joined by a space, which does not stand between
        the sentences of a language that writes its words without any.
        """
        filled = PLACEHOLDER.sub(lambda match: self.text(match.group(1), lang), text)
        return _AFTER_SENTENCE.sub("", filled) if lang in UNSPACED else filled

    def render_localization(self, localization: Localization) -> Localization:
        """Return `localization` with every ``{{key}}`` of its texts filled in.

        Raises `ArticleInvalid` for a key that the city does not have.
        """
        lang = localization.lang

        def lines(texts: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(self.render(text, lang) for text in texts)

        return replace(
            localization,
            title=self.render(localization.title, lang),
            questions=lines(localization.questions),
            summary=self.render(localization.summary, lang),
            facts={
                name: self.render(value, lang) if isinstance(value, str) else lines(value)
                for name, value in localization.facts.items()
            },
            conditions=lines(localization.conditions),
            sections=tuple(
                Section(
                    self.render(section.heading, lang),
                    self.render(section.text, lang),
                    lines(section.path),
                    section.page,
                )
                for section in localization.sections
            ),
        )


def load_city(folder: Path) -> City:
    """Return the merged values of the ``*.yaml`` files in `folder`.

    Raises `ArticleInvalid` for a key that stands twice or a value of none of the
    three forms.
    """
    values: dict[str, CityValue] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ArticleInvalid(f"{path.name}: the file is not in UTF-8.") from error
        for key, value in yaml_text.load(text, path.name).items():
            if key in values:
                raise ArticleInvalid(f"{path.name}: the key '{key}' stands in another file too.")
            values[key] = check_value(key, value, path.name)
    return City(values)


def dump_city(city: City) -> str:
    """Return the values as YAML that `load_city` reads back equal."""
    return yaml_text.dump(
        {
            key: {"yen": yaml_text.Plain(str(value["yen"]))}
            if isinstance(value, dict) and "yen" in value
            else value
            for key, value in city.values.items()
        }
    )


def check_value(key: str, value: object, name: str) -> CityValue:
    """Return `value` in the form in which it is kept; raises `ArticleInvalid`."""
    if not KEY.fullmatch(key):
        raise ArticleInvalid(f"{name}: the key '{key}' is not of the form `phone.resident`.")
    if isinstance(value, str):
        return _check_text(key, value, name)
    if isinstance(value, dict) and set(value) == {"yen"}:
        amount = str(value["yen"])
        if amount.isascii() and amount.isdecimal():
            return {"yen": int(amount)}
        raise ArticleInvalid(f"{name}: the yen of '{key}' are no whole number.")
    if isinstance(value, dict) and value:
        for lang in value:
            if lang not in languages():
                raise ArticleInvalid(f"{name}: '{lang}' under '{key}' is no language.")
        return {lang: _check_text(key, str(text), name) for lang, text in value.items()}
    raise ArticleInvalid(f"{name}: '{key}' is no text, no text per language and no `yen`.")


def yen(amount: int, lang: str) -> str:
    """Return an amount of yen as `lang` writes it.

    >>> yen(1000, "ja"), yen(1000, "vi")
    ('1,000円', '1.000 yên')
    """
    pattern, separator = _money()[lang if lang in _money() else "en"]
    return pattern.replace("#", f"{amount:,}".replace(",", separator))


@cache
def _money() -> dict[str, tuple[str, str]]:
    """How each language writes yen: a pattern with # for the number, and its thousands mark."""
    text = resources.files("knowledge").joinpath("money.yaml").read_text(encoding="utf-8")
    loaded = yaml_text.load(text, "money.yaml")
    return {lang: (entry["yen"], entry["thousands"]) for lang, entry in loaded.items()}


def _fallbacks(lang: str) -> tuple[str, ...]:
    return (lang, "ja") if lang.startswith("ja") else (lang, "en", "ja")


def _check_text(key: str, text: str, name: str) -> str:
    if not text.strip():
        raise ArticleInvalid(f"{name}: the value of '{key}' is empty.")
    if PLACEHOLDER.search(text):
        raise ArticleInvalid(f"{name}: the value of '{key}' refers to another value.")
    return check_text(text, name)
