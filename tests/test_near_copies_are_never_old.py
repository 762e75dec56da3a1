"""A copy near at hand is served no longer than its bound, and every hit on it is counted."""

import asyncio
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.core.events import Token
from fibcache.core.tiers import TIERS
from fibcache.stores.link import Link
from fibcache.stores.near import BOUND_S, NearStore
from fibcache.stores.redis import RedisStore
from fibcache.stores.writing import Writing
from tests.houses import PATIENT, SPOKEN, a_house, an_entry, settle
from tests.redis_server import OwnRedis

pytestmark = pytest.mark.needs_redis


@pytest.fixture
async def house(redis_url):
    async with a_house("near", redis_url) as house:
        yield house


async def test_a_copy_spares_the_way_to_redis(house):
    await house.store.put(an_entry("k"), tiers=TIERS)
    await house.store.hit("k", tiers=TIERS)
    asked = []
    house.store.store.look = lambda *_, **__: asked.append(1)

    hits = [(await house.store.hit("k", tiers=TIERS)).standing.hits for _ in range(5)]

    assert (hits, asked) == ([2, 3, 4, 5, 6], [])


@pytest.mark.parametrize("deed", ["drop", "thumb", "put", "clear"])
async def test_what_happens_elsewhere_is_heard_of_within_the_bound(house, deed):
    other = house.other()
    await house.store.put(an_entry("k", "Gammalt."), tiers=TIERS)
    await house.store.hit("k", tiers=TIERS)
    if deed == "drop":
        await other.drop(["k"])
    elif deed == "clear":
        await other.clear()
    elif deed == "put":
        await other.put(an_entry("k", "Nytt."), tiers=TIERS)
    else:
        await other.thumb("k", tiers=TIERS, up=False)

    house.seconds.now += BOUND_S
    found = await house.store.hit("k", tiers=TIERS)

    if deed == "put":
        assert found.entry.events == (Token("Nytt."),)
    elif deed == "thumb":  # back in L1, and one hit since
        assert (found.standing.thumbs, found.standing.verified) == (-1, 1)
    else:
        assert found is None


DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("drop"), st.none()),
        st.tuples(st.just("put"), st.none()),
        st.tuples(st.just("ask"), st.sampled_from(["hit", "get"])),
        st.tuples(st.just("wait"), st.floats(0, 2 * BOUND_S)),
    ),
    max_size=30,
)


@settings(max_examples=80, deadline=None)
@given(deeds=DEEDS)
def test_no_answer_is_served_longer_than_the_bound_after_it_went_elsewhere(redis_url, deeds):
    async def lived():
        went: dict[str, float] = {}  # answer: when another process took it away
        number = 0
        async with a_house("near", redis_url) as house:
            other = house.other()
            await house.store.put(an_entry("k", "0"), tiers=TIERS)
            for deed, what in deeds:
                if deed == "wait":
                    house.seconds.now += what
                elif deed == "ask":
                    found = await getattr(house.store, what)("k", tiers=TIERS)
                    if found is not None:
                        answer = found.entry.events[0].text
                        assert house.seconds.now < went.get(answer, 1e12) + BOUND_S
                else:
                    went.setdefault(str(number), house.seconds.now)
                    await other.drop(["k"])
                    if deed == "put":
                        number += 1
                        await other.put(an_entry("k", str(number)), tiers=TIERS)

    asyncio.run(lived())


async def test_hits_on_copies_are_counted_without_being_asked_for(redis_url):
    async with a_house("redis", redis_url) as house:
        near = NearStore(house.store, monotonic=time.monotonic, bound_s=0.02)
        await near.put(an_entry("k"), tiers=TIERS)
        for _ in range(100):
            await near.hit("k", tiers=TIERS)
        for _ in range(200):
            await asyncio.sleep(0.01)
            standing = (await house.store.get("k", tiers=TIERS)).standing
            if standing.hits == 100:
                break

        assert (standing.hits, standing.verified) == (100, 100)
        await near.aclose()


async def test_a_turn_that_is_cancelled_takes_no_hits_along(house, monkeypatch):
    await house.store.put(an_entry("k"), tiers=TIERS)
    for _ in range(5):
        await house.store.hit("k", tiers=TIERS)
    house.seconds.now += BOUND_S
    under_way, go_on = asyncio.Event(), asyncio.Event()
    look_each = house.store.store.look_each

    async def slowly(*args, **named):
        under_way.set()
        await go_on.wait()
        return await look_each(*args, **named)

    monkeypatch.setattr(house.store.store, "look_each", slowly)
    asking = asyncio.create_task(house.store.get("k", tiers=TIERS))
    await under_way.wait()
    asking.cancel()
    await asyncio.wait([asking])
    assert asking.cancelled()
    go_on.set()
    await house.store.aclose()

    assert (await house.other().get("k", tiers=TIERS)).standing.hits == 5


async def test_hits_of_two_processes_with_copies_add_up(house):
    other = house.other()
    await house.store.put(an_entry("k"), tiers=TIERS)
    for _ in range(25):
        await house.store.hit("k", tiers=TIERS)
        await other.hit("k", tiers=TIERS, verified=False)
        house.seconds.now += 0.1
    await settle(house.store)
    await settle(other)

    standing = (await house.other().get("k", tiers=TIERS)).standing
    assert (standing.hits, standing.verified) == (50, 25)


async def test_copies_keep_within_their_bytes(redis_url):
    async with a_house("redis", redis_url) as house:
        near = NearStore(house.store, monotonic=house.seconds, max_bytes=20_000)
        for number in range(50):
            await near.put(an_entry(str(number)), tiers=TIERS)
            await near.get(str(number), tiers=TIERS)

        assert 0 < near._bytes <= 20_000
        assert near._bytes == sum(copy.bytes for copy in near._copies.values())
        await near.put(an_entry("large", "x" * 20_000), tiers=TIERS)
        assert await near.get("large", tiers=TIERS) is not None
        assert "large" not in near._copies


async def test_copies_outlive_a_redis_that_goes_by_the_bound_alone_and_hits_wait_for_it(house):
    with OwnRedis() as server:
        link = Link(server.url, jitter=lambda: 0.0, monotonic=house.seconds, **PATIENT)
        store = RedisStore(link, Writing(SPOKEN), clock=house.seconds)
        near = NearStore(store, monotonic=house.seconds)
        await near.put(an_entry("k"), tiers=TIERS)
        await near.hit("k", tiers=TIERS)
        server.stop()

        assert (await near.hit("k", tiers=TIERS)).standing.hits == 2
        house.seconds.now += BOUND_S
        assert await near.hit("k", tiers=TIERS) is None
        await near.flush(tiers=TIERS)
        assert near._pending["k"].uses[0].verified == 1
        await near.aclose()
        await link.aclose()
