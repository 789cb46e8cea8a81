"""The settings of an installation: environment variables with the prefix ``MADOGUCHI_``.

Nested ones are joined by two underscores: ``MADOGUCHI_SERVER__PORT=8080``. A
file ``.env`` in the working folder is read too. `madoguchi doctor` shows the
effective ones.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.theme import completed, unreadable

_COLOUR = r"^(#[0-9a-fA-F]{6})?$"


class StoreSettings(BaseModel):
    """Where articles and conversations are kept."""

    url: str = Field("", description="SQLAlchemy URL; empty: SQLite in the data folder")


class EmbeddingSettings(BaseModel):
    """Which model turns texts into vectors."""

    kind: Literal["packaged", "sentence-transformers", "openai"] = Field(
        "packaged",
        description="packaged: multilingual-e5-small from the installed wheel; "
        "sentence-transformers: any such model; openai: an OpenAI-compatible server",
    )
    model: str = Field("", description="hub name or local path; the model name for a server")
    url: str = Field("", description="base URL of an OpenAI-compatible server, ending in /v1")
    api_key: SecretStr = Field(SecretStr(""), description="key for that server")
    query_prefix: str = Field("", description="text put before questions, as the model wants it")
    passage_prefix: str = Field("", description="text put before passages, as the model wants it")


class SearchSettings(BaseModel):
    """How articles are found."""

    reranker: str = Field("", description="CrossEncoder by hub name or path; empty: none")


class ServerSettings(BaseModel):
    """The web server."""

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on")
    public_url: str = Field("", description="the address residents see, for links in open data")
    allowed_origins: list[str] = Field(
        [], description="origins whose pages may call the API from a browser"
    )
    workers: int = Field(2, ge=1, le=64, description="answers worked on at the same time")
    assistant_enabled: bool = Field(
        True, description="false: no questions are answered; the article pages stay up"
    )
    questions_per_minute: int = Field(
        30, ge=0, description="questions that one visitor (address) may ask in a minute; 0: any"
    )
    global_questions_per_minute: int = Field(
        0, ge=0, description="questions that all visitors together may ask in a minute; 0: any"
    )


class ThemeSettings(BaseModel):
    """The city's colours; one is enough, the others are derived from it."""

    color: str = Field("", pattern=_COLOUR, description="the strong colour, as #rrggbb")
    on_color: str = Field("", pattern=_COLOUR, description="text on it; empty: white or black")
    tint: str = Field("", pattern=_COLOUR, description="light ground; empty: made from the colour")
    color_dark: str = Field(
        "", pattern=_COLOUR, description="the colour on dark paper; empty: made from the colour"
    )

    @model_validator(mode="after")
    def _can_be_read(self) -> ThemeSettings:
        problem = unreadable(self.color, self.on_color, self.tint, self.color_dark)
        if problem:
            raise ValueError(problem)
        return self

    def properties(self) -> dict[str, str]:
        """Return the custom properties of the style sheets; none without a colour."""
        return completed(self.color, self.on_color, self.tint, self.color_dark)


class PushSettings(BaseModel):
    """Notices to residents who asked for them (Web Push)."""

    contact: str = Field(
        "",
        pattern=r"^((mailto:|https://).+)?$",
        description="whom push services may write to, mailto: or https:; empty: the public address",
    )
    services: list[str] = Field(
        [
            "fcm.googleapis.com",
            "push.services.mozilla.com",
            "notify.windows.com",
            "push.apple.com",
        ],
        description="hosts of push services, and all below them, that notices are sent to",
    )


class DraftingSettings(BaseModel):
    """Whether a language model writes above answers and for editors; all of it is checked."""

    kind: Literal["none", "openai", "transformers"] = Field(
        "none",
        description="none: answers are composed only; openai: an OpenAI-compatible chat server; "
        "transformers: a model on this machine",
    )
    model: str = Field("", description="name of the model, a folder, or a .gguf file")
    url: str = Field("", description="base URL of an OpenAI-compatible server, ending in /v1")
    api_key: SecretStr = Field(SecretStr(""), description="key for that server")
    seconds: float = Field(
        2.0, gt=0, le=30, description="how long an answer waits for a draft, at most"
    )
    line_seconds: float = Field(
        60, gt=0, le=600, description="how long one line of an article may take that the model "
        "translates for an editor"
    )  # fmt: skip


class MailSettings(BaseModel):
    """The city's mail server, for reminders to its own departments."""

    host: str = Field("", description="mail server (SMTP); empty: no mail is sent")
    port: int = Field(25, ge=1, le=65535, description="its port: 25, 587 or 465")
    security: Literal["none", "starttls", "tls"] = Field(
        "none", description="none, starttls (port 587) or tls (port 465)"
    )
    user: str = Field("", description="name to sign in there; empty: without")
    password: SecretStr = Field(SecretStr(""), description="password to sign in there")
    sender: str = Field("", description="address that the letters come from")
    reviewers: dict[str, str] = Field(
        {}, description="addresses by department that are reminded of reviews; * for all others"
    )


class ConversationSettings(BaseModel):
    """How long conversations are kept."""

    keep_days: float = Field(30, gt=0, description="days after which a conversation is deleted")


class AccountSettings(BaseModel):
    """How long the city's staff stay signed in, and what locks them out."""

    idle_minutes: float = Field(
        60, gt=0, description="minutes without use after which a session ends"
    )
    session_hours: float = Field(
        12, gt=0, description="hours after which a session ends, however much it is used"
    )
    link_hours: float = Field(72, gt=0, description="hours for which a set-up link holds")
    failures_before_lock: int = Field(
        5, ge=1, description="wrong passwords in a row that lock an account; ten times as many "
        "lock an address"
    )  # fmt: skip
    longest_lock_minutes: float = Field(
        60, gt=0, description="the longest lock; the first lasts 30 seconds, each next twice that"
    )


class DirectorySettings(BaseModel):
    """The city's own directory, which signs staff in by OpenID Connect."""

    issuer: str = Field("", description="address of the OpenID Connect provider; empty: none")
    client_id: str = Field("", description="the client that is registered there")
    client_secret: SecretStr = Field(SecretStr(""), description="secret of that client")
    label: str = Field("", description="name of the directory on the page to sign in")
    scopes: str = Field("openid profile email", description="scopes that are asked for")
    name_claim: str = Field(
        "preferred_username", description="claim that becomes the name of a new account"
    )
    groups_claim: str = Field("groups", description="claim that lists the groups of a person")
    roles: dict[str, list[str]] = Field(
        {}, description="roles by group, each ROLE or ROLE:DEPARTMENT; empty: roles are kept here"
    )


class CounterSettings(BaseModel):
    """The tablet at the counter."""

    idle_minutes: float = Field(
        10, gt=0, description="minutes without use after which a session at the counter is wiped"
    )
    interpreter_url: str = Field(
        "",
        pattern=r"^(https://\S+)?$",
        description="address of the city's remote interpreters by video; empty: telephone only",
    )


class DisasterSettings(BaseModel):
    """What disaster mode turns off, so that what is needed stays fast."""

    off: list[Literal["open-data", "openai", "speech"]] = Field(
        ["open-data", "openai"],
        description="open-data: the files for reuse; openai: the doors for other programs; "
        "speech: listening and speaking",
    )


class ImportSettings(BaseModel):
    """What may be imported."""

    max_bytes: int = Field(50_000_000, gt=0, description="the largest file that is read, in bytes")


class CrawlSettings(BaseModel):
    """Which pages of the city's own site may be visited, and how gently."""

    hosts: list[str] = Field(
        [], description="hosts that may be crawled; empty: those of the addresses that are given"
    )
    near_hosts: list[str] = Field(
        [], description="hosts that may lie at private addresses, such as those of an intranet"
    )
    pause_seconds: float = Field(
        1.0, ge=0, description="seconds between two pages, unless robots.txt asks for more"
    )
    max_pages: int = Field(1000, gt=0, description="the most pages that one crawl visits")
    max_bytes: int = Field(20_000_000, gt=0, description="the largest page, in bytes")
    seconds: float = Field(30, gt=0, description="how long one page may take")


class VoiceSettings(BaseModel):
    """What speaks the answers."""

    kind: Literal["packaged", "openai", "none"] = Field(
        "packaged",
        description="packaged: Kokoro from the installed wheels; "
        "openai: an OpenAI-compatible speech server; none: the device's own voices only",
    )
    timbre: str = Field("jf_alpha", description="jf_alpha, jf_gongitsune, jf_nezumi, jf_tebukuro "
        "(female), jm_kumo (male); the voice's name for a server")  # fmt: skip
    langs: list[str] = Field(
        ["ja", "en"], description="languages a server speaks so that they are understood"
    )
    model: str = Field("", description="the model's name for a server")
    url: str = Field("", description="base URL of an OpenAI-compatible server, ending in /v1")
    api_key: SecretStr = Field(SecretStr(""), description="key for that server")
    slow_speed: float = Field(0.8, gt=0.4, le=1, description="pace of slow speech; 1 is usual")
    threads: int = Field(2, ge=1, le=64, description="threads that make speech")
    cache_mb: int = Field(500, ge=0, description="disk for clauses already spoken; 0: memory only")


class RecognitionSettings(BaseModel):
    """What turns speech into text."""

    kind: Literal["packaged", "faster-whisper", "transformers", "openai"] = Field(
        "packaged",
        description="packaged: Whisper base from the installed wheels; faster-whisper, "
        "transformers: any Whisper model of theirs; openai: an OpenAI-compatible server, "
        "which hears what residents say",
    )
    model: str = Field("", description="hub name or local path; the model's name for a server")
    url: str = Field("", description="base URL of an OpenAI-compatible server, ending in /v1")
    api_key: SecretStr = Field(SecretStr(""), description="key for that server")
    device: str = Field("auto", description="auto, cpu or cuda")
    compute_type: str = Field("int8", description="CTranslate2's type of numbers; int8, float16")
    threads: int = Field(2, ge=1, le=64, description="threads that recognise speech")
    terms: bool = Field(True, description="false: the words of the articles teach nothing")


class SpeechSettings(BaseModel):
    """Listening and speaking over the network; the models are loaded when first used."""

    enabled: bool = Field(True, description="false: no audio is taken or made, no model is loaded")
    connections: int = Field(
        16, ge=1, description="conversations by voice at the same time; more are refused in words"
    )
    connections_per_visitor: int = Field(
        4, ge=0, description="conversations by voice of one visitor (address); 0: any"
    )
    resume_seconds: float = Field(
        60, ge=0, description="seconds for which a session waits for its lost connection"
    )
    session_minutes: float = Field(
        60, gt=0, description="minutes after which a session by voice has to be begun anew"
    )
    recording_bytes: int = Field(
        64_000_000, gt=0, description="the largest recording that may be sent, in bytes"
    )
    recording_minutes: float = Field(
        30, gt=0, description="the longest recording that may be sent, in minutes"
    )
    samples: bool = Field(
        False, description="true: utterances are kept where the speaker agreed, see docs/speech.md"
    )
    samples_keep_days: float = Field(
        90, gt=0, description="days after which a kept utterance is deleted"
    )


class Settings(BaseSettings):
    """All settings of an installation."""

    model_config = SettingsConfigDict(
        env_prefix="MADOGUCHI_",
        env_nested_delimiter="__",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
    )

    data: Path = Field(Path("data"), description="folder of the store, releases and models")
    store: StoreSettings = StoreSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    search: SearchSettings = SearchSettings()
    voice: VoiceSettings = VoiceSettings()
    recognition: RecognitionSettings = RecognitionSettings()
    speech: SpeechSettings = SpeechSettings()
    server: ServerSettings = ServerSettings()
    theme: ThemeSettings = ThemeSettings()
    push: PushSettings = PushSettings()
    drafting: DraftingSettings = DraftingSettings()
    mail: MailSettings = MailSettings()
    conversations: ConversationSettings = ConversationSettings()
    accounts: AccountSettings = AccountSettings()
    directory: DirectorySettings = DirectorySettings()
    disaster: DisasterSettings = DisasterSettings()
    imports: ImportSettings = ImportSettings()
    crawl: CrawlSettings = CrawlSettings()
    counter: CounterSettings = CounterSettings()

    def store_url(self) -> str:
        """Return the SQLAlchemy URL of the store."""
        return self.store.url or f"sqlite:///{(self.data / 'madoguchi.db').resolve()}"
