"""What many turns want to know from the database: one look a second does for them all."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

import structlog

FRESH_S = 1.0  # how long what was found is believed without a look
PATIENCE_S = 1.0  # how long a turn waits for that look when there is something to fall back on

T = TypeVar("T")


class SharedLook(Generic[T]):
    """Know in this process what the database knows, at most a second late.

    Args:
        name: in the log, as in "evidence_unreachable".
        read: gives what is known now, from what was known before (None: nothing). Runs in a
            database thread, and must leave alone what it is given: others read it meanwhile.
        in_db: runs a plain function in a database thread.
        monotonic: gives monotonic seconds.
    """

    def __init__(
        self,
        name: str,
        read: Callable[[T | None], T],
        in_db: Callable[..., Awaitable[Any]],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name, self._log = name, structlog.get_logger(f"alice.{name}")
        self._read, self._in_db, self._monotonic = read, in_db, monotonic
        self._found: T | None = None  # swapped whole, for several threads look
        self._until = float("-inf")  # when there must be a look
        self._away = False  # the database, at the last look
        self._asked_again = 0  # times that somebody knew of news
        self._looking: asyncio.Task[None] | None = None

    async def now(self) -> T | None:
        """Give what is known; while the database is away, what was known before, if anything."""
        if self._found is None or self._monotonic() >= self._until:
            # Waiting for a look never cancels it: others wait for the same one.
            patience_s = None if self._found is None else PATIENCE_S
            await asyncio.wait({self._shared()}, timeout=patience_s)
        return self._found

    def now_sync(self) -> T:
        """Give what is known now to code that has no event loop."""
        found = self._found = self._read(self._found)
        return found

    def again(self) -> None:
        """Look for news before the next answer."""
        self._asked_again += 1
        self._until = float("-inf")

    def _shared(self) -> asyncio.Task[None]:
        looking, loop = self._looking, asyncio.get_running_loop()
        if looking is None or looking.done() or looking.get_loop() is not loop:
            looking = self._looking = loop.create_task(self._look(self._monotonic()))
        return looking

    async def _look(self, now_s: float) -> None:
        asked_again = self._asked_again
        try:
            self._found = await self._in_db(self._read, self._found)
        except Exception as error:
            if not self._away:
                self._log.warning(f"{self._name}_unreachable", error=type(error).__name__)
            self._away = True
        else:
            if self._away:
                self._log.info(f"{self._name}_reachable")
            self._away = False
        if asked_again == self._asked_again:  # else there was news while it looked
            self._until = now_s + FRESH_S
