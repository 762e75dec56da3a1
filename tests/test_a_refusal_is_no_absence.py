"""A Redis that answers but refuses, as a replica does, makes nothing look as if it were gone."""

import pytest

from chat.core.errors import CacheAway
from fibcache import services
from fibcache.core.choice import Choice
from fibcache.core.spiral import Spiral
from fibcache.core.tiers import TIERS
from fibcache.stores.link import Link
from fibcache.stores.redis import RedisStore
from fibcache.stores.writing import Writing
from tests.caching import a_cache, an_entry
from tests.houses import PATIENT, SPOKEN
from tests.redis_server import OwnRedis

pytestmark = pytest.mark.needs_redis

WOOL, SAME = "Hur tvättar jag ull?", "Hur tvättar man ull?"
SPIRAL = Spiral()


@pytest.fixture
async def link():
    with OwnRedis() as server:
        link = Link(server.url, **PATIENT)
        yield link
        await link.aclose()


async def follow(link: Link, *whom: str) -> None:
    """Make a replica of somebody who is away, to which nobody may write; or no replica."""
    await link.call(lambda redis: redis.execute_command("REPLICAOF", *whom))


async def test_what_may_not_be_dropped_is_still_there_and_that_is_told(link):
    cache = a_cache(store=RedisStore(link, Writing(SPOKEN)))
    await cache.remember(an_entry(WOOL), tiers=TIERS, spiral=SPIRAL)
    await follow(link, "127.0.0.1", "1")

    for choice in (Choice(), Choice(route="planner")):
        with pytest.raises(CacheAway):
            await services.drop_entries(cache=cache, tiers=TIERS, choice=choice)
    assert await cache.recall_similar("s", SAME, tiers=TIERS, spiral=SPIRAL) is None
    assert not cache.store.away

    await follow(link, "NO", "ONE")
    assert await cache.store.get(an_entry(WOOL).key, tiers=TIERS) is not None
