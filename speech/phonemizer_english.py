"""English phonemes from the lexicon that comes with `misaki`, without espeak-ng.

The lexicon (Apache-2.0, 180,000 words) is written in the phonemes Kokoro was
trained with. A word that is in none is read, in this order: as a form of a word
that is, as romanized Japanese, by `unknown` where there is one, letter by letter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cached_property
from importlib import resources

_TOKEN = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*|[.,!?;:—…]")
_ROMAJI = re.compile(r"(?:(?:[kgsztdnhbpmr]y?|sh|ch|ts|j|f|w|y)?[aiueo]|n(?![aiueoy]))+")
_MORA = re.compile(r"((?:[kgsztdnhbpmr]y|sh|ch|ts|[kgsztdnhbpmrjfwy])?)([aiueo])|n")
_ONSETS = {"sh": "ʃ", "ch": "ʧ", "ts": "ts", "j": "ʤ", "y": "j", "g": "ɡ", "r": "ɹ"}
_VOWELS = {"a": "ɑ", "i": "i", "u": "u", "e": "ɛ", "o": "O"}
_VOICELESS = "ptkfθ"
_HISSING = "szʃʒʧʤ"


class EnglishPhonemizer:
    """A look-up, with plurals, past tenses, possessives and names built from it.

    `unknown` gives the phonemes of a word that nothing here can read: Priya, O'Brien.
    """

    def __init__(self, unknown: Callable[[str], str] | None = None) -> None:
        self._unknown = unknown

    def phonemes(self, clause: str) -> str:
        """Return the phonemes of an English clause written in words."""
        written = ""
        for token in _TOKEN.findall(clause.replace("-", " ").replace("’", "'")):
            written += token if not token[0].isalpha() else f" {self._word(token)}"
        # Kokoro 1.0 writes the flap of "city" as T.
        return written.strip().replace("ɾ", "T").replace("ʔ", "t")

    def _word(self, word: str) -> str:
        if word.isupper() and 1 < len(word) <= 5 and word not in self._lexicon:
            return self._spelt(word)
        found = self._known(word) or self._known(word.lower()) or self._inflected(word.lower())
        if found:
            return found
        if _ROMAJI.fullmatch(word.lower()):
            return _romaji(word.lower())
        return (self._unknown and self._unknown(word)) or self._spelt(word)

    def _known(self, word: str) -> str:
        if word == "a":
            return "ə"
        return self._lexicon.get(word, "")

    def _inflected(self, word: str) -> str:
        if word.endswith("'s") and (stem := self._known(word[:-2])):
            return stem + _plural(stem)
        if word.endswith("'") or ("'" in word and not self._unknown):
            return self._word(word.replace("'", ""))
        if word.endswith("s") and (stem := self._known(word[:-1])):
            return stem + _plural(stem)
        if word.endswith("es") and (stem := self._known(word[:-2])):
            return stem + _plural(stem)
        if word.endswith("ies") and (stem := self._known(word[:-3] + "y")):
            return stem + "z"
        for ending in ("ed", "d"):
            if word.endswith(ending) and (stem := self._known(word.removesuffix(ending))):
                return stem + _past(stem)
        if word.endswith("ing"):
            stem = self._known(word[:-3]) or self._known(word[:-3] + "e")
            return stem + "ɪŋ" if stem else ""
        return ""

    def _spelt(self, word: str) -> str:
        letters = [self._known(letter) for letter in word.upper() if letter.isalpha()]
        return " ".join(letters).replace("ə", "ˈA") if word in "Aa" else " ".join(letters)

    @cached_property
    def _lexicon(self) -> dict[str, str]:
        words: dict[str, str] = {}
        for name in ("us_silver.json", "us_gold.json"):
            text = (resources.files("misaki") / "data" / name).read_text(encoding="utf-8")
            for word, said in json.loads(text).items():
                default = said if isinstance(said, str) else said.get("DEFAULT")
                if default:
                    words[word] = default
        return words


def _plural(stem: str) -> str:
    if stem[-1] in _HISSING:
        return "ᵻz"
    return "s" if stem[-1] in _VOICELESS else "z"


def _past(stem: str) -> str:
    if stem[-1] in "td":
        return "ᵻd"
    return "t" if stem[-1] in _VOICELESS + "sʃʧ" else "d"


def _romaji(word: str) -> str:
    """Return a Japanese name as a speaker of English says it, stressed on the last but one."""
    morae = []
    for onset, vowel in _MORA.findall(word):
        if not vowel:
            morae.append("n")
            continue
        sound = _ONSETS.get(onset) or (
            onset[0] + "j" if len(onset) == 2 and onset[1] == "y" else onset
        )
        morae.append(sound + _VOWELS[vowel])
    spoken = [at for at, mora in enumerate(morae) if mora != "n"]
    stressed = spoken[-2] if len(spoken) > 1 else spoken[0] if spoken else 0
    mora = morae[stressed]
    morae[stressed] = mora[:-1] + "ˈ" + mora[-1]
    return "".join(morae)
