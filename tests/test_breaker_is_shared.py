"""Processes that share a Redis share a breaker: one opens it for all, one probe is let through."""

import asyncio
import subprocess
import sys
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from fibcache.core.breaker import FibonacciBreaker
from fibcache.stores.breaker import FRESH_S, SharedBreaker
from fibcache.stores.link import Link, RedisAway
from tests.redis_server import OwnRedis

A_MOMENT_S = FRESH_S + 0.01
NEVER_LONGER = {"jitter": lambda: 0.0}
SHORT = {**NEVER_LONGER, "delays_s": (0.8,)}


class Seconds:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class OneKey:
    """What Redis does with the one key, without a Redis: compares, and swaps."""

    prefix = "alice"

    def __init__(self, clock: Seconds) -> None:
        self.clock, self.held, self.away = clock, b"", False

    async def call(self, work):
        await asyncio.sleep(0)  # whoever else is at it comes in between
        if self.away:
            raise RedisAway("in this test")
        return await work(self)

    async def eval(self, script, keys, key, expected, new, kept_ms):
        have, mine = self.held, 0
        if new and have == expected:
            self.held, mine = new, 1
        micros = round(self.clock.now * 1_000_000) + 5_000_000_000
        return [have, mine, str(micros // 1_000_000).encode(), str(micros % 1_000_000).encode()]


def some(count, **named):
    """Give several processes' ends of one breaker, on one clock."""
    seconds = Seconds()
    redis = OneKey(seconds)
    options = {**NEVER_LONGER, **named}
    return [
        SharedBreaker("nlu", redis, monotonic=seconds, **options) for _ in range(count)
    ], seconds


async def test_failures_in_different_processes_open_it_for_all():
    (one, two, three), seconds = some(3)
    for breaker in (one, two, three):
        await breaker.failed()
    seconds.now += A_MOMENT_S

    assert [await breaker.allow() for breaker in (one, two, three)] == [False] * 3


async def test_of_all_that_knock_at_once_one_is_let_in():
    breakers, seconds = some(5)
    for _ in range(3):
        await breakers[0].failed()
    for delay_s in (1, 2, 3, 5, 8, 13, 13):
        seconds.now += delay_s - 0.01
        assert not any([await one.allow() for one in breakers])
        seconds.now += 0.02
        let_in = await asyncio.gather(*(one.allow() for one in breakers * 3))
        assert let_in.count(True) == 1
        await breakers[let_in.index(True) % 5].failed()


async def test_a_good_probe_closes_it_for_all_within_a_moment():
    (one, two), seconds = some(2)
    for _ in range(3):
        await one.failed()
    assert not await two.allow()
    seconds.now += 1
    assert await one.allow()
    await one.succeeded()
    seconds.now += A_MOMENT_S

    assert await two.allow()
    assert two.state == "closed"


async def test_while_all_is_well_it_is_seldom_looked_up():
    (one,), seconds = some(1)
    asked = 0
    swapped = one._link.eval

    async def counted(*arguments):
        nonlocal asked
        asked += 1
        return await swapped(*arguments)

    one._link.eval = counted
    for _ in range(1000):
        assert await one.allow()
        await one.succeeded()
        seconds.now += 0.001

    assert asked == 5


async def test_without_redis_each_goes_by_itself_and_then_together_again():
    (one, two), seconds = some(2)
    one._link.away = True
    for _ in range(3):
        await one.failed()
    assert (one.state, await two.allow()) == ("open", True)

    one._link.away = False
    seconds.now += A_MOMENT_S
    await one.look()  # nobody has written: what it knows of its own still holds
    assert one.state == "open"


class Together(RuleBasedStateMachine):
    """Any process doing anything, after each has had a moment to hear of it: as one breaker."""

    def __init__(self) -> None:
        super().__init__()
        self.ends, self.seconds = some(3)
        self.alone = FibonacciBreaker(clock=self.seconds)
        asyncio.run(self.ends[0].look())

    @rule(end=st.integers(0, 2), change=st.sampled_from(("allow", "succeeded", "failed")))
    def somebody_does_something(self, end, change):
        told = asyncio.run(getattr(self.ends[end], change)())
        assert told == getattr(self.alone, change)()
        self.seconds.now += A_MOMENT_S

    @rule(seconds=st.floats(0, 20))
    def wait(self, seconds):
        self.seconds.now += seconds

    @invariant()
    def all_know_the_same(self):
        for end in self.ends:
            asyncio.run(end.look())
            assert end.state == self.alone.state
            assert end.retry_in_s == pytest.approx(self.alone.retry_in_s, abs=1e-3)


TestTogether = Together.TestCase
TestTogether.settings = settings(max_examples=34, stateful_step_count=21, deadline=None)


@pytest.mark.needs_redis
async def test_two_clients_of_a_real_redis_let_one_probe_in(redis_url):
    links = [Link(redis_url, connect_s=2.0, read_s=2.0), Link(redis_url, connect_s=2.0, read_s=2.0)]
    loop = asyncio.get_running_loop()
    name = f"test-{uuid4().hex}"
    one, two = (SharedBreaker(name, link, monotonic=loop.time, **SHORT) for link in links)
    try:
        for breaker in (one, two, one):
            await breaker.failed()
        await asyncio.sleep(A_MOMENT_S)
        assert not await two.allow()
        assert not await one.allow()
        await asyncio.sleep(one.retry_in_s + 0.01)

        let_in = await asyncio.gather(*(breaker.allow() for breaker in (one, two) * 10))

        assert let_in.count(True) == 1
        await (one, two)[let_in.index(True) % 2].succeeded()
        await asyncio.sleep(A_MOMENT_S)
        assert (await one.allow(), await two.allow()) == (True, True)
    finally:
        for link in links:
            await link.aclose()


KNOCKING = """
import asyncio, sys, time
from fibcache.stores.breaker import SharedBreaker
from fibcache.stores.link import Link

async def knock():
    link = Link(sys.argv[1], connect_s=2.0, read_s=2.0)
    it = SharedBreaker(
        sys.argv[2], link, monotonic=time.monotonic, jitter=lambda: 0.0, delays_s=(0.5,)
    )
    await it.look()
    print("ready", flush=True)
    sys.stdin.readline()
    until = time.monotonic() + 2.2
    while time.monotonic() < until:
        if await it.allow():
            print(time.time(), flush=True)
            await it.failed()
        await asyncio.sleep(0.002)

asyncio.run(knock())
"""


@pytest.mark.needs_redis
async def test_three_processes_probe_one_at_a_time(redis_url):
    name = f"test-{uuid4().hex}"
    link = Link(redis_url, connect_s=2.0, read_s=2.0)
    opening = SharedBreaker(
        name, link, monotonic=asyncio.get_running_loop().time, jitter=lambda: 0.0, delays_s=(0.5,)
    )
    for _ in range(3):
        await opening.failed()
    await link.aclose()
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    command = (sys.executable, "-c", KNOCKING, redis_url, name)
    processes = [subprocess.Popen(command, **pipes) for _ in range(3)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()

    told = [process.communicate()[0] for process in processes]

    probes = sorted(float(line) for lines in told for line in lines.split())
    assert len(probes) >= 3
    gaps_s = [after - before for before, after in pairwise(probes)]
    assert min(gaps_s) > 0.45


@pytest.mark.needs_redis
async def test_a_redis_that_dies_leaves_the_breaker_as_it_was():
    with OwnRedis() as server:
        link = Link(server.url, connect_s=2.0, read_s=2.0)
        one = SharedBreaker("nlu", link, monotonic=asyncio.get_running_loop().time, **NEVER_LONGER)
        for _ in range(3):
            await one.failed()
        server.stop()

        assert not await one.allow()
        assert one.state == "open"
        await one.succeeded()
        assert await one.allow()
        await link.aclose()
