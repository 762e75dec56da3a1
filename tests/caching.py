"""A cache with some answers in it, for tests of what staff do with them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from chat.core.events import Token
from fibcache.core.cache import FibonacciCache
from fibcache.core.encoder import HashedNgrams
from fibcache.core.entry import Entry
from fibcache.core.guards import GUARDS
from fibcache.core.index import ScopedIndex
from fibcache.core.matching import Matcher
from fibcache.core.spiral import Spiral
from fibcache.core.tiers import TIERS
from fibcache.stores.memory import MemoryStore
from tests.fakes import FixedClock, a_kit

LAKE, ELK, OURS, THEIRS = "Hur lång är Storsjön?", "Vad väger en älg?", "Hej?", "Grannens fråga?"


def a_cache(
    clock: FixedClock | None = None, guards: Any = GUARDS, store: Any = None, **parts: Any
) -> FibonacciCache:
    """Build an empty cache of real parts; without `guards`, what is written alike is the same."""
    seconds = (clock or FixedClock()).monotonic
    matcher = Matcher(HashedNgrams(), guards)
    store = store or MemoryStore(seconds)
    return FibonacciCache(store, ScopedIndex(), matcher, clock=seconds, **parts)


def an_entry(question: str, **fields: Any) -> Entry:
    """Make an entry of the home tenant's."""
    entry = Entry(
        key=f"key of {question}",
        scope="s",
        question=question,
        events=(Token("Svar."),),
        route="planner",
        text_chars=5,
        tenant="alice",
        model="qwen2.5:3b",
    )
    return replace(entry, **fields)


def remember(cache: FibonacciCache, *entries: Entry) -> None:
    """Put entries into a cache."""

    async def run() -> None:
        for entry in entries:
            await cache.remember(entry, tiers=TIERS, spiral=Spiral())

    asyncio.run(run())


def filled(**parts: Any) -> FibonacciCache:
    """Give a cache with four answers: three of the home tenant's, one of them a person's own."""
    cache = a_cache(**parts)
    remember(
        cache,
        an_entry(LAKE),
        an_entry(ELK, route="tool", model="", documents=("djur",)),
        an_entry(OURS, person="user:7", scope="own"),
        an_entry(THEIRS, tenant="grannen", scope="theirs"),
    )
    return cache


@contextmanager
def in_force(cache: FibonacciCache) -> Iterator[FibonacciCache]:
    """Let every door of this process see `cache`."""
    kit = a_kit(cache=cache)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chat.wiring.kit", lambda: kit)
        yield cache
