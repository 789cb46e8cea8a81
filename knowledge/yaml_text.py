"""YAML in which every value is text, for files that people write by hand.

Nothing is guessed: ``no``, ``2026`` and ``09:00`` stay what was typed, so that an
editor need not know which words YAML takes for something else. A key that stands
twice is an error. A folded text (``>-``) joins its lines without a space where
Japanese or Chinese has none.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from knowledge.errors import ArticleInvalid

_UNSPACED = "\u3000-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef"
_BREAKS = re.compile("[\n\r\t\x85\u2028\u2029\ufeff]")
_FOLD = re.compile(rf"(?<=[。！？]) (?=[{_UNSPACED}{{])")


def load(text: str, name: str) -> dict[str, Any]:
    """Return the mapping that `text` holds: texts, lists and mappings of texts.

    `name` is the file named in an error. Raises `ArticleInvalid`.
    """
    try:
        loaded = yaml.load(text, Loader=_TextLoader)  # a subclass of BaseLoader: text only
    except yaml.MarkedYAMLError as error:
        line = f" line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ArticleInvalid(f"{name}{line}: {error.problem or error.context}.") from error
    except RecursionError as error:
        raise ArticleInvalid(f"{name}: the YAML is nested too deeply.") from error
    except yaml.YAMLError as error:
        raise ArticleInvalid(f"{name}: the YAML holds a character that is not allowed.") from error
    if loaded is None or loaded == "":
        return {}
    if not isinstance(loaded, dict):
        raise ArticleInvalid(f"{name}: the YAML is not a list of `key: value` lines.")
    return loaded


def dump(mapping: dict[str, Any]) -> str:
    """Return `mapping` as YAML that people can read and that `load` reads back equal."""
    return yaml.dump(
        mapping,
        Dumper=_TextDumper,
        allow_unicode=True,
        sort_keys=False,
        width=2**20,
        default_flow_style=False,
    )


def text_at(values: dict[str, Any], key: str, name: str) -> str:
    """Return the one text under `key`, empty where the key is absent; raises `ArticleInvalid`."""
    value = values.get(key, "")
    if not isinstance(value, str):
        raise ArticleInvalid(f"{name}: '{key}' is not one text.")
    return value


def list_at(values: dict[str, Any], key: str, name: str) -> list[Any]:
    """Return the list under `key`, empty where the key is absent; raises `ArticleInvalid`."""
    value = values.get(key) or []
    if not isinstance(value, list):
        raise ArticleInvalid(f"{name}: '{key}' is not a list.")
    return value


def lines_at(values: dict[str, Any], key: str, name: str) -> tuple[str, ...]:
    """Return the list of texts under `key`; raises `ArticleInvalid`."""
    lines = list_at(values, key, name)
    for number, line in enumerate(lines, start=1):
        if not isinstance(line, str):
            raise ArticleInvalid(
                f"{name}: line {number} of '{key}' is not one text; "
                "write it in quotes if it holds a colon."
            )
    return tuple(lines)


class Flow(list[str]):
    """A list that is written on one line: ``[a, b]``."""


class Plain(str):
    """A day or a whole number, written without quotes."""

    __slots__ = ()


def _tag(value: str) -> str:
    """The tag with which YAML would read `value` without quotes: a day or a number."""
    return f"tag:yaml.org,2002:{'int' if value.isdecimal() else 'timestamp'}"


_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the C parser, where it is built in


class _TextLoader(_Loader):  # type: ignore[misc]
    """Reads scalars as text, refuses keys that stand twice."""

    def construct_scalar(self, node: yaml.ScalarNode) -> str:
        value = str(super().construct_scalar(node))
        return _FOLD.sub("", value) if node.style == ">" else value

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = str(getattr(key_node, "value", ""))
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    problem=f"the key '{key}' stands twice", problem_mark=key_node.start_mark
                )
            seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=True)
        return mapping


class _TextDumper(yaml.SafeDumper):
    """Writes lists indented under their key, and no anchors."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:
        return True


def _represent_text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    """Quote what holds a line break or a mark that other styles lose."""
    style = '"' if _BREAKS.search(value) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _represent_plain(dumper: yaml.SafeDumper, value: Plain) -> yaml.ScalarNode:
    return yaml.ScalarNode(_tag(value), str(value))


def _represent_flow(dumper: yaml.SafeDumper, value: Flow) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", list(value), flow_style=True)


_TextDumper.add_representer(str, _represent_text)
_TextDumper.add_representer(Flow, _represent_flow)
_TextDumper.add_representer(Plain, _represent_plain)
