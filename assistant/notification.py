"""A notice as staff write it, on its way to those who want its kind.

`announce` is what the command line and the pages for staff call.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml

from assistant.push import Delivery, Push
from knowledge.article import languages
from knowledge.city import City
from knowledge.ruby import strip


def announce(
    push: Push, city: City, kind: str, texts: Mapping[str, str], url: str = ""
) -> Delivery:
    """Send `texts`, one a language, to all who chose `kind`; the title names city and kind.

    Raises PushInvalid.
    """
    titles = {lang: _title(city, kind, lang) for lang in texts}
    return push.notify(kind, texts, url=url, titles=titles)


def _title(city: City, kind: str, lang: str) -> str:
    name = strip(city.text("city.name", lang)) if "city.name" in city.values else ""
    return " – ".join(filter(None, (name, strip(_kinds(lang).get(kind, "")))))


@cache
def _kinds(lang: str) -> dict[str, str]:
    """The names of the kinds in `lang`, as the pages call them."""
    name = lang if lang in languages() else "ja"
    file = resources.files("widget").joinpath("pages", f"{name}.yaml")
    names: dict[str, str] = yaml.safe_load(file.read_text("utf-8"))["events"]
    return names
