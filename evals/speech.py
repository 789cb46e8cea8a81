"""`python -m evals speech`: what the recogniser writes, beside plain faster-whisper.

Questions to the sample city are synthesised in five voices and kept in the data folder;
clips of a manifest are reported apart. Both systems hear each clip in turn, so that
their times compare; alone they mean little where other work runs on the machine.
Search is asked what was heard and what was said, and must find the same articles.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.composition import Installation
from assistant.settings import Settings
from assistant.speech_lexicon import lexicon_of
from evals.speech_material import Clip, mixed, noises, recorded, synthesised, unspoken
from evals.speech_scores import Tally, latency
from knowledge.article import languages
from knowledge.release import Release
from speech.errors import SpeechError
from speech.lexicon import Lexicon
from speech.recognition import SAMPLE_RATE, Recognition, Recognizer, Samples
from speech.whisper import whisper_code

SHORT_SECONDS = 8.0
"""Latency is told of utterances up to this long."""

UNSPOKEN = 200
PLAIN_EVERY = 16
"""Plain faster-whisper hears one of so many clips without speech: it tries each up to six
times, half a minute long."""

SCORES = ("cer", "kana_cer", "by_lang", "term_recall", "term_insertions", "hit@10")

errors = Console(stderr=True)

Plain = Callable[[Samples, str], str]


@dataclass
class Heard:
    """What both systems made of the clips of one kind."""

    ours: Tally
    plain: Tally
    typed: Tally
    milliseconds: list[float] = field(default_factory=list)
    plain_milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0.0
    busy: float = 0.0
    rejected: dict[str, int] = field(default_factory=dict)
    texts: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the report of this kind of clips."""
        spoken = self.ours.clips
        report: dict[str, Any] = {
            "ours": self.ours.as_json(),
            "plain": self.plain.as_json(),
            "rejected_spoken": round(sum(self.rejected.values()) / spoken, 4) if spoken else None,
            "rtf": round(self.busy / self.seconds, 3) if self.seconds else None,
            "final_latency_ms": latency(self.milliseconds),
            "plain_latency_ms": latency(self.plain_milliseconds),
            "insertions": self.ours.inserted,
        }
        if self.typed.asked:
            report["typed"] = {"hit@10": round(self.typed.hits / self.typed.asked, 4)}
        return report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--manifest", type=Path, help="recorded clips: audio_filepath, lang, text")
    parser.add_argument("--noise", type=Path, help="folder of noise*.wav; else noise is generated")
    parser.add_argument(
        "--levels", default="clean,10", help="clean, and dB of speech over noise, comma-separated"
    )
    parser.add_argument(
        "--unspoken", type=int, default=UNSPOKEN, help="clips in which nobody speaks; 0: none"
    )
    parser.add_argument("--half", default="test", choices=("dev", "test", "all"))
    parser.add_argument("--limit", type=int, default=0, help="only the first clips of each kind")
    parser.add_argument("--recorded-only", action="store_true", help="only the manifest")
    parser.add_argument("--texts", action="store_true", help="report every transcript as well")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit code 2 where something cannot be read or loaded."""
    if arguments.recorded_only and not arguments.manifest:
        errors.print("[red]--recorded-only needs --manifest")
        return 2
    try:
        report = _report(arguments)
    except (SpeechError, OSError, KeyError, json.JSONDecodeError) as error:
        errors.print(f"[red]{error}", highlight=False)
        return 2
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        _show(report)
    return 0


def _report(arguments: argparse.Namespace) -> dict[str, Any]:
    installation = Installation(Settings())
    _ready(installation)
    release = installation.live.get()
    session = _Session(installation.recognizer, _plain(installation), lexicon_of(release), release)
    noise = noises(arguments.noise)
    report: dict[str, Any] = {"model": installation.settings.recognition.kind}
    main: Heard | None = None
    if not arguments.recorded_only:
        folder = installation.settings.data / "evals" / "speech"
        clips = list(_watched(synthesised(folder, arguments.half, arguments.limit), "voices"))
        part: dict[str, Any] = {"half": arguments.half}
        for level in filter(None, arguments.levels.split(",")):
            heard = session.hear(_at(clips, level, noise), level)
            part[level if level == "clean" else f"{level} dB"] = heard.as_json()
            main = main or heard
        report["synthesised"] = part
        if arguments.unspoken:
            count = min(arguments.unspoken, arguments.limit or arguments.unspoken)
            report["false_text"] = session.hear_nothing(count, noise)
    if arguments.manifest:
        clips = list(recorded(arguments.manifest, arguments.limit))
        apart = session.hear([clip for clip in clips if clip.text], "recorded")
        report["recorded"] = apart.as_json()
        silent = [clip.audio for clip in clips if not clip.text]
        report["recorded"]["false_text"] = sum(bool(session.ours(one).text) for one in silent)
        main = main or apart
    assert main is not None
    top = main.as_json()
    report |= {name: top["ours"].get(name) for name in SCORES}
    report |= {name: top[name] for name in ("rejected_spoken", "rtf", "final_latency_ms")}
    if arguments.texts:
        report["texts"] = main.texts
    return report


def _at(clips: Sequence[Clip], level: str, noise: Sequence[Samples]) -> list[Clip]:
    """The clips as they are, or with noise so many dB under them."""
    if level == "clean":
        return list(clips)
    return [
        mixed(clip, noise[number % len(noise)], float(level)) for number, clip in enumerate(clips)
    ]


class _Session:
    """Both systems, and the search that what they write is put to."""

    def __init__(
        self, recognizer: Recognizer, plain: Plain, lexicon: Lexicon, release: Release
    ) -> None:
        self._recognizer = recognizer
        self._plain = plain
        self._lexicon = lexicon
        self._release = release

    def ours(self, audio: Samples, lang: str | None = "ja") -> Recognition:
        """Return what the recogniser makes of a clip."""
        return self._recognizer.recognize(audio, lang, tuple(languages()))

    def hear(self, clips: Sequence[Clip], name: str) -> Heard:
        """Let both systems hear every clip, one after the other."""
        heard = Heard(Tally(self._lexicon), Tally(self._lexicon), Tally(self._lexicon))
        if clips:
            # Neither is charged for what happens once.
            self.ours(clips[0].audio, clips[0].lang)
            self._plain(clips[0].audio, clips[0].lang)
        for clip in _watched(clips, name):
            begin = time.perf_counter()
            recognition = self.ours(clip.audio, clip.lang)
            middle = time.perf_counter()
            plain = self._plain(clip.audio, clip.lang)
            end = time.perf_counter()
            seconds = len(clip.audio) / SAMPLE_RATE
            heard.seconds += seconds
            heard.busy += middle - begin
            if seconds <= SHORT_SECONDS:
                heard.milliseconds.append(1000 * (middle - begin))
                heard.plain_milliseconds.append(1000 * (end - middle))
            if recognition.rejected:
                why = recognition.rejected
                heard.rejected[why] = heard.rejected.get(why, 0) + 1
            heard.ours.add(clip.lang, clip.text, recognition.text, recognition.untaught)
            heard.plain.add(clip.lang, clip.text, plain, plain)
            if clip.slugs:
                self._search(heard.typed, clip, clip.text)
                self._search(heard.ours, clip, recognition.text, recognition.kana)
                self._search(heard.plain, clip, plain)
            heard.texts.append(
                {
                    "said": clip.text,
                    "source": clip.source,
                    "written": recognition.text,
                    "kana": recognition.kana,
                    "untaught": recognition.untaught,
                    "plain": plain,
                    "rejected": recognition.rejected,
                }
            )
        return heard

    def hear_nothing(self, count: int, noise: Sequence[Samples]) -> dict[str, Any]:
        """Let both hear clips in which nobody speaks; return how many have text."""
        written, gates, plain, tried = [], dict[str, int](), 0, 0
        clips = unspoken(count, noise)
        for number, audio in enumerate(_watched(clips, "nobody speaks", count)):
            recognition = self.ours(audio)
            if recognition.text:
                written.append(recognition.text)
            gates[recognition.rejected] = gates.get(recognition.rejected, 0) + 1
            if number % PLAIN_EVERY == 0:
                tried += 1
                plain += bool(self._plain(audio, "ja"))
        return {
            "clips": count,
            "ours": len(written),
            "texts": written,
            "gates": gates,
            "plain": plain,
            "plain_clips": tried,
        }

    def _search(self, tally: Tally, clip: Clip, text: str, kana: str = "") -> None:
        tally.asked += 1
        if text:
            found = self._release.index.search(text, clip.lang, k=10, kana=kana or None)
            tally.hits += bool({hit.slug for hit in found.hits} & set(clip.slugs))


def _plain(installation: Installation) -> Plain:
    """Faster-whisper with the packaged model and its own settings, beam 5."""
    from speech.recognition_faster_whisper import FasterWhisperModel

    model = FasterWhisperModel(threads=installation.settings.recognition.threads).loaded

    def transcribe(audio: Samples, lang: str) -> str:
        segments, _ = model.transcribe(audio, language=whisper_code(lang), beam_size=5)
        return "".join(segment.text for segment in segments).strip()

    return transcribe


def _ready(installation: Installation) -> None:
    """Import the sample city and build a release where there is none yet."""
    if installation.releases.current_id() is None:
        installation.import_sample_city()
        installation.build_release()


def _watched(items: Iterable[Any], name: str, total: int | None = None) -> Iterable[Any]:
    return track(items, description=name, total=total, console=errors, transient=True)


def _show(report: dict[str, Any]) -> None:
    console = Console()
    table = Table("clips", "", "CER", "kana CER", "terms", "insertions", "Hit@10", "median ms")
    kinds = {f"synthesised, {name}": part for name, part in report.get("synthesised", {}).items()
             if isinstance(part, dict)}  # fmt: skip
    if "recorded" in report:
        kinds["recorded"] = report["recorded"]
    names = [name for name in SCORES if name != "by_lang"]
    for kind, part in kinds.items():
        for who, times in (("ours", "final_latency_ms"), ("plain", "plain_latency_ms")):
            values = [str(part[who].get(name, "")) for name in names]
            table.add_row(kind, who, *values, str(part[times]["median"]))
        if "typed" in part:
            table.add_row(kind, "typed", "", "", "", "", str(part["typed"]["hit@10"]), "")
    console.print(table)
    for name in ("false_text", "rejected_spoken", "rtf", "final_latency_ms"):
        if name in report:
            console.print(f"{name}: {report[name]}", highlight=False)
