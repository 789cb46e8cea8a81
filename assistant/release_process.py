"""Builds a release in a process of its own.

Encoding a whole knowledge base takes twice the memory that answering does, and
much of it stays with the process. So `serve` leaves its first build to
`madoguchi index` and takes the release from the disk. That command shows its
progress and says what goes wrong on the same terminal.
"""

from __future__ import annotations

import signal
import subprocess
import sys

from knowledge.errors import ReleaseInvalid


class BuildRefused(Exception):
    """The build told what is wrong and ended with `exit_code`."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


def build_apart(*, anew: bool = False) -> None:
    """Build a release of what is in force; with `anew` also where nothing changed.

    Raises BuildRefused where the build ended with a sentence of its own, and
    ReleaseInvalid where it was killed and could not say anything.
    """
    command = [sys.executable, "-m", "assistant.cli", "index", *(["--anew"] if anew else [])]
    code = subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode
    if code < 0:
        raise ReleaseInvalid(
            f"The release could not be built: the process was ended by {_name(-code)}, perhaps "
            "for lack of memory. What it had done is kept; start again to go on."
        )
    if code:
        raise BuildRefused(code)


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
