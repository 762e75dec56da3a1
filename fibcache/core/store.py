"""Where entries are kept: one Protocol for memory, Redis and what may come."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from .entry import Entry
from .tiers import Standing, Tier


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry and its standing."""

    entry: Entry
    standing: Standing


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a store holds and has done, for metrics."""

    entries: int = 0
    bytes: int = 0
    max_bytes: int = 0
    by_tier: dict[str, int] = field(default_factory=dict)  # entries
    hits: int = 0
    misses: int = 0
    evicted: int = 0  # for want of room
    expired: int = 0


@dataclass(frozen=True, slots=True)
class Flaws:
    """What a store found wrong with itself: keys of entries."""

    unreadable: tuple[str, ...] = ()  # can't be given back as they were put in writing
    wrong_ends: tuple[str, ...] = ()  # end at another time than the tiers say


class Store(Protocol):
    """Entries by key. Only what is alive under the given tiers is ever given back.

    Events are plain dataclass values; a store outside the process puts them in writing itself. A
    store that can't be reached behaves as if it were empty; it never raises.
    """

    @property
    def away(self) -> bool:
        """Tell whether it was out of reach when it was last asked."""

    @property
    def failures(self) -> int:
        """Count the times it turned out to be out of reach."""

    async def get(self, key: str, *, tiers: Sequence[Tier]) -> Kept | None:
        """Look an entry up without counting it as used."""

    async def hit(self, key: str, *, tiers: Sequence[Tier], verified: bool = True) -> Kept | None:
        """Look an entry up and count the hit, as one step; give its standing after it."""

    async def thumb(self, key: str, *, tiers: Sequence[Tier], up: bool) -> Kept | None:
        """Count what a person thought of an entry, as one step; None when it is gone, or goes."""

    async def put(self, entry: Entry, *, tiers: Sequence[Tier]) -> Kept | None:
        """Keep a new entry in place of any under its key; None where there is no room for it."""

    async def drop(self, keys: Iterable[str]) -> int:
        """Take entries away. Give how many there were."""

    async def clear(self) -> None:
        """Take all entries away."""

    async def sizes(self, *, tiers: Sequence[Tier]) -> Sizes:
        """Count what there is."""

    def scan(self, *, tiers: Sequence[Tier]) -> AsyncIterator[Kept]:
        """Go through all entries, in no certain order, while others change them."""

    async def check(self, *, tiers: Sequence[Tier], repair: bool = False) -> Flaws:
        """Look for what is wrong inside; on request take it away or put it right."""

    def tell_gone(self, listener: Callable[[Entry], None]) -> None:
        """Have `listener` called for entries that leave for any reason.

        A store shared by processes may tell late or not at all; who listens must bear that.
        """
