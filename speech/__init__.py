"""Audio, voice activity, recognition and synthesis."""
