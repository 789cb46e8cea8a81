"""What can go wrong with speech, as one hierarchy.

SpeechError
├── AudioInvalid        not audio, or a damaged file
│   └── AudioTooLong    longer than allowed
├── RecognitionFailed   the model or its server does not answer
├── WeightsMissing      the package of the weights is absent or damaged
└── VoiceUnavailable    no voice speaks this language so that it is understood
"""

from __future__ import annotations


class SpeechError(Exception):
    """The base of all; its text is one sentence for the operator."""


class AudioInvalid(SpeechError):
    """What was given is not audio that can be used."""


class AudioTooLong(AudioInvalid):
    """The recording is longer than allowed."""


class RecognitionFailed(SpeechError):
    """The model or its server does not answer."""


class WeightsMissing(SpeechError):
    """The package of the weights is absent or damaged."""


class VoiceUnavailable(SpeechError):
    """No voice speaks this language so that it is understood."""
