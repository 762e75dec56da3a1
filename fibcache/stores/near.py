"""Copies near at hand of what lies in Redis, never older than a stated bound.

A copy is served for at most `bound_s` after Redis was asked for it; what was dropped, demoted or
answered anew in another process is thus heard of within that time, and at once where the news
(`news.py`) comes through. Hits on copies are counted in Redis a little later, each at its own time.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Lock

from fibcache.core.entry import Entry
from fibcache.core.store import Flaws, Kept, Sizes
from fibcache.core.tiers import Tier, after_hit, expires_s

from .board import CHANGED, CLEARED, DROPPED, Board
from .redis import Look, RedisStore, Uses

BOUND_S = 1.0
NEAR_BYTES = 8 << 20
BYTES_PER_WRITTEN = 8  # memory of what was read, to a byte of what is written
OVERHEAD_BYTES = 2000  # of a copy and its place


@dataclass(slots=True)
class _Copy:
    kept: Kept
    asked_s: float  # when Redis was asked for it
    bytes: int


@dataclass(slots=True)
class _Pending:
    """Hits that Redis has not heard of."""

    uses: list[Uses]
    used_s: float


class NearStore:
    """Keep copies in front of a Redis store.

    Args:
        store: what lies behind.
        monotonic: seconds that never run backwards, for the bound.
        board: where the other processes are told of what this one does.
        bound_s: longest time that a copy is served without asking again.
        max_bytes: of all copies, by estimate.
    """

    def __init__(
        self,
        store: RedisStore,
        *,
        monotonic: Callable[[], float],
        board: Board | None = None,
        bound_s: float = BOUND_S,
        max_bytes: int = NEAR_BYTES,
    ) -> None:
        self.store, self.board = store, board
        self._evicted: list[Entry] = []
        if board is not None:
            store.tell_evicted(self._evicted.append)
        self.clock, self._monotonic = store.clock, monotonic
        self._bound_s, self._max_bytes = bound_s, max_bytes
        self._copies: OrderedDict[str, _Copy] = OrderedDict()  # least recently asked for first
        self._pending: dict[str, _Pending] = {}
        self._bytes = 0
        self._lock = Lock()  # the admin's threads drop entries too
        self._tiers: Sequence[Tier] = ()
        self._telling: set[asyncio.Task[None]] = set()
        self._counting: asyncio.Task[None] | None = None
        self._closing: asyncio.Event | None = None
        self.hits = 0  # on copies

    @property
    def away(self) -> bool:
        """Tell whether Redis is left alone until it mends."""
        return self.store.away

    @property
    def failures(self) -> int:
        """Count the calls that found Redis away, or that it refused."""
        return self.store.failures

    async def get(self, key: str, *, tiers: Sequence[Tier]) -> Kept | None:
        """Look an entry up without counting it as used."""
        copy = await self._copy(key, tiers)
        if copy is not None:
            return copy.kept
        return await self._ask(key, (), tiers)

    async def hit(self, key: str, *, tiers: Sequence[Tier], verified: bool = True) -> Kept | None:
        """Look an entry up and count the hit; Redis hears of it within the bound."""
        copy = await self._copy(key, tiers)
        now_s = self.clock()
        use = Uses(now_s, int(verified), int(not verified))
        if copy is None:
            kept = await self._ask(key, (use,), tiers)
            if kept is None:
                self.store.misses += 1
            else:
                self.store.hits += 1
            return kept
        before = copy.kept.standing
        standing = after_hit(before, tiers, now_s, verified=verified)
        copy.kept = Kept(copy.kept.entry, standing)
        with self._lock:
            self.hits += 1
            pending = self._pending.get(key)
            if pending is None:
                self._pending[key] = _Pending([use], now_s)
            else:
                last = pending.uses[-1]
                pending.used_s = now_s
                if standing.rose_s == before.rose_s:  # at what time it came makes no difference
                    merged = Uses(last.at_s, last.verified + verified, last.others + (not verified))
                    pending.uses[-1] = merged
                else:
                    pending.uses.append(use)
        self._tiers = tiers
        if self._counting is None or self._counting.done():
            self._closing = asyncio.Event()
            self._counting = asyncio.get_running_loop().create_task(self._count(self._closing))
        return copy.kept

    async def thumb(self, key: str, *, tiers: Sequence[Tier], up: bool) -> Kept | None:
        """Count what a person thought of an entry; None when it is gone, or goes."""
        await self._flush([key], tiers)
        kept = await self.store.thumb(key, tiers=tiers, up=up)
        self.forget([key])
        if self.board is not None:
            await self.board.tell(DROPPED if kept is None else CHANGED, [key])
        return kept

    async def put(self, entry: Entry, *, tiers: Sequence[Tier]) -> Kept | None:
        """Keep a new entry in place of any under its key; None where that can't be done."""
        kept = await self.store.put(entry, tiers=tiers)
        self.forget([entry.key])
        if self.board is not None and kept is not None:
            evicted, self._evicted[:] = self._evicted[:], []
            await self.board.put_up(entry, evicted=evicted)
        return kept

    async def drop(self, keys: Iterable[str]) -> int:
        """Take entries away. Give how many there were."""
        keys = list(keys)
        there = await self.store.drop(keys)
        self.forget(keys)
        if self.board is not None:
            await self.board.tell(DROPPED, keys)
        return there

    async def clear(self) -> None:
        """Take all entries away."""
        await self.store.clear()
        self.forget_all()
        if self.board is not None:
            await self.board.tell(CLEARED)

    async def sizes(self, *, tiers: Sequence[Tier]) -> Sizes:
        """Count what there is in Redis, and this process's hits."""
        await self.flush(tiers=tiers)
        sizes = await self.store.sizes(tiers=tiers)
        return replace(sizes, hits=sizes.hits + self.hits)

    def figures(self, *, tiers: Sequence[Tier]) -> Sizes:
        """Tell what is known without asking Redis: the entries of some seconds ago."""
        sizes = self.store.figures()
        return replace(sizes, hits=sizes.hits + self.hits)

    async def scan(self, *, tiers: Sequence[Tier]) -> AsyncIterator[Kept]:
        """Go through the entries in Redis."""
        await self.flush(tiers=tiers)
        async for kept in self.store.scan(tiers=tiers):
            yield kept

    async def check(self, *, tiers: Sequence[Tier], repair: bool = False) -> Flaws:
        """Look for what is wrong in Redis."""
        await self.flush(tiers=tiers)
        return await self.store.check(tiers=tiers, repair=repair)

    def tell_gone(self, listener: Callable[[Entry], None]) -> None:
        """Have `listener` called for entries that this process sees leave."""
        self.store.tell_gone(listener)

    def forget(self, keys: Iterable[str]) -> None:
        """Let go of copies, and of hits on what is no longer there."""
        with self._lock:
            for key in keys:
                self._pending.pop(key, None)
                copy = self._copies.pop(key, None)
                if copy is not None:
                    self._bytes -= copy.bytes

    def forget_all(self) -> None:
        """Let go of all copies."""
        with self._lock:
            self._copies.clear()
            self._pending.clear()
            self._bytes = 0

    async def flush(self, *, tiers: Sequence[Tier]) -> None:
        """Tell Redis of all hits so far."""
        await self._flush(list(self._pending), tiers)

    async def aclose(self) -> None:
        """Tell Redis of the last hits."""
        counting = self._counting
        here = asyncio.get_running_loop()
        if counting is not None and not counting.done() and counting.get_loop() is here:
            assert self._closing is not None
            self._closing.set()
            await asyncio.wait([counting])
        await self.flush(tiers=self._tiers)
        if telling := [task for task in self._telling if task.get_loop() is here]:
            await asyncio.wait(telling)

    async def _count(self, closing: asyncio.Event) -> None:
        """Tell Redis of hits, twice in a bound, so that copies in use are seldom asked for."""
        while self._pending and not closing.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._bound_s / 2):
                    await closing.wait()
            await self.flush(tiers=self._tiers)

    async def _ask(self, key: str, uses: Sequence[Uses], tiers: Sequence[Tier]) -> Kept | None:
        """Ask Redis, and keep a copy of what it says."""
        asked_s = self._monotonic()
        look = await self.store.look(key, uses, tiers=tiers)
        self._keep(key, look, asked_s, tiers)
        return None if look is None else look.kept

    async def _flush(self, keys: Sequence[str], tiers: Sequence[Tier]) -> None:
        asked_s = self._monotonic()
        with self._lock:
            waiting = {key: self._pending.pop(key) for key in keys if key in self._pending}
        if not waiting:
            return
        # In a task of its own: a turn that is cancelled takes no hits along, and Redis may have
        # counted them already, so that they can't be told again either.
        loop = asyncio.get_running_loop()
        telling = loop.create_task(self._tell(waiting, asked_s, tiers))
        self._telling.add(telling)
        telling.add_done_callback(self._telling.discard)
        await asyncio.shield(telling)

    async def _tell(
        self, waiting: dict[str, _Pending], asked_s: float, tiers: Sequence[Tier]
    ) -> None:
        asked = [(key, pending.uses, pending.used_s) for key, pending in waiting.items()]
        looks = None
        try:
            looks = await self.store.look_each(asked, tiers=tiers)
        finally:
            if looks is None:  # away, or the loop ends: they wait for better times
                self._put_back(waiting)
        if looks is None:
            return
        for key, look in zip(waiting, looks, strict=True):
            if look is None or key in self._copies:  # else it was forgotten meanwhile
                self._keep(key, look, asked_s, tiers)

    def _put_back(self, waiting: dict[str, _Pending]) -> None:
        """Have hits wait again, before those that came since."""
        with self._lock:
            for key, pending in waiting.items():
                later = self._pending.get(key)
                if later is not None:
                    pending.uses += later.uses
                    pending.used_s = later.used_s
                self._pending[key] = pending

    async def _copy(self, key: str, tiers: Sequence[Tier]) -> _Copy | None:
        """Find a copy that may be served, after telling Redis of hits on one that may not."""
        copy = self._fresh(key, tiers)
        if copy is None and key in self._pending:
            await self._flush([key], tiers)
            copy = self._fresh(key, tiers)
        return copy

    def _fresh(self, key: str, tiers: Sequence[Tier]) -> _Copy | None:
        copy = self._copies.get(key)
        if copy is None or self._monotonic() - copy.asked_s >= self._bound_s:
            return None
        kept = copy.kept
        if self.clock() >= expires_s(kept.standing, tiers, kept.entry.freshness):
            return None
        return copy

    def _keep(self, key: str, look: Look | None, asked_s: float, tiers: Sequence[Tier]) -> None:
        with self._lock:
            old = self._copies.pop(key, None)
            if old is not None:
                self._bytes -= old.bytes
            if look is None:
                return
            size = BYTES_PER_WRITTEN * look.written_bytes + OVERHEAD_BYTES
            if size > self._max_bytes:
                return
            standing = look.kept.standing
            pending = self._pending.get(key)
            for use in pending.uses if pending is not None else ():  # that came meanwhile
                for number in range(use.verified + use.others):
                    verified = number < use.verified
                    standing = after_hit(standing, tiers, use.at_s, verified=verified)
            self._copies[key] = _Copy(Kept(look.kept.entry, standing), asked_s, size)
            self._bytes += size
            while self._bytes > self._max_bytes:
                _, least = self._copies.popitem(last=False)
                self._bytes -= least.bytes
