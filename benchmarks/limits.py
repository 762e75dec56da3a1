"""What it costs a turn to be counted: in this process, and in a Redis that processes share.

    python -m benchmarks.limits [--redis redis://127.0.0.1:6379/0] [--rounds 21] [--json]
    python -m benchmarks.limits --flood [--processes 4] [--seconds 8] [--rounds 3] [--json]

Rounds are interleaved and medians given, in microseconds. Four holders, as a key's turn has.
`--flood` has processes ask for turns of one shared limit as fast as they are let, and gives how
many they got together, as a share of the burst and what was refilled.
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from uuid import uuid4

from fibcache.stores.link import Link
from guardian.core.buckets import Day
from guardian.core.limits import Holder, Holders, Limit
from guardian.limiter import OwnBudgets
from guardian.shared_budgets import SharedBudgets

TURNS = 100  # of each kind in a round
FLOODS = 3  # rounds of --flood at most


def today() -> Day:
    return Day("2026-11-23", 3600.0)


def four(limit: Limit, name: str) -> Holders:
    kinds = ("key", "owner", "tenant", "address")
    return Holders("alice", tuple(Holder(f"{kind}:{name}", limit) for kind in kinds), name)


async def measured(url: str, rounds: int) -> dict[str, float]:
    link = Link(url, prefix=f"bench-{uuid4().hex}", read_s=5.0, connect_s=5.0)
    own = OwnBudgets(time.monotonic, today)
    shared = SharedBudgets(
        link, OwnBudgets(time.monotonic, today), clock=time.monotonic, today=today, mark=str
    )
    roomy = Limit("program", 6_000_000, 1_000_000, 10**8, 10**9, 10_000)
    alone = four(roomy, "own")
    full, each = four(roomy, "full"), four(Limit("program", 150, 49), "each")
    none, modelled = four(Limit("program", 1, 1), "none"), four(roomy, "model")
    number = 0

    async def one_at_a_time() -> None:
        shared._near.clear()  # nobody remembers, so Redis is asked every time
        await shared.enter(each)

    async def with_a_model() -> None:
        nonlocal number
        number += 1
        await shared.begin(modelled, str(number), 1000)
        await shared.settle(str(number), 300)

    kinds: dict[str, Callable[[], Awaitable[object]]] = {
        "in this process": lambda: own.enter(alone),
        "shared, in full swing": lambda: shared.enter(full),
        "shared, refused": lambda: shared.enter(none),
        "shared, one at a time": one_at_a_time,
        "shared, reserve and settle": with_a_model,
    }
    taken: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(rounds):
        for name, kind in kinds.items():
            began = time.perf_counter()
            for _ in range(TURNS):
                await kind()
            taken[name].append((time.perf_counter() - began) / TURNS * 1e6)
    await shared.aclose()
    if keys := await link.client().keys(f"{link.prefix}:*"):
        await link.client().delete(*keys)
    await link.aclose()
    return {name: statistics.median(found) for name, found in taken.items()}


PER_MINUTE, BURST = 6000, 500
STARTS_WITHIN_S = 3.0


def flooded(url: str, processes: int, seconds: float) -> float:
    """Give what the processes got together, as a share of burst and refill."""
    prefix, begins_at = f"bench-{uuid4().hex}", time.time() + STARTS_WITHIN_S
    numbers = [str(number) for number in (begins_at, seconds, PER_MINUTE, BURST)]
    command = [sys.executable, "-m", "tests.flooding", url, prefix, "flood", *numbers]
    each = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(processes)]
    through = sum(int(process.communicate()[0]) for process in each)
    return through / (BURST + PER_MINUTE / 60 * seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--redis", default="redis://127.0.0.1:6379/0")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--flood", action="store_true")
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=8)
    options = parser.parse_args()
    if options.flood:
        rounds = range(min(options.rounds, FLOODS))
        shares = [flooded(options.redis, options.processes, options.seconds) for _ in rounds]
        print(json.dumps(shares) if options.json else "  ".join(f"{each:.2%}" for each in shares))
        return
    found = asyncio.run(measured(options.redis, options.rounds))
    if options.json:
        print(json.dumps(found))
        return
    for name, us in found.items():
        print(f"{name:<28}{us:8.1f} us")


if __name__ == "__main__":
    main()
