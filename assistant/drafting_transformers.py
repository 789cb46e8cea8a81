"""Drafts from a local transformers model, loaded when it is first asked.

`model` is a hub name or a folder; a single ``.gguf`` file is read through the
packages `gguf` and `accelerate`, as transformers does.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.drafting import DraftFailed, Prompt

NEW_TOKENS = 200
"""The most tokens that are written for one answer."""

EDITORS_WAIT = 10.0
"""Seconds that an editor's text waits for an answer that is being drafted."""


class TransformersDrafter:
    """One model on this machine; one question at a time, others go without a draft."""

    def __init__(self, model: str) -> None:
        self._name = model
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def draft(self, prompt: Prompt) -> Iterator[str]:
        """Yield the text of the model token by token; raises `DraftFailed`."""
        if not self._lock.acquire(timeout=EDITORS_WAIT if prompt.tokens else 0):
            raise DraftFailed("the model is busy with another question")
        try:
            yield from self._written(prompt)
        finally:
            self._lock.release()

    def _written(self, prompt: Prompt) -> Iterator[str]:
        import torch

        tokenizer, model = self._model()
        messages = [
            {"role": "system", "content": f"{prompt.orders}\n\n{prompt.source}"},
            {"role": "user", "content": prompt.question},
        ]
        given = tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        tokens = given["input_ids"]
        past: Any = None
        written: list[int] = []
        shown = ""
        with torch.inference_mode():
            for _ in range(prompt.tokens or NEW_TOKENS):
                step = tokens if past is None else tokens[:, -1:]
                out = model(input_ids=step, past_key_values=past, use_cache=True)
                past = out.past_key_values
                token = int(out.logits[0, -1].argmax())
                if token == tokenizer.eos_token_id:
                    return
                written.append(token)
                tokens = torch.tensor([[token]])
                text = tokenizer.decode(written, skip_special_tokens=True)
                if not text.endswith("\ufffd"):
                    yield text[len(shown) :]
                    shown = text

    def _model(self) -> tuple[Any, Any]:
        if self._loaded is None:
            try:
                self._loaded = _load(self._name)
            except (OSError, ValueError, ImportError) as error:
                raise DraftFailed(f"the model {self._name} cannot be loaded: {error}") from error
        return self._loaded


def _load(name: str) -> tuple[Any, Any]:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    path = Path(name)
    if path.suffix == ".gguf":
        place: tuple[str, dict[str, str]] = (str(path.parent), {"gguf_file": path.name})
    else:
        place = (name, {})
    tokenizer = AutoTokenizer.from_pretrained(place[0], **place[1])
    model = AutoModelForCausalLM.from_pretrained(place[0], **place[1])
    return tokenizer, model.eval()
