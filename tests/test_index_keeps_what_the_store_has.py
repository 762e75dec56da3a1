"""What the store still has, or has again, stays within reach of a similar question."""

import pytest

from fibcache.core.learning import Learner
from fibcache.core.spiral import Spiral
from fibcache.core.tiers import TIERS
from tests.caching import a_cache, an_entry
from tests.fakes import FixedClock

WOOL, SAME = "Hur tvättar jag ull?", "Hur tvättar man ull?"
SPIRAL = Spiral()


async def rules():
    return TIERS, SPIRAL


async def similar(cache):
    return await cache.recall_similar("s", SAME, tiers=TIERS, spiral=SPIRAL)


async def test_a_store_that_was_away_has_lost_nothing(monkeypatch):
    cache = a_cache()
    await cache.remember(an_entry(WOOL), tiers=TIERS, spiral=SPIRAL)

    async def nothing(*args, **kwargs):
        return None

    with monkeypatch.context() as outage:
        outage.setattr(cache.store, "get", nothing)
        outage.setattr(cache.store, "away", True)
        assert await similar(cache) is None

    assert (await similar(cache)).entry.question == WOOL


async def test_a_single_failure_loses_nothing_either(monkeypatch):
    """The breaker opens with the third; the first two have found nothing as well."""
    cache = a_cache()
    await cache.remember(an_entry(WOOL), tiers=TIERS, spiral=SPIRAL)

    async def fails(*args, **kwargs):
        cache.store.failures += 1

    with monkeypatch.context() as outage:
        outage.setattr(cache.store, "get", fails)
        assert await similar(cache) is None

    assert (await similar(cache)).entry.question == WOOL


@pytest.mark.parametrize("part", ["index", "store"])
async def test_what_is_remembered_while_all_is_forgotten_is_found_if_it_is_there(monkeypatch, part):
    cache = a_cache()
    clear = getattr(cache, part).clear

    async def slowly():
        await clear()
        await cache.remember(an_entry(WOOL), tiers=TIERS, spiral=SPIRAL)

    monkeypatch.setattr(getattr(cache, part), "clear", slowly)
    await cache.forget_all()

    kept = await cache.store.get(an_entry(WOOL).key, tiers=TIERS)
    assert (kept is not None) == (await similar(cache) is not None) == (part == "store")


async def test_what_is_really_gone_is_gone():
    cache = a_cache()
    entry = an_entry(WOOL)
    await cache.place(entry, spiral=SPIRAL)

    assert await similar(cache) is None
    assert await cache.index.lacks([(entry.scope, entry.key)])


async def test_an_entry_that_ended_and_was_answered_anew_elsewhere_is_learnt_again():
    clock = FixedClock()
    cache = a_cache(clock)
    entry, learner = an_entry(WOOL), Learner(cache, rules)
    await cache.store.put(entry, tiers=TIERS)  # as another process would
    await learner.learn(entry.scope, entry.key, entry.question)

    clock.forward(2 * 3600)
    assert await similar(cache) is None
    await cache.store.put(entry, tiers=TIERS)
    await learner.learn(entry.scope, entry.key, entry.question)

    assert (await similar(cache)).entry.question == WOOL
