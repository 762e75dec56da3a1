"""The cache answers the same question, or one that means the same, and nobody else's."""

import pytest

from chat.core.events import Token
from fibcache.core.cache import FibonacciCache
from fibcache.core.encoder import HashedNgrams
from fibcache.core.entry import Entry
from fibcache.core.guards import GUARDS
from fibcache.core.index import ScopedIndex
from fibcache.core.matching import SIMILAR_CHARS, Matcher
from fibcache.core.spiral import Spiral
from fibcache.core.tiers import HOUR_S, TIERS
from fibcache.stores.memory import MemoryStore

SPIRAL = Spiral()


class Seconds:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def cache(seconds):
    return FibonacciCache(
        MemoryStore(seconds, max_bytes=100_000),
        ScopedIndex(),
        Matcher(HashedNgrams(), GUARDS),
        clock=seconds,
    )


def an_entry(question: str, *, scope: str = "anna") -> Entry:
    return Entry(f"{scope}/{question}", scope, question, (Token("Svar."),), "planner", 5)


async def remember(cache, *questions: str, scope: str = "anna") -> None:
    for question in questions:
        entry = an_entry(question, scope=scope)
        assert await cache.remember(entry, tiers=TIERS, spiral=SPIRAL) == "L1"


async def similar(cache, question: str, *, scope: str = "anna", spiral: Spiral = SPIRAL):
    return await cache.recall_similar(scope, question, tiers=TIERS, spiral=spiral)


async def test_a_new_question_is_a_miss(cache):
    assert await cache.recall("anna/hej", tiers=TIERS) is None
    assert await similar(cache, "hej") is None


async def test_use_lifts_the_answer_and_the_hit_says_so(cache, seconds):
    await remember(cache, "Hur tvättar jag ull?")
    seconds.now += 60

    hits = [await cache.recall("anna/Hur tvättar jag ull?", tiers=TIERS) for _ in range(3)]

    assert [hit.tier for hit in hits] == ["L2", "L3", "L4"]
    assert hits[0].entry.events == (Token("Svar."),)
    assert not hits[0].similar
    assert hits[0].why == {
        "entry": "anna/Hur tvättar jag ull?",
        "question": "Hur tvättar jag ull?",
        "tier": "L2",
        "hits": 1,
        "age_s": 60,
    }


async def test_the_same_in_other_words_is_a_hit_and_shows_its_reasons(cache):
    await remember(cache, "Hur tvättar jag ull?", "Hur tvättar jag siden?")

    hit = await similar(cache, "Hej! Kan du berätta hur man tvättar ull?")

    assert hit.similar and hit.tier == "L1"  # nobody has verified it
    assert hit.why["question"] == "Hur tvättar jag ull?"
    assert 0.618 <= hit.why["score"] <= 1
    assert [verdict["guard"] for verdict in hit.why["verdicts"]] == [
        guard.__name__ for guard in GUARDS
    ]
    assert all(verdict["agrees"] for verdict in hit.why["verdicts"])


async def test_the_nearest_question_may_be_the_wrong_one(cache):
    await remember(cache, "Hur tvättar jag inte ull?", "Hur tvättar man en ull?")

    hit = await similar(cache, "Hur tvättar jag ull?")

    assert hit.why["question"] == "Hur tvättar man en ull?"


async def test_a_guard_that_disagrees_makes_a_miss(cache):
    await remember(cache, "Vilka svampar är ätliga?")

    assert await similar(cache, "Vilka svampar är inte ätliga?") is None


async def test_a_score_below_the_threshold_makes_a_miss(cache):
    await remember(cache, "Hur monterar jag hyllan?")

    assert await similar(cache, "Hur monterar man en hylla?") is not None
    strict = Spiral(similar_at_least=0.9)
    assert await similar(cache, "Hur monterar man en hylla?", spiral=strict) is None


async def test_nobody_hears_an_answer_from_another_scope(cache):
    await remember(cache, "Hur tvättar jag ull?")

    assert await similar(cache, "Hur tvättar jag ull?", scope="bo") is None


async def test_what_expired_is_not_found_in_other_words_either(cache, seconds):
    await remember(cache, "Hur tvättar jag ull?")
    seconds.now += HOUR_S

    assert await similar(cache, "hur tvättar man ull") is None
    assert len(cache.index) == 0


async def test_what_leaves_the_store_leaves_the_index(cache):
    for number in range(500):
        await remember(cache, f"Vad är {number} gånger 3?")

    sizes = await cache.store.sizes(tiers=TIERS)

    assert sizes.evicted > 0
    assert len(cache.index) == sizes.entries


async def test_an_index_that_outlives_its_store_mends_itself(cache, seconds):
    await remember(cache, "Hur tvättar jag ull?")
    cache.store = MemoryStore(seconds)

    assert await similar(cache, "hur tvättar man ull") is None
    assert len(cache.index) == 0


async def test_a_long_message_is_only_found_word_for_word(cache):
    long = "Hur tvättar jag ull? " * (SIMILAR_CHARS // 20 + 1)
    await remember(cache, long)

    assert await similar(cache, long) is None
    assert await cache.recall(f"anna/{long}", tiers=TIERS) is not None


async def test_an_answer_without_room_has_no_tier(cache):
    entry = Entry("k", "anna", "Hej?", (Token("x" * 200_000),), "planner", 200_000)

    assert await cache.remember(entry, tiers=TIERS, spiral=SPIRAL) == ""
    assert await similar(cache, "Hej?") is None


async def test_forgetting_all_leaves_nothing(cache):
    await remember(cache, "Hur tvättar jag ull?")
    await cache.forget_all()

    assert await cache.recall("anna/Hur tvättar jag ull?", tiers=TIERS) is None
    assert await similar(cache, "Hur tvättar jag ull?") is None


async def test_a_similar_hit_is_used_but_not_verified(cache):
    await remember(cache, "Hur kokar man ägg?")

    hit = await similar(cache, "Hur kokar man ett ägg?")

    kept = await cache.store.get("anna/Hur kokar man ägg?", tiers=TIERS)
    assert hit is not None and kept is not None
    assert (kept.standing.hits, kept.standing.verified) == (1, 0)


async def test_a_thumb_down_is_for_the_entry_only_where_its_own_question_was_asked(cache):
    await remember(cache, "Hur kokar man ägg?")
    near = await similar(cache, "Hur kokar man ett ägg?")
    await cache.judge(near.why, up=False, tiers=TIERS)
    same = await cache.recall("anna/Hur kokar man ägg?", tiers=TIERS)
    assert same is not None and same.tier == "L2"

    await cache.judge(same.why, up=False, tiers=TIERS)
    again = await cache.store.get("anna/Hur kokar man ägg?", tiers=TIERS)
    assert again is not None and again.standing.verified == 0

    await cache.judge(same.why, up=False, tiers=TIERS)
    assert await cache.recall("anna/Hur kokar man ägg?", tiers=TIERS) is None
