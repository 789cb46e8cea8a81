"""Where and with what a measurement was made: versions, model, machine and day.

No name of a machine or a person and no path is in it, so that it can be published.
"""

from __future__ import annotations

import os
import platform
import re
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from assistant.answer import JAPAN

PACKAGES = (
    "madoguchi", "numpy", "scipy", "faiss-cpu", "torch", "transformers", "sentence-transformers",
    "onnxruntime", "ctranslate2", "faster-whisper", "sudachipy", "pydantic", "sqlalchemy",
    "starlette",
)  # fmt: skip
"""The packages that what is measured depends on."""


def provenance() -> dict[str, Any]:
    """Return the day, versions of Python and packages, system, processor and memory."""
    return {
        "day": f"{datetime.now(JAPAN):%Y-%m-%d}",
        "python": platform.python_version(),
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": _memory_gb(),
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    """Return the name of the processor, where the system tells one."""
    names = Path("/proc/cpuinfo")
    if names.is_file():
        found = re.search(r"^model name\s*:\s*(.+)$", names.read_text(encoding="utf-8"), re.M)
        if found:
            return found[1].strip()
    return platform.processor()


def _memory_gb() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (AttributeError, ValueError, OSError):
        return None
