"""Processes that share a Redis hear at once what another put, changed, dropped or cleared."""

import asyncio
import time
from contextlib import asynccontextmanager
from types import SimpleNamespace
from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from fibcache.core.cache import FibonacciCache
from fibcache.core.encoder import HashedNgrams
from fibcache.core.guards import GUARDS
from fibcache.core.index import ScopedIndex
from fibcache.core.learning import Learner
from fibcache.core.matching import Matcher
from fibcache.core.spiral import Spiral
from fibcache.core.tiers import HOUR_S, TIERS, Tier
from fibcache.stores.board import Board
from fibcache.stores.ends import Ends
from fibcache.stores.near import NearStore
from fibcache.stores.news import BLOCK_S, News
from fibcache.stores.redis import RedisStore
from fibcache.stores.writing import Writing
from tests.houses import SPOKEN, a_link, an_entry
from tests.redis_server import OwnRedis

pytestmark = pytest.mark.needs_redis

FOR_EVER_S = 3600.0  # a bound so long that only news can end a copy
SPIRAL = Spiral()


async def rules():
    return TIERS, SPIRAL


async def tiers():
    return TIERS


@asynccontextmanager
async def a_process(url, prefix, *, listening=True, ladder=tiers, **named):
    """What one process would have; more of them share the same Redis."""
    link = a_link(url, prefix)
    board = Board(link)
    store = NearStore(
        RedisStore(link, Writing(SPOKEN)),
        monotonic=time.monotonic,
        bound_s=FOR_EVER_S,
        board=board,
    )
    cache = FibonacciCache(store, ScopedIndex(), Matcher(HashedNgrams(), GUARDS), clock=time.time)
    learner = Learner(cache, rules, **named)
    news = News(store, learner, Ends(store.store, ladder))
    if listening:
        news.start()
        await until(lambda: news.listening)
    try:
        yield SimpleNamespace(cache=cache, store=store, news=news, learner=learner, link=link)
    finally:
        await news.stop()
        await store.aclose()
        await store.clear()
        await link.client().delete(board.stream, f"{prefix}:cache-ladder")
        await link.aclose()


@pytest.fixture
async def two(redis_url):
    prefix = f"alice-test-{uuid4().hex}"
    async with a_process(redis_url, prefix) as one, a_process(redis_url, prefix) as other:
        yield one, other


async def until(true, within_s=10.0):
    """Wait for what is to become true, which may itself have to be awaited."""
    async with asyncio.timeout(within_s):
        while True:
            found = true()
            if asyncio.iscoroutine(found):
                found = await found
            if found:
                return
            await asyncio.sleep(0.005)


async def remember(process, question):
    entry = an_entry(f"s/{question}", question=question)
    assert await process.cache.remember(entry, tiers=TIERS, spiral=SPIRAL) == "L1"
    return entry.key


def similar(process, question):
    return process.cache.recall_similar("s", question, tiers=TIERS, spiral=SPIRAL)


async def test_a_question_that_one_process_answered_is_found_by_its_like_in_another(two):
    one, other = two
    await remember(one, "Hur tvättar jag ull?")

    await until(lambda: similar(other, "Hur tvättar man ull?"))


@pytest.mark.parametrize("deed", ["drop", "thumb", "put", "clear"])
async def test_a_copy_ends_at_once_when_its_entry_changes_elsewhere(two, deed):
    one, other = two
    key = await remember(one, "Hur tvättar jag ull?")
    await until(lambda: len(other.cache.index) == 1)
    assert (await other.cache.recall(key, tiers=TIERS)).entry.text_chars == 5
    if deed == "drop":
        await one.store.drop([key])
    elif deed == "clear":
        await one.cache.forget_all()
    elif deed == "thumb":
        await one.store.thumb(key, tiers=TIERS, up=True)
    else:
        new = an_entry(key, "Nytt svar.", question="Hur tvättar jag ull?")
        await one.cache.remember(new, tiers=TIERS, spiral=SPIRAL)

    async def heard():
        kept = await other.store.get(key, tiers=TIERS)
        if deed == "put":
            return kept.entry.text_chars == 10
        return kept.standing.thumbs == 1 if deed == "thumb" else kept is None

    await until(heard)
    if deed in ("drop", "clear"):
        await until(lambda: len(other.cache.index) == 0)
    await until(lambda: len(other.learner) == len(one.learner) == len(other.cache.index))


async def test_what_made_room_elsewhere_is_found_no_more(redis_url):
    prefix = f"alice-test-{uuid4().hex}"
    async with a_process(redis_url, prefix) as one, a_process(redis_url, prefix) as other:
        one.store.store._per_shard = 1
        for number in range(150):
            await remember(one, f"Vad är {number} gånger 3?")
        entries = (await one.store.sizes(tiers=TIERS)).entries

        assert entries < 90
        await until(lambda: len(other.cache.index) == len(one.cache.index) == entries)


async def test_a_process_that_starts_learns_what_is_there(redis_url):
    prefix = f"alice-test-{uuid4().hex}"
    async with a_process(redis_url, prefix, listening=False) as one:
        for number in range(200):
            await remember(one, f"Vad är {number} gånger 3?")
        async with a_process(redis_url, prefix) as other:
            await other.news.caught_up()

            assert len(other.cache.index) == 200
            assert await similar(other, "vad är 7 gånger 3") is not None


async def test_a_process_that_lost_the_line_learns_what_it_missed():
    with OwnRedis() as server:
        async with a_process(server.url, "alice") as one:
            key = await remember(one, "Hur tvättar jag ull?")
            server.stop()
            server.start()  # empty: all is gone, and nobody told of it
            async with a_process(server.url, "alice", listening=False) as other:
                await remember(other, "Hur tvättar jag siden?")

                await until(lambda: one.learner._scopes.get("s/Hur tvättar jag siden?"))
                await until(lambda: key not in one.learner._scopes)
                await until(lambda: len(one.cache.index) == 1)


async def test_an_index_learns_no_more_than_it_may_hold(redis_url):
    prefix = f"alice-test-{uuid4().hex}"
    async with (
        a_process(redis_url, prefix) as one,
        a_process(redis_url, prefix, max_entries=20) as other,
    ):
        for number in range(50):
            await remember(one, f"Vad är {number} gånger 3?")
        await until(lambda: other.learner._scopes.get("s/Vad är 49 gånger 3?"))

        assert len(other.learner) == len(other.cache.index) == 20


async def test_a_longer_life_set_by_staff_reaches_entries_that_nobody_asks_for(redis_url):
    prefix = f"alice-test-{uuid4().hex}"
    ladder = [TIERS]

    async def tiers():
        return ladder[0]

    async with (
        a_process(redis_url, prefix, ladder=tiers) as one,
        a_process(redis_url, prefix, ladder=tiers),
    ):
        key = await remember(one, "Hur tvättar jag ull?")
        redis_key, _ = one.store.store._keys(key)
        redis = one.link.client()
        made_s = (await one.store.get(key, tiers=TIERS)).standing.made_s
        ladder[0] = (Tier("L1", 5, 0), *TIERS[1:])

        async def moved():
            return abs(await redis.pexpiretime(redis_key) / 1000 - made_s - 5 * HOUR_S) < 1

        await until(moved)


async def test_news_that_nobody_understands_stops_no_other_news(two):
    one, other = two
    with capture_logs():
        await one.link.client().xadd(one.store.board.stream, {"news": b"\xc1"})
        await remember(one, "Hur tvättar jag ull?")

        await until(lambda: len(other.cache.index) == 1)


async def test_who_listens_stops_soon_again_and_again(redis_url):
    prefix = f"alice-test-{uuid4().hex}"
    async with a_process(redis_url, prefix, listening=False) as one:
        for pause_s in (0, 0, 0.001, 0.01, 0.05, BLOCK_S, 2 * BLOCK_S):
            one.news.start()
            await asyncio.sleep(pause_s)
            async with asyncio.timeout(5):
                await one.news.stop()
        assert len(asyncio.all_tasks()) == 1


async def test_who_listens_to_a_redis_that_is_away_stops_too():
    async with asyncio.timeout(10):
        link = a_link("redis://127.0.0.1:1/0", "alice")
        store = RedisStore(link, Writing(SPOKEN))
        news = News(NearStore(store, monotonic=time.monotonic, board=Board(link)), None)
        news.start()
        await asyncio.sleep(0.05)
        await news.stop()


async def test_what_is_remembered_before_a_clearing_is_heard_of_is_found_all_the_same(
    two, monkeypatch
):
    one, other = two
    heed = other.news._heed
    may_hear = asyncio.Event()

    async def late(*args, **named):
        await may_hear.wait()
        await heed(*args, **named)

    monkeypatch.setattr(other.news, "_heed", late)
    await one.cache.forget_all()
    await remember(other, "Hur tvättar jag ull?")
    may_hear.set()
    heard = other.news.heard
    await until(lambda: other.news.heard >= heard + 1)

    await until(lambda: similar(other, "Hur tvättar man ull?"))
    await until(lambda: similar(one, "Hur tvättar man ull?"))


async def test_what_a_clearing_took_from_the_index_is_found_though_a_walk_is_past_it(
    two, monkeypatch
):
    one, other = two
    await other.news.caught_up()
    past, walk_on = asyncio.Event(), asyncio.Event()
    catch_up = other.learner.catch_up

    async def slow():
        await catch_up()
        past.set()
        await walk_on.wait()

    monkeypatch.setattr(other.learner, "catch_up", slow)
    other.news._catch_up()
    await past.wait()  # a walk that has seen the store empty, and goes on

    heed, may_hear = other.news._heed, asyncio.Event()

    async def late(*args, **named):
        await may_hear.wait()
        await heed(*args, **named)

    monkeypatch.setattr(other.news, "_heed", late)
    await one.cache.forget_all()
    await remember(other, "Hur tvättar jag ull?")
    may_hear.set()
    await until(lambda: not len(other.cache.index))
    walk_on.set()

    await until(lambda: similar(other, "Hur tvättar man ull?"))
