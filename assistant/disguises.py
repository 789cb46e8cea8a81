"""What a text says to a machine that people do not read in it: encodings and swapped letters.

Each reading is added to what is looked at, and only where the text looks like it,
so that a plain question costs a few searches and nothing is decoded.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
from urllib.parse import unquote

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
_HEX = re.compile(r"(?:(?:\\x|0x)?[0-9a-f]{2}[ ,:]?){12,}", re.IGNORECASE)
_HEX_SIGNS = re.compile(r"\\x|0x|[ ,:]", re.IGNORECASE)
_PERCENT = re.compile(r"(?:%[0-9a-f]{2}){4}", re.IGNORECASE)
_ENTITY = re.compile(r"&#x?[0-9a-f]+;", re.IGNORECASE)

_ROT13 = re.compile(
    r"\b(?:gur|lbhe?|naq|nyy|bayl|flfgrz|cebzcg|ehyrf|vafgehpgvbaf?)\b", re.IGNORECASE
)
"""Common words of English orders (the, you, and, all, system, rules) in ROT13."""

_LEET = re.compile(r"\b(?=\w*[a-z])(?=\w*[0134578])\w{3,}", re.IGNORECASE)
_LEET_LETTERS = str.maketrans("0134578@$", "oieastbas")

LEAST_WORDS = 2
"""So many words of a text have to look swapped before it is read that way."""


def encoded(text: str) -> bool:
    """Say whether `text` holds words in base64: nobody asks a city like that."""
    told = (_from_base64(blob) for blob in _BASE64.findall(text))
    return any(said and _legible(said) for said in told)


def _legible(said: str) -> bool:
    letters = sum(ch.isalpha() or ch.isspace() for ch in said)
    return len(said) >= LEAST_DECODED and letters >= 0.8 * len(said)


LEAST_DECODED = 8
"""Fewer characters than this are no words, but bytes that happen to be some."""


def readings(text: str) -> list[str]:
    """Return what `text` says besides its own letters: decoded, turned back by 13, un-leeted."""
    told = []
    if _PERCENT.search(text):
        told.append(unquote(text))
    if _ENTITY.search(text):
        told.append(html.unescape(text))
    told += [said for blob in _BASE64.findall(text) if (said := _from_base64(blob))]
    told += [said for blob in _HEX.findall(text) if (said := _from_hex(blob))]
    if len(_ROT13.findall(text)) >= LEAST_WORDS:
        told.append(codecs.decode(text, "rot13"))
    if len(_LEET.findall(text)) > LEAST_WORDS:
        told.append(text.translate(_LEET_LETTERS))
    return told


def _from_base64(blob: str) -> str | None:
    try:
        return base64.b64decode(blob + "=" * (-len(blob) % 4), altchars=b"-_").decode("utf-8")
    except (binascii.Error, ValueError):
        return None


def _from_hex(blob: str) -> str | None:
    digits = _HEX_SIGNS.sub("", blob)
    try:
        return bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("utf-8")
    except ValueError:
        return None
