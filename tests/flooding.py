"""One of several processes that ask as fast as a shared limit lets them.

    python -m tests.flooding REDIS_URL PREFIX flood BEGINS_AT SECONDS PER_MINUTE BURST
    python -m tests.flooding REDIS_URL PREFIX hold LEASE_S

The first tells how many turns were let through; the second begins a turn, says so, and never ends.
"""

import asyncio
import sys
import time

from fibcache.stores.link import Link
from guardian.core.buckets import Day
from guardian.core.limits import Holder, Holders, Limit
from guardian.limiter import OwnBudgets
from guardian.shared_budgets import SharedBudgets

PATIENT = {"connect_s": 5.0, "read_s": 5.0}


def today() -> Day:
    return Day("2026-11-23", 3600.0)


def shared(url: str, prefix: str, *, lease_s: float = 13.0) -> tuple[SharedBudgets, Link]:
    link = Link(url, prefix=prefix, **PATIENT)
    own = OwnBudgets(time.monotonic, today)
    budgets = SharedBudgets(link, own, clock=time.monotonic, today=today, mark=str, lease_s=lease_s)
    return budgets, link


def holders(limit: Limit) -> Holders:
    return Holders("alice", (Holder("key:flood", limit),), "key:flood")


async def flood(
    url: str, prefix: str, begins_at: float, seconds: float, per_minute: int, burst: int
) -> int:
    """Ask until the time is up. Give the number of turns that were let through."""
    budgets, link = shared(url, prefix)
    who, through = holders(Limit("program", per_minute, burst)), 0
    await link.call(lambda redis: redis.ping())
    await asyncio.sleep(max(0.0, begins_at - time.time()))
    while time.time() < begins_at + seconds:
        if (lack := await budgets.enter(who)) is None:
            through += 1
        else:
            await asyncio.sleep(min(lack.wait_s, 0.005))
    await link.aclose()
    return through


async def hold(url: str, prefix: str, lease_s: float) -> None:
    """Begin a turn and never end it."""
    budgets, _ = shared(url, prefix, lease_s=lease_s)
    who = holders(Limit("program", 600, 100, 1000, 10_000, 1))
    assert await budgets.begin(who, "held", 700) is None
    print("held", flush=True)
    await asyncio.sleep(600)


if __name__ == "__main__":
    url, prefix, what, *numbers = sys.argv[1:]
    if what == "hold":
        asyncio.run(hold(url, prefix, float(numbers[0])))
    else:
        at, seconds, per_minute, burst = numbers
        told = flood(url, prefix, float(at), float(seconds), int(per_minute), int(burst))
        print(asyncio.run(told))
