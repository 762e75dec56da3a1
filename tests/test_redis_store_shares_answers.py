"""Processes that share a Redis share its answers: counted as one, bounded, readable or gone."""

import asyncio
import sys
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.crc import key_slot

from chat.core.events import Token
from fibcache.core.tiers import (
    HOUR_S,
    LONGEST_H,
    TIERS,
    Standing,
    Tier,
    after_hit,
    after_thumb,
    expires_s,
)
from fibcache.stores.link import Link, RedisAway
from fibcache.stores.redis import SHARDS, RedisStore
from fibcache.stores.writing import Unreadable, Unwritable, Writing
from tests.houses import PATIENT, SPOKEN, Seconds, a_house, an_entry
from tests.redis_server import OwnRedis
from tests.test_use_decides_the_tier import LADDERS

pytestmark = pytest.mark.needs_redis


@pytest.fixture
async def house(redis_url):
    async with a_house("redis", redis_url) as house:
        yield house


HITS_OF_A_PROCESS = """
    import asyncio, sys
    from chat.core.events import Token
    from fibcache.core.tiers import TIERS
    from fibcache.stores.link import Link
    from fibcache.stores.redis import RedisStore
    from fibcache.stores.writing import Writing

    async def hits(url, prefix):
        link = Link(url, prefix=prefix, connect_s=5.0, read_s=5.0)
        store = RedisStore(link, Writing([Token]))
        for _ in range(20):
            await asyncio.gather(*(store.hit("k", tiers=TIERS) for _ in range(10)))
        assert store.misses == 0
        await link.aclose()

    asyncio.run(hits(*sys.argv[1:]))
"""


async def test_no_hit_of_many_processes_is_lost(redis_url):
    async with a_house("redis", redis_url) as house:
        link = house.store.link
        store = RedisStore(link, Writing([Token]))
        await store.put(an_entry("k"), tiers=TIERS)
        command = [sys.executable, "-c", textwrap.dedent(HITS_OF_A_PROCESS), link.url, link.prefix]
        others = [await asyncio.create_subprocess_exec(*command) for _ in range(3)]
        assert [await other.wait() for other in others] == [0, 0, 0]

        standing = (await store.get("k", tiers=TIERS)).standing
    assert (standing.hits, standing.verified) == (600, 600)


TIMES = st.floats(0, 4e9, allow_subnormal=False)
STANDINGS = st.builds(
    Standing,
    made_s=TIMES,
    rose_s=TIMES,
    hits=st.integers(0, 10**6),
    verified=st.integers(0, 300),
    thumbs=st.integers(-1000, 1000),
    used_s=TIMES,
)


@pytest.fixture(scope="module")
def at_once(redis_url):
    """Run coroutines one after another on one event loop, with one store."""
    seconds = Seconds()
    with asyncio.Runner() as runner:
        context = a_house("redis", redis_url)
        house = runner.run(context.__aenter__())
        yield runner.run, house.store, seconds, house
        runner.run(context.__aexit__(None, None, None))


@settings(max_examples=300, deadline=None)
@given(
    tiers=LADDERS,
    standing=STANDINGS,
    freshness=st.sampled_from(sorted(LONGEST_H)),
    age_s=st.floats(0, 400 * HOUR_S),
    deeds=st.lists(st.sampled_from(["hit", "other", "up", "down"]), min_size=1, max_size=5),
)
def test_lua_keeps_the_rules_of_python_to_the_last_digit(
    at_once, tiers, standing, freshness, age_s, deeds
):
    run, store, _, house = at_once
    now_s = standing.made_s + age_s
    house.seconds.now = now_s
    key, _ = store._keys("k")
    fields = {
        "written": Writing(SPOKEN).write(an_entry("k", freshness=freshness)),
        "freshness": freshness,
        "made": repr(standing.made_s),
        "rose": repr(standing.rose_s),
        "hits": standing.hits,
        "verified": standing.verified,
        "thumbs": standing.thumbs,
        "used": repr(standing.used_s),
    }

    async def lived():
        nonlocal standing
        await store.link.call(lambda redis: redis.delete(key))
        await store.link.call(lambda redis: redis.hset(key, mapping=fields))
        for deed in deeds:
            if now_s >= expires_s(standing, tiers, freshness):
                standing = None
            elif deed in ("hit", "other"):
                standing = after_hit(standing, tiers, now_s, verified=deed == "hit")
            else:
                standing = after_thumb(standing, tiers, now_s, up=deed == "up")
            if deed in ("hit", "other"):
                kept = await store.hit("k", tiers=tiers, verified=deed == "hit")
            else:
                kept = await store.thumb("k", tiers=tiers, up=deed == "up")
            assert (kept and kept.standing) == standing
            # What ends in the real past, Redis takes away when its end is noted.
            if standing is None or expires_s(standing, tiers, freshness) < Seconds().now + 60:
                return

    run(lived())


async def test_redis_itself_ends_an_entry_when_its_tier_says(house):
    await house.store.put(an_entry("k"), tiers=TIERS)
    key, ends = house.store._keys("k")
    redis = house.store.link.client()
    assert await redis.pexpiretime(key) == (house.seconds.now + HOUR_S) * 1000

    house.seconds.now += 60
    await house.store.hit("k", tiers=TIERS)

    end_s = house.seconds.now + 2 * HOUR_S
    assert await redis.pexpiretime(key) == end_s * 1000
    assert await redis.zscore(ends, "k") == end_s
    fewer = (Tier("L1", 0.5, 0),)
    await house.store.hit("k", tiers=fewer)
    assert await redis.pexpiretime(key) == (house.seconds.now + 0.5 * HOUR_S) * 1000


async def test_what_another_version_wrote_is_a_miss_and_dropped(house):
    await house.store.put(an_entry("k"), tiers=TIERS)
    newer = RedisStore(house.store.link, Writing([*SPOKEN, OneMoreKind]), clock=house.seconds)

    assert (await newer.check(tiers=TIERS)).unreadable == ("k",)
    assert await newer.hit("k", tiers=TIERS) is None
    assert await house.store.get("k", tiers=TIERS) is None
    assert (await house.store.sizes(tiers=TIERS)).entries == 0


class OneMoreKind(Token):  # one more kind of event than the others know
    pass


@pytest.mark.parametrize("field", ["written", "made", "verified", "freshness"])
async def test_what_is_damaged_is_a_miss_and_dropped(house, field):
    await house.store.put(an_entry("k"), tiers=TIERS)
    key, _ = house.store._keys("k")
    await house.store.link.client().hset(key, field, "?")

    assert (await house.store.check(tiers=TIERS)).unreadable == ("k",)
    assert await house.store.hit("k", tiers=TIERS) is None
    assert await house.store.link.client().exists(key) == 0


def test_only_plain_values_of_known_kinds_are_put_in_writing():
    writing = Writing(SPOKEN)

    for entry in (an_entry("k", "\ud800"), an_entry("k", question=object())):
        with pytest.raises(Unwritable):
            writing.write(entry)
    with pytest.raises(Unwritable):
        Writing([]).write(an_entry("k"))
    for written in (b"", b"\xc1", b"\x90", b"\x91\xa1x", writing.write(an_entry("k"))[:-1]):
        with pytest.raises(Unreadable):
            writing.read(written)


async def test_what_cannot_be_written_is_not_kept(house):
    assert await house.store.put(an_entry("k", "\ud800"), tiers=TIERS) is None


async def test_at_most_so_many_entries_are_kept_and_those_that_end_soonest_go(redis_url):
    async with a_house("redis", redis_url, max_entries=SHARDS * 3) as house:
        gone = []
        house.store.tell_gone(lambda entry: gone.append(entry.key))
        await house.store.put(an_entry("used"), tiers=TIERS)
        await house.store.hit("used", tiers=TIERS)
        for number in range(600):
            await house.store.put(an_entry(str(number)), tiers=TIERS)

        sizes = await house.store.sizes(tiers=TIERS)
        assert sizes.entries <= SHARDS * 3
        assert sizes.entries + sizes.evicted == 601 and len(gone) == sizes.evicted
        assert await house.store.get("used", tiers=TIERS) is not None
        assert await house.store.get("599", tiers=TIERS) is not None


async def test_what_expired_unseen_leaves_the_tables(house):
    for number in range(200):
        await house.store.put(an_entry(str(number)), tiers=TIERS)
    house.seconds.now += 2 * HOUR_S
    for number in range(200, 1200):
        await house.store.put(an_entry(str(number)), tiers=TIERS)

    assert house.store.expired == 200


@pytest.mark.parametrize("key", ["k", "a}b", "{x}", "ö"])
async def test_an_entry_and_its_table_lie_in_one_slot_of_a_cluster(house, key):
    entry, ends = house.store._keys(key)
    await house.store.put(an_entry(key), tiers=TIERS)

    assert key_slot(entry.encode()) == key_slot(ends.encode())
    assert [kept.entry.key async for kept in house.store.scan(tiers=TIERS)] == [key]


async def test_a_redis_that_is_away_is_a_miss_and_nobody_hears_an_error():
    link = Link("redis://127.0.0.1:1/0", **PATIENT)
    store = RedisStore(link, Writing(SPOKEN))

    for _ in range(5):
        assert await store.put(an_entry("k"), tiers=TIERS) is None
        assert await store.hit("k", tiers=TIERS) is None
        assert await store.get("k", tiers=TIERS) is None
        assert await store.thumb("k", tiers=TIERS, up=True) is None
        assert await store.drop(["k"]) == 0
    await store.clear()
    assert [kept async for kept in store.scan(tiers=TIERS)] == []
    assert (await store.sizes(tiers=TIERS)).entries == 0
    found = await store.check(tiers=TIERS)
    assert (found.unreadable, found.wrong_ends) == ((), ())
    with pytest.raises(RedisAway):
        await link.call(lambda redis: redis.ping())


async def test_a_redis_that_is_full_keeps_what_it_has_and_takes_no_more():
    with OwnRedis("--maxmemory", "4mb", "--maxmemory-policy", "noeviction") as server:
        link = Link(server.url, **PATIENT)
        store = RedisStore(link, Writing(SPOKEN))
        kept = [
            number
            for number in range(400)
            if await store.put(an_entry(str(number), "x" * 20_000), tiers=TIERS)
        ]
        assert 0 < len(kept) < 400
        assert (await store.hit("0", tiers=TIERS)).standing.hits == 1
        assert (await store.thumb("0", tiers=TIERS, up=False)).standing.thumbs == -1
        assert await store.thumb("0", tiers=TIERS, up=False) is None
        assert (await store.sizes(tiers=TIERS)).max_bytes == 4 << 20
        await link.aclose()
