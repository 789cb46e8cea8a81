"""The composition root: the one place that names concrete adapters."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import importing, speech_lexicon
from assistant.accounts.accounts import Accounts
from assistant.accounts.directory import Directory, Staff
from assistant.answer import JAPAN, Desk
from assistant.conversation import Conversations
from assistant.crawl import AGENT, Crawler
from assistant.drafting import Drafter, Drafting, Patience
from assistant.kept_key import kept_key
from assistant.mail import Mailer
from assistant.push import Push
from assistant.settings import Settings
from assistant.speech_desk import SpeechDesk
from assistant.speech_lexicon import ReleaseLexicon
from assistant.speech_samples import SpeechSamples
from assistant.unanswered import Unanswered
from knowledge.article import Article
from knowledge.candidate import WithArticle
from knowledge.embedding import Embedder
from knowledge.errors import ReleaseMissing
from knowledge.memory import give_back
from knowledge.release import LiveRelease, Progress, Release, ReleaseInfo, Releases
from knowledge.store import Store
from knowledge.store_vectors import StoredVectors
from speech.lexicon import Lexicon
from speech.narration import Narration
from speech.recognition import Recognizer
from speech.synthesis import NoVoice, Synthesizer, Voice
from speech.two_passes import TwoPassRecognizer
from speech.voice_cache import VoiceCache
from speech.whisper import WhisperModel

if TYPE_CHECKING:
    from knowledge.crawling_httpx import HttpxFetcher


@dataclass(frozen=True)
class Installation:
    """One installation: its settings and, made when first used, its parts."""

    settings: Settings

    @cached_property
    def store(self) -> Store:
        """The store, opened and brought to the current schema."""
        self.settings.data.mkdir(parents=True, exist_ok=True)
        return Store.open(self.settings.store_url())

    @cached_property
    def releases(self) -> Releases:
        """The folder of releases."""
        return Releases(self.settings.data / "releases")

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model that the settings name."""
        chosen = self.settings.embedding
        if chosen.kind == "packaged":
            from knowledge.embedding_onnx import OnnxEmbedder
            from knowledge.weights import ensure_weights

            return OnnxEmbedder(ensure_weights(self.settings.data / "models" / "e5-small"))
        if chosen.kind == "sentence-transformers":
            from knowledge.embedding_sentence_transformers import SentenceTransformersEmbedder

            return SentenceTransformersEmbedder(
                chosen.model,
                query_prefix=chosen.query_prefix,
                passage_prefix=chosen.passage_prefix,
            )
        from knowledge.embedding_openai import OpenAIEmbedder

        return OpenAIEmbedder(
            chosen.url,
            chosen.model,
            api_key=chosen.api_key.get_secret_value(),
            query_prefix=chosen.query_prefix,
            passage_prefix=chosen.passage_prefix,
        )

    def speech_desk(self) -> SpeechDesk:
        """A new ear of the desk; its recogniser is loaded when it is first needed."""
        from speech.voice_activity_silero import SileroVoiceActivity

        chosen = self.settings.speech
        folder = self.settings.data / "speech-samples" if chosen.samples else None
        samples = SpeechSamples(folder, chosen.samples_keep_days)
        return SpeechDesk(
            chosen, lambda: self.recognizer, SileroVoiceActivity, samples, lambda: self.voice
        )

    @cached_property
    def recognizer(self) -> Recognizer:
        """The recogniser that the settings name, taught by the current release."""
        from speech.voice_activity_silero import SileroVoiceActivity

        chosen = self.settings.recognition
        lexicon = ReleaseLexicon(self.release_or_none) if chosen.terms else Lexicon
        if chosen.kind == "openai":
            from speech.recognition_openai import OpenAIRecognizer

            return OpenAIRecognizer(
                chosen.url,
                chosen.model,
                SileroVoiceActivity(),
                lexicon,
                speech_lexicon.words,
                api_key=chosen.api_key.get_secret_value(),
            )
        return TwoPassRecognizer(
            self._whisper(), SileroVoiceActivity(), lexicon, speech_lexicon.words
        )

    def _whisper(self) -> WhisperModel:
        chosen = self.settings.recognition
        if chosen.kind == "transformers":
            from speech.recognition_transformers import TransformersModel

            device = "" if chosen.device == "auto" else chosen.device
            return TransformersModel(chosen.model, device=device)
        from speech.recognition_faster_whisper import FasterWhisperModel

        return FasterWhisperModel(
            chosen.model if chosen.kind == "faster-whisper" else "",
            device=chosen.device,
            threads=chosen.threads,
            compute_type=chosen.compute_type,
        )

    def release_or_none(self) -> Release | None:
        """The release that questions are answered from; None before the first one."""
        try:
            return self.live.get()
        except ReleaseMissing:
            return None

    @cached_property
    def voice(self) -> Voice:
        """The voice that the settings name."""
        chosen = self.settings.voice
        if chosen.kind == "none":
            return NoVoice()
        if chosen.kind == "openai":
            from speech.synthesis_openai import OpenAISynthesizer

            synthesizer: Synthesizer = OpenAISynthesizer(
                chosen.url,
                chosen.model,
                chosen.timbre,
                chosen.langs,
                api_key=chosen.api_key.get_secret_value(),
            )
        else:
            from speech import voices
            from speech.synthesis_kokoro import KokoroSynthesizer

            synthesizer = KokoroSynthesizer(voices.offered(), chosen.timbre, threads=chosen.threads)
        folder = self.settings.data / "voice" if chosen.cache_mb else None
        cache = VoiceCache(folder=folder, folder_bytes=chosen.cache_mb << 20)
        return Narration(synthesizer, cache, self._term_readings)

    def _term_readings(self) -> dict[str, str]:
        """Return the readings of the glossary in force; none before the first release."""
        try:
            entries = self.live.get().lexicon.get("glossary", ())
        except ReleaseMissing:
            return {}
        return {entry["term"]: entry["reading"] for entry in entries if entry.get("reading")}

    @cached_property
    def live(self) -> LiveRelease:
        """The current release; ReleaseMissing before the first one."""
        return LiveRelease(self.releases, self.embedder)

    @cached_property
    def conversations(self) -> Conversations:
        """The conversations in the store."""
        return Conversations(self.store, timedelta(days=self.settings.conversations.keep_days))

    @cached_property
    def visitor_key(self) -> bytes:
        """The key that seals the tokens of visitors; made once, in the data folder."""
        return kept_key(self.settings.data / "visitor.key")

    @cached_property
    def accounts(self) -> Accounts:
        """The accounts of the city's staff."""
        return Accounts(self.store, self.settings.accounts)

    @cached_property
    def staff(self) -> Staff:
        """The accounts of people whom the city's directory knows."""
        return Staff(self.store, self.settings.directory)

    @cached_property
    def directory(self) -> Directory | None:
        """The city's own directory, if there is one."""
        if not self.settings.directory.issuer:
            return None
        from assistant.accounts.directory_authlib import OpenIdDirectory

        return OpenIdDirectory(self.settings.directory)

    @cached_property
    def push(self) -> Push:
        """The way to residents who want notices; its key pair is made once, in the data folder."""
        from assistant.push_webpush import WebPushSender

        chosen = self.settings.push
        contact = chosen.contact or self.settings.server.public_url or "mailto:nobody@localhost"
        sender = WebPushSender(self.settings.data / "vapid.pem", contact)
        return Push(self.store, sender, chosen.services)

    @cached_property
    def mailer(self) -> Mailer:
        """The way to the city's mail server."""
        from assistant.mail_smtplib import SmtpMailer

        return SmtpMailer(self.settings.mail)

    @cached_property
    def drafting(self) -> Drafting | None:
        """The model that drafts above composed answers; None where none is configured."""
        return self._drafting(self.settings.drafting.seconds)

    @cached_property
    def article_drafting(self) -> Drafting | None:
        """The same model for editors, who can wait longer; None where none is configured."""
        return self._drafting(self.settings.drafting.line_seconds)

    def _drafting(self, seconds: float) -> Drafting | None:
        chosen = self.settings.drafting
        if chosen.kind == "none":
            return None
        if chosen.kind == "openai":
            from assistant.drafting_openai import OpenAIDrafter

            key = chosen.api_key.get_secret_value()
            drafter: Drafter = OpenAIDrafter(chosen.url, chosen.model, api_key=key, seconds=seconds)
        else:
            drafter = self._local_model
        return Drafting(drafter, Patience(seconds=seconds))

    @cached_property
    def _local_model(self) -> Drafter:
        """The language model on this machine, in memory once."""
        from assistant.drafting_transformers import TransformersDrafter

        return TransformersDrafter(self.settings.drafting.model)

    def link_fetcher(self) -> closing[HttpxFetcher]:
        """What tries the links of articles; never one at a private address."""
        from knowledge.crawling_httpx import HttpxFetcher

        return closing(HttpxFetcher("madoguchi/1.0", largest=1_000_000, seconds=10.0))

    @cached_property
    def unanswered(self) -> Unanswered:
        """What people asked in vain."""
        return Unanswered(self.store, self.embedder)

    @cached_property
    def desk(self) -> Desk:
        """The help desk on the current release."""
        return Desk(self.live.get, self.conversations, drafting=self.drafting)

    def today(self) -> date:
        """Return the day in Japan."""
        return datetime.now(JAPAN).date()

    def build_release(self, progress: Progress | None = None, *, anew: bool = False) -> ReleaseInfo:
        """Build a release of what is in force today; the old one where nothing changed.

        Where this process answers questions, it answers from the new one at once.
        """
        before = self.releases.current_id()
        info = self.releases.build(
            self.store,
            self.embedder,
            StoredVectors(self.store),
            on=self.today(),
            anew=anew,
            progress=progress,
            live=vars(self).get("live"),
        )
        if info.id != before:
            give_back()
        return info

    def release_is_current(self) -> bool:
        """Say whether the current release holds what is in force today."""
        if self.releases.current_id() is None:
            return False
        return self.release_is_held() or self.releases.is_current(
            self.store, self.embedder.name, self.today()
        )

    def release_is_held(self) -> bool:
        """Say whether the current release is a former one that somebody brought back."""
        hold = self.store.release_hold()
        return hold is not None and hold.release_id == self.releases.current_id()

    def candidate(self, article: Article) -> AbstractContextManager[Release]:
        """A release of what is in force today with `article` in it, to be tried out."""
        return self.releases.candidate(
            WithArticle(self.store, article),
            self.embedder,
            StoredVectors(self.store),
            on=self.today(),
            before=self.live.get(),
        )

    def import_sample_city(self) -> importing.Report:
        """Publish the sample city that comes with the package."""
        return self.import_paths([Path(str(resources.files("knowledge"))) / "sample_city"])

    def import_paths(self, paths: Iterable[Path], lang: str | None = None) -> importing.Report:
        """Publish folders and files; see `assistant.importing`."""
        limit = self.settings.imports.max_bytes
        return importing.import_paths(self.store, paths, lang=lang, max_bytes=limit)

    def crawler(self, wait: Callable[[float], object] = time.sleep) -> Crawler:
        """What visits the pages of the city's site; `wait` sleeps between two of them."""
        from knowledge.crawling_httpx import HttpxFetcher

        chosen = self.settings.crawl
        contact = self.settings.server.public_url
        fetcher = HttpxFetcher(
            f"{AGENT}/1.0 (+{contact})" if contact else f"{AGENT}/1.0",
            largest=chosen.max_bytes,
            seconds=chosen.seconds,
            near=chosen.near_hosts,
        )
        return Crawler(self.store, fetcher, chosen, wait)

    def export(self, folder: Path) -> int:
        """Write everything in force as files; return the number of articles."""
        return importing.export_to(self.store, folder)
