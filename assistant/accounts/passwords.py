"""Passwords after NIST SP 800-63B: long, not easy to guess, and no rules about characters.

Hashed with Argon2id in the parameters of RFC 9106 for little memory (64 MiB,
three passes), which are the defaults of argon2-cffi.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

SHORTEST, LONGEST = 12, 256
"""Characters a password may have."""

FEWEST_GUESSES = 10**8
"""Under so many estimated guesses a password is easy to guess (zxcvbn's score below 3)."""

FEWEST_OF_A_WORD = 3
"""Shorter words that others would try say nothing about a password."""

_ESTIMATED = 72  # zxcvbn takes no more characters; a password is no weaker for the rest
_AT_ONCE = threading.BoundedSemaphore(4)  # each hash takes 64 MiB of memory
_hasher = PasswordHasher()

Weakness = Literal["short", "long", "guessable"]


def weakness(password: str, known: Iterable[str] = ()) -> Weakness | None:
    """Say what is wrong with a new password, or None; `known` are words others would try."""
    normal = _normal(password)
    if len(normal) < SHORTEST:
        return "short"
    if len(normal) > LONGEST:
        return "long"
    words = [word.lower() for word in known if len(word) >= FEWEST_OF_A_WORD]
    rest = normal.lower()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    if len(rest) < SHORTEST // 2:
        return "guessable"
    if zxcvbn(normal[:_ESTIMATED], user_inputs=words)["guesses"] < FEWEST_GUESSES:
        return "guessable"
    return None


def hash_password(password: str) -> str:
    """Return the Argon2id hash of `password` with its parameters and salt."""
    with _AT_ONCE:
        return _hasher.hash(_normal(password))


def is_password(hash: str | None, password: str) -> bool:
    """Say whether `password` is the one of `hash`; takes as long where there is no hash."""
    try:
        with _AT_ONCE:
            right = _hasher.verify(hash or _NOBODY, _normal(password)[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return right and hash is not None


def needs_rehash(hash: str) -> bool:
    """Say whether `hash` was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(hash)


def _normal(password: str) -> str:
    """The form in which keyboards of all kinds type the same password alike."""
    return unicodedata.normalize("NFKC", password.encode("utf-8", "replace").decode())


_NOBODY = _hasher.hash("nobody has this password")
"""What an unknown name is checked against, so that it takes as long as a known one."""
