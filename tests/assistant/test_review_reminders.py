"""Departments are reminded of reviews by mail; what cannot be sent is told."""

from __future__ import annotations

import email
import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant.cli import app
from assistant.mail import Letter, MailFailed
from assistant.mail_smtplib import SmtpMailer
from assistant.review_reminders import letter, reminders
from assistant.settings import MailSettings, Settings
from tests.assistant.conftest import SmallInstallation

TODAY = date(2026, 11, 23)


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it is sent, and refuses one address."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.letters: list[Any] = []


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 mail.example")
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word == "DATA":
                self._say("354 go on")
                self._take()
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("550 unknown" if "nobody@" in line else "250 mail.example")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line)
        assert isinstance(self.server, MailServer)
        self.server.letters.append(email.message_from_bytes(b"".join(lines), policy=default))
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join(5)


def due_soon(installation: SmallInstallation) -> list[Any]:
    days = {"moving-in": -10, "bulky-garbage": 20, "emergency-119": 300}
    return [
        replace(article, review_by=TODAY + timedelta(days=days[article.slug]))
        for article in installation.store.articles(TODAY)
        if article.slug in days
    ]


def test_each_department_is_told_of_its_own(installation: SmallInstallation) -> None:
    found = {one.department: one for one in reminders(due_soon(installation), TODAY)}
    assert [one.slug for one in found["section.resident"].articles] == ["moving-in"]
    assert found["section.resident"].overdue == 1
    assert sum(len(one.articles) for one in found.values()) == 2
    written = letter(found["section.resident"], "a@city.example", "住民情報課", "https://desk")
    assert written.subject == "【まどぐち】記事の見直し：期限切れ1件、30日以内0件"
    assert (
        "2026-11-13（期限切れ） 転入届" in written.text
        and "https://desk/admin/articles/moving-in" in written.text
    )


def test_a_letter_reaches_the_mail_server(mail_server: MailServer) -> None:
    settings = MailSettings(
        host="127.0.0.1", port=mail_server.server_address[1], sender="desk@city.example"
    )
    SmtpMailer(settings).send(Letter("resident@city.example", "記事の見直し", "転入届\n"))
    (taken,) = mail_server.letters
    assert taken["Subject"] == "記事の見直し" and taken["To"] == "resident@city.example"
    assert taken.get_content().strip() == "転入届"
    with pytest.raises(MailFailed, match="nobody@"):
        SmtpMailer(settings).send(Letter("nobody@city.example", "x", "y"))
    with pytest.raises(MailFailed):
        SmtpMailer(settings).send(Letter("a@city.example\nBcc: b@evil.example", "x", "y"))
    dead = settings.model_copy(update={"port": 9})
    with pytest.raises(MailFailed, match="was not taken"):
        SmtpMailer(dead).send(Letter("a@city.example", "x", "y"))


def test_the_command_writes_to_departments_and_tells_who_has_no_address(
    small_city: Path, tmp_path: Path, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = SmallInstallation(Settings(_env_file=None, data=tmp_path))
    made.import_paths([small_city])
    past = made.today() - timedelta(days=1)
    for slug in ("moving-in", "bulky-garbage"):
        article = made.store.article(slug)
        made.store.publish_all([replace(article, number=0, review_by=past)], author="tests")
    made.store.close()
    monkeypatch.setenv("MADOGUCHI_DATA", str(tmp_path))
    run = CliRunner()
    assert run.invoke(app, ["reviews", "--mail"]).exit_code == 2
    monkeypatch.setenv("MADOGUCHI_MAIL__HOST", "127.0.0.1")
    monkeypatch.setenv("MADOGUCHI_MAIL__PORT", str(mail_server.server_address[1]))
    monkeypatch.setenv("MADOGUCHI_MAIL__SENDER", "desk@city.example")
    monkeypatch.setenv("MADOGUCHI_MAIL__REVIEWERS", '{"section.resident": "r@city.example"}')
    done = run.invoke(app, ["reviews", "--mail", "--json"])
    told = json.loads(done.stdout)
    assert [one["slug"] for one in told["reviews"]["section.resident"]] == ["moving-in"]
    assert told["sent"] == 1 and len(told["unsent"]) == len(told["reviews"]) - 1
    assert done.exit_code == 1
    assert [taken["To"] for taken in mail_server.letters] == ["r@city.example"]
    monkeypatch.setenv("MADOGUCHI_MAIL__REVIEWERS", '{"*": "all@city.example"}')
    assert run.invoke(app, ["reviews", "--mail"]).exit_code == 0
