"""Where an utterance begins and ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speech.endpointing import (
    ELDERLY,
    Discarded,
    Ended,
    Endpointer,
    EndpointEvent,
    EndpointSettings,
    Started,
    utterances,
)
from speech.recognition import Samples
from speech.testing import FakeVoiceActivity, silence, tone


def heard(
    *pieces: Samples, settings: EndpointSettings | None = None
) -> tuple[Endpointer, list[EndpointEvent]]:
    endpointer = Endpointer(settings or EndpointSettings(), FakeVoiceActivity())
    return endpointer, endpointer.feed(np.concatenate(pieces))


def test_an_utterance_has_its_pre_roll_and_ends_after_the_silence() -> None:
    _, events = heard(silence(2), tone(1), silence(2))
    started, ended = events
    assert isinstance(started, Started) and isinstance(ended, Ended)
    assert started.start == pytest.approx(1.5, abs=0.05)
    assert ended.utterance.start == started.start
    assert ended.utterance.end == pytest.approx(3.3, abs=0.05)
    assert ended.reason == "silence"


def test_nothing_is_lost_where_somebody_speaks_at_once() -> None:
    (utterance,) = utterances(tone(1), EndpointSettings(), FakeVoiceActivity())
    assert utterance.start == 0
    assert len(utterance.audio) >= 16_000


def test_a_knock_and_a_whisper_are_no_utterances() -> None:
    _, events = heard(silence(1), tone(0.2), silence(1), tone(0.2), silence(1))
    assert events == []
    quiet = EndpointSettings(min_rms=-30)
    _, events = heard(silence(1), tone(2, level=-35), silence(2), settings=quiet)
    assert events == []


def test_elderly_speakers_may_pause() -> None:
    pieces = silence(1), tone(1), silence(1), tone(1), silence(2)
    assert len([one for one in heard(*pieces)[1] if isinstance(one, Ended)]) == 2
    calm = [one for one in heard(*pieces, settings=ELDERLY)[1] if isinstance(one, Ended)]
    assert len(calm) == 1


def test_who_gets_quieter_is_heard_to_the_end() -> None:
    settings = EndpointSettings(min_rms=-30)
    _, events = heard(
        silence(1), tone(1, level=-25), tone(3, level=-40), silence(2), settings=settings
    )
    ended = [event for event in events if isinstance(event, Ended)]
    assert len(ended) == 1
    assert len(ended[0].utterance.audio) / 16_000 == pytest.approx(4.5, abs=0.5)


def test_a_client_that_never_stops_is_cut_at_the_quietest_place() -> None:
    speech = np.concatenate([tone(8), tone(0.3, level=-35), tone(9)])
    _, events = heard(speech, settings=EndpointSettings(max_utterance=10))
    assert [type(one) for one in events] == [Started, Ended, Started]
    ended = events[1]
    assert isinstance(ended, Ended) and ended.reason == "longest"
    assert ended.utterance.end == pytest.approx(8.15, abs=0.1)


def test_a_finger_says_both() -> None:
    spoken = EndpointSettings(push_to_talk=True)
    endpointer, events = heard(silence(1), tone(1), settings=spoken)
    assert events == [] and not endpointer.speaking
    (started,) = endpointer.press()
    assert isinstance(started, Started)
    assert started.start == pytest.approx(0.5, abs=0.6)
    assert endpointer.press() == []
    assert endpointer.feed(np.concatenate([tone(1), silence(3), tone(1)])) == []
    (ended,) = endpointer.release()
    assert isinstance(ended, Ended) and ended.reason == "released"
    assert endpointer.release() == []


def test_a_button_pressed_in_silence_sends_nothing() -> None:
    endpointer, _ = heard(silence(1), settings=EndpointSettings(push_to_talk=True))
    endpointer.press()
    endpointer.feed(silence(1))
    (event,) = endpointer.release()
    assert isinstance(event, Discarded)


def test_the_end_of_the_stream_ends_the_utterance() -> None:
    endpointer, events = heard(silence(1), tone(1))
    assert len(events) == 1 and endpointer.speaking and len(endpointer.speech) > 16_000
    (ended,) = endpointer.flush()
    assert isinstance(ended, Ended) and ended.reason == "closed"
    assert not endpointer.speaking and len(endpointer.speech) == 0


def test_what_is_said_while_the_desk_speaks_is_forgotten() -> None:
    endpointer, _ = heard(silence(1), tone(1))
    endpointer.reset()
    assert endpointer.feed(silence(2)) == []


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 9000), min_size=1, max_size=40))
def test_frames_of_any_size_give_the_same_utterance(sizes: list[int]) -> None:
    audio = np.concatenate([silence(0.7), tone(0.9), silence(1.2)])
    endpointer = Endpointer(EndpointSettings(), FakeVoiceActivity())
    events, place = [], 0
    for size in sizes:
        events += endpointer.feed(audio[place : place + size])
        place += size
    events += endpointer.feed(audio[place:])
    (whole,) = utterances(audio, EndpointSettings(), FakeVoiceActivity())
    (ended,) = (one for one in events if isinstance(one, Ended))
    assert np.array_equal(ended.utterance.audio, whole.audio)
