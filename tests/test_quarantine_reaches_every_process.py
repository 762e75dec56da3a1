"""What one process sets apart, the others heed: over Redis at once, over the database soon."""

import asyncio
import time
from uuid import uuid4

import httpx
import pytest

from chat.db import in_db
from fibcache import looking, quarantine
from fibcache.core.matching import digest_of
from fibcache.quarantine import DatabaseQuarantine
from fibcache.stores.board import QUARANTINE, Board
from fibcache.stores.near import NearStore
from fibcache.stores.news import News
from fibcache.stores.redis import RedisStore
from fibcache.stores.writing import Writing
from tests.houses import SPOKEN, a_link
from tests.test_live_settings_reach_every_process import Hand

ONE, OTHER = "Hur lång är Storsjön?", "hur lång är Storsjön"
WHY = {"asked": digest_of(ONE), "question": OTHER, "score": 0.9}


def put() -> None:
    quarantine.put_pair(tenant="alice", turn_id=uuid4(), why=WHY, asked=ONE)


@pytest.mark.needs_redis
@pytest.mark.django_db(transaction=True)
async def test_over_redis_it_is_heard_of_at_once(redis_url, monkeypatch):
    """The clock of the process that listens stands still: it would not look by itself."""
    there = DatabaseQuarantine(in_db, monotonic=Hand())
    here, prefix = a_link(redis_url, "x"), f"alice-test-{uuid4().hex}"
    here.prefix = prefix
    store = NearStore(
        RedisStore(here, Writing(SPOKEN)), monotonic=time.monotonic, board=Board(here)
    )
    news = News(store, None, others={QUARANTINE: there.look_again})
    news.start()
    try:
        async with asyncio.timeout(10):
            while not news.listening:
                await asyncio.sleep(0.01)
        assert not await there.holds("alice", digest_of(OTHER), digest_of(ONE))
        quarantine._here.discard(there)  # as another process, which nobody here can tell
        told: list[bool] = []
        monkeypatch.setattr(quarantine, "_tellers", [lambda: told.append(True)])

        await in_db(put)
        assert told and not await there.holds("alice", digest_of(OTHER), digest_of(ONE))
        await Board(here).tell(QUARANTINE)

        async with asyncio.timeout(10):
            while not await there.holds("alice", digest_of(OTHER), digest_of(ONE)):
                await asyncio.sleep(0.01)
    finally:
        await news.stop()
        await store.aclose()
        await here.client().delete(f"{prefix}:cache-news")
        await here.aclose()


@pytest.mark.django_db(transaction=True)
def test_a_teller_that_fails_undoes_nothing(monkeypatch):
    def fails() -> None:
        raise ConnectionError

    monkeypatch.setattr(quarantine, "_tellers", [fails])
    there = DatabaseQuarantine(in_db)

    put()

    assert asyncio.run(there.holds("alice", digest_of(ONE), digest_of(OTHER)))


def test_a_running_server_heeds_what_another_process_sets_apart(alice):
    headers = {"Authorization": f"Bearer {alice.key}"}

    def source(question: str) -> str:
        answer = httpx.post(
            f"{alice.url}/api/chat", json={"message": question}, headers=headers, timeout=30
        )
        return str(answer.json()["source"])

    first, again = "Vilken är Sveriges längsta älv?", "vilken är Sveriges längsta älv"
    source(first)
    assert source(again) == "spiral"

    why = {"asked": digest_of(again), "question": first, "score": 0.9}
    alice._manage(
        "shell",
        "--verbosity=0",
        "-c",
        "from uuid import uuid4; from fibcache.quarantine import put_pair; "
        f"put_pair(tenant='alice', turn_id=uuid4(), why={why!r}, asked={again!r})",
    )
    time.sleep(looking.FRESH_S)

    assert source(again) != "spiral"
