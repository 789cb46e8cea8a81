"""`python -m widget.tokens`: take the Digital Agency's design tokens into `static/tokens.css`.

The values are those of the npm package `@digital-go-jp/design-tokens` (MIT,
Copyright Digital Agency), in the version named here; nothing is changed by
hand. Needs `npm`.
"""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@digital-go-jp/design-tokens"
VERSION = "1.1.9"
FILE = Path(__file__).parent / "static" / "tokens.css"
CHAT_FILE = FILE.parent / "chat" / "tokens.css"
HEAD = (
    "/* Those of ../tokens.css that the chat uses; `python -m widget.tokens` writes this file. */"
)
USED = re.compile(r"var\((--[\w-]+)")
MEMBER = "package/dist/tokens.css"
WAIT_SECONDS = 60.0


class TokensUnavailable(Exception):
    """The package cannot be had: no npm, no registry, or no such version."""


def published() -> str:
    """Return the package's own style sheet; raises TokensUnavailable."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", f"{PACKAGE}@{VERSION}"]
        try:
            subprocess.run(
                command, cwd=folder, check=True, capture_output=True, timeout=WAIT_SECONDS
            )
            archive = next(Path(folder).glob("*.tgz")).read_bytes()
        except (OSError, subprocess.SubprocessError, StopIteration) as error:
            raise TokensUnavailable(f"{PACKAGE} {VERSION} cannot be had: {error}") from error
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        member = files.extractfile(MEMBER)
        if member is None:
            raise TokensUnavailable(f"{PACKAGE} {VERSION} holds no {MEMBER}")
        return member.read().decode("utf-8")


def chosen(tokens: str) -> str:
    """Return of the sheet `tokens` only what the chat uses, since every page loads that."""
    values = dict(re.findall(r"^\s*(--[\w-]+):\s*(.+);$", tokens, re.MULTILINE))
    sheets = (FILE.with_name("theme.css"), FILE.parent / "chat" / "chat.css")
    used = [name for sheet in sheets for name in USED.findall(sheet.read_text(encoding="utf-8"))]
    named = set(used)
    while more := {name for known in named for name in USED.findall(values.get(known, ""))} - named:
        named |= more
    lines = [f"  {name}: {value};" for name, value in values.items() if name in named]
    return "\n".join((HEAD, ":root {", *lines, "}", ""))


if __name__ == "__main__":
    FILE.write_text(published(), encoding="utf-8")
    CHAT_FILE.write_text(chosen(FILE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{FILE.name}: {PACKAGE} {VERSION}")
