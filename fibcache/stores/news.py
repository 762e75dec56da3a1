"""What processes that share a Redis tell each other: what was put, changed, dropped and cleared.

One stream (`board.py`). Whoever hears lets go of its copies at once and keeps its index in step.
News may be lost (Redis was away, a process slept): who begins to listen, or lost the line, goes
through the store in the background; and no copy is older than the near store's bound in any case.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from fibcache.core.breaker import DELAYS_S
from fibcache.core.learning import Learner

from .board import CLEARED, DROPPED, PUT, Told
from .ends import Ends
from .near import NearStore

log = structlog.get_logger("alice.cache")

BLOCK_S = 0.5  # longest wait for news before the reader looks up; it stops within about this
AT_ONCE = 89  # news read at a time
COUNT_EVERY_S = 13.0  # entries are counted for /metrics


class News:
    """Listens to what the other processes tell.

    Args:
        store: whose copies they are; it has a board.
        learner: keeps the index in step; None where the index is shared too.
        ends: moves with the tiers; looked after between the news.
        others: what to do at news that is not of entries.
    """

    def __init__(
        self,
        store: NearStore,
        learner: Learner | None,
        ends: Ends | None = None,
        *,
        others: Mapping[str, Callable[[], None]] | None = None,
    ) -> None:
        assert store.board is not None
        self._board, self._store, self._learner = store.board, store, learner
        self._ends = ends
        self._others = dict(others or {})
        self._decode = msgspec.msgpack.Decoder(tuple[str, str, list[Told]]).decode
        self._tasks: list[asyncio.Task[None]] = []
        self._catching_up: asyncio.Task[None] | None = None
        self._once_more = False
        self._stopping = False
        self._counted_at = float("-inf")
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
        if self._ends is not None:
            await self._ends.stop()

    async def _look_up(self) -> None:
        """Do what is to be done now and then."""
        if self._ends is not None:
            await self._ends.look()
        now_s = time.monotonic()
        if now_s - self._counted_at >= COUNT_EVERY_S:
            self._counted_at = now_s
            await self._store.store.count()

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
                    await self._look_up()
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
        if what in self._others:
            self._others[what]()
            return
        keys = [key for _, key, _ in told]
        if not own:  # its own copies are right
            if what == CLEARED:
                self._store.forget_all()
            else:
                self._store.forget(keys)
        learner = self._learner
        if learner is None:
            return
        if what == CLEARED:
            if own:
                await learner.note_cleared()
            else:
                await learner.clear()
                self._catch_up()  # on what was put since, by this process too
        elif what == DROPPED:
            for key in keys:
                await learner.forget(key)
        elif what == PUT:
            for scope, key, question in told:
                await (learner.note(scope, key) if own else learner.learn(scope, key, question))

    def _catch_up(self) -> None:
        """Go through the store, from its beginning; where that is under way, do it once more."""
        if self._learner is None:
            return
        self._once_more = True  # a walk under way may be past what is to be found
        if self._catching_up is None or self._catching_up.done():
            self._catching_up = asyncio.create_task(self._walk(self._learner))

    async def _walk(self, learner: Learner) -> None:
        while self._once_more:
            self._once_more = False
            await learner.catch_up()
