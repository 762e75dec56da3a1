"""What staff do with the cache, the same from the console, the API and the command."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from heapq import nlargest

import structlog
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils.translation import gettext as _

from chat.core.errors import CacheAway, SomeLeft
from chat.db import in_db

from . import quarantine
from .core.audit import Audit, Reach, audit
from .core.cache import FibonacciCache
from .core.choice import Choice
from .core.entry import Entry
from .core.index import ScopedIndex
from .core.listing import Listed, listed, place_of, read_place, written
from .core.spiral import Spiral
from .core.store import Kept, Sizes
from .core.tiers import Tier, tier_for
from .models import CacheEntry, QuarantinedPair
from .stores.memory import MemoryStore

PAGE = 34
"""Entries in one page of a list."""

PAGE_AT_MOST = 377
BREATH = 144
"""Entries looked at before turns under way get their time."""

log = structlog.get_logger("alice.cache")


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries in order, and the cursor of the next page; empty after the last."""

    entries: tuple[Listed, ...]
    after: str


@dataclass(frozen=True, slots=True)
class TierCount:
    """A tier, and how many entries stand in it."""

    tier: Tier
    entries: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What the cache holds. `sizes` is of the whole store, and only for those who see it all."""

    entries: int
    tiers: tuple[TierCount, ...]
    sizes: Sizes | None
    here_only: bool  # in this process, out of others' reach


def here_only(cache: FibonacciCache) -> bool:
    """Tell whether the entries are in this process alone, so that no other can reach them."""
    return isinstance(cache.store, MemoryStore)


async def summary(*, cache: FibonacciCache, tiers: Sequence[Tier], tenant: str = "") -> Summary:
    """Count what there is: everything, or what one tenant has.

    Raises:
        CacheAway: the store was out of reach, so that nobody knows.
    """
    reach, sizes = Reach(cache), None
    if tenant:
        counts = dict.fromkeys((tier.name for tier in tiers), 0)
        async for kept in _chosen(cache, tiers, Choice(tenant=tenant)):
            counts[tier_for(kept.standing.verified, tiers).name] += 1
    else:
        sizes = await cache.store.sizes(tiers=tiers)
        counts = sizes.by_tier
    _must_be_all(reach)
    counted = tuple(TierCount(tier, counts.get(tier.name, 0)) for tier in tiers)
    return Summary(
        entries=sum(one.entries for one in counted) if sizes is None else sizes.entries,
        tiers=counted,
        sizes=sizes,
        here_only=here_only(cache),
    )


async def list_entries(
    *,
    cache: FibonacciCache,
    tiers: Sequence[Tier],
    choice: Choice,
    order: str = "newest",
    after: str = "",
    limit: int = PAGE,
) -> Page:
    """List the entries of a choice, in one of `core.listing.ORDERS`.

    What is used while somebody turns pages may move past them; what stays where it is, is told
    exactly once.

    Raises:
        BadPlace: `after` is no cursor.
        CacheAway: as `summary`.
    """
    behind = read_place(after) if after else None
    reach = Reach(cache)
    found = [
        (place_of(kept, order), kept)
        async for kept in _chosen(cache, tiers, choice)
        if behind is None or place_of(kept, order) < behind
    ]
    _must_be_all(reach)
    best = nlargest(limit + 1, found, key=lambda one: one[0])
    now_s = cache.clock()
    return Page(
        tuple(listed(kept, tiers, now_s) for _, kept in best[:limit]),
        after=written(best[limit - 1][0]) if len(best) > limit else "",
    )


async def count_entries(*, cache: FibonacciCache, tiers: Sequence[Tier], choice: Choice) -> int:
    """Count the entries of a choice, before anybody drops them.

    Raises:
        CacheAway: as `summary`.
    """
    reach = Reach(cache)
    count = sum([1 async for _ in _chosen(cache, tiers, choice)])
    _must_be_all(reach)
    return count


async def drop_entries(*, cache: FibonacciCache, tiers: Sequence[Tier], choice: Choice) -> int:
    """Forget the entries of a choice. Give how many there were.

    Raises:
        SomeLeft: the store was out of reach, so that what is left there will be given again.
    """
    reach, dropped = Reach(cache), 0
    if choice.everything:
        dropped = (await cache.store.sizes(tiers=tiers)).entries
        await cache.forget_all()
    else:
        batch: list[Entry] = []
        async for kept in _chosen(cache, tiers, choice):
            batch.append(kept.entry)
            if len(batch) == BREATH:
                dropped += await cache.forget(batch)
                batch = []
        dropped += await cache.forget(batch)
    if not reach.always():
        raise SomeLeft()
    return dropped


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: in the cache, and in the quarantine."""

    audit: Audit
    pairs_of_nobody: int  # in quarantine for a tenant that is gone

    @property
    def clean(self) -> bool:
        """Tell whether nothing was wrong."""
        return self.audit.clean and not self.pairs_of_nobody


async def check(
    *,
    cache: FibonacciCache,
    tiers: Sequence[Tier],
    spiral: Spiral,
    repair: bool = False,
    elsewhere: bool = False,
) -> Checked:
    """Hold store, index and quarantine against each other; on request put right what is wrong.

    Args:
        elsewhere: this is not the server's process, whose own index is out of reach.
    """
    with_index = not (elsewhere and isinstance(cache.index, ScopedIndex))
    found = await audit(cache, tiers=tiers, spiral=spiral, repair=repair, with_index=with_index)
    checked = Checked(found, await in_db(quarantine.of_nobody, remove=repair))
    log.info(
        "cache_checked",
        clean=checked.clean,
        whole=found.whole,
        repaired=found.repaired,
        orphans=len(found.orphans),
        missing=len(found.missing),
        unreadable=len(found.flaws.unreadable),
        wrong_ends=len(found.flaws.wrong_ends),
    )
    return checked


def note_check(*, checked: Checked, user_id: int | None) -> None:
    """Write down who repaired the cache; only looking is not worth a row."""
    if checked.audit.repaired:
        _note(CacheEntry, _("Hela cachen"), _("Kontrollerad och rättad."), user_id, CHANGE)


def note_drop(*, choice: Choice, dropped: int, user_id: int | None) -> None:
    """Write down who dropped what: in the console's log, or in the server's where nobody is named.

    The words that were searched for are not written down.
    """
    log.info("cache_entries_dropped", choice=choice.told(), dropped=dropped, user=user_id)
    _note(CacheEntry, choice.told(), str(dropped), user_id, DELETION)


def note_lift(*, row: QuarantinedPair, user_id: int | None) -> None:
    """Write down who let a pair share answers again."""
    log.info("quarantine_lifted", pair=row.pk, user=user_id)
    _note(QuarantinedPair, str(row), "", user_id, DELETION)


def _note(model: type[Model], what: str, message: str, user_id: int | None, flag: int) -> None:
    if user_id is not None:
        LogEntry.objects.create(
            user_id=user_id,
            content_type=ContentType.objects.get_for_model(model),
            object_repr=what[:200],
            action_flag=flag,
            change_message=message,
        )


def _must_be_all(reach: Reach) -> None:
    """See that what was found is all there is: a store that is away finds nothing."""
    if not reach.always():
        raise CacheAway()


async def _chosen(
    cache: FibonacciCache, tiers: Sequence[Tier], choice: Choice
) -> AsyncIterator[Kept]:
    seen = 0
    async for kept in cache.store.scan(tiers=tiers):
        seen += 1
        if seen % BREATH == 0:
            await asyncio.sleep(0)
        if choice.takes(kept, tiers):
            yield kept
