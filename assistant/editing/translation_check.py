"""Whether a line that a model translated may stand in a draft: the first reason against it.

The check knows the Japanese line and believes only that. It reads figures, bounds,
denials and conditions as the check of answers does (`knowledge.claims_comparison`),
in both directions: a translation adds nothing and leaves nothing out.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from assistant.drafting_check import in_language, leaks, promises
from assistant.manipulation import suspicious
from knowledge.claims_comparison import compare, figures_apart
from knowledge.glossary import Glossary
from knowledge.polarity import conditions
from knowledge.translations import PLACEHOLDER

_MARKUP = re.compile(r"<[^>]{0,200}>|\[[^\]]*\]\(|```|\{\{|\}\}|<\||\|>")
_ADDRESS = re.compile(r"\S+@\S+")
_BRACKETED = re.compile(r"[(\[「『【（][^()\[\]「」『』【】（）]*[)\]」』】）]")
_END = re.compile(r"[.。．!！?？।:：)）」』\]]$")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line may not stand: a key of `drafts.machine.reasons`, and what was wrong."""

    reason: str
    detail: str = ""


@dataclass(frozen=True)
class TranslationCheck:
    """The check of lines in `lang` that a model was to write by `orders`."""

    lang: str
    orders: str
    glossary: Glossary

    def fault(self, said: str, japanese: str) -> Fault | None:
        """Return the first reason why `said` may not stand for `japanese`; None for none."""
        if not said:
            return Fault("empty")
        folded, source = unicodedata.normalize("NFKC", said), japanese
        return (
            self._shape(folded, source)
            or self._claims(folded, source)
            or self._manners(folded, source)
            or self._terms(folded, source)
        )

    def _shape(self, said: str, source: str) -> Fault | None:
        """One line, of a length that a translation has, with the same values of the city."""
        limits = rules()["longest"]
        if "\n" in said or len(said) > limits["times"] * len(source) + limits["more"]:
            return Fault("long")
        values, there = sorted(PLACEHOLDER.findall(said)), sorted(PLACEHOLDER.findall(source))
        if values != there:
            return Fault("values", " ".join(there or values))
        bare = PLACEHOLDER.sub(" ", said)
        invisible = any(unicodedata.category(ch) in ("Cc", "Cf", "Co") for ch in bare)
        mails = set(_ADDRESS.findall(bare)) - set(_ADDRESS.findall(source))
        if invisible or mails or _MARKUP.search(bare):
            return Fault("markup")
        ends = source.endswith("。") and self.lang not in rules()["endless"]
        return Fault("cut") if ends and not _END.search(said) else None

    def _claims(self, said: str, source: str) -> Fault | None:
        """The same figures with the same bounds, the same "not", the same conditions."""
        bare, there = PLACEHOLDER.sub(" ", said), PLACEHOLDER.sub(" ", source)
        found = compare(bare, there, self.lang, "ja")
        added = dict.fromkeys(one.said for one in found if one.kind != "negation")
        lacking = dict.fromkeys(one.said for one in figures_apart(there, bare, "ja", self.lang))
        if added or lacking:
            return Fault("figures", " / ".join(" ".join(each) or "–" for each in (added, lacking)))
        if found:
            return Fault("negation")
        lost = conditions(there, "ja")
        return Fault("condition", lost[0]) if lost and not conditions(bare, self.lang) else None

    def _manners(self, said: str, source: str) -> Fault | None:
        """In the language, in nobody's name, and nothing of the orders."""
        if suspicious([said]) or leaks(said, self.orders):
            return Fault("orders")
        if promises().search(said) and not promises().search(source):
            return Fault("promise")
        outside = _BRACKETED.sub(" ", PLACEHOLDER.sub(" ", said))
        told = sum(map(str.isalpha, outside)) >= rules()["language_letters"]
        return Fault("language") if told and not in_language(outside, self.lang) else None

    def _terms(self, said: str, source: str) -> Fault | None:
        """The official terms as the glossary has them."""
        lacking = self.glossary.lacking(source, said, self.lang)
        named = [f"{term} – {self.glossary.official(term, self.lang)}" for term in lacking]
        return Fault("terms", " / ".join(named)) if named else None


@cache
def rules() -> dict[str, Any]:
    """Return what stands in ``translation.yaml``."""
    file = resources.files("assistant.editing").joinpath("translation.yaml")
    loaded: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return loaded
