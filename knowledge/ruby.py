"""Ruby written inline: ``{漢字|かんじ}`` is 漢字 with かんじ above it."""

from __future__ import annotations

import re

RUBY = re.compile(r"\{([^{}|\n]+)\|([^{}|\n]+)\}")


def parse(text: str) -> list[tuple[str, str | None]]:
    """Return the runs of `text` with their readings, None where a run has none.

    >>> parse("{市|し}の{窓口|まどぐち}")
    [('市', 'し'), ('の', None), ('窓口', 'まどぐち')]
    """
    runs: list[tuple[str, str | None]] = []
    start = 0
    for match in RUBY.finditer(text):
        if match.start() > start:
            runs.append((text[start : match.start()], None))
        runs.append((match.group(1), match.group(2)))
        start = match.end()
    if start < len(text):
        runs.append((text[start:], None))
    return runs


def strip(text: str) -> str:
    """Return `text` without its readings."""
    return RUBY.sub(r"\1", text) if "{" in text else text
