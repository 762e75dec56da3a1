"""A Redis that goes is left alone for Fibonacci time, told of once, and found again."""

import asyncio
import shutil
import socket
import threading
import time

import pytest
from structlog.testing import capture_logs

from fibcache.stores.link import READ_S, Link, RedisAway
from tests.redis_server import OwnRedis

pytestmark = pytest.mark.needs_redis


@pytest.fixture
def own_redis():
    assert shutil.which("redis-server"), "a Redis is here, but no redis-server to start one's own"
    with OwnRedis() as server:
        yield server


class Seconds:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def outcomes(link, times):
    """Ping, and tell what came of it."""
    found = []
    for _ in range(times):
        try:
            found.append(await link.call(lambda redis: redis.ping()))
        except RedisAway:
            found.append("away")
    return found


async def test_it_is_told_once_that_redis_went_and_once_that_it_is_back(own_redis):
    seconds = Seconds()
    link = Link(own_redis.url, monotonic=seconds, jitter=lambda: 0.0)
    with capture_logs() as logs:
        assert await outcomes(link, 2) == [True, True]
        own_redis.stop()
        assert await outcomes(link, 20) == ["away"] * 20
        assert (link.state, link.failures) == ("open", 3)  # the other 17 did not even knock
        seconds.now += 1
        assert await outcomes(link, 1) == ["away"]  # the probe
        own_redis.start()
        assert await outcomes(link, 1) == ["away"]  # two seconds, now
        seconds.now += 2
        assert await outcomes(link, 5) == [True] * 5
    await link.aclose()

    assert [line["event"] for line in logs] == ["redis_away", "redis_back"]
    assert link.state == "closed"


async def test_a_redis_that_was_restarted_while_nobody_asked_costs_nobody_an_answer(own_redis):
    link = Link(own_redis.url)
    await asyncio.gather(*(outcomes(link, 1) for _ in range(5)))
    own_redis.stop()
    own_redis.start()

    assert await outcomes(link, 20) == [True] * 20
    assert link.failures == 0
    await link.aclose()


async def test_a_redis_that_is_silent_is_given_up_in_milliseconds():
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        link = Link(f"redis://127.0.0.1:{mute.getsockname()[1]}/0")

        assert await outcomes(link, 3) == ["away"] * 3
        assert link.state == "open"
        await link.aclose()


async def test_what_redis_refuses_is_told_and_leaves_the_breaker_closed(own_redis):
    link = Link(own_redis.url)
    with capture_logs() as logs:
        for _ in range(5):
            with pytest.raises(RedisAway):
                await link.call(lambda redis: redis.execute_command("NO-SUCH-COMMAND"))

    assert [line["event"] for line in logs] == ["redis_refuses"]
    assert (link.state, link.failures) == ("closed", 5)
    await link.aclose()


async def test_more_callers_than_connections_wait_for_one_another(own_redis):
    link = Link(own_redis.url, pool=2)

    assert await asyncio.gather(*(outcomes(link, 1) for _ in range(50))) == [[True]] * 50
    assert await link.call(lambda redis: redis.info("clients")) and link.failures == 0
    await link.aclose()


def test_each_event_loop_has_connections_of_its_own(own_redis):
    link = Link(own_redis.url)
    found = []

    async def asks():
        found.append(await outcomes(link, 3))
        await link.aclose()

    threads = [threading.Thread(target=lambda: asyncio.run(asks())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asyncio.run(asks())

    assert found == [[True] * 3] * 4


async def test_a_listener_waits_longer_than_a_call_may(own_redis):
    link = Link(own_redis.url)
    block_s = 2 * READ_S
    listener = link.listener(block_s=block_s)
    began = time.monotonic()

    assert await listener.blpop(["nothing"], timeout=block_s) is None

    assert time.monotonic() - began >= block_s * 0.9
    await listener.aclose()


def test_the_line_is_the_one_that_django_redis_is_told_to_take(settings):
    link = Link.of_cache(
        {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": ["redis://first:6379/1", "redis://second:6379/1"],
            "KEY_PREFIX": "house",
            "OPTIONS": {
                "SOCKET_CONNECT_TIMEOUT": 0.021,
                "SOCKET_TIMEOUT": 0.034,
                "CONNECTION_POOL_KWARGS": {"max_connections": 7},
            },
        }
    )

    assert (link.url, link.prefix, link.pool) == ("redis://first:6379/1", "house", 7)
    assert (link.connect_s, link.read_s) == (0.021, 0.034)
