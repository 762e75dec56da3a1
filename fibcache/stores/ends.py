"""Ends in Redis that follow the tiers, also when staff give a tier another life."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256

from fibcache.core.tiers import Tier

from .link import RedisAway
from .redis import RedisStore


class Ends:
    """See to it that one process moves the ends of all entries when the tiers change.

    A shorter life counts at once, whatever Redis has noted; a longer one would come too late for
    entries that nobody asks for, had Redis not been told.

    Args:
        store: whose entries they are.
        tiers: gives the tiers in force.
    """

    def __init__(self, store: RedisStore, tiers: Callable[[], Awaitable[Sequence[Tier]]]) -> None:
        self._store, self._tiers = store, tiers
        self._seen: Sequence[Tier] = ()
        self._moving: asyncio.Task[object] | None = None

    async def look(self) -> None:
        """Begin to move the ends, beside all else, if the tiers are new to all processes."""
        tiers = await self._tiers()
        if tiers is self._seen or (self._moving is not None and not self._moving.done()):
            return
        ladder = sha256(repr([(tier.hits_to_enter, tier.ttl_h) for tier in tiers]).encode())
        link = self._store.link
        try:
            before = await link.call(
                lambda redis: redis.set(f"{link.prefix}:cache-ladder", ladder.hexdigest(), get=True)
            )
        except RedisAway:
            return
        self._seen = tiers
        if before is not None and before != ladder.hexdigest().encode():
            self._moving = asyncio.create_task(self._store.check(tiers=tiers, repair=True))

    async def stop(self) -> None:
        """Leave off; who changes the tiers next, or asks for an entry, moves the rest."""
        if self._moving is not None:
            self._moving.cancel()
            await asyncio.wait([self._moving])
