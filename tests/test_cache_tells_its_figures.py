"""Prometheus hears what the cache holds and has done, and how Redis does where there is one."""

from prometheus_client import CollectorRegistry, generate_latest

from chat.cache_figures import CacheFigures
from fibcache.core.store import Sizes
from fibcache.core.tiers import HOUR_S, TIERS
from fibcache.stores.link import Link
from fibcache.stores.memory import MemoryStore
from tests.houses import Seconds, an_entry


def told(figures, link=None) -> dict[str, float]:
    registry = CollectorRegistry()
    CacheFigures(figures, link, registry)
    lines = generate_latest(registry).decode().splitlines()
    figures = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in figures}


async def test_a_memory_store_tells_all_it_knows():
    seconds = Seconds()
    store = MemoryStore(seconds, max_bytes=100_000)
    for key in "abc":
        await store.put(an_entry(key), tiers=TIERS)
    await store.hit("a", tiers=TIERS)
    await store.hit("nobody", tiers=TIERS)
    seconds.now += HOUR_S

    figures = told(lambda: store.figures(tiers=TIERS))

    assert figures["alice_cache_entries"] == figures['alice_cache_tier_entries{tier="L2"}'] == 1
    assert figures["alice_cache_hits_total"] == figures["alice_cache_misses_total"] == 1
    assert (figures["alice_cache_expired_total"], figures["alice_cache_evicted_total"]) == (2, 0)
    assert 0 < figures["alice_cache_bytes"] < figures["alice_cache_max_bytes"] == 100_000
    assert not any("redis" in name for name in figures)


def test_a_breaker_tells_its_state():
    link = Link("redis://127.0.0.1:1/0", jitter=lambda: 0.0)
    for _ in range(3):
        link.breaker.failed()

    figures = told(Sizes, link)

    assert figures['alice_redis_breaker{state="open"}'] == 1
    assert figures['alice_redis_breaker{state="closed"}'] == 0
