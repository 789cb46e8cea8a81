"""`madoguchi users`: the accounts of the city's staff, first of all the first administrator."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from assistant.accounts.accounts import COMMAND_LINE, Link, normal_name
from assistant.accounts.roles import Grant, grants, pairs
from assistant.composition import Installation
from assistant.settings import Settings
from knowledge.store_accounts import AccountRecord

app = typer.Typer(help="Accounts of the city's staff.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="the name of the account")]
Roles = Annotated[
    list[str],
    typer.Option(
        "--role",
        help="counter, editor, approver or administrator; of one department: ROLE:DEPARTMENT, "
        "which is the owner of its articles; may be repeated",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON object")]


@app.command()
def add(
    name: Name,
    role: Roles = [],  # noqa: B006 - the form that typer asks for
    display_name: Annotated[str, typer.Option(help="the name that colleagues read")] = "",
    as_json: AsJson = False,
) -> None:
    """Add somebody and print the link with which they set their password."""
    installation = _installation()
    given = _grants(role)
    link = installation.accounts.add(name, display_name, given, by=COMMAND_LINE)
    _print_link(installation, link, as_json)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List all accounts."""
    records = _installation().store.accounts()
    if as_json:
        typer.echo(json.dumps([_as_json(record) for record in records], ensure_ascii=False))
        return
    for record in records:
        told = _as_json(record)
        roles = " ".join(told["roles"]) or "no role"
        typer.echo(f"{record.name}\t{record.display_name}\t{told['state']}\t{roles}")


@app.command()
def disable(
    name: Name,
    enable: Annotated[bool, typer.Option("--undo", help="enable the account again")] = False,
) -> None:
    """Disable an account: its sessions end, and nobody can sign in with it."""
    _installation().store.set_disabled(normal_name(name), not enable, by=COMMAND_LINE)
    typer.echo(f"{normal_name(name)} is {'enabled' if enable else 'disabled'}")


@app.command()
def roles(name: Name, role: Roles = []) -> None:  # noqa: B006 - the form that typer asks for
    """Replace the roles of an account; without --role it has none."""
    given = _grants(role)
    _installation().store.set_grants(normal_name(name), pairs(given), by=COMMAND_LINE)
    typer.echo(f"{normal_name(name)}: {' '.join(map(str, given)) or 'no role'}")


@app.command()
def link(name: Name, as_json: AsJson = False) -> None:
    """Print a new link that sets a password; earlier ones do not work any more."""
    installation = _installation()
    _print_link(installation, installation.accounts.new_link(name, by=COMMAND_LINE), as_json)


def _installation() -> Installation:
    return Installation(Settings())


def _grants(texts: list[str]) -> list[Grant]:
    try:
        return sorted({Grant.parse(text) for text in texts})
    except ValueError as error:
        words = "A role is counter, editor, approver or administrator, or ROLE:DEPARTMENT."
        raise typer.BadParameter(words, param_hint="--role") from error


def _print_link(installation: Installation, link: Link, as_json: bool) -> None:
    server = installation.settings.server
    base = server.public_url.rstrip("/") or f"http://{server.host}:{server.port}"
    until = link.expires_at.isoformat(timespec="minutes")
    if as_json:
        typer.echo(json.dumps({"link": base + link.path, "expires_at": until}))
    else:
        typer.echo(f"{base}{link.path}\nThis link sets the password, once, until {until}.")


def _as_json(record: AccountRecord) -> dict[str, Any]:
    known = record.password_hash or record.subject
    return {
        "name": record.name,
        "display_name": record.display_name,
        "state": "disabled" if record.disabled_at else "active" if known else "invited",
        "roles": [str(grant) for grant in grants(record.grants)],
        "signed_in_at": record.signed_in_at and record.signed_in_at.isoformat(timespec="seconds"),
    }
