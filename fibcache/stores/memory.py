"""The store of one process: bounded by bytes, shared fairly by the tenants.

Where room is wanted, the tenant that holds the most gives up what it used longest ago. So nobody
whose share is within an equal part loses an entry to somebody else's flood of questions.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from threading import Lock

from fibcache.core.entry import Entry
from fibcache.core.footprint import footprint
from fibcache.core.store import Flaws, Kept, Sizes
from fibcache.core.tiers import (
    Standing,
    Tier,
    after_hit,
    after_thumb,
    expires_s,
    newcomer,
    tier_for,
)

MAX_BYTES = 64 << 20
OVERHEAD_BYTES = 600  # of an entry's place in the store's own tables


@dataclass(slots=True)
class _Place:
    kept: Kept
    bytes: int
    end_s: float = 0.0  # when to look whether it has expired


@dataclass(slots=True)
class _Share:
    """What one tenant holds."""

    places: OrderedDict[str, _Place] = field(default_factory=OrderedDict)  # longest unused first
    bytes: int = 0


class MemoryStore:
    """Keep entries in this process, for the caller's thread and others.

    Args:
        clock: seconds that never run backwards.
        max_bytes: all entries together, their keys and tables included.
        beside_bytes: that each entry takes elsewhere, for its vector; they count too.
    """

    away, failures = False, 0  # memory is always there

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        max_bytes: int = MAX_BYTES,
        beside_bytes: int = 0,
    ) -> None:
        self.clock, self._max_bytes = clock, max_bytes
        self._each_bytes = OVERHEAD_BYTES + beside_bytes
        self._places: dict[str, _Place] = {}
        self._shares: dict[str, _Share] = {}  # by tenant
        self._ends: list[tuple[float, str]] = []  # heap of (expires_s, key), some outdated
        self._lock = Lock()
        self._listeners: list[Callable[[Entry], None]] = []
        self._bytes = self._hits = self._misses = self._evicted = self._expired = 0

    async def get(self, key: str, *, tiers: Sequence[Tier]) -> Kept | None:
        """Look an entry up without counting it as used."""
        with self._lock:
            place = self._alive(key, tiers, self.clock())
            return None if place is None else place.kept

    async def hit(self, key: str, *, tiers: Sequence[Tier], verified: bool = True) -> Kept | None:
        """Look an entry up and count the hit; give its standing after it."""
        with self._lock:
            now_s = self.clock()
            place = self._alive(key, tiers, now_s)
            if place is None:
                self._misses += 1
                return None
            self._hits += 1
            standing = after_hit(place.kept.standing, tiers, now_s, verified=verified)
            self._shares[place.kept.entry.tenant].places.move_to_end(key)
            return self._stand(place, standing, tiers)

    async def thumb(self, key: str, *, tiers: Sequence[Tier], up: bool) -> Kept | None:
        """Count what a person thought of an entry; None when it is gone, or goes."""
        with self._lock:
            now_s = self.clock()
            place = self._alive(key, tiers, now_s)
            if place is None:
                return None
            standing = after_thumb(place.kept.standing, tiers, now_s, up=up)
            if standing is None:
                self._take_away(key)
                return None
            return self._stand(place, standing, tiers)

    async def put(self, entry: Entry, *, tiers: Sequence[Tier]) -> Kept | None:
        """Keep a new entry in place of any under its key; None where there is no room for it."""
        size = footprint(entry) + self._each_bytes
        with self._lock:
            now_s = self.clock()
            self._take_away(entry.key)
            self._sweep(tiers, now_s)
            if size > self._max_bytes:
                return None
            if not self._make_room(entry.tenant, size):
                return None
            kept = Kept(entry, newcomer(now_s))
            share = self._shares.setdefault(entry.tenant, _Share())
            place = self._places[entry.key] = share.places[entry.key] = _Place(kept, size)
            share.bytes += size
            self._bytes += size
            self._note_end(place, tiers)
            return kept

    async def drop(self, keys: Iterable[str]) -> int:
        """Take entries away. Give how many there were."""
        with self._lock:
            return sum(self._take_away(key) for key in keys)

    async def clear(self) -> None:
        """Take all entries away."""
        with self._lock:
            for key in list(self._places):
                self._take_away(key)
            self._ends.clear()

    async def sizes(self, *, tiers: Sequence[Tier]) -> Sizes:
        """Count what there is, after taking away what has expired."""
        return self.figures(tiers=tiers)

    def figures(self, *, tiers: Sequence[Tier]) -> Sizes:
        """Do so for code that has no event loop."""
        with self._lock:
            self._sweep(tiers, self.clock())
            by_tier = {tier.name: 0 for tier in tiers}
            for place in self._places.values():
                by_tier[tier_for(place.kept.standing.verified, tiers).name] += 1
            return Sizes(
                entries=len(self._places),
                bytes=self._bytes,
                max_bytes=self._max_bytes,
                by_tier=by_tier,
                hits=self._hits,
                misses=self._misses,
                evicted=self._evicted,
                expired=self._expired,
            )

    async def scan(self, *, tiers: Sequence[Tier]) -> AsyncIterator[Kept]:
        """Go through the entries there are when it begins and that are still there."""
        with self._lock:
            keys = list(self._places)
        for key in keys:
            kept = await self.get(key, tiers=tiers)
            if kept is not None:
                yield kept

    async def check(self, *, tiers: Sequence[Tier], repair: bool = False) -> Flaws:
        """Compare when each entry is looked after with when it ends."""
        with self._lock:
            self._sweep(tiers, self.clock())
            wrong = [
                place for place in self._places.values() if place.end_s != _end_s(place.kept, tiers)
            ]
            if repair:
                for place in wrong:
                    self._note_end(place, tiers)
            return Flaws(wrong_ends=tuple(place.kept.entry.key for place in wrong))

    def tell_gone(self, listener: Callable[[Entry], None]) -> None:
        """Have `listener` called, at once, for every entry that leaves."""
        self._listeners.append(listener)

    # The rest runs under the lock.

    def _stand(self, place: _Place, standing: Standing, tiers: Sequence[Tier]) -> Kept:
        place.kept = Kept(place.kept.entry, standing)
        if place.end_s != _end_s(place.kept, tiers):
            self._note_end(place, tiers)
        return place.kept

    def _alive(self, key: str, tiers: Sequence[Tier], now_s: float) -> _Place | None:
        place = self._places.get(key)
        if place is not None and now_s >= _end_s(place.kept, tiers):
            self._take_away(key)
            self._expired += 1
            return None
        return place

    def _note_end(self, place: _Place, tiers: Sequence[Tier]) -> None:
        place.end_s = _end_s(place.kept, tiers)
        heappush(self._ends, (place.end_s, place.kept.entry.key))
        if len(self._ends) > 2 * len(self._places) + 64:  # mostly outdated
            self._ends = [(place.end_s, key) for key, place in self._places.items()]
            heapify(self._ends)

    def _sweep(self, tiers: Sequence[Tier], now_s: float) -> None:
        """Take away what has expired. Costs nothing while nothing has."""
        while self._ends and self._ends[0][0] <= now_s:
            end_s, key = heappop(self._ends)
            noted = self._places.get(key)
            if noted is None or noted.end_s != end_s:
                continue  # gone, or promoted since
            if self._alive(key, tiers, now_s):  # an operator gave its tier a longer life
                self._note_end(noted, tiers)

    def _make_room(self, tenant: str, size: int) -> bool:
        """Take away what those who hold the most used longest ago, until `size` more fits.

        The newcomer counts as its tenant's already. False: that is then the one that holds the
        most, and has nothing else to give.
        """
        while self._bytes + size > self._max_bytes:
            most = max(
                (share.bytes + (size if holder == tenant else 0), holder)
                for holder, share in self._shares.items()
            )
            own = self._shares.get(tenant)
            if own is None and size > most[0]:
                return False
            self._take_away(next(iter(self._shares[most[1]].places)))
            self._evicted += 1
        return True

    def _take_away(self, key: str) -> bool:
        place = self._places.pop(key, None)
        if place is None:
            return False
        self._bytes -= place.bytes
        tenant = place.kept.entry.tenant
        share = self._shares[tenant]
        share.bytes -= place.bytes
        del share.places[key]
        if not share.places:
            del self._shares[tenant]
        for listener in self._listeners:
            listener(place.kept.entry)
        return True


def _end_s(kept: Kept, tiers: Sequence[Tier]) -> float:
    return expires_s(kept.standing, tiers, kept.entry.freshness)
