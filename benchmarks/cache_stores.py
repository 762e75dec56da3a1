"""How long an exact hit takes: in memory, in Redis beside a bare round trip, and near at hand.

    python -m benchmarks.cache_stores [--redis redis://127.0.0.1:6379/15] [--rounds 9] [--json]

Rounds are interleaved and medians given, in microseconds. Compare within one run.
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any, get_args
from uuid import uuid4

from chat.core.events import Spoken, Token
from fibcache.core.cache import FibonacciCache
from fibcache.core.encoder import HashedNgrams
from fibcache.core.entry import Entry
from fibcache.core.guards import GUARDS
from fibcache.core.index import ScopedIndex
from fibcache.core.matching import Matcher
from fibcache.core.tiers import TIERS
from fibcache.stores.link import Link
from fibcache.stores.memory import MemoryStore
from fibcache.stores.near import NearStore
from fibcache.stores.redis import RedisStore
from fibcache.stores.writing import Writing

KEYS = 100
CALLS = 500  # of each in a round
ANSWER = "Koka havren i vatten med lite salt i fem minuter och rör om då och då."

Ask = Callable[[int], Awaitable[Any]]


def an_entry(number: int) -> Entry:
    return Entry(
        key=f"{number:064x}",
        scope=f"{0:064x}",
        question=f"Hur kokar jag {number} portioner havregrynsgröt?",
        events=tuple(Token(f"{word} ") for word in ANSWER.split()),
        route="planner",
        text_chars=len(ANSWER),
        tenant="alice",
        model="qwen2.5:3b",
    )


async def timed(ask: Ask) -> float:
    began = time.perf_counter()
    for number in range(CALLS):
        await ask(number % KEYS)
    return (time.perf_counter() - began) / CALLS * 1e6


async def ways(url: str, prefix: str) -> tuple[dict[str, Ask], Link, RedisStore]:
    """Give what is timed, by name, each with its entries in place."""
    entries = [an_entry(number) for number in range(KEYS)]
    memory = MemoryStore(time.perf_counter)
    cache = FibonacciCache(
        memory, ScopedIndex(), Matcher(HashedNgrams(), GUARDS), clock=time.perf_counter
    )
    link = Link(url, prefix=prefix, connect_s=5, read_s=5)
    store = RedisStore(link, Writing(get_args(Spoken)))
    near = NearStore(store, monotonic=time.monotonic, bound_s=3600)
    for entry in entries:
        await memory.put(entry, tiers=TIERS)
        await store.put(entry, tiers=TIERS)
        await near.get(entry.key, tiers=TIERS)
    bare: Any = link.client()
    echo = await bare.script_load("return redis.call('HGETALL', KEYS[1])")
    hashes = [store._keys(entry.key)[0] for entry in entries]
    keys = [entry.key for entry in entries]
    found: dict[str, Ask] = {
        "memory store": lambda n: memory.hit(keys[n], tiers=TIERS),
        "memory, whole cache": lambda n: cache.recall(keys[n], tiers=TIERS),
        "bare PING": lambda n: bare.ping(),
        "bare HGETALL": lambda n: bare.hgetall(hashes[n]),
        "bare EVALSHA": lambda n: bare.evalsha(echo, 1, hashes[n]),
        "Redis store": lambda n: store.hit(keys[n], tiers=TIERS),
        "near store": lambda n: near.hit(keys[n], tiers=TIERS),
    }
    return found, link, store


async def run(url: str, rounds: int) -> dict[str, float]:
    """Time each way, microseconds."""
    found, link, store = await ways(url, f"alice-bench-{uuid4().hex}")
    times: dict[str, list[float]] = {name: [] for name in found}
    for ask in found.values():
        await timed(ask)
    for _ in range(rounds):
        for name, ask in found.items():
            times[name].append(await timed(ask))
    await store.clear()
    await link.aclose()
    return {name: statistics.median(each) for name, each in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--redis", default="redis://127.0.0.1:6379/15")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    times = asyncio.run(run(options.redis, options.rounds))
    bare = times["bare EVALSHA"]
    if options.json:
        print(json.dumps(times))
        return
    for name, each in times.items():
        print(f"{name:20} {each:8.1f} µs   {each / bare:5.2f} × bare EVALSHA")
    print(f"our own time beside one round trip: {times['Redis store'] - bare:.1f} µs")


if __name__ == "__main__":
    main()
