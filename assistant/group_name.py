"""The words by which a group of questions is named: nouns in Japanese, words in between spaces.

Languages written without spaces, other than Japanese, give none: their groups
are named by the question in their middle.
"""

from __future__ import annotations

from functools import lru_cache

from knowledge.article import languages
from knowledge.japanese import analyse
from knowledge.terms import terms

SHORTEST = 4
"""Letters from which on a word between spaces is taken; most shorter ones only join."""

_NAMING = ("名詞", "形状詞")


@lru_cache(maxsize=20_000)
def characteristic(question: str, lang: str) -> frozenset[str]:
    """Return the words of `question` that may name a group.

    >>> sorted(characteristic("ドローンを飛ばす許可は要りますか", "ja"))
    ['ドローン', '許可']
    """
    known = languages().get(lang)
    script = known.script if known else "words"
    if script == "japanese":
        return frozenset(
            word.normalized
            for word in analyse(question, "C")
            if word.part_of_speech in _NAMING
            and len(word.normalized) > 1
            and not word.normalized.isnumeric()
        )
    if script == "words":
        return frozenset(word for word in terms(question, script)["word"] if len(word) >= SHORTEST)
    return frozenset()
