"""The session: events in, events out."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech import wire
from speech.audio import to_pcm16
from speech.endpointing import Endpointer, EndpointSettings
from speech.recognition import Recognition, Samples
from speech.session import Hear, Heard, Moved, Output, Session, Unheard
from speech.session_frames import MOST_EARLY, FrameOrder
from speech.session_log import EventLog
from speech.session_options import SessionOptions
from speech.testing import FakeVoiceActivity, silence, tone

LANGS = ("ja", "en", "vi")


def endpointer(options: SessionOptions) -> Endpointer:
    settings = EndpointSettings(push_to_talk=options.push_to_talk)
    return Endpointer(settings, FakeVoiceActivity())


class Client:
    """Sends audio in frames as a tablet does, and collects what comes out."""

    def __init__(self) -> None:
        self.session = Session("sess_1", endpointer, LANGS)
        self.number = 0
        self.out: list[Output] = []

    def send(self, *events: wire.ClientEvent | Heard | Unheard | Moved) -> list[Output]:
        out = [output for event in events for output in self.session.handle(event)]
        self.out += out
        return out

    def speak(self, samples: Samples) -> list[Output]:
        out: list[Output] = []
        for start in range(0, len(samples), 1024):
            audio = to_pcm16(samples[start : start + 1024])
            out += self.send(wire.AudioAppend(audio, self.number))
            self.number += 1
        return out

    def update(self, **given: object) -> list[Output]:
        return self.send(wire.SessionUpdate({"audio": {"input": given}}))


def kinds(outputs: list[Output]) -> list[str]:
    names = [out.kind if isinstance(out, Hear) else out.type for out in outputs]
    return [name.split(".")[-1] for name in names if name != "level"]


def asked(outputs: list[Output], kind: str) -> list[Hear]:
    return [out for out in outputs if isinstance(out, Hear) and out.kind == kind]


def heard(text: str, lang: str = "ja", sure: float = 0.9) -> Recognition:
    return Recognition(text, lang, sure, kana="てんにゅう", terms=("転入届",))


def final(outputs: list[Output]) -> wire.TranscriptCompleted:
    (event,) = [out for out in outputs if isinstance(out, wire.TranscriptCompleted)]
    return event


@pytest.fixture
def client() -> Client:
    return Client()


def test_an_utterance_from_its_first_word_to_its_text(client: Client) -> None:
    client.speak(silence(1))
    out = client.speak(np.concatenate([tone(2), silence(1.2)]))
    assert kinds(out) == ["speech_started", "partial", "partial", "early", "speech_stopped",
                          "committed", "final"]  # fmt: skip
    started = next(event for event in out if isinstance(event, wire.SpeechStarted))
    assert 400 <= started.audio_start_ms <= 600
    (hear,) = asked(out, "final")
    assert len(hear.audio) / 16000 == pytest.approx(2.8, abs=0.1)
    done = client.send(Heard(hear, heard("転入届はいつまでですか")))
    assert final(done).transcript == "転入届はいつまでですか"
    assert final(done).kana == "てんにゅう"
    assert final(done).usage["seconds"] == pytest.approx(2.8, abs=0.1)
    assert client.session.waiting == 0


def test_partials_grow_and_the_stable_part_is_also_sent_as_deltas(client: Client) -> None:
    (first,) = asked(client.speak(tone(1.2)), "partial")
    one = client.send(Heard(first, heard("転入届")))
    two = client.send(Heard(first, heard("転入届はいつ")))
    assert one == [wire.Partial("item_1", 1, "", "転入届")]
    assert two == [wire.Partial("item_1", 2, "転入届", "はいつ"),
                   wire.TranscriptDelta("item_1", "転入届")]  # fmt: skip


def test_an_early_text_is_used_where_nothing_more_was_said(client: Client) -> None:
    out = client.speak(np.concatenate([tone(2), silence(0.4)]))
    (early,) = asked(out, "early")
    client.send(Heard(early, heard("はい、そうです")))
    out = client.speak(silence(1))
    assert not asked(out, "final")
    assert final(out).transcript == "はい、そうです"


def test_an_early_text_is_a_partial_one_where_more_was_said(client: Client) -> None:
    (early,) = asked(client.speak(np.concatenate([tone(2), silence(0.4)])), "early")
    assert kinds(client.send(Heard(early, heard("はい")))) == ["partial"]
    out = client.speak(np.concatenate([tone(1), silence(1)]))
    (hear,) = asked(out, "final")
    assert len(hear.audio) > len(early.audio)


def test_a_partial_text_after_the_final_one_changes_nothing(client: Client) -> None:
    out = client.speak(np.concatenate([tone(2), silence(1)]))
    (hear,) = asked(out, "final")
    late = Heard(asked(out, "partial")[0], heard("てん"))
    assert client.send(late) == []
    client.send(Heard(hear, heard("転入届")))
    assert client.send(late, Heard(hear, heard("転入届"))) == []


def test_commit_ends_the_utterance_at_once(client: Client) -> None:
    client.speak(tone(1))
    assert kinds(client.send(wire.AudioCommit())) == ["speech_stopped", "committed", "final"]


def test_commit_of_nothing_is_told(client: Client) -> None:
    client.speak(silence(1))
    (event,) = client.send(wire.AudioCommit())
    assert isinstance(event, wire.Problem)
    assert event.error["code"] == "input_audio_buffer_commit_empty"


def test_clear_forgets_the_utterance(client: Client) -> None:
    (partial,) = asked(client.speak(tone(1.2)), "partial")
    assert client.send(wire.AudioClear()) == [wire.Cleared()]
    assert client.send(Heard(partial, heard("転"))) == []
    assert kinds(client.send(wire.AudioCommit())) == ["error"]


def test_push_to_talk_ends_with_the_button_only(client: Client) -> None:
    client.update(turn_detection=None)
    out = client.speak(np.concatenate([tone(1), silence(3)]))
    assert "final" not in kinds(out)
    assert kinds(client.send(wire.AudioCommit()))[-3:] == ["speech_stopped", "committed", "final"]


def test_a_button_pressed_in_silence_gives_an_empty_text_with_its_reason(client: Client) -> None:
    client.update(turn_detection=None)
    client.speak(silence(1))
    out = client.send(wire.AudioCommit())
    assert (final(out).transcript, final(out).rejected) == ("", "silence")
    assert client.session.waiting == 0


def test_a_speaker_who_never_stops_is_cut_without_a_gap(client: Client) -> None:
    out = client.speak(tone(65))
    finals = asked(out, "final")
    assert len(finals) == 2
    assert all(len(hear.audio) <= 30 * 16000 for hear in finals)
    rest = asked(client.send(wire.AudioCommit()), "final")
    assert sum(len(hear.audio) for hear in [*finals, *rest]) / 16000 == pytest.approx(65, abs=0.2)


def test_the_language_of_the_first_sure_utterance_is_kept(client: Client) -> None:
    def say(text: str, lang: str, sure: float, seconds: float = 2) -> list[Output]:
        out = client.speak(np.concatenate([tone(seconds), silence(1)]))
        (hear,) = asked(out, "final")
        languages.append(hear.lang)
        return client.send(Heard(hear, heard(text, lang, sure)))

    languages: list[str | None] = []
    say("はい", "ja", 0.4)
    say("", "vi", 0.9)
    updated = say("引っ越しました", "ja", 0.95)[-1]
    assert isinstance(updated, wire.SessionUpdated)
    assert updated.session["audio"]["input"]["transcription"]["language"] == "ja"
    say("手続き", "en", 0.99)
    client.update(transcription={"language": "vi"})
    say("xin chào", "vi", 0.5)
    client.update(transcription={"language": None})
    say("hello", "en", 0.5)
    assert languages == [None, None, None, "ja", "vi", None]


def test_the_desk_does_not_hear_itself(client: Client) -> None:
    client.speak(silence(1))
    client.send(wire.PlaybackStarted("住み始めた日から14日以内に届け出てください。"))
    assert kinds(client.speak(tone(3))) == []
    client.send(wire.PlaybackStopped())
    assert kinds(client.speak(np.concatenate([tone(0.4), silence(1)]))) == []
    assert "speech_started" in kinds(client.speak(tone(1)))


@pytest.mark.parametrize(
    ("text", "rejected"),
    [
        ("14日以内に届け出てください", "echo"),
        ("14日以内に、届出て下さい。", "echo"),
        ("転入届", ""),
        ("14日を過ぎたらどうなりますか", ""),
    ],
)
def test_what_repeats_the_desk_is_dropped(client: Client, text: str, rejected: str) -> None:
    client.send(wire.PlaybackStarted("転入届です。住み始めた日から14日以内に届け出てください。"))
    client.speak(tone(3))
    client.send(wire.PlaybackStopped())
    out = client.speak(np.concatenate([silence(0.6), tone(2), silence(1)]))
    done = client.send(Heard(asked(out, "final")[0], heard(text)))
    assert final(done).rejected == rejected


def test_somebody_who_speaks_long_after_the_desk_is_no_echo(client: Client) -> None:
    client.send(wire.PlaybackStarted("14日以内に届け出てください"))
    client.send(wire.PlaybackStopped())
    out = client.speak(np.concatenate([silence(4), tone(2), silence(1)]))
    done = client.send(Heard(asked(out, "final")[0], heard("14日以内に届け出てください")))
    assert final(done).transcript


def test_what_was_being_said_when_the_desk_begins_is_kept(client: Client) -> None:
    client.speak(tone(2))
    assert kinds(client.send(wire.PlaybackStarted("はい")))[-1] == "final"


def test_a_device_that_never_says_that_it_stopped_is_heard_again(client: Client) -> None:
    client.send(wire.PlaybackStarted("はい"))
    client.speak(silence(181))
    assert "speech_started" in kinds(client.speak(tone(2)))


def test_audio_of_24_khz_is_resampled(client: Client) -> None:
    client.update(format={"type": "audio/pcm", "rate": 24000})
    out = client.speak(np.concatenate([tone(3), silence(3)]))
    (hear,) = asked(out, "final")
    assert len(hear.audio) / 16000 == pytest.approx(2.3, abs=0.2)


def test_levels_tell_loudness_and_clipping(client: Client) -> None:
    levels = [out for out in client.speak(tone(1)) if isinstance(out, wire.Level)]
    assert len(levels) in (3, 4)
    assert levels[0].rms_db == pytest.approx(-20, abs=0.2)
    assert not levels[0].clipped
    loud = [out for out in client.speak(tone(1, level=6)) if isinstance(out, wire.Level)]
    assert loud[-1].clipped


def test_waiting_is_told_and_so_is_its_end(client: Client) -> None:
    client.speak(np.concatenate([tone(2), silence(1)]))
    assert client.send(Moved("item_1", 0, 0.0)) == []
    assert client.send(Moved("item_1", 2, 2.5)) == [wire.Waiting("item_1", 2, 2.5)]
    assert client.send(Moved("item_1", 0, 0.0)) == [wire.Waiting("item_1", 0, 0.0)]


def test_a_failed_recognition_is_told(client: Client) -> None:
    out = client.speak(np.concatenate([tone(2), silence(1)]))
    (failed,) = client.send(Unheard(asked(out, "final")[0], "recognition_failed"))
    assert isinstance(failed, wire.TranscriptFailed)
    assert failed.error["code"] == "recognition_failed"
    assert client.send(Unheard(asked(out, "early")[0], "recognition_failed")) == []


def test_frames_that_come_again_are_no_new_words(client: Client) -> None:
    client.speak(tone(1))
    client.number -= 5
    client.speak(tone(1))
    (hear,) = asked(client.send(wire.AudioCommit()), "final")
    assert len(hear.audio) / 16000 == pytest.approx(2 - 5 * 0.064, abs=0.07)


@pytest.mark.parametrize(
    "session",
    [
        {"audio": 3},
        {"audio": {"input": {"format": {"type": "audio/pcm", "rate": 8000}}}},
        {"audio": {"input": {"format": {"type": "audio/pcmu", "rate": 16000}}}},
        {"audio": {"input": {"transcription": {"language": "tlh"}}}},
        {"audio": {"input": {"transcription": {"prompt": "あ" * 201}}}},
        {"audio": {"input": {"transcription": {"prompt": 1}}}},
        {"audio": {"input": {"turn_detection": {"silence_duration_ms": 1}}}},
        {"audio": {"input": {"turn_detection": {"threshold": 7}}}},
        {"audio": {"input": {"turn_detection": "yes"}}},
    ],
)
def test_settings_that_cannot_be_are_refused(client: Client, session: dict[str, object]) -> None:
    with pytest.raises(wire.WireError):
        client.send(wire.SessionUpdate(session))
    assert client.session.options == SessionOptions()


def test_what_was_asked_goes_along_with_the_answer(client: Client) -> None:
    client.update(transcription={"language": "ja", "prompt": "お名前を教えてください。"})
    assert client.session.options.question == "お名前を教えてください。"
    (hear,) = asked(client.speak(np.concatenate([tone(2), silence(1.2)])), "final")
    assert hear.question == "お名前を教えてください。"
    client.update(transcription={"language": "ja", "prompt": None})
    assert client.session.options.question == ""


def test_settings_of_other_servers_are_passed_over(client: Client) -> None:
    client.update(noise_reduction=None, transcription={"model": "whisper-1"})
    assert client.session.options == SessionOptions()


FRAME = b"\x00\x01" * 400


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("hello", "invalid_json"),
        ("[" * 100_000, "invalid_json"),
        ("[]", "invalid_json"),
        ('{"type": "response.create"}', "unknown_event"),
        ('{"type": ["x"]}', "unknown_event"),
        ('{"type": "session.update"}', "invalid_value"),
        ('{"type": "input_audio_buffer.append"}', "invalid_value"),
        ('{"type": "input_audio_buffer.append", "audio": "$$$"}', "invalid_audio"),
        ('{"type": "input_audio_buffer.append", "audio": "AAAA", "number": -1}', "invalid_value"),
        ('{"type": "resume", "session_id": 3}', "invalid_value"),
        (b"", "invalid_audio"),
        (wire.frame(0, b"\x00"), "invalid_audio"),
        (b"this is a text, not a sound at all", "text_as_audio"),
        ("転入届はいつまでですか".encode(), "text_as_audio"),
        (wire.frame(0, b"RIFF\x00\x00\x01\x00WAVE"), "file_as_audio"),
        (wire.frame(0, FRAME * 400), "frame_too_large"),
    ],
)
def test_messages_that_cannot_be_used(message: str | bytes, code: str) -> None:
    with pytest.raises(wire.WireError) as refused:
        wire.parse(message)
    assert refused.value.code == code


@given(st.one_of(st.binary(max_size=64), st.text(max_size=64)))
def test_no_message_breaks_the_reader(message: str | bytes) -> None:
    try:
        wire.parse(message)
    except wire.WireError as error:
        assert error.code


def test_audio_comes_in_binary_or_in_base64() -> None:
    assert wire.parse(wire.frame(7, FRAME)) == wire.AudioAppend(FRAME, 7)
    body = {"type": "input_audio_buffer.append", "audio": base64.b64encode(FRAME).decode()}
    assert wire.parse(json.dumps(body)) == wire.AudioAppend(FRAME, None)


@given(st.permutations(range(MOST_EARLY)), st.integers(0, 5))
def test_frames_in_any_order_come_out_in_order(numbers: list[int], first: int) -> None:
    order = FrameOrder()
    out = order.push(first, b"first")[0]
    for number in numbers:
        ready, skipped = order.push(first + 1 + number, bytes([number]))
        assert not skipped
        out += ready
    assert out == [b"first", *(bytes([number]) for number in range(MOST_EARLY))]


def test_a_frame_that_never_comes_is_told_and_passed_over() -> None:
    order = FrameOrder()
    order.push(0, b"0")
    results = [order.push(number, b"x") for number in range(2, 3 + MOST_EARLY)]
    assert [skipped for _, skipped in results] == [False] * MOST_EARLY + [True]
    assert len(results[-1][0]) == MOST_EARLY + 1
    assert order.push(1, b"late") == ([], False)
    order.push(500, b"far")
    assert order.flush() == ([b"far"], True)


@pytest.fixture
def log() -> Iterator[EventLog]:
    yield EventLog(60)


def test_events_are_replayed_after_the_last_one_seen(log: EventLog) -> None:
    sent = [log.add(wire.Partial("item_1", n, "", "x"), float(n)) for n in range(5)]
    log.add(wire.Level(-20, -10, False), 5.0)
    assert log.after(sent[2]["event_id"]) == sent[3:]
    assert log.after("") == sent
    assert log.after("event_x") == sent
    assert log.after("event_99") == []


def test_old_events_are_forgotten(log: EventLog) -> None:
    log.add(wire.Cleared(), 0.0)
    kept = log.add(wire.Cleared(), 61.0)
    assert log.after("") == [kept]
