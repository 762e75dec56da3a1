"""Four processes at a real Redis let through what one would, and a killed one holds nothing up."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from guardian.core.limits import Limit
from guardian.limiter import OwnBudgets
from guardian.shared_budgets import SharedBudgets, handful
from tests import flooding
from tests.fakes import FixedClock
from tests.houses import a_link
from tests.redis_server import OwnRedis

pytestmark = pytest.mark.needs_redis

HOME = Path(__file__).resolve().parent.parent
WITHIN = 0.02
STARTS_WITHIN_S = 3.0


@pytest.fixture
async def prefix(redis_url: str) -> AsyncIterator[str]:
    """Give a prefix of one's own, and see that everything under it ends by itself."""
    prefix = f"alice-test-{uuid4().hex}"
    yield prefix
    link = a_link(redis_url, prefix)
    for key in await link.client().keys(f"{prefix}:*"):
        assert await link.client().pttl(key) > 0
        await link.client().delete(key)
    await link.aclose()


@contextlib.asynccontextmanager
async def a_process(*args: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.flooding", *args, cwd=HOME, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@pytest.mark.parametrize(("per_minute", "burst"), [(6000, 500), (610, 89)])
async def test_four_processes_let_through_what_one_would(redis_url, prefix, per_minute, burst):
    begins_at, seconds = time.time() + STARTS_WITHIN_S, 4.0
    numbers = [str(number) for number in (begins_at, seconds, per_minute, burst)]
    async with contextlib.AsyncExitStack() as stack:
        each = [
            await stack.enter_async_context(a_process(redis_url, prefix, "flood", *numbers))
            for _ in range(4)
        ]
        through = [int((await process.communicate())[0]) for process in each]

    # The first may come a little late, the last turn may be on its way when the time is up.
    expected = burst + per_minute / 60 * seconds
    assert all(through)
    assert abs(sum(through) - expected) <= max(WITHIN * expected, 2)


async def test_a_killed_process_gives_back_what_it_held(redis_url, prefix):
    budgets, link = flooding.shared(redis_url, prefix)
    who = flooding.holders(Limit("program", 600, 100, 1000, 10_000, 1))
    async with a_process(redis_url, prefix, "hold", "1.5") as process:
        assert (await process.stdout.readline()).strip() == b"held"
        await asyncio.sleep(2.0)  # longer than its lease: it renews it
        assert (await budgets.begin(who, "mine", 10)).measure == "at_once"
        process.kill()
        await process.wait()

    for _ in range(100):
        if await budgets.begin(who, "mine", 10) is None:
            break
        await asyncio.sleep(0.05)
    levels = {level.measure: level for level in await budgets.look(who)}
    assert levels["at_once"].used == 1
    assert levels["day"].used == 10 and levels["tokens"].used <= 10
    await budgets.settle("mine", 10)
    await budgets.aclose()
    await link.aclose()


async def test_a_caller_in_full_swing_asks_redis_seldom(redis_url, prefix, monkeypatch):
    budgets, link = flooding.shared(redis_url, prefix)
    who = flooding.holders(Limit("program", 60_000, 10_000))
    calls = counted(link, monkeypatch)

    for _ in range(1000):
        assert await budgets.enter(who) is None

    assert handful(who) == 350
    assert len(calls) <= 5
    left = {level.measure: level.left for level in budgets.known(who)}
    assert 9000 <= left["turns"] <= 10_000
    await link.aclose()


async def test_a_flood_is_refused_without_asking(redis_url, prefix, monkeypatch):
    budgets, link = flooding.shared(redis_url, prefix)
    who = flooding.holders(Limit("program", 6, 1))
    assert await budgets.enter(who) is None
    assert (await budgets.enter(who)).measure == "turns"
    calls = counted(link, monkeypatch)

    lacks = [await budgets.enter(who) for _ in range(100)]

    assert all(lack.measure == "turns" and 0 < lack.wait_s <= 10 for lack in lacks)
    assert calls == []
    await link.aclose()


async def test_each_process_counts_by_itself_while_redis_is_away():
    with OwnRedis() as redis:
        link = a_link(redis.url, "alice", read_s=0.2, connect_s=0.2)
        clock = FixedClock()
        own = OwnBudgets(clock.monotonic, flooding.today)
        budgets = SharedBudgets(link, own, clock=clock.monotonic, today=flooding.today, mark=str)
        who = flooding.holders(Limit("program", 60, 2, 1000, 0, 1))
        assert await budgets.begin(who, "before", 100) is None
        redis.stop()

        assert [await budgets.enter(who), await budgets.enter(who)] == [None, None]
        assert (await budgets.enter(who)).measure == "turns"
        assert await budgets.begin(who, "here", 100) is None
        assert (await budgets.begin(who, "too many", 100)).measure == "at_once"
        await budgets.settle("before", 100)
        await budgets.settle("here", 100)
        levels = {level.measure: level for level in await budgets.look(who)}
        assert (levels["at_once"].used, levels["turns"].left) == (0, 0)
        await budgets.aclose()
        await link.aclose()


async def test_redis_holds_no_name(redis_url, prefix):
    _, link = flooding.shared(redis_url, prefix)
    budgets = SharedBudgets(
        link,
        OwnBudgets(time.monotonic, flooding.today),
        clock=time.monotonic,
        today=flooding.today,
        mark=lambda name: str(len(name)),
    )
    await budgets.enter(flooding.holders(Limit("program", 60, 2)))

    keys = await link.client().keys(f"{prefix}:*")
    assert keys and not any(b"flood" in key for key in keys)
    await link.aclose()


def counted(link: object, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Count the calls that a link makes from here on."""
    calls: list[object] = []
    call = link.call

    async def counting(work: object) -> object:
        calls.append(work)
        return await call(work)

    monkeypatch.setattr(link, "call", counting)
    return calls
