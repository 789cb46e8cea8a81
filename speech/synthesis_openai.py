"""A speech server that speaks the OpenAI protocol (`POST /v1/audio/speech`)."""

from __future__ import annotations

from collections.abc import Sequence

import httpx
import numpy as np

from speech.errors import VoiceUnavailable
from speech.synthesis import Speech

SAMPLE_RATE = 24_000
"""What the protocol prescribes for ``pcm``: 16-bit little-endian mono at 24 kHz."""


class OpenAISynthesizer:
    """A model behind an OpenAI-compatible server.

    `url` ends in ``/v1``; `langs` are the languages the operator vouches for.
    Raises `VoiceUnavailable` where the server cannot be reached, refuses, or
    answers something else than sound.
    """

    sample_rate = SAMPLE_RATE

    def __init__(
        self,
        url: str,
        model: str,
        timbre: str,
        langs: Sequence[str],
        *,
        api_key: str = "",
        timeout: float = 30.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.name = f"{url}|{model}|{timbre}"
        self.langs = frozenset(langs)
        self._url = url.rstrip("/") + "/audio/speech"
        self._body = {"model": model, "voice": timbre, "response_format": "pcm"}
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(headers=headers, timeout=timeout, transport=transport)

    def synthesize(self, clause: str, lang: str, speed: float = 1.0) -> Speech:
        """Return the speech of a clause as the server makes it."""
        if lang not in self.langs:
            raise VoiceUnavailable(f"No voice speaks {lang}.")
        try:
            response = self._client.post(
                self._url, json={**self._body, "input": clause, "speed": speed}
            )
            response.raise_for_status()
        except httpx.HTTPError as error:
            raise VoiceUnavailable(f"The speech server does not answer: {error}") from error
        sound = response.headers.get("content-type", "")
        if len(response.content) % 2 or sound.startswith(("application/json", "text/")):
            raise VoiceUnavailable("The speech server answered with something else than sound.")
        return np.frombuffer(response.content, "<i2").astype(np.float32) / np.float32(32_768)
