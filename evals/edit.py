"""`python -m evals edit`: how long until an edited article is answered from.

Works on a copy of the data folder, so that nothing of it changes: publishes an
article with a new sentence, builds the release as a running server does, and
looks for that sentence. The model is loaded before, as it is in a server.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from statistics import median

from rich.console import Console

from assistant.composition import Installation
from assistant.settings import Settings
from knowledge.errors import KnowledgeError

SENTENCE = "受付番号{number}番の窓口は、庭園の東屋に移りました。"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("--slug", default="moving-in", help="the article to edit")
    parser.add_argument("--times", type=int, default=5, help="how often")
    parser.add_argument("--every-language", action="store_true", help="edit all its languages")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit code 1 where an edit was not found, 2 where none can be made."""
    try:
        with _copy(Settings()) as installation:
            report = _measure(installation, arguments)
    except (KnowledgeError, sqlite3.Error, OSError, KeyError) as error:
        Console(stderr=True).print(f"[red]No article could be edited: {error}", highlight=False)
        return 2
    if arguments.json:
        print(json.dumps(report, indent=1))
    else:
        for name, value in report.items():
            print(f"{name}: {value}")
    return 0 if report["found"] == arguments.times else 1


def _measure(installation: Installation, arguments: argparse.Namespace) -> dict[str, float]:
    installation.build_release()
    installation.live.get().index.search("転入届", "ja", k=1)
    seconds: list[float] = []
    processor: list[float] = []
    found = 0
    for number in range(arguments.times):
        sentence = SENTENCE.format(number=number)
        articles = {each.slug: each for each in installation.store.articles(installation.today())}
        before = articles[arguments.slug]
        langs = list(before.localizations) if arguments.every_language else ["ja"]
        texts = {
            lang: replace(
                before.localizations[lang],
                summary=f"{before.localizations[lang].summary}\n{sentence}",
            )
            for lang in langs
        }
        after = replace(before, localizations={**before.localizations, **texts})
        begin, used = time.perf_counter(), time.process_time()
        installation.store.publish(after, author="evals")
        installation.build_release()
        index = installation.live.get().index
        passages = index.passages(sentence, arguments.slug, "ja", k=20)
        seconds.append(time.perf_counter() - begin)
        processor.append(time.process_time() - used)
        found += sentence in {passage.sentence for passage in passages}
    return {
        "edits": len(seconds),
        "found": found,
        "seconds_median": round(median(seconds), 2),
        "seconds_most": round(max(seconds), 2),
        "processor_seconds_median": round(median(processor), 2),
    }


@contextmanager
def _copy(settings: Settings) -> Iterator[Installation]:
    """An installation on a copy of the data folder that lasts as long as the block."""
    source_file = settings.data / "madoguchi.db"
    if settings.store.url or not source_file.is_file():
        raise OSError("it needs a data folder with a store in SQLite")
    with tempfile.TemporaryDirectory(prefix="madoguchi-edit-") as name:
        folder = Path(name)
        (folder / "models").symlink_to((settings.data / "models").resolve())
        copytree(settings.data / "releases", folder / "releases")
        with (
            closing(sqlite3.connect(source_file)) as source,
            closing(sqlite3.connect(folder / "madoguchi.db")) as target,
        ):
            source.backup(target)
        installation = Installation(settings.model_copy(update={"data": folder}))
        yield installation
        installation.store.close()
