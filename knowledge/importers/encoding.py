"""Text out of bytes, in the encodings that Japanese offices use."""

from __future__ import annotations

import codecs
import re
import unicodedata

from knowledge.importers.source import Source

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ISO_2022_JP = re.compile(rb"\x1b\$[@B]|\x1b\([BJ]")
_COMMON = re.compile("[ぁ-んァ-ヶ、。「」（）・ー％０-９Ａ-Ｚａ-ｚ\u4e00-\u9fff]")
_ODD = re.compile("[｡-ﾟ\ue000-\uf8ff]")


def decode(source: Source, declared: str = "") -> str:
    """Return the text of `source`: UTF-8, UTF-16, Shift_JIS (CP932), EUC-JP or ISO-2022-JP.

    `declared` is the encoding that the file itself names, tried before guessing.
    Raises `ImportRefused` for bytes that are no text.
    """
    content = source.content
    if not content.strip(b"\x00 \t\r\n"):
        raise source.refused("the file is empty.", "empty")
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _checked(source, content.decode(name, "replace"))
    if b"\x00" in content[:4096]:
        raise source.refused("it is not a text file.", "not_text")
    if _ISO_2022_JP.search(content[:100_000]):
        return _checked(source, content.decode("iso2022_jp", "replace"))
    for name in ("utf-8", declared):
        text = _strictly(content, name)
        if text is not None:
            return _checked(source, text)
    mended = content.decode("utf-8", "replace")
    if mended.count("\ufffd") <= len(mended) / 1000 + 1 and not mended.isascii():
        return _checked(source, mended)  # a few bytes of it were lost
    guesses = [text for name in ("cp932", "euc_jp") if (text := _strictly(content, name))]
    if guesses:
        return _checked(source, max(guesses, key=_plausibility))
    return _checked(source, content.decode("cp932", "replace"))


def _strictly(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name) if name else None
    except (UnicodeDecodeError, LookupError):
        return None


def _plausibility(text: str) -> float:
    """How much `text` looks like Japanese: half-width katakana and private characters do not.

    Bytes of EUC-JP read as Shift_JIS come out as half-width katakana, and the other
    way round as rare kanji.
    """
    kana = len(re.findall("[ぁ-んァ-ヶー、。]", text))
    return kana + 0.1 * len(_COMMON.findall(text)) - 2.0 * len(_ODD.findall(text))


def _checked(source: Source, text: str) -> str:
    """`text`, unless too much of it is nothing that a person writes."""
    sample = text[:20_000]
    odd = sum(
        1
        for character in sample
        if character == "\ufffd"
        or (unicodedata.category(character) in ("Cc", "Cn", "Co") and character not in "\n\r\t\f\v")
    )
    if odd > len(sample) / 50:
        raise source.refused(
            "it is not a text file, or in an encoding that is not known.", "not_text"
        )
    return text
