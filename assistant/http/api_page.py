"""`/docs`: every route on one page of our own, which asks nothing of other sites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from assistant.http.page_view import View

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Operation:
    """One route: how it is called, what it does, and what it takes."""

    method: str
    path: str
    text: str
    fields: tuple[tuple[str, str, str], ...]


@router.get("/docs")
def api_page(request: Request) -> HTMLResponse:
    """Show the routes as the schema describes them."""
    schema = request.app.openapi()
    view = View(request, "en")
    return view.render(
        "api.html",
        title="API",
        description=schema["info"]["description"],
        operations=list(_operations(schema)),
    )


def _operations(schema: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            fields = [
                (field["name"], _kind(field.get("schema", {})), field.get("description", ""))
                for field in told.get("parameters", [])
            ]
            yield Operation(
                method.upper(), path, told.get("description", ""), (*fields, *_body(schema, told))
            )


def _body(schema: dict[str, Any], told: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The fields of the JSON body that an operation takes."""
    content = told.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
    model = schema.get("components", {}).get("schemas", {}).get(name, {})
    for field, kind in model.get("properties", {}).items():
        yield field, _kind(kind), kind.get("description", "")


def _kind(kind: dict[str, Any]) -> str:
    if "enum" in kind:
        return " | ".join(str(value) for value in kind["enum"])
    choices = kind.get("anyOf") or [kind]
    names = [str(c.get("type") or c.get("$ref", "").rsplit("/", 1)[-1]) for c in choices]
    return " or ".join(name for name in names if name != "null")
