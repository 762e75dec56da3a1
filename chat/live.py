"""The live settings in force: one snapshot per process, at most a second old."""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NoReturn

import structlog
from django.conf import settings

from chat.core.policy import Policy
from chat.db import in_db
from chat.models import Revision
from chat.sections import from_snapshot
from chat.starting import first_policy

FRESH_S = 1.0  # how long a snapshot is believed without a look
PATIENCE_S = 1.0  # how long a turn waits for that look when there is a snapshot to fall back on
PINNED = float("inf")

log = structlog.get_logger("alice.live")

Mark = tuple[int, datetime]
"""What tells one revision from another, also where a database was restored from a copy."""


class Live:
    """Holds the newest good snapshot. The same `Policy` object is given until it changes.

    Args:
        monotonic: gives monotonic seconds.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self.forget()

    def forget(self) -> None:
        """Begin anew, as a process that has just started."""
        self._policy: Policy | None = None
        self._until = float("-inf")  # when the snapshot must be looked after
        self._seen: Mark | None = None  # the newest revision there was, good or not
        self._away = False  # the database, at the last look
        self._looking: asyncio.Task[None] | None = None

    async def current(self) -> Policy:
        """Give the settings in force."""
        policy = self._policy
        if policy is not None and self._monotonic() < self._until:
            return policy
        looking = self._shared_look()
        # Waiting for a look never cancels it: others wait for the same one.
        await asyncio.wait({looking}, timeout=None if policy is None else PATIENCE_S)
        return self._policy or self._nothing_at_all(looking)

    def current_sync(self) -> Policy:
        """Give the settings in force to code that has no event loop."""
        policy = self._policy
        if policy is not None and self._monotonic() < self._until:
            return policy
        self._look(self._monotonic())
        assert self._policy is not None
        return self._policy

    def look_again(self) -> None:
        """Look for a newer revision before the next turn."""
        self._until = float("-inf")

    @contextmanager
    def pinned(self, policy: Policy) -> Iterator[Policy]:
        """Keep `policy` in force in this process, for a test or a dry run."""
        before = self._policy, self._until
        self._policy, self._until = policy, PINNED
        try:
            yield policy
        finally:
            self._policy, self._until = before

    def _shared_look(self) -> asyncio.Task[None]:
        looking, loop = self._looking, asyncio.get_running_loop()
        if looking is None or looking.done() or looking.get_loop() is not loop:
            looking = self._looking = loop.create_task(in_db(self._look, self._monotonic()))
        return looking

    def _look(self, now_s: float) -> None:
        """Take the newest revision, if it is another than the one there was and can be read."""
        try:
            self._take_newest()
        except Exception as error:
            if not self._away:
                log.warning("live_settings_unreachable", error=type(error).__name__)
            self._away = True
        else:
            if self._away:
                log.info("live_settings_reachable")
            self._away = False
        if self._policy is None:
            self._policy = self._fallback()
        if self._until != PINNED:
            self._until = now_s + FRESH_S

    def _take_newest(self) -> None:
        newest = Revision.objects.values_list("number", "created").first()
        if newest is None or newest == self._seen:
            return
        revision = Revision.objects.get(number=newest[0])
        self._seen = newest
        try:
            policy = from_snapshot(revision.snapshot, revision.number)
        except Exception as error:
            # What worked a moment ago still does; a broken snapshot would stop every turn.
            log.error("revision_unreadable", revision=revision.number, error=str(error))
        else:
            if self._until != PINNED:
                self._policy = policy

    def _fallback(self) -> Policy:
        """Give what a new Alice would have: nothing is saved yet, or the database is away."""
        policy, _origins = first_policy(os.environ, guests=settings.ALICE_GUESTS)
        return policy

    def _nothing_at_all(self, looking: asyncio.Task[None]) -> NoReturn:
        looking.result()  # raises what went wrong
        raise AssertionError("a look always leaves a policy")


LIVE = Live()
current = LIVE.current
current_sync = LIVE.current_sync
look_again = LIVE.look_again
forget = LIVE.forget
pinned = LIVE.pinned
