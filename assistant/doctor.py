"""What `madoguchi doctor` finds: the effective settings, and whether each part works."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import BaseModel, SecretStr

from assistant.composition import Installation

LEAST_FREE_BYTES = 500_000_000
"""Under this much free disk a release build may fail."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    words: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything looked at."""

    settings: dict[str, str]
    checks: tuple[Check, ...]

    @property
    def healthy(self) -> bool:
        """Whether every check passed."""
        return all(check.ok for check in self.checks)

    def as_json(self) -> dict[str, Any]:
        """Return the report as a JSON object."""
        return {
            "healthy": self.healthy,
            "settings": self.settings,
            "checks": [asdict(check) for check in self.checks],
        }


def examine(installation: Installation) -> Report:
    """Look at every part of the installation; a part that fails never hides the others."""
    checks = (
        _check("disk", lambda: _disk(installation)),
        _check("store", lambda: _store(installation)),
        _check("files", lambda: _files(installation)),
        _check("embeddings", lambda: _embeddings(installation)),
        _check("release", lambda: _release(installation)),
    )
    return Report(dict(flat(installation.settings)), checks)


def flat(settings: BaseModel, prefix: str = "MADOGUCHI_") -> list[tuple[str, str]]:
    """Return the settings as environment variables; secrets are shown as set or not."""
    rows: list[tuple[str, str]] = []
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        key = f"{prefix}{name.upper()}"
        if isinstance(value, BaseModel):
            rows += flat(value, f"{key}__")
        elif isinstance(value, SecretStr):
            rows.append((key, "(set)" if value.get_secret_value() else "(not set)"))
        else:
            rows.append((key, str(value)))
    return rows


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except Exception as error:
        return Check(name, False, str(error))


def _disk(installation: Installation) -> str:
    installation.settings.data.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(installation.settings.data).free
    if free < LEAST_FREE_BYTES:
        raise OSError(f"only {free // 10**6} MB are free in {installation.settings.data}")
    return f"{free // 10**6} MB free"


def _store(installation: Installation) -> str:
    installation.store.ping()
    return "reachable, schema current"


def _files(installation: Installation) -> str:
    store = installation.store
    articles = [*store.articles(store.today()), *(draft.article for draft in store.drafts())]
    named = {file.digest: article.slug for article in articles for file in article.files}
    lacking = store.lacking_files(named)
    if lacking:
        told = ", ".join(f"{digest[:12]} of {named[digest]}" for digest in lacking)
        raise OSError(f"images or attachments are missing or damaged: {told}; restore a backup")
    return f"{len(named)} images and attachments, all there"


def _embeddings(installation: Installation) -> str:
    model = installation.embedder
    dimension = model.encode(["窓口"], kind="query").pooled.shape[1]
    return f"{model.name}, {dimension} dimensions"


def _release(installation: Installation) -> str:
    info = installation.live.get().info
    return f"{info.id}, {info.counts['articles']} articles"
