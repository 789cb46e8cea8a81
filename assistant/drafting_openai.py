"""Drafts from an OpenAI-compatible chat server (vLLM, Ollama, llama.cpp), streamed.

The wire is that of ``POST /chat/completions`` with ``stream: true``: server-sent
events, each a JSON object with ``choices[0].delta.content``, ended by ``[DONE]``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx

from assistant.drafting import DraftFailed, Prompt

LONGEST_LINE = 64_000
"""Bytes of the longest event that is read; a server that sends more is given up."""

NEW_TOKENS = 300
"""The most tokens that are written for one answer."""


class OpenAIDrafter:
    """Asks one model of one server; safe to share between threads."""

    def __init__(self, url: str, model: str, *, api_key: str = "", seconds: float = 2.0) -> None:
        self._url = url.rstrip("/") + "/chat/completions"
        self._model = model
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(headers=headers, timeout=seconds)

    def draft(self, prompt: Prompt) -> Iterator[str]:
        """Yield the text of the model as it arrives; raises `DraftFailed`."""
        body = {
            "model": self._model,
            "stream": True,
            "temperature": 0,
            "max_tokens": prompt.tokens or NEW_TOKENS,
            "messages": [
                {"role": "system", "content": f"{prompt.orders}\n\n{prompt.source}"},
                {"role": "user", "content": prompt.question},
            ],
        }
        try:
            with self._client.stream("POST", self._url, json=body) as response:
                response.raise_for_status()
                yield from _texts(response.iter_bytes())
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise DraftFailed(str(error)) from error


def _texts(pieces: Iterator[bytes]) -> Iterator[str]:
    """Read server-sent events; what is no event of this wire is a failure."""
    held = b""
    for piece in pieces:
        held += piece
        if len(held) > LONGEST_LINE:
            raise DraftFailed("the server sent an event that is too long")
        *lines, held = held.split(b"\n")
        for line in lines:
            if not line.startswith(b"data:"):
                continue
            data = line[5:].strip()
            if data == b"[DONE]":
                return
            try:
                text = json.loads(data)["choices"][0]["delta"].get("content")
            except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
                raise DraftFailed("the server sent something else than a completion") from error
            if isinstance(text, str):
                yield text
