"""Hold the store against the index: is every entry found, and nothing found that is not there?"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from .cache import FibonacciCache
from .entry import Entry
from .index import IndexAway
from .spiral import Spiral
from .store import Flaws, Sizes
from .tiers import Tier

AT_ONCE = 144  # entries looked up in the index together


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found. `orphans`, `missing` and the flaws are by key of entry."""

    sizes: Sizes
    entries: int  # that were read
    vectors: int | None  # that were seen; None where the index was left out
    orphans: tuple[str, ...] = ()  # vectors without an entry
    missing: tuple[str, ...] = ()  # entries without a vector, though they should have one
    flaws: Flaws = field(default_factory=Flaws)
    whole: bool = True  # store and index could be read to the end
    repaired: bool = False

    @property
    def clean(self) -> bool:
        """Tell whether all was read and nothing was wrong."""
        return self.whole and not (self.orphans or self.missing) and self.flaws == Flaws()


async def audit(
    cache: FibonacciCache,
    *,
    tiers: Sequence[Tier],
    spiral: Spiral,
    repair: bool = False,
    with_index: bool = True,
) -> Audit:
    """Look for what does not fit together, while turns go on; on request put it right.

    A suspicion is looked into again before it counts, since entries come and go meanwhile. Where
    the store went out of reach nothing is taken away: what can't be read may still be there.

    Args:
        with_index: leave it False where the index is another process's own.
    """
    store, index = cache.store, cache.index
    reached = Reach(cache)
    flaws = await store.check(tiers=tiers, repair=repair)
    vectors = [pair async for pair in index.scan()] if with_index else []
    entries = 0
    missing: list[Entry] = []
    batch: list[Entry] = []
    async for kept in store.scan(tiers=tiers):
        entries += 1
        if with_index and cache.matcher.takes(kept.entry.question):
            batch.append(kept.entry)
        if len(batch) == AT_ONCE:
            missing += await _without_vector(cache, batch, reached)
            batch = []
            await asyncio.sleep(0)  # turns under way get their time
    missing += await _without_vector(cache, batch, reached)
    orphans = []
    for number, (scope, key) in enumerate(vectors):
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
        kept_now = await store.get(key, tiers=tiers)
        if kept_now is None or kept_now.entry.scope != scope:
            orphans.append((scope, key))
    whole = reached.always()
    if not whole:
        orphans = []
    if repair:
        for scope, key in orphans:
            await index.drop(scope, key)
        for entry in missing:
            await asyncio.sleep(0)
            await cache.place(entry, spiral=spiral)
    return Audit(
        sizes=await store.sizes(tiers=tiers),
        entries=entries,
        vectors=len(vectors) if with_index else None,
        orphans=tuple(key for _, key in orphans),
        missing=tuple(entry.key for entry in missing),
        flaws=flaws,
        whole=whole,
        repaired=repair and whole,
    )


async def _without_vector(
    cache: FibonacciCache, entries: Sequence[Entry], reached: "Reach"
) -> list[Entry]:
    try:
        lacking = await cache.index.lacks([(entry.scope, entry.key) for entry in entries])
    except IndexAway:
        reached.index_away = True
        return []
    return [entry for entry in entries if (entry.scope, entry.key) in lacking]


class Reach:
    """Whether store and index were within reach since this was made."""

    def __init__(self, cache: FibonacciCache) -> None:
        self._store = cache.store
        self._at_first = not self._store.away
        self._failures = self._store.failures
        self.index_away = False

    def always(self) -> bool:
        """Tell so."""
        store = self._store
        reached = self._at_first and not store.away and store.failures == self._failures
        return reached and not self.index_away
