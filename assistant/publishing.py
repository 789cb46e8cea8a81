"""The background work that publishes on the minute: versions into force, and into the release.

A draft becomes a version in one transaction of the store; the release follows
from what is in force. A process that is killed between the two builds the
release when it starts again, so that nothing has to be remembered.
"""

from __future__ import annotations

import logging
import time

from assistant.composition import Installation

log = logging.getLogger(__name__)

LONGEST = 2.0
"""Seconds between two looks at what is due: another replica may have approved something."""

SHORTEST = 0.05
"""Seconds between two looks at least."""

REBUILD_SECONDS = 60.0
"""After how long it is looked anew whether the day, or a command, changed what is in force."""


class Publishing:
    """Publishes what is due, and keeps the release up with it."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._seen = -1
        self._built = 0.0

    def seconds(self) -> float:
        """Return how long to wait until the next `work`."""
        try:
            moment = self._installation.store.next_moment()
        except Exception:
            log.exception("what is due next could not be read")
            return LONGEST
        if moment is None:
            return LONGEST
        left = (moment - self._installation.store.now()).total_seconds()
        return min(max(left, SHORTEST), LONGEST)

    def work(self) -> None:
        """Publish and end what is due; build a release where something changed.

        While a former release is held, versions go into force, and into a release
        when it is let go.
        """
        store = self._installation.store
        for done in store.publish_due():
            log.info("published version %s of %s", done.number, done.slug)
        for slug in store.end_due():
            log.info("ended %s", slug)
        seen, now = store.last_action(), time.monotonic()
        if seen == self._seen and now - self._built < REBUILD_SECONDS:
            return
        if not self._installation.release_is_held():
            self._installation.build_release()
        self._seen, self._built = seen, now
