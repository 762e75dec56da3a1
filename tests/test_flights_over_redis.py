"""Real processes at a real Redis share one answer, and outlive each other."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from chat.core.events import Done, Failed, text_of
from chat.radio import last_words
from fibcache.stores.lease import Leases
from fibcache.stores.link import Link, RedisAway
from tests.flying import FlyingProcess, whole

pytestmark = pytest.mark.needs_redis

LEASE, EARS = "*}", "*:ears"  # somebody answers; somebody in another process listens
HOME = Path(__file__).resolve().parent.parent


@pytest.fixture
async def prefix(redis_url) -> AsyncIterator[str]:
    """Give a prefix of one's own, and see that nothing is left under it."""
    prefix = f"test-{uuid4().hex}"
    yield prefix
    link = Link(redis_url, prefix=prefix)
    keys = await link.call(lambda redis: redis.keys(f"{prefix}:*"))
    for key in keys:
        assert await link.call(lambda redis, key=key: redis.pttl(key)) != -1  # ends by itself
    if keys:
        await link.call(lambda redis: redis.delete(*keys))
    await link.aclose()


@contextlib.asynccontextmanager
async def another_process(*args: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.flying", *args, cwd=HOME, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def line_of(process: asyncio.subprocess.Process) -> str:
    async with asyncio.timeout(20):
        return (await process.stdout.readline()).decode()


async def until(process: asyncio.subprocess.Process, word: str) -> None:
    while word not in (line := await line_of(process)):
        assert line, "the process ended"


async def there_is(link: Link, keys: str) -> None:
    """Wait until Redis holds a key of this process's prefix that looks like so."""
    async with asyncio.timeout(20):
        while True:
            with contextlib.suppress(RedisAway):  # the link has little patience on a busy machine
                if await link.call(lambda redis: redis.keys(f"{link.prefix}:flight:{keys}")):
                    return
            await asyncio.sleep(0.01)


async def test_two_processes_make_one_answer(redis_url, prefix):
    here = FlyingProcess(redis_url, prefix, 0.05)
    async with another_process(redis_url, prefix, "there", "0.2") as there:
        await until(there, "there:0")
        async with asyncio.timeout(20):
            events = [event async for event in here.ask("here")]
        assert isinstance(events[-1], Done) and events[-1].joined and events[-1].model == "m"
        assert text_of(events) == whole("there")
        assert here.speaker.spoke == 0
        assert await there.wait() == 0
    await here.link.aclose()


async def test_a_process_that_is_killed_in_mid_answer_breaks_it_off_and_is_replaced(
    redis_url, prefix
):
    here = FlyingProcess(redis_url, prefix, 0.01)
    async with another_process(redis_url, prefix, "there", "0.3") as there:
        await until(there, "there:0")
        events, killed = [], False
        async with asyncio.timeout(20):
            async for event in here.ask("here"):
                events.append(event)
                if "there:1" in text_of(events) and not killed:
                    there.send_signal(signal.SIGKILL)
                    killed = True
        assert whole("there").startswith(text_of(events)) and text_of(events) != whole("there")
        assert isinstance(events[-1], Failed) and events[-1].code == "broken_off"
        async with asyncio.timeout(20):
            events = [event async for event in here.ask("after")]
        assert text_of(events) == whole("after")
    await here.link.aclose()


async def test_a_process_that_is_killed_before_its_first_word_is_replaced(redis_url, prefix):
    here = FlyingProcess(redis_url, prefix, 0.01)
    async with another_process(redis_url, prefix, "there", "5") as there:
        await until(there, "started")
        await there_is(here.link, LEASE)
        waiting = asyncio.create_task(_all(here.ask("here")))
        await there_is(here.link, EARS)
        assert here.speaker.spoke == 0 and not waiting.done()  # it waits for the other
        there.send_signal(signal.SIGKILL)
        async with asyncio.timeout(20):
            events = await waiting
        assert text_of(events) == whole("here") and not events[-1].joined
    await here.link.aclose()


async def test_two_loops_in_one_process_each_have_their_own_way_to_redis(redis_url, prefix):
    here = FlyingProcess(redis_url, prefix, 0.05)
    also = FlyingProcess(redis_url, prefix, 0.05)
    may_speak, say = asyncio.Event(), here.speaker._say

    async def held(*args):
        await may_speak.wait()
        async for each in say(*args):
            yield each

    def elsewhere() -> list[object]:
        async def ask() -> list[object]:
            try:
                return [event async for event in also.ask("also")]
            finally:
                await also.link.aclose()

        return asyncio.run(ask())

    here.speaker._say = held
    asking = asyncio.create_task(_all(here.ask("here")))
    await there_is(here.link, LEASE)
    listening = asyncio.create_task(asyncio.to_thread(elsewhere))
    await there_is(here.link, EARS)
    may_speak.set()
    mine, yours = await asking, await listening

    assert text_of(mine) == text_of(yours) == whole("here")
    assert (here.speaker.spoke, also.speaker.spoke) == (1, 0)
    await here.link.aclose()


async def test_a_listener_who_leaves_is_gone_at_once(redis_url, prefix):
    here, also = (FlyingProcess(redis_url, prefix, 0.3) for _ in range(2))
    speaking = asyncio.create_task(_all(here.ask("here")))
    await there_is(here.link, LEASE)
    for pause_s in (0.0, 0.001, 0.02, 0.25, 0.4):
        listening = asyncio.create_task(_all(also.ask(f"also{pause_s}")))
        await asyncio.sleep(pause_s)
        listening.cancel()
        done, _ = await asyncio.wait({listening}, timeout=2)
        assert done
    assert text_of(await speaking) == whole("here")
    assert also.speaker.spoke == 0 and also.flights.under_way == 0
    await here.link.aclose()
    await also.link.aclose()


async def test_a_process_that_stops_in_good_order_keeps_nobody_waiting(redis_url, prefix):
    here = FlyingProcess(redis_url, prefix, 0.2)
    asking = asyncio.create_task(_all(here.ask("here")))
    await asyncio.sleep(0.3)
    asking.cancel()
    await asyncio.wait({asking})

    await last_words()
    keys = await here.link.call(lambda redis: redis.keys(f"{prefix}:flight:*}}"))

    assert keys == []  # the lease is given back
    await here.link.aclose()


async def test_an_unreachable_redis_costs_no_answer(prefix):
    here = FlyingProcess("redis://127.0.0.1:1/0", prefix, 0.0)
    async with asyncio.timeout(20):
        for number in range(5):
            events = [event async for event in here.ask(f"t{number}")]
            assert text_of(events) == whole(f"t{number}")


async def test_a_lease_has_one_holder_and_runs_out(redis_url, prefix):
    leases = Leases(Link(redis_url, prefix=prefix), lease_s=0.15)
    mine, theirs = await leases.take("k"), await leases.take("k")

    assert mine.mine and not theirs.mine
    assert await mine.say(0, [b"a"]) == 0
    heard = await theirs.hear(0)
    assert heard.frames == [b"a"] and heard.held
    assert await mine.say(1, []) == 1  # somebody listens
    await asyncio.sleep(0.3)
    assert await mine.say(1, [b"too late"]) == -1
    heard = await theirs.hear(0)
    assert heard.frames == [b"a"] and not heard.held
    assert (await leases.take("k")).mine


async def test_what_was_heard_although_the_reply_was_lost_is_not_said_twice(redis_url, prefix):
    leases = Leases(Link(redis_url, prefix=prefix), lease_s=2)
    mine = await leases.take("k")

    await mine.say(0, [b"a", b"b"])
    await mine.say(0, [b"a", b"b", b"c"])
    await mine.say(0, [b"a"])
    await mine.say(3, [b"d"], last=True)

    assert (await (await leases.take("other")).hear(0)).frames == []
    heard = await mine.hear(0)
    assert heard.frames == [b"a", b"b", b"c", b"d"] and not heard.held


async def test_being_cancelled_is_not_taken_for_a_redis_that_is_slow():
    class Swallowing:
        """As a client that takes every interruption for a time-out of its own."""

        prefix = "test"

        async def call(self, work):
            try:
                await asyncio.sleep(30)
            except asyncio.CancelledError:
                raise RedisAway from None

    taking = asyncio.create_task(Leases(Swallowing()).take("k"))
    await asyncio.sleep(0)
    taking.cancel()
    await asyncio.wait({taking}, timeout=2)

    assert taking.cancelled()


async def _all(events):
    return [event async for event in events]
