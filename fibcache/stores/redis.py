"""The store of many processes: a hash for each entry in Redis or Valkey.

Entries are spread over shards by their key. A shard is a hash tag, so that an entry and its shard's
table of ends lie in one slot of a cluster. The store holds at most `max_entries`: the entries of a
shard that end soonest make room. Bytes are bounded by Redis's own `maxmemory`; every entry has an
expiry, so any of Redis's policies may be used.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar
from zlib import crc32

import msgspec
import structlog
from redis.asyncio import Redis

from fibcache.core.entry import Entry
from fibcache.core.store import Flaws, Kept, Sizes
from fibcache.core.tiers import HOUR_S, LONGEST_H, Standing, Tier, newcomer

from . import scripts
from .link import Link, RedisAway
from .writing import Unreadable, Unwritable, Writing

log = structlog.get_logger("alice.cache")

SHARDS = 89
MAX_ENTRIES = 1_000_000
AT_ONCE = 89  # entries that one round trip looks at, so that nobody else waits long

T = TypeVar("T")
_NOTHING: list[Any] = []


class Uses(NamedTuple):
    """Hits on an entry at one time."""

    at_s: float
    verified: int
    others: int


class Look(NamedTuple):
    """What a look found."""

    kept: Kept
    written_bytes: int


class RedisStore:
    """Keep entries in Redis, for every process that uses the same one.

    Args:
        link: the line to it.
        writing: how entries are put in writing.
        clock: seconds since 1970; the processes' machines agree on it to within a second or so.
        max_entries: all together, give or take the shards' unevenness.
    """

    def __init__(
        self,
        link: Link,
        writing: Writing,
        *,
        clock: Callable[[], float] = time.time,
        max_entries: int = MAX_ENTRIES,
    ) -> None:
        self.link, self._writing, self.clock = link, writing, clock
        self._per_shard = max(1, max_entries // SHARDS)
        self._pack = msgspec.msgpack.Encoder().encode
        self._rules: tuple[Sequence[Tier], bytes] = ((), b"")
        self._listeners: list[Callable[[Entry], None]] = []
        self._evicted_listeners: list[Callable[[Entry], None]] = []
        self._entries = 0  # at the last count
        self.hits = self.misses = self.evicted = self.expired = 0  # by this process

    @property
    def away(self) -> bool:
        """Tell whether Redis is left alone until it mends."""
        return self.link.state != "closed"

    @property
    def failures(self) -> int:
        """Count the calls that found Redis away, or that it refused."""
        return self.link.failures

    async def get(self, key: str, *, tiers: Sequence[Tier]) -> Kept | None:
        """Look an entry up without counting it as used."""
        found = await self.look(key, (), tiers=tiers)
        return None if found is None else found.kept

    async def hit(self, key: str, *, tiers: Sequence[Tier], verified: bool = True) -> Kept | None:
        """Look an entry up and count the hit, as one step; give its standing after it."""
        uses = (Uses(self.clock(), int(verified), int(not verified)),)
        found = await self.look(key, uses, tiers=tiers)
        if found is None:
            self.misses += 1
            return None
        self.hits += 1
        return found.kept

    async def look(
        self, key: str, uses: Sequence[Uses], *, tiers: Sequence[Tier], used_s: float | None = None
    ) -> Look | None:
        """Look an entry up and count uses of it, oldest first, as one step.

        Args:
            used_s: time of the last use, where that is later than the last of `uses`.
        """
        # One line of work for Redis, since this is what every question waits for.
        keys, args = self._keys(key), self._asked(uses, used_s, tiers)
        try:
            told = await self.link.call(lambda redis: scripts.HIT.run(redis, keys, *args))
        except RedisAway:
            return None
        return await self._look(key, told)

    async def look_each(
        self, asked: Sequence[tuple[str, Sequence[Uses], float | None]], *, tiers: Sequence[Tier]
    ) -> list[Look | None] | None:
        """Do as `look` for each of some, in one round trip. None when Redis is away."""
        each = [(self._keys(key), self._asked(uses, last, tiers)) for key, uses, last in asked]
        try:
            told = await self.link.call(lambda redis: scripts.HIT.run_each(redis, each))
        except RedisAway:
            return None
        pairs = zip(asked, told, strict=True)
        return [await self._look(key, one) for (key, _, _), one in pairs]

    async def thumb(self, key: str, *, tiers: Sequence[Tier], up: bool) -> Kept | None:
        """Count what a person thought of an entry, as one step; None when it is gone, or goes."""
        args = (self._rules_of(tiers), repr(self.clock()), int(up))
        told = await self._call(
            lambda redis: scripts.THUMB.run(redis, self._keys(key), *args), None
        )
        found = await self._look(key, told)
        return None if found is None else found.kept

    async def put(self, entry: Entry, *, tiers: Sequence[Tier]) -> Kept | None:
        """Keep a new entry in place of any under its key; None where that can't be done."""
        now_s = self.clock()
        try:
            written = self._writing.write(entry)
        except Unwritable:
            log.warning("unwritable_entry", route=entry.route)
            return None
        args = (self._rules_of(tiers), repr(now_s), written, entry.freshness, self._per_shard)
        told = await self._call(
            lambda redis: scripts.PUT.run(redis, self._keys(entry.key), *args), None
        )
        if told is None:
            return None
        expired, evicted = told
        self.expired += expired
        self.evicted += len(evicted)
        for written in evicted:
            self._tell_gone(written, also=self._evicted_listeners)
        return Kept(entry, newcomer(now_s))

    async def drop(self, keys: Iterable[str]) -> int:
        """Take entries away. Give how many there were."""
        each = [(self._keys(key), (key,)) for key in keys]
        found: list[Any] = await self._call(lambda redis: scripts.DROP.run_each(redis, each), [])
        there = [written for written in found if written is not None]
        for written in there:
            self._tell_gone(written)
        return len(there)

    async def clear(self) -> None:
        """Take all entries away, a few at a time. No listener is told of each."""

        async def empty(redis: Redis) -> None:
            for shard in range(SHARDS):
                start, ends = self._shard(shard)
                while await scripts.CLEAR.run(redis, [ends], start, AT_ONCE) == AT_ONCE:
                    pass

        await self._call(empty, None)

    async def sizes(self, *, tiers: Sequence[Tier]) -> Sizes:
        """Count what there is, a few at a time; hits and the like are this process's own."""
        entries, memory, by_rank = 0, 0, [0] * len(tiers)

        async def add_up(redis: Redis) -> int:
            nonlocal entries, memory
            args = (self._rules_of(tiers), repr(self.clock()))
            for shard in range(SHARDS):
                start, ends = self._shard(shard)
                first = 0
                while True:
                    seen, count, size, ranks = await scripts.SIZES.run(
                        redis, [f"{start}-", ends], *args, first, first + AT_ONCE - 1
                    )
                    entries, memory, first = entries + count, memory + size, first + seen
                    for rank, more in enumerate(ranks):
                        by_rank[rank] += more
                    if seen < AT_ONCE:
                        break
            told = await redis.info("memory")
            return int(told.get("maxmemory", 0))

        max_bytes = await self._call(add_up, 0)
        return Sizes(
            entries=entries,
            bytes=memory,
            max_bytes=max_bytes,
            by_tier={tier.name: count for tier, count in zip(tiers, by_rank, strict=True)},
            hits=self.hits,
            misses=self.misses,
            evicted=self.evicted,
            expired=self.expired,
        )

    async def count(self) -> None:
        """Ask how many entries there are, in one round trip, for `figures`."""

        async def add_up(redis: Redis) -> int:
            pipeline = redis.pipeline(transaction=False)
            for shard in range(SHARDS):
                pipeline.zcard(self._shard(shard)[1])
            return sum(await pipeline.execute())

        self._entries = await self._call(add_up, 0)

    def figures(self) -> Sizes:
        """Tell what is known without asking: this process's own counts, and the last `count`."""
        return Sizes(
            entries=self._entries,
            hits=self.hits,
            misses=self.misses,
            evicted=self.evicted,
            expired=self.expired,
        )

    async def scan(self, *, tiers: Sequence[Tier]) -> AsyncIterator[Kept]:
        """Go through the entries there are when it comes to their shard and that are still there.

        It ends early when Redis goes away.
        """
        async for keys in self._all_keys():
            found = await self.look_each([(key, (), None) for key in keys], tiers=tiers)
            for look in found or ():
                if look is not None:
                    yield look.kept

    async def check(self, *, tiers: Sequence[Tier], repair: bool = False) -> Flaws:
        """Look for entries that can't be read and for ends that the tiers don't say."""
        unreadable: list[str] = []
        wrong_ends: list[str] = []
        async for keys in self._all_keys():
            args = (self._rules_of(tiers), repr(self.clock()), int(repair))
            each = [(self._keys(key), args) for key in keys]
            found = await self._call(partial(scripts.CHECK.run_each, each=each), _NOTHING)
            for key, told in zip(keys, found, strict=False):
                if told is None:
                    continue
                written, state = told
                if state == b"damaged" or not self._readable(written):
                    unreadable.append(key)
                elif state == b"ends":
                    wrong_ends.append(key)
        if repair:
            await self.drop(unreadable)
        return Flaws(unreadable=tuple(unreadable), wrong_ends=tuple(wrong_ends))

    def tell_gone(self, listener: Callable[[Entry], None]) -> None:
        """Have `listener` called for entries that this process sees leave."""
        self._listeners.append(listener)

    def tell_evicted(self, listener: Callable[[Entry], None]) -> None:
        """Have `listener` called for entries that make room for this process's."""
        self._evicted_listeners.append(listener)

    async def _call(self, work: Callable[[Redis], Awaitable[T]], otherwise: T) -> T:
        try:
            return await self.link.call(work)
        except RedisAway:
            return otherwise

    async def _look(self, key: str, told: Any) -> Look | None:
        """Read what a script told: an entry and its standing, or that it went."""
        if told is None:
            return None
        if len(told) == 2:
            self.expired += told[0] == b"expired"
            self._tell_gone(told[1])
            return None
        written, made_s, rose_s, hits, verified, thumbs, used_s = told
        try:
            entry = self._writing.read(written)
        except Unreadable:
            await self._call(lambda redis: scripts.DROP.run(redis, self._keys(key), key), None)
            return None
        standing = Standing(float(made_s), float(rose_s), hits, verified, thumbs, float(used_s))
        return Look(Kept(entry, standing), len(written))

    def _asked(
        self, uses: Sequence[Uses], used_s: float | None, tiers: Sequence[Tier]
    ) -> tuple[bytes, str, bytes, str]:
        last_s = uses[-1].at_s if uses and used_s is None else used_s
        return self._rules_of(tiers), repr(self.clock()), self._pack(uses), repr(last_s)

    async def _all_keys(self) -> AsyncIterator[list[str]]:
        for shard in range(SHARDS):
            _, ends = self._shard(shard)
            there = await self._call(partial(_members, of=ends), _NOTHING)
            keys = [key.decode() for key in there]
            for first in range(0, len(keys), AT_ONCE):
                yield keys[first : first + AT_ONCE]

    def _tell_gone(self, written: bytes, *, also: Sequence[Callable[[Entry], None]] = ()) -> None:
        try:
            entry = self._writing.read(written)
        except Unreadable:
            return
        for listener in (*self._listeners, *also):
            listener(entry)

    def _readable(self, written: bytes) -> bool:
        try:
            self._writing.read(written)
        except Unreadable:
            return False
        return True

    def _keys(self, key: str) -> tuple[str, str]:
        start, ends = self._shard(crc32(key.encode("utf-8", "surrogatepass")) % SHARDS)
        return start + key, ends

    def _shard(self, number: int) -> tuple[str, str]:
        """Give what the keys of a shard's entries begin with, and the key of its ends."""
        tag = f"{self.link.prefix}:{{cache-{number}}}"
        return f"{tag}:", f"{tag}-ends"

    def _rules_of(self, tiers: Sequence[Tier]) -> bytes:
        """Put the rules in writing, once for each set of tiers (by identity)."""
        known, written = self._rules
        if known is not tiers:
            ladder = [(tier.hits_to_enter, tier.ttl_h * HOUR_S) for tier in tiers]
            longest = {name: hours * HOUR_S for name, hours in LONGEST_H.items()}
            written = self._pack((ladder, longest))
            self._rules = (tiers, written)
        return written


async def _members(redis: Redis, of: str) -> list[Any]:
    members: list[Any] = await redis.zrange(of, 0, -1)
    return members
