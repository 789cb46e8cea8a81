"""`madoguchi reviews`: which articles are to be looked at again, and letters about them."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from assistant.composition import Installation
from assistant.settings import Settings


def reviews(
    mail: Annotated[bool, typer.Option("--mail", help="write to the departments")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """List the articles whose review date is past or within 30 days, by department."""
    from assistant.mail import MailFailed
    from assistant.review_reminders import ANY, letter, reminders

    installation = Installation(Settings())
    settings = installation.settings
    city = installation.store.city()
    found = reminders(installation.store.articles(installation.today()), installation.today())
    if mail and not (settings.mail.host and settings.mail.sender):
        typer.echo("MADOGUCHI_MAIL__HOST and MADOGUCHI_MAIL__SENDER are not set.", err=True)
        sys.exit(2)
    base = settings.server.public_url.rstrip("/")
    sent, unsent = 0, []
    for one in found if mail else ():
        to = settings.mail.reviewers.get(one.department) or settings.mail.reviewers.get(ANY)
        name = city.text(one.department, "ja") if one.department in city.values else one.department
        if not to:
            unsent.append(f"{one.department}: no address in MADOGUCHI_MAIL__REVIEWERS")
            continue
        try:
            installation.mailer.send(letter(one, to, name, base))
            sent += 1
        except MailFailed as error:
            unsent.append(str(error))
    if as_json:
        told = {
            one.department: [
                {"slug": each.slug, "title": each.title, "review_by": str(each.review_by),
                 "overdue": each.overdue}
                for each in one.articles
            ]
            for one in found
        }  # fmt: skip
        typer.echo(
            json.dumps({"reviews": told, "sent": sent, "unsent": unsent}, ensure_ascii=False)
        )
    else:
        for one in found:
            typer.echo(f"{one.department}: {len(one.articles)}, {one.overdue} overdue")
            for each in one.articles:
                typer.echo(f"  {each.review_by}{' !' if each.overdue else '  '} {each.slug}")
        if mail:
            typer.echo(f"sent {sent}")
    for line in unsent:
        typer.echo(line, err=True)
    if unsent:
        sys.exit(1)
