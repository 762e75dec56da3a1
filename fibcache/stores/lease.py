"""Leases in Redis: who of many processes does a thing, and what is said of it meanwhile.

    alice:flight:{key}          the holder, for as long as the lease lasts
    alice:flight:{key}:<holder> frames (bytes) that the holder has said, in order
    alice:flight:{key}:ears     is there while another process listens

The braces keep the three in one slot of a cluster. What one holder says is never mixed with what
the next one says. Listeners ask again and again instead of blocking: no connection is held, and
every wait is short.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import uuid4

from redis.asyncio import Redis

from .link import Link, RedisAway

LEASE_S = 3.0
"""A holder that is not heard of for so long is taken for dead."""

LINGER_S = 13.0
"""So long can what was said be read, counted from the last word."""

_SAY = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
local have = redis.call('LLEN', KEYS[2])
local known = have - tonumber(ARGV[4])
if known < 0 then return -1 end
if #ARGV > 5 + known then redis.call('RPUSH', KEYS[2], unpack(ARGV, 6 + known)) end
redis.call('PEXPIRE', KEYS[2], ARGV[3])
if ARGV[5] == 'last' then redis.call('DEL', KEYS[1]) return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('EXISTS', KEYS[3])
"""
"""What was heard the first time, when its reply was lost, is not said twice."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said since the last time, and whether its holder is still there."""

    frames: Sequence[bytes]
    held: bool


class Leases:
    """The leases that this process knows of.

    Args:
        link: the line to Redis.
        lease_s: a holder that is not heard of for so long is taken for dead.
    """

    def __init__(self, link: Link, *, lease_s: float = LEASE_S) -> None:
        self._link, self.lease_s = link, lease_s
        self._lease_ms, self._linger_ms = round(lease_s * 1000), round(LINGER_S * 1000)
        self._tasks: set[asyncio.Future[None]] = set()

    async def take(self, key: str) -> "Lease":
        """Take the lease, or see who holds it. One round trip.

        Raises:
            RedisAway: nobody can tell.
        """
        me = uuid4().hex
        lease, _, _ = self._keys(key, me)
        try:
            holder: Any = await self._call(
                lambda redis: redis.set(lease, me, nx=True, px=self._lease_ms, get=True)
            )
        except (RedisAway, asyncio.CancelledError):
            # It may be taken all the same; nobody is to wait for somebody who never speaks.
            self.in_background(self.say(key, me, 0, (), last=True))
            raise
        if holder is None:
            return Lease(self, key, me, mine=True)
        return Lease(self, key, str(holder, "ascii"), mine=False)

    async def say(
        self, key: str, holder: str, since: int, frames: Sequence[bytes], *, last: bool = False
    ) -> int:
        """Say frames from number `since` on, and renew the lease, or give it back after the last.

        Returns:
            1 when another process listens, 0 when none does, -1 when the lease is lost.

        Raises:
            RedisAway: perhaps it was heard, perhaps not. Say it again.
        """
        keys = self._keys(key, holder)
        args = (self._lease_ms, self._linger_ms, since, "last" if last else "", *frames)
        return int(
            await self._call(lambda redis: redis.eval(_SAY, len(keys), *keys, holder, *args))
        )

    async def hear(self, key: str, holder: str, since: int) -> Heard:
        """Hear what `holder` said from frame `since` on, and let it know that somebody listens.

        Raises:
            RedisAway: nothing can be heard.
        """
        lease, said, ears = self._keys(key, holder)

        async def read(redis: Redis) -> list[Any]:
            async with redis.pipeline(transaction=True) as pipe:
                pipe.lrange(said, since, -1)
                pipe.get(lease)
                pipe.set(ears, 1, px=self._lease_ms)
                return list(await pipe.execute())

        frames, now, _ = await self._call(read)
        return Heard(frames, now is not None and now.decode() == holder)

    def in_background(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do some work that nobody waits for; where Redis is away, it is left undone."""

        async def quietly() -> None:
            with suppress(RedisAway):
                await work

        task = asyncio.ensure_future(quietly())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _call(self, work: Callable[[Redis], Awaitable[T]]) -> T:
        """Do some work with Redis, and be stopped when one is stopped.

        redis-py may take a cancellation for a time-out of its own; who waits for the task to end
        would wait forever.
        """
        task = asyncio.current_task()
        asked = task.cancelling() if task else 0
        try:
            return await self._link.call(work)
        finally:
            if task and task.cancelling() > asked:
                raise asyncio.CancelledError

    def _keys(self, key: str, holder: str) -> tuple[str, str, str]:
        lease = f"{self._link.prefix}:flight:{{{key}}}"
        return lease, f"{lease}:{holder}", f"{lease}:ears"


class Lease:
    """One holder's lease, as the holder (`mine`) or as somebody who listens."""

    def __init__(self, leases: Leases, key: str, holder: str, *, mine: bool) -> None:
        self._leases, self._key, self._holder, self.mine = leases, key, holder, mine
        self.lease_s = leases.lease_s

    async def say(self, since: int, frames: Sequence[bytes], *, last: bool = False) -> int:
        """Say frames and renew: 1 when another process listens, 0 when none does, -1 when lost."""
        return await self._leases.say(self._key, self._holder, since, frames, last=last)

    async def hear(self, since: int) -> Heard:
        """Hear what was said from frame `since` on."""
        return await self._leases.hear(self._key, self._holder, since)
