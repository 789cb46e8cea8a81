"""Official terms written with the wrong characters, as an input method or speech makes them.

印監登録 sounds like 印鑑登録: what sounds like a term of the city's glossary is
written as that term before it is searched for.
"""

from __future__ import annotations

from functools import lru_cache

from assistant.speech_lexicon import words
from knowledge.japanese import katakana, nfkc, reading
from knowledge.release import Release
from speech.correction import corrected
from speech.lexicon import Lexicon, Term
from speech.sounds import sounds
from speech.term_choice import chosen


def respelled(question: str, release: Release) -> str:
    """Return a Japanese `question` with the official terms of `release` spelt right.

    A question in which nothing is misspelt comes back as it is. About 3 ms.
    """
    lexicon = _lexicon(release)
    if not lexicon.terms:
        return question
    kana = reading(question)
    found = corrected(question, kana, chosen(lexicon, [sounds(kana)]), lexicon, words)
    return question if found == nfkc(question) else found


@lru_cache(maxsize=2)
def _lexicon(release: Release) -> Lexicon:
    entries = release.lexicon.get("glossary", ())
    terms = (Term(entry["term"], katakana(entry["reading"]), 1) for entry in entries)
    return Lexicon(tuple(terms), release.info.id)
