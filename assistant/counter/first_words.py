"""The first words of an answer, made while staff read it, so that it is heard at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from assistant.composition import Installation
from assistant.counter.proposals import Proposal
from assistant.counter.session import CounterSession
from speech.errors import SpeechError


def begin_to_speak(
    installation: Installation, session: CounterSession, proposed: Sequence[Proposal]
) -> None:
    """Let the voice make the first clause of `proposed`, in the background.

    Only where the resident speaks: others read, and the voice takes a core. The words are
    the city's, so that the voice may keep them; what fails here is told when it is said.
    """
    if not proposed or not any(one.spoken for one in session.said):
        return

    def make() -> None:
        with contextlib.suppress(SpeechError):
            next(installation.voice.speak(proposed[0].own[0], proposed[0].lang), None)

    asyncio.get_running_loop().run_in_executor(None, make)
