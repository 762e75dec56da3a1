"""After a change of encoder every entry gets a new vector, in the background and bit by bit."""

import asyncio
from dataclasses import replace

import pytest
from prometheus_client import CollectorRegistry

from chat import db
from chat.core.events import Token
from fibcache.core.cache import FibonacciCache
from fibcache.core.encoder import EncoderAway, HashedNgrams
from fibcache.core.entry import Entry
from fibcache.core.guards import GUARDS
from fibcache.core.index import IndexAway, ScopedIndex
from fibcache.core.matching import SIMILAR_CHARS, Matcher
from fibcache.core.spiral import Spiral
from fibcache.core.tiers import TIERS
from fibcache.reembedding import BATCH, Reembedding
from fibcache.stores.memory import MemoryStore
from fibcache.vectors.pgvector import PgvectorIndex
from tests import caching
from tests.fakes import FixedClock

SPIRAL = Spiral()


async def rules():
    return TIERS, SPIRAL


class Fragile(HashedNgrams):
    """Is away as many times as it is told."""

    def __init__(self) -> None:
        self.away, self.asked = 0, 0

    async def vectors_of(self, texts, spent=None):
        self.asked += 1
        if self.away:
            self.away -= 1
            raise EncoderAway("away")
        return await super().vectors_of(texts, spent)


class Pauses(list):
    """Sleeps no time and remembers for how long it should have."""

    async def __call__(self, seconds: float) -> None:
        if seconds:
            self.append(seconds)
        await asyncio.sleep(0)


def an_entry(number: int) -> Entry:
    question = f"Vad är sak nummer {number}?"
    return Entry(f"anna/{number}", "anna", question, (Token("Svar."),), "planner", 5)


async def filled(count: int, *, encoder=None, index=None) -> FibonacciCache:
    """Build a cache whose store is full and whose index is not."""
    clock = FixedClock().monotonic
    store, encoder = MemoryStore(clock), encoder or Fragile()
    for number in range(count):
        await store.put(an_entry(number), tiers=TIERS)
    index = ScopedIndex(encoder.fingerprint) if index is None else index
    return FibonacciCache(store, index, Matcher(encoder, GUARDS), clock=clock)


def a_walker(cache: FibonacciCache, pause=None) -> Reembedding:
    return Reembedding(
        cache, rules, registry=CollectorRegistry(), pause=Pauses() if pause is None else pause
    )


async def test_every_entry_gets_its_vector_and_the_progress_is_told():
    cache = await filled(3 * BATCH + 5)
    registry = CollectorRegistry()

    progress = await Reembedding(cache, rules, registry=registry).walk()

    assert (progress.state, progress.seen, progress.added) == ("done", 107, 107)
    assert progress.entries == 107 and progress.encoder == HashedNgrams.fingerprint
    assert registry.get_sample_value("alice_reembedding", {"what": "added"}) == 107
    hit = await cache.recall_similar("anna", "vad är sak nummer 7", tiers=TIERS, spiral=SPIRAL)
    assert hit is not None and hit.entry.key == "anna/7"


async def test_what_has_its_vector_is_not_encoded_again():
    cache = await filled(BATCH)
    await a_walker(cache).walk()
    await cache.store.put(an_entry(1000), tiers=TIERS)
    asked = cache.matcher.encoder.asked

    progress = await a_walker(cache).walk()

    assert progress.added == 1 and cache.matcher.encoder.asked == asked + 1


async def test_texts_that_are_no_questions_get_none():
    cache = await filled(0)
    long = Entry("k", "anna", "a" * (SIMILAR_CHARS + 1), (Token("Svar."),), "planner", 5)
    await cache.store.put(long, tiers=TIERS)

    assert (await a_walker(cache).walk()).added == 0
    assert not await cache.index.holds("anna")


async def test_an_encoder_that_is_away_is_waited_for_longer_and_longer():
    cache, pauses = await filled(5), Pauses()
    cache.matcher.encoder.away = 3

    progress = await a_walker(cache, pauses).walk()

    assert (progress.state, progress.added, pauses) == ("done", 5, [1, 2, 3])


async def test_what_can_not_be_encoded_is_left_for_the_next_walk():
    cache = await filled(2 * BATCH)
    cache.matcher.encoder.away = 7  # the first batch is given up

    first = await a_walker(cache).walk()
    assert (first.state, first.left_out, first.added) == ("owing", BATCH, BATCH)
    assert cache.owes

    second = await a_walker(cache).walk()
    assert (second.state, second.added) == ("done", BATCH)
    assert not cache.owes


async def test_turns_get_their_time_between_batches():
    cache = await filled(5 * BATCH)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(tick())
    await a_walker(cache).walk()
    other.cancel()

    assert ticks >= 5


async def test_a_walk_is_taken_again_when_a_vector_is_owed():
    cache = await filled(1)
    keeping = asyncio.create_task(a_walker(cache).keep_up())
    while not await cache.index.holds("anna"):
        await asyncio.sleep(0)
    await cache.store.put(an_entry(2), tiers=TIERS)
    for _ in range(20):
        await asyncio.sleep(0)
    assert await cache.index.lacks([("anna", "anna/2")])

    cache.owes = True
    async with asyncio.timeout(5):
        while await cache.index.lacks([("anna", "anna/2")]):
            await asyncio.sleep(0)
    keeping.cancel()


async def test_what_leaves_while_it_is_encoded_gets_no_vector():
    class Slow(Fragile):
        async def vectors_of(self, texts, spent=None):
            await cache.store.drop(["anna/0"])
            return await super().vectors_of(texts, spent)

    cache = await filled(2, encoder=Slow())

    assert (await a_walker(cache).walk()).added == 1
    assert [pair async for pair in cache.index.scan()] == [("anna", "anna/1")]


async def test_others_stay_while_the_index_is_away():
    class Away(ScopedIndex):
        async def forget_others(self) -> int:
            raise IndexAway()

    cache = await filled(1, index=Away())

    assert (await a_walker(cache).walk()).state == "owing"
    assert cache.owes


@pytest.mark.needs_postgres
async def test_the_old_encoders_vectors_go_when_the_new_ones_are_there(vectors_db):
    def an_index(fingerprint: str) -> PgvectorIndex:
        clock = FixedClock().monotonic
        return PgvectorIndex(fingerprint, db.in_db, clock=clock, within_s=30.0, using=vectors_db)

    class Newer(HashedNgrams):
        fingerprint = "newer"

    old = await filled(5, index=an_index(HashedNgrams.fingerprint))
    assert (await a_walker(old).walk()).added == 5
    new = await filled(5, encoder=Newer(), index=an_index("newer"))

    progress = await a_walker(new).walk()

    assert (progress.state, progress.added, progress.removed) == ("done", 5, 5)
    assert not await old.index.holds("anna") and await new.index.holds("anna")
    await new.index.clear()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("walking", "34 av 89 är genomgångna, 21 nya vektorer"),
        ("away", "svarar inte; 34 av 89"),
        ("owing", "5 svar fick ingen vektor"),
        ("done", "Varje svar har sin vektor"),
        ("idle", "Kodare: hashed"),
    ],
)
def test_staff_who_see_all_see_how_far_it_has_come(admin_client, monkeypatch, state, said):
    walker = a_walker(caching.filled())
    walker.progress = replace(
        walker.progress, state=state, entries=89, seen=34, added=21, left_out=5
    )
    monkeypatch.setattr("chat.wiring.reembedding", lambda: walker)

    with caching.in_force(walker._cache):
        page = admin_client.get("/admin/fibcache/cacheentry/").content.decode()

    assert said in page and HashedNgrams.fingerprint in page
