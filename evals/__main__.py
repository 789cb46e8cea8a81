"""`python -m evals COMMAND`: measure the help desk, and tell what came out."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

COMMANDS = {
    "retrieval": "how well the right article, or passage, is found",
    "peers": "the same search on txtai and on Haystack, with the same texts and model",
    "answers": "how many answers are right",
    "leads": "whether an answer begins with what answers",
    "languages": "each language beside Japanese, on the same articles",
    "calibrate": "fit the confidence model on development cases",
    "forms": "whether conversations fill forms right",
    "voices": "whether what the voice says is understood",
    "safety": "emergencies noticed, manipulation refused: a rate for every suite",
    "safety_fit": "fit the second signal for emergencies on development cases",
    "speech": "what is written of what was said, beside plain faster-whisper",
    "edit": "how long until an edited article is answered from",
    "unanswered": "whether a gap in the articles comes first among what was asked in vain",
    "load": "how fast answers come, and whether any is lost",
    "report": "one page for everyone out of saved results",
    "compare": "what changed between two results of one suite",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code; 2 where its input cannot be read."""
    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    wanted = (sys.argv[1:] if arguments is None else arguments)[:1]
    for name, purpose in COMMANDS.items():
        command = commands.add_parser(name, help=purpose)
        command.add_argument("--json", action="store_true", help="print JSON")
        # Only the command asked for is imported: some need what others do not.
        if wanted == [name]:
            import_module(f"evals.{name}").add_arguments(command)
    chosen = parser.parse_args(arguments)
    return int(import_module(f"evals.{chosen.command}").run(chosen))


if __name__ == "__main__":
    sys.exit(main())
