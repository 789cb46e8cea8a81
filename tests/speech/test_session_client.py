"""A speaker and a session, with connections that break at any moment: no word is lost."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np
import pytest

from speech import wire
from speech.audio import to_pcm16
from speech.recognition import Recognition
from speech.session import Hear, Heard, Session
from speech.session_client import SessionClient
from speech.session_log import EventLog
from speech.testing import silence, tone
from tests.speech.test_session import LANGS, endpointer


class Server:
    """A session and its log, as `/api/speech` joins them; forgets everything on `restart`."""

    def __init__(self) -> None:
        self.count = 0
        self.heard: list[float] = []
        self.restart()

    def restart(self) -> None:
        self.count += 1
        self.session = Session(f"sess_{self.count}", endpointer, LANGS)
        self.log = EventLog(60)

    def connect(self) -> list[dict[str, Any]]:
        greeting = Session(f"fresh_{self.count}", endpointer, LANGS)
        if self.session.next_frame:
            return [{"event_id": "event_1", "type": "session.created",
                     "session": greeting.described()}]  # fmt: skip
        return [self.log.add(wire.SessionCreated(self.session.described()), 0.0)]

    def take(self, message: str | bytes) -> list[dict[str, Any]]:
        event = wire.parse(message)
        if isinstance(event, wire.Resume) and event.session_id != self.session.id:
            return [self.log.add(wire.problem("session_unknown"), 0.0)]
        sent = []
        outputs = self.session.handle(event)
        while outputs:
            output = outputs.pop(0)
            if isinstance(output, Hear):
                if output.kind == "final":
                    self.heard.append(len(output.audio) / 16_000)
                    outputs += self.session.handle(Heard(output, Recognition("はい", "ja")))
            else:
                sent.append(self.log.add(output, 0.0))
        if isinstance(event, wire.Resume):
            sent += self.log.after(event.last_event_id)
        return sent


class Line:
    """The connection; bytes and events on their way are lost with it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.client = SessionClient()
        self.up = False

    def connect(self) -> None:
        self.up = True
        for event in self.server.connect():
            self.send(self.client.received(event))
        self.send(self.client.connected())

    def send(self, messages: list[str | bytes], lost: float = 0.0) -> None:
        for message in messages:
            if not self.up:
                return
            for event in self.server.take(message):
                if random.random() < lost:
                    self.up = False
                    return
                self.send(self.client.received(event))


@pytest.mark.parametrize("seed", range(12))
def test_a_connection_that_breaks_often_loses_nothing(seed: int) -> None:
    random.seed(seed)
    line = Line(Server())
    line.connect()
    audio = np.concatenate([silence(0.5), tone(2), silence(1.2), tone(3), silence(1.2), tone(1)])
    for start in range(0, len(audio), 1024):
        if not line.up and random.random() < 0.2:
            line.connect()
        line.send(line.client.send(to_pcm16(audio[start : start + 1024])), lost=0.05)
    line.send(line.client.commit(), lost=0.3)
    while not line.client.finished:
        line.connect()
    assert line.server.heard == pytest.approx([2.8, 3.8, 1.5], abs=0.15)


def test_after_a_restart_of_the_server_only_what_has_no_text_is_said_again() -> None:
    line = Line(Server())
    line.connect()
    for start in range(0, 16_000 * 6, 1024):
        audio = np.concatenate([tone(2), silence(2), tone(2)])[start : start + 1024]
        line.send(line.client.send(to_pcm16(audio)))
    line.up = False
    line.server.restart()
    line.connect()
    line.send(line.client.commit())
    assert line.client.finished
    assert line.server.heard == pytest.approx([2.3, 2.5], abs=0.15)


def test_only_the_last_minute_is_kept() -> None:
    client = SessionClient(keep_seconds=1)
    client.received({"type": "session.created", "event_id": "event_1", "session": {"id": "a"}})
    for _ in range(100):
        client.send(bytes(2048))
    client.connected()
    resumed = {"type": "resumed", "event_id": "event_2", "session": {}, "next_frame": 0}
    assert len(client.received(resumed)) == 15


def test_every_new_session_gets_the_settings() -> None:
    line = Line(Server())
    line.client = SessionClient(settings={"transcription": {"language": "vi"}})
    line.connect()
    assert line.server.session.options.lang == "vi"
    line.server.restart()
    line.connect()
    assert line.server.session.options.lang == "vi"


def test_it_says_first_which_session_it_was() -> None:
    client = SessionClient()
    assert client.connected() == []
    client.received({"type": "session.created", "event_id": "event_1", "session": {"id": "a"}})
    client.received({"type": "level", "event_id": "event_9"})
    (message,) = client.connected()
    assert json.loads(message) == {
        "type": "resume",
        "session_id": "a",
        "last_event_id": "event_9",
    }
