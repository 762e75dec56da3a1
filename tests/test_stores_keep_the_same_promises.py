"""Memory, Redis and the near cache before it: one set of promises, kept by each of them."""

import asyncio
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.core.events import Noted, Token, ToolCalled, ToolReturned
from fibcache.core.entry import Entry
from fibcache.core.tiers import (
    HOUR_S,
    LONGEST_H,
    TIERS,
    Standing,
    Tier,
    after_hit,
    after_thumb,
    expires_s,
    newcomer,
    tier_for,
)
from tests.houses import a_house, an_entry, settle

KINDS = [
    "memory",
    pytest.param("redis", marks=pytest.mark.needs_redis),
    pytest.param("near", marks=pytest.mark.needs_redis),
]


@pytest.fixture(params=KINDS)
async def house(request, redis_url):
    async with a_house(request.param, redis_url) as house:
        yield house


async def test_an_entry_comes_back_as_it_was(house):
    entry = Entry(
        key="k",
        scope="s",
        question="Vad kostar 2 kg äpplen? 🍎",
        events=(
            Noted("waiting", "Strax …"),
            ToolCalled("räkna", {"uttryck": "2*34,90", "djup": [1, 2.5, None, True]}),
            ToolReturned("räkna", "69,80", ok=False),
            Token("69,80 kr."),
        ),
        route="tool",
        text_chars=9,
        tenant="alice",
        person="user:1",
        intent="reckon",
        freshness="days",
        model="qwen2.5:3b",
        revision=7,
        documents=("priser", "frukt"),
    )
    kept = await house.store.put(entry, tiers=TIERS)

    assert kept.entry == entry and kept.standing == newcomer(house.seconds.now)
    assert await house.store.get("k", tiers=TIERS) == kept
    assert await house.other().get("k", tiers=TIERS) == kept


async def test_what_was_never_kept_is_a_miss(house):
    assert await house.store.get("k", tiers=TIERS) is None
    assert await house.store.hit("k", tiers=TIERS) is None
    assert await house.store.thumb("k", tiers=TIERS, up=True) is None
    assert await house.store.drop(["k"]) == 0
    assert (await house.store.sizes(tiers=TIERS)).misses == 1


async def test_looking_is_not_using(house):
    await house.store.put(an_entry("k"), tiers=TIERS)
    await house.store.get("k", tiers=TIERS)

    assert (await house.store.get("k", tiers=TIERS)).standing.hits == 0


async def test_verified_hits_lift_and_others_only_count(house):
    await house.store.put(an_entry("k"), tiers=TIERS)
    house.seconds.now += 60
    await house.store.hit("k", tiers=TIERS)
    house.seconds.now += 60
    await house.store.hit("k", tiers=TIERS, verified=False)
    found = await house.store.get("k", tiers=TIERS)

    made_s = house.seconds.now - 120
    assert found.standing == Standing(
        made_s=made_s, rose_s=made_s + 60, hits=2, verified=1, used_s=made_s + 120
    )


async def test_a_thumb_up_lifts_and_a_thumb_down_puts_back_and_in_the_end_away(house):
    await house.store.put(an_entry("k"), tiers=TIERS)

    up = await house.store.thumb("k", tiers=TIERS, up=True)
    down = await house.store.thumb("k", tiers=TIERS, up=False)
    assert (up.standing.verified, up.standing.thumbs) == (1, 1)
    assert (down.standing.verified, down.standing.thumbs) == (0, 0)
    assert await house.store.thumb("k", tiers=TIERS, up=False) is None
    assert await house.store.get("k", tiers=TIERS) is None


async def test_an_idle_entry_expires_from_where_it_is(house):
    for key in "ab":
        await house.store.put(an_entry(key), tiers=TIERS)
    await house.store.hit("b", tiers=TIERS)  # L2, two hours

    house.seconds.now += HOUR_S

    assert await house.store.hit("a", tiers=TIERS) is None
    assert await house.store.get("b", tiers=TIERS) is not None
    assert (await house.store.sizes(tiers=TIERS)).entries == 1


async def test_a_shorter_life_set_by_an_operator_counts_at_once(house):
    await house.store.put(an_entry("k"), tiers=TIERS)
    house.seconds.now += 0.6 * HOUR_S

    assert await house.store.get("k", tiers=TIERS) is not None
    assert await house.store.get("k", tiers=(Tier("L1", 0.5, 0),)) is None


async def test_no_use_makes_an_answer_outlive_its_freshness(house):
    await house.store.put(an_entry("k", freshness="minutes"), tiers=TIERS)
    for _ in range(5):
        await house.store.hit("k", tiers=TIERS)
    house.seconds.now += LONGEST_H["minutes"] * HOUR_S

    assert await house.store.get("k", tiers=TIERS) is None


async def test_a_new_answer_begins_anew(house):
    await house.store.put(an_entry("k", "Gammalt."), tiers=TIERS)
    await house.store.hit("k", tiers=TIERS)
    await house.store.put(an_entry("k", "Nytt."), tiers=TIERS)
    found = await house.store.get("k", tiers=TIERS)

    assert found.entry.events == (Token("Nytt."),)
    assert found.standing == newcomer(house.seconds.now)
    assert (await house.store.sizes(tiers=TIERS)).entries == 1


async def test_what_is_dropped_is_gone_and_told_of(house):
    gone = []
    house.store.tell_gone(lambda entry: gone.append((entry.scope, entry.key)))
    for key in "abc":
        await house.store.put(an_entry(key), tiers=TIERS)

    assert await house.store.drop(["a", "c", "nobody"]) == 2
    assert sorted(gone) == [("s", "a"), ("s", "c")]
    assert await house.store.get("a", tiers=TIERS) is None
    assert await house.store.get("b", tiers=TIERS) is not None


async def test_all_can_be_scanned_counted_and_cleared(house):
    keys = {f"k{number}" for number in range(300)}
    for key in keys:
        await house.store.put(an_entry(key), tiers=TIERS)
    for _ in range(2):
        await house.store.hit("k7", tiers=TIERS)

    sizes = await house.store.sizes(tiers=TIERS)
    assert {kept.entry.key async for kept in house.store.scan(tiers=TIERS)} == keys
    assert (sizes.entries, sizes.by_tier["L1"], sizes.by_tier["L3"]) == (300, 299, 1)
    assert (sizes.hits, sizes.bytes > 300 * 100) == (2, True)
    await house.store.clear()
    assert [kept async for kept in house.store.scan(tiers=TIERS)] == []
    assert (await house.store.sizes(tiers=TIERS)).entries == 0
    assert await house.store.get("k7", tiers=TIERS) is None


async def test_scanning_bears_changes_under_way(house):
    for number in range(300):
        await house.store.put(an_entry(str(number)), tiers=TIERS)
    seen = []
    async for kept in house.store.scan(tiers=TIERS):
        seen.append(kept.entry.key)
        if len(seen) == 50:
            left = [str(number) for number in range(300) if str(number) not in seen]
            await house.store.drop(left)

    assert len(seen) < 300 and len(set(seen)) == len(seen)


async def test_a_check_finds_ends_that_the_tiers_no_longer_say_and_puts_them_right(house):
    await house.store.put(an_entry("a"), tiers=TIERS)
    longer = (Tier("L1", 5, 0),)
    found = await house.store.check(tiers=TIERS)
    assert (found.wrong_ends, found.unreadable) == ((), ())

    assert (await house.store.check(tiers=longer)).wrong_ends == ("a",)
    assert (await house.store.check(tiers=longer, repair=True)).wrong_ends == ("a",)
    assert (await house.store.check(tiers=longer)).wrong_ends == ()
    house.seconds.now += 3 * HOUR_S
    assert await house.store.get("a", tiers=longer) is not None


async def test_no_hit_of_many_at_once_is_lost(house):
    await house.store.put(an_entry("k"), tiers=TIERS)
    stores = [house.store, house.other(), house.other()]
    await asyncio.gather(*(store.hit("k", tiers=TIERS) for _ in range(60) for store in stores))
    for store in stores:
        await settle(store)

    standing = (await house.other().get("k", tiers=TIERS)).standing
    assert (standing.hits, standing.verified) == (180, 180)
    assert tier_for(standing.verified, TIERS).name == "L10"


@pytest.mark.parametrize("kind", KINDS)
def test_no_hit_of_many_threads_is_lost(kind, redis_url):
    async def whole():
        async with a_house(kind, redis_url) as house:
            await house.store.put(an_entry("k"), tiers=TIERS)

            async def hits():
                store = house.other()
                for _ in range(50):
                    assert await store.hit("k", tiers=TIERS) is not None
                await settle(store)
                if kind != "memory":
                    await getattr(store, "store", store).link.aclose()

            threads = [threading.Thread(target=asyncio.run, args=(hits(),)) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                await asyncio.to_thread(thread.join)
            return (await house.other().get("k", tiers=TIERS)).standing.hits

    assert asyncio.run(whole()) == 200


KEYS = st.sampled_from("abcd")
DEEDS = st.one_of(
    st.tuples(st.just("put"), KEYS, st.sampled_from(sorted(LONGEST_H))),
    st.tuples(st.just("hit"), KEYS, st.booleans()),
    st.tuples(st.just("get"), KEYS, st.none()),
    st.tuples(st.just("thumb"), KEYS, st.booleans()),
    st.tuples(st.just("drop"), KEYS, st.none()),
    st.tuples(st.just("wait"), st.none(), st.floats(0, 3)),
)


@pytest.mark.parametrize("kind", KINDS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds=st.lists(DEEDS, max_size=40))
def test_any_life_is_the_one_that_the_rules_tell(kind, redis_url, deeds):
    """Against a plain dictionary and `tiers.py`, to the last digit."""
    asyncio.run(lived(kind, redis_url, deeds))


async def lived(kind, redis_url, deeds):
    told: dict[str, tuple[str, Standing]] = {}
    async with a_house(kind, redis_url) as house:
        store, seconds = house.store, house.seconds
        for deed, key, what in deeds:
            freshness, standing = told.get(key, ("stable", None))
            if standing and seconds.now >= expires_s(standing, TIERS, freshness):
                standing = None
            if deed == "wait":
                seconds.now += what * HOUR_S
                continue
            if deed == "put":
                found = await store.put(an_entry(key, freshness=what), tiers=TIERS)
                freshness, standing = what, newcomer(seconds.now)
            elif deed == "hit":
                found = await store.hit(key, tiers=TIERS, verified=what)
                standing = standing and after_hit(standing, TIERS, seconds.now, verified=what)
            elif deed == "get":
                found = await store.get(key, tiers=TIERS)
            elif deed == "thumb":
                found = await store.thumb(key, tiers=TIERS, up=what)
                standing = standing and after_thumb(standing, TIERS, seconds.now, up=what)
            else:
                await store.drop([key])
                found = standing = None
            assert (found and found.standing) == standing
            told[key] = freshness, standing
        alive = sorted(
            key
            for key, (freshness, standing) in told.items()
            if standing and seconds.now < expires_s(standing, TIERS, freshness)
        )
        assert sorted([kept.entry.key async for kept in store.scan(tiers=TIERS)]) == alive
        assert (await store.sizes(tiers=TIERS)).entries == len(alive)
