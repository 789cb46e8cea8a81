"""The commands of speech: `madoguchi transcribe`, `say` and `listen`."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress

from assistant.composition import Installation
from assistant.settings import Settings
from speech.errors import AudioInvalid, SpeechError

EXIT_FAILED, EXIT_REFUSED, EXIT_WEIGHTS = 1, 3, 5

PLAYERS = (["aplay", "-q"], ["paplay"], ["afplay"], ["ffplay", "-autoexit", "-nodisp"])
"""Programs that play a WAV from standard input or a file; the first that is there."""

_errors = Console(stderr=True, highlight=False, soft_wrap=True)

AsJson = Annotated[bool, typer.Option("--json", help="print one JSON object")]


def transcribe(
    file: Annotated[Path, typer.Argument(help="a recording or a video of any common format")],
    lang: Annotated[
        str | None, typer.Option(help="language spoken; found out if not given")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write down a recording."""
    from speech.audio import decode
    from speech.transcription import Transcription, utterances

    installation = Installation(Settings())
    desk = installation.speech_desk()
    spoken = desk.heard_as(lang)
    if lang is not None and spoken is None:
        _fail(f"{lang} is none of {', '.join(desk.langs)}.", 2)
    try:
        samples = decode(file, installation.settings.speech.recording_minutes * 60)
        recognizer = installation.recognizer
        made = Transcription(len(samples) / 16_000, spoken, spoken is not None)
        with Progress(console=_errors, transient=True) as progress:
            task = progress.add_task("listening", total=made.seconds)
            for utterance in utterances(samples, desk.endpointer()):
                known = made.lang if made.lang_given else None
                heard = recognizer.recognize(utterance.audio, known, desk.langs)
                parts = made.add(utterance, heard)
                progress.update(task, completed=utterance.end)
                for part in [] if as_json else parts:
                    typer.echo(part.text)
    except SpeechError as error:
        _fail(str(error), _code(error))
    if as_json:
        segments = [
            {"start": round(part.start, 2), "end": round(part.end, 2), "text": part.text}
            for part in made.segments
        ]
        _print_json(
            text=made.text,
            language=made.lang,
            seconds=round(made.seconds, 2),
            kana="".join(made.kana),
            terms=made.terms,
            segments=segments,
        )


def say(
    text: Annotated[str, typer.Argument(help="what is said")],
    output: Annotated[
        str, typer.Option("--output", "-o", help="file (wav, mp3, opus, flac, pcm), or play")
    ] = "play",
    lang: Annotated[str | None, typer.Option(help="language of the text")] = None,
    speed: Annotated[float, typer.Option(min=0.5, max=2, help="1, or .8 for slow speech")] = 1.0,
) -> None:
    """Say a text aloud, or into a file."""
    from assistant import language
    from speech.encoding import encode

    style = "wav" if output == "play" else Path(output).suffix.lstrip(".").lower() or "wav"
    installation = Installation(Settings())
    try:
        voice = installation.voice
        chunks = voice.speak(text, lang or language.identify(text), speed, personal=True)
        sound = encode(chunks, voice.sample_rate, "opus" if style == "ogg" else style)
    except SpeechError as error:
        _fail(str(error), _code(error))
    if output == "play":
        _play(sound)
    else:
        Path(output).write_bytes(sound)


def listen(
    source: Annotated[str, typer.Argument(help="a recording, or - for PCM16 at 16 kHz from stdin")],
    url: Annotated[str, typer.Option(help="a running desk")] = "http://127.0.0.1:8000",
    lang: Annotated[str | None, typer.Option(help="language spoken, if staff know it")] = None,
    cut: Annotated[
        float | None, typer.Option(help="drop the connection after so many seconds, and resume")
    ] = None,
    ask: Annotated[bool, typer.Option(help="ask the desk what was said")] = False,
    as_json: AsJson = False,
) -> None:
    """Speak to a running desk as a tablet would; words appear while they are spoken."""
    from assistant import cli_listen
    from speech.audio import decode

    console = _errors if as_json else Console(highlight=False)
    try:
        if source == "-":
            frames = cli_listen.frames_of_stdin()
        else:
            limit = Settings().speech.recording_minutes * 60
            frames = cli_listen.frames_of(decode(Path(source), limit))
        finals = asyncio.run(_listen(url, lang, cli_listen.Shown(console), cut, frames))
        answer = cli_listen.ask(url, finals) if ask and finals.texts else None
    except SpeechError as error:
        _fail(str(error), _code(error))
    except cli_listen.ListenFailed as error:
        _fail(str(error), EXIT_FAILED)
    if as_json:
        kana = "".join(finals.kana)
        _print_json(texts=finals.texts, kana=kana, language=finals.lang, answer=answer)
    elif answer is not None:
        typer.echo(f"\n{answer['answer']}")


async def _listen(url: str, lang: str | None, show: Any, cut: float | None, frames: Any) -> Any:
    from assistant.cli_listen import Listener

    return await Listener(url, lang, show, cut).run(frames)


def _play(sound: bytes) -> None:
    player = next((command for command in PLAYERS if shutil.which(command[0])), None)
    if player is None:
        _fail("No program that plays sound was found; write a file with -o FILE.wav.", EXIT_FAILED)
    subprocess.run([*player, "-"], input=sound, check=False)


def _print_json(**fields: object) -> None:
    typer.echo(json.dumps(fields, ensure_ascii=False, indent=1))


def _code(error: SpeechError) -> int:
    from speech.errors import VoiceUnavailable, WeightsMissing

    if isinstance(error, AudioInvalid | VoiceUnavailable):
        return EXIT_REFUSED
    return EXIT_WEIGHTS if isinstance(error, WeightsMissing) else EXIT_FAILED


def _fail(message: str, code: int) -> NoReturn:
    _errors.print(message, style="red", markup=False)
    sys.exit(code)
