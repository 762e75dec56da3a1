"""How much memory a flood of distinct questions takes: entries, vectors and tables together.

    python -m benchmarks.cache_memory [--questions 1000000] [--megabytes 64] [--scopes 1]

Each question goes through the whole cache (`FibonacciCache.remember`: store, encoder, index). The
process's own resident memory is read as it goes; what it had before the first of them, when 5,000
others had been encoded and not remembered, is left out.
"""

import argparse
import asyncio
import gc
import json
import time
from pathlib import Path
from resource import getpagesize
from typing import Any

from chat.core.events import Token
from fibcache.core.cache import FibonacciCache
from fibcache.core.encoder import HashedNgrams
from fibcache.core.entry import Entry
from fibcache.core.guards import GUARDS
from fibcache.core.index import ScopedIndex
from fibcache.core.learning import LEARNT_BYTES
from fibcache.core.matching import Matcher
from fibcache.core.spiral import Spiral
from fibcache.core.tiers import TIERS
from fibcache.stores.memory import MemoryStore

MB = 1 << 20
LOOK_EVERY = 1000
WARM_UP = 5000
ANSWER = "Koka havren i vatten med lite salt i fem minuter och rör om då och då."


def resident_bytes() -> int:
    """Read how much memory this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize()


def an_entry(number: int, scopes: int) -> Entry:
    # A new text object each time, as from a model: nothing is shared.
    events = tuple(Token(f"{word} {number % 7}") for word in ANSWER.split())
    return Entry(
        key=f"{number:064x}",
        scope=f"{number % scopes:064x}",
        question=f"Hur kokar jag {number} portioner gröt till {number * 7919 % 1000003} gäster?",
        events=events,
        route="planner",
        text_chars=sum(len(event.text) for event in events),
        tenant=f"tenant-{number % scopes}",
        model="qwen2.5:3b",
    )


async def flood(questions: int, megabytes: int, scopes: int) -> dict[str, Any]:
    """Remember so many distinct questions; give what it took."""
    spiral = Spiral()
    store = MemoryStore(time.perf_counter, max_bytes=megabytes * MB, beside_bytes=LEARNT_BYTES)
    index = ScopedIndex()
    cache = FibonacciCache(store, index, Matcher(HashedNgrams(), GUARDS), clock=time.perf_counter)
    # Word lists, and the reader's bounded memory of the words of late, are there without a cache.
    for number in range(WARM_UP):
        await cache.matcher.vector(f"Vem sköter {number} kor i by {number * 31 % 9973}?")
    gc.collect()
    before = most = resident_bytes()
    began = time.perf_counter()
    for number in range(questions):
        await cache.remember(an_entry(number, scopes), tiers=TIERS, spiral=spiral)
        if number % LOOK_EVERY == 0:
            most = max(most, resident_bytes())
    took_s = time.perf_counter() - began
    sizes = await store.sizes(tiers=TIERS)
    return {
        "questions": questions,
        "scopes": scopes,
        "budget_mb": megabytes,
        "most_mb": round((most - before) / MB, 1),
        "end_mb": round((resident_bytes() - before) / MB, 1),
        "counted_mb": round(sizes.bytes / MB, 1),
        "entries": sizes.entries,
        "vectors": len(index),
        "evicted": sizes.evicted,
        "remember_us": round(took_s / questions * 1e6, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=1_000_000)
    parser.add_argument("--megabytes", type=int, default=64)
    parser.add_argument("--scopes", type=int, default=1)
    options = parser.parse_args()
    found = asyncio.run(flood(options.questions, options.megabytes, options.scopes))
    print(json.dumps(found, indent=2))
    if found["most_mb"] > options.megabytes * 1.1:
        raise SystemExit("more than the budget and a tenth")


if __name__ == "__main__":
    main()
