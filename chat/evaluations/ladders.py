"""Ladders of lives to compare: Fibonacci's, a doubling one, and one life for all entries.

They are compared at the same use of memory. A longer life always finds more, so each rival's lives
are stretched by one factor until it keeps as many entries, on average over the stream, as the
Fibonacci ladder does. The factor is found on the same stream with exact look-ups alone, which
takes a moment; what each then keeps in the whole pipeline is told beside its hits.
"""

from collections.abc import Sequence
from dataclasses import replace

from chat.core.address import as_asked
from fibcache.core.entry import Entry
from fibcache.core.tiers import Tier
from fibcache.stores.memory import MemoryStore

from .stream import Asked

STRATEGIES = ("fibonacci", "geometric", "fixed")
LOOK_EVERY = 100  # queries between two looks at how much is kept
HALVINGS = 14  # of the factor's range
RANGE = 4096.0  # the factor lies between 1 / RANGE and RANGE

GEOMETRIC = tuple(
    Tier(f"L{number}", 2.0 ** (number - 1), 0 if number == 1 else 2 ** (number - 2))
    for number in range(1, 11)
)
FIXED = (Tier("L1", 1.0, 0),)


async def ladder(strategy: str, fibonacci: Sequence[Tier], asked: list[Asked]) -> tuple[Tier, ...]:
    """Give the tiers of a strategy, using as much memory on this stream as `fibonacci` does."""
    if strategy == "fibonacci":
        return tuple(fibonacci)
    shape = GEOMETRIC if strategy == "geometric" else FIXED
    aim = await mean_entries(fibonacci, asked)
    low, high = 1 / RANGE, RANGE
    for _ in range(HALVINGS):
        middle = (low * high) ** 0.5
        if await mean_entries(stretched(shape, middle), asked) < aim:
            low = middle
        else:
            high = middle
    return stretched(shape, (low * high) ** 0.5)


def stretched(tiers: Sequence[Tier], factor: float) -> tuple[Tier, ...]:
    """Make all lives longer by a factor."""
    return tuple(replace(tier, ttl_h=tier.ttl_h * factor) for tier in tiers)


async def mean_entries(tiers: Sequence[Tier], asked: list[Asked]) -> float:
    """Count how many entries are kept on average, where only the very same question hits."""
    now_s = 0.0
    store = MemoryStore(lambda: now_s)
    counts = []
    for number, query in enumerate(asked, start=1):
        now_s = query.at_s
        key = as_asked(query.text)
        if await store.hit(key, tiers=tiers) is None:
            await store.put(Entry(key, "", key, (), "planner", 0), tiers=tiers)
        if number % LOOK_EVERY == 0:
            counts.append((await store.sizes(tiers=tiers)).entries)
    return sum(counts) / len(counts) if counts else 1.0
