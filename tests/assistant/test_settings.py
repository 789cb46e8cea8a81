"""Every setting is described and documented."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel

from assistant.doctor import flat
from assistant.settings import Settings

DOCUMENT = Path(__file__).parents[2] / "docs" / "operations.md"


def test_every_setting_stands_in_the_operations_page() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    missing = [name for name, _ in flat(Settings(_env_file=None)) if f"`{name}`" not in text]
    assert not missing


def test_every_setting_has_a_description() -> None:
    def bare(model: type[BaseModel]) -> list[str]:
        names = []
        for name, field in model.model_fields.items():
            if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
                names += bare(field.annotation)
            elif not field.description:
                names.append(name)
        return names

    assert bare(Settings) == []


def test_secrets_are_not_shown() -> None:
    settings = Settings(_env_file=None, embedding={"api_key": "s3cret"})
    assert dict(flat(settings))["MADOGUCHI_EMBEDDING__API_KEY"] == "(set)"
