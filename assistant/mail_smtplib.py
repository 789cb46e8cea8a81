"""Letters over SMTP, to the city's own mail server."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from assistant.mail import Letter, MailFailed
from assistant.settings import MailSettings

SECONDS = 20
"""How long the mail server may take for one step."""


class SmtpMailer:
    """Opens a connection for each letter: they are few."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    def send(self, letter: Letter) -> None:
        """Hand `letter` over; raises `MailFailed`."""
        chosen = self._settings
        try:
            message = EmailMessage()
            message["From"], message["To"] = chosen.sender, letter.to
            message["Subject"], message["Date"] = letter.subject, formatdate(localtime=True)
            message["Message-ID"] = make_msgid(domain=chosen.sender.rpartition("@")[2] or None)
            message["Auto-Submitted"] = "auto-generated"
            message.set_content(letter.text)
            with self._connected() as server:
                if chosen.user:
                    server.login(chosen.user, chosen.password.get_secret_value())
                server.send_message(message)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            why = f"The mail to {letter.to} was not taken by {chosen.host}: {error}"
            raise MailFailed(why) from error

    def _connected(self) -> smtplib.SMTP:
        chosen = self._settings
        if chosen.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(chosen.host, chosen.port, timeout=SECONDS, context=context)
        server = smtplib.SMTP(chosen.host, chosen.port, timeout=SECONDS)
        if chosen.security == "starttls":
            try:
                server.starttls(context=ssl.create_default_context())
            except BaseException:
                server.close()
                raise
        return server
