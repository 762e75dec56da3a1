"""Where a process puts up news of entries for the others that share its Redis: one stream."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from uuid import uuid4

import msgspec

from fibcache.core.entry import Entry

from .link import Link, RedisAway

NEWS_KEPT = 10_000  # about; older news is trimmed

PUT, CHANGED, DROPPED, CLEARED = "put", "changed", "dropped", "cleared"
QUARANTINE = "quarantine"  # pairs of questions were set apart, or let together again

Told = tuple[str, str, str]  # scope, key, question; the first and last are of use for PUT alone


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
