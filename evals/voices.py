"""`python -m evals voices`: is what the voice says understood?

Every sentence is spoken by the packaged voice and heard by the packaged Whisper,
language given, beam 5, no prompt. Both texts are then written as they are read
aloud, so that "14" and "fourteen" are the same, and compared: kana of Japanese,
toneless syllables of Chinese, words of the others. The ear errs too, so the
error is an upper bound of the voice's. Sentences are those of the sample city.
"""

from __future__ import annotations

import argparse
import json
import re
import time
import unicodedata
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import soxr
from rapidfuzz.distance import Levenshtein
from rich.console import Console
from rich.table import Table

from knowledge.article_files import read_articles
from knowledge.japanese import reading
from speech import voices
from speech.narration import Narration
from speech.readings import as_read, base_language
from speech.recognition import SAMPLE_RATE
from speech.recognition_faster_whisper import FasterWhisperModel
from speech.synthesis import Speech, Voice
from speech.synthesis_kokoro import TIMBRES, KokoroSynthesizer
from speech.voice_cache import VoiceCache

LANGS = tuple("zh-Hans" if lang == "zh" else lang for lang in voices.measured())
"""Every language that has phonemes, whether or not it is offered."""

UNDERSTOOD = 0.15
"""Error from which on a voice is not offered."""

SENTENCES = 24
_LENGTHS = {"ja": (12, 60), "zh-Hans": (12, 45)}
_USUAL_LENGTHS = (40, 130)
_FACTS = ("deadline", "fee", "who", "duration", "online")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--langs", default=",".join(LANGS), help="comma-separated")
    parser.add_argument("--sentences", type=int, default=SENTENCES, help="for each language")
    parser.add_argument("--timbre", default=TIMBRES[0], choices=TIMBRES, help="which voice")
    parser.add_argument("--show", action="store_true", help="print what was heard")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit code 1 where an offered language is not understood."""
    langs = arguments.langs.split(",")
    makers = {base_language(lang): voices.maker(base_language(lang)) for lang in langs}
    synthesizer = KokoroSynthesizer(makers, arguments.timbre)
    voice = Narration(synthesizer, VoiceCache(memory_bytes=0))
    ear = FasterWhisperModel()
    report = {
        lang: measure(voice, ear, lang, sentences(lang, arguments.sentences), arguments.show)
        for lang in langs
    }
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _print(report)
    wrong = [lang for lang, row in report.items() if not row["understood"]]
    return int(any(voices.measured()[base_language(lang)]["understood"] for lang in wrong))


def sentences(lang: str, count: int) -> list[str]:
    """Return sentences of the sample city, spread over its articles, one an article."""
    low, high = _LENGTHS.get(lang, _USUAL_LENGTHS)
    found = []
    root = Path(str(resources.files("knowledge"))) / "sample_city" / "articles"
    for number, article in enumerate(read_articles(root)):
        text = article.localizations.get(lang)
        if text is None:
            continue
        facts = [str(text.facts[name]) for name in _FACTS if name in text.facts]
        usable = [
            sentence
            for fact in facts[number % 2 :]
            for sentence in _split(fact)
            if low <= len(sentence) <= high and _sayable(sentence, lang)
        ]
        found += usable[:1]
    step = max(1, len(found) // count)
    return found[::step][:count]


def measure(
    voice: Voice, ear: FasterWhisperModel, lang: str, texts: Sequence[str], show: bool = False
) -> dict[str, Any]:
    """Return how much of `texts` is misheard, how fast speech is made, and how soon heard."""
    code = base_language(lang)
    next(voice.speak(texts[0], lang))
    errors = length = 0
    made = spoken = 0.0
    firsts = []
    for text in texts:
        start = time.perf_counter()
        chunks: list[Speech] = []
        for chunk in voice.speak(text, lang):
            if not chunks:
                firsts.append(time.perf_counter() - start)
            chunks.append(chunk)
        made += time.perf_counter() - start
        speech = np.concatenate(chunks)
        spoken += len(speech) / voice.sample_rate
        audio = soxr.resample(speech, voice.sample_rate, SAMPLE_RATE)
        segments, _ = ear.loaded.transcribe(
            audio, language=code, beam_size=5, condition_on_previous_text=False
        )
        heard = "".join(segment.text for segment in segments)
        wanted, got = units(text, lang), units(heard, lang)
        wrong = min(Levenshtein.distance(wanted, got), len(wanted))
        errors += wrong
        length += len(wanted)
        if show:
            Console(stderr=True).print(f"{lang} {wrong}/{len(wanted)}\n  {text}\n  {heard}")
    return {
        "error": round(errors / length, 4),
        "unit": {"ja": "kana", "zh": "syllable"}.get(code, "word"),
        "understood": errors / length < UNDERSTOOD,
        "sentences": len(texts),
        "real_time_factor": round(made / spoken, 3),
        "first_sound_s": {"median": round(median(firsts), 2), "max": round(max(firsts), 2)},
    }


def units(text: str, lang: str) -> list[str]:
    """Return what is compared: kana, syllables or words as read aloud."""
    code = base_language(lang)
    plain = as_read(text, code)
    if code == "ja":
        return list(_kana(reading(plain)))
    plain = unicodedata.normalize("NFKC", plain).lower()
    if code == "zh":
        from pypinyin import lazy_pinyin

        return lazy_pinyin(re.sub(r"[\W_]", "", plain))
    return re.sub(r"[^\w\s]|_", " ", plain).split()


def _kana(text: str) -> str:
    """Return katakana with vowels that are only drawn out written as ー."""
    kana = re.sub(r"[^ァ-ヺー]", "", text)
    kana = re.sub(r"(?<=[オコソトノホモヨロゴゾドボポョ])[ウオ]", "ー", kana)
    kana = re.sub(r"(?<=[ウクスツヌフムユルグズブプュ])ウ", "ー", kana)
    return re.sub(r"(?<=[エケセテネヘメレゲゼデベペ])[イエ]", "ー", kana)


def _split(fact: str) -> Iterator[str]:
    yield from (part.strip() for part in re.split(r"(?<=[。！？])|(?<=[.!?])\s+(?=[^a-z])", fact))


def _sayable(sentence: str, lang: str) -> bool:
    """Whether one voice can say all of it: no gaps to fill, no Japanese within another."""
    foreign = "" if lang in ("ja", "zh-Hans") else "\u2e80-\uffef"
    return not re.search(rf"[{{}}（(/:：{foreign}]|http", sentence) and sentence[-1] in "。.!！?？"


def _print(report: dict[str, dict[str, Any]]) -> None:
    table = Table("language", "misheard", "of", "sentences", "understood", "RTF", "first sound s")
    for lang, row in report.items():
        first = row["first_sound_s"]
        table.add_row(lang, f"{row['error']:.1%}", row["unit"], str(row["sentences"]),
                      "yes" if row["understood"] else "no", f"{row['real_time_factor']:.2f}",
                      f"{first['median']} (max {first['max']})")  # fmt: skip
    Console().print(table)
