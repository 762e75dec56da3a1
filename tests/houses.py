"""Stores of every kind, made alike for tests that hold them to the same promises."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from chat.core.events import Noted, Token, ToolCalled, ToolReturned
from fibcache.core.entry import Entry
from fibcache.core.store import Store
from fibcache.stores.link import Link
from fibcache.stores.memory import MemoryStore
from fibcache.stores.near import NearStore
from fibcache.stores.redis import RedisStore
from fibcache.stores.writing import Writing

SPOKEN = (Token, ToolCalled, ToolReturned, Noted)
PATIENT = {"connect_s": 5.0, "read_s": 5.0}  # a busy machine is not what these tests are about


class Seconds:
    """A clock that moves when told to, from now on: Redis ends what lies in the past at once."""

    def __init__(self) -> None:
        self.now = float(int(time.time()))

    def __call__(self) -> float:
        return self.now


@dataclass
class House:
    """A store, its clock, and how another process would see the same entries."""

    store: Any  # a Store, and whatever else its kind can do
    seconds: Seconds
    other: Callable[[], Store]


def a_link(url: str, prefix: str, **named: Any) -> Link:
    return Link(url, prefix=prefix, **{**PATIENT, **named})


@asynccontextmanager
async def a_house(kind: str, redis_url: str, **named: Any) -> AsyncIterator[House]:
    """Build one of KINDS, empty, and leave nothing of it behind."""
    seconds = Seconds()
    if kind == "memory":
        store = MemoryStore(seconds, **named)
        yield House(store, seconds, lambda: store)
        return
    link = a_link(redis_url, f"alice-test-{uuid4().hex}")
    stores: list[Any] = []

    def another() -> Store:
        store: Any = RedisStore(link, Writing(SPOKEN), clock=seconds, **named)
        if kind == "near":
            store = NearStore(store, monotonic=seconds)
        stores.append(store)
        return store

    try:
        yield House(another(), seconds, another)
    finally:
        for store in stores:
            await settle(store)
        await stores[0].clear()
        await link.aclose()


async def settle(store: Any) -> None:
    """Have a near store tell Redis of what it has counted."""
    if isinstance(store, NearStore):
        await store.aclose()


def an_entry(key: str, text: str = "Svar.", **fields: Any) -> Entry:
    given = {"scope": "s", "question": f"Fråga {key}?", "route": "planner", **fields}
    return Entry(key=key, events=(Token(text),), text_chars=len(text), **given)
