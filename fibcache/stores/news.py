"""What processes that share a Redis tell each other: what was put, changed, dropped and cleared.

One stream, trimmed to the latest `NEWS_KEPT`. Whoever hears lets go of its copies at once and keeps
its index in step. News may be lost (Redis was away, a process slept): who begins to listen, or
lost the line, goes through the store in the background; and no copy is older than the near store's
bound in any case.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Protocol
from uuid import uuid4

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from fibcache.core.breaker import DELAYS_S
from fibcache.core.entry import Entry
from fibcache.core.learning import Learner

from .link import Link, RedisAway

log = structlog.get_logger("alice.cache")

NEWS_KEPT = 10_000
BLOCK_S = 0.5  # longest wait for news before the reader looks up; it stops within about this
AT_ONCE = 89  # news read at a time

PUT, CHANGED, DROPPED, CLEARED = "put", "changed", "dropped", "cleared"

Told = tuple[str, str, str]  # scope, key, question; the first and last are of use for PUT alone


class Copies(Protocol):
    """What holds copies of entries."""

    def forget(self, keys: Iterable[str]) -> None:
        """Let go of some."""

    def forget_all(self) -> None:
        """Let go of all."""


class Board:
    """Where one process puts up its news for the others."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.me = uuid4().hex
        self.stream = f"{link.prefix}:cache-news"
        self._encode = msgspec.msgpack.Encoder().encode

    async def put_up(self, entry: Entry, *, evicted: Sequence[Entry] = ()) -> None:
        """Tell of a new entry, and of those that made room for it."""
        await self._tell(PUT, [(entry.scope, entry.key, entry.question)])
        if evicted:
            await self.tell(DROPPED, [gone.key for gone in evicted])

    async def tell(self, what: str, keys: Iterable[str] = ()) -> None:
        """Tell of entries that are not what they were."""
        await self._tell(what, [("", key, "") for key in keys])

    async def _tell(self, what: str, told: list[Told]) -> None:
        news = self._encode((self.me, what, told))
        with suppress(RedisAway):  # the others' copies end within their bound all the same
            await self.link.call(
                lambda redis: redis.xadd(
                    self.stream, {"news": news}, maxlen=NEWS_KEPT, approximate=True
                )
            )


class News:
    """Listens to what the other processes tell.

    Args:
        board: this process's own.
        copies: to let go of.
        learner: keeps the index in step; None where the index is shared too.
    """

    def __init__(self, board: Board, copies: Copies, learner: Learner | None) -> None:
        self._board, self._copies, self._learner = board, copies, learner
        self._decode = msgspec.msgpack.Decoder(tuple[str, str, list[Told]]).decode
        self._tasks: list[asyncio.Task[None]] = []
        self._catching_up: asyncio.Task[None] | None = None
        self._stopping = False
        self.listening = False  # and has the line
        self.heard = 0

    def start(self) -> None:
        """Begin to listen, on this event loop."""
        self._stopping = False
        self._tasks.append(asyncio.get_running_loop().create_task(self._listen()))

    async def stop(self) -> None:
        """Listen no more."""
        self._stopping = True
        tasks, self._tasks = self._tasks, []
        if self._catching_up is not None:
            tasks.append(self._catching_up)
        waiting = set(tasks)
        while waiting:
            for task in waiting:
                task.cancel()
            # A cancel may be swallowed by a read that ends just then.
            _, waiting = await asyncio.wait(waiting, timeout=BLOCK_S / 5)

    async def caught_up(self) -> None:
        """Wait for a walk through the store that is under way."""
        if self._catching_up is not None:
            await asyncio.wait([self._catching_up])

    async def _listen(self) -> None:
        delays = iter(DELAYS_S)
        while not self._stopping:
            redis = self._board.link.listener(block_s=BLOCK_S)
            try:
                last = await self._newest(redis)
                delays = iter(DELAYS_S)
                self.listening = True
                self._catch_up()
                while not self._stopping:
                    last = await self._hear(redis, last)
            except (RedisError, OSError, TimeoutError):
                pass  # the link tells of it
            except Exception:
                log.exception("news_not_understood")
            finally:
                self.listening = False
                await redis.aclose()
            await asyncio.sleep(next(delays, DELAYS_S[-1]))

    async def _newest(self, redis: Redis) -> bytes:
        newest: Any = await redis.xrevrange(self._board.stream, count=1)
        return newest[0][0] if newest else b"0-0"

    async def _hear(self, redis: Redis, last: bytes) -> bytes:
        """Read on from `last`. Give the place to read on from."""
        found: Any = await redis.xread(
            {self._board.stream: last}, count=AT_ONCE, block=int(BLOCK_S * 1000)
        )
        for place, fields in (one for _, news in found for one in news):
            last = place
            sender, what, told = self._decode(fields[b"news"])
            self.heard += 1
            await self._heed(what, told, own=sender == self._board.me)
        return last

    async def _heed(self, what: str, told: list[Told], *, own: bool) -> None:
        keys = [key for _, key, _ in told]
        if not own:  # its own copies are right
            if what == CLEARED:
                self._copies.forget_all()
            else:
                self._copies.forget(keys)
        learner = self._learner
        if learner is None:
            return
        if what == CLEARED:
            await (learner.note_cleared() if own else learner.clear())
        elif what == DROPPED:
            for key in keys:
                await learner.forget(key)
        elif what == PUT:
            for scope, key, question in told:
                await (learner.note(scope, key) if own else learner.learn(scope, key, question))

    def _catch_up(self) -> None:
        if self._learner is not None and (self._catching_up is None or self._catching_up.done()):
            self._catching_up = asyncio.create_task(self._learner.catch_up())
