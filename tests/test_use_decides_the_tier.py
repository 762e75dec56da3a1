"""Use lifts an entry through the tiers; a promotion renews its life, and only a promotion does."""

from hypothesis import given
from hypothesis import strategies as st

from fibcache.core.tiers import (
    HOUR_S,
    LONGEST_H,
    TIERS,
    Tier,
    after_hit,
    after_thumb,
    expires_s,
    newcomer,
    tier_for,
)

LADDERS = st.lists(st.tuples(st.floats(0.1, 100), st.integers(1, 20)), min_size=0, max_size=9).map(
    lambda steps: (
        Tier("L1", 1.0, 0),
        *(
            Tier(f"L{number}", ttl_h, sum(hits for _, hits in steps[: number - 1]))
            for number, (ttl_h, _) in enumerate(steps, start=2)
        ),
    )
)


def test_the_ladder_is_the_one_of_the_plan():
    assert [tier.name for tier in TIERS] == [f"L{number}" for number in range(1, 11)]
    assert [tier.ttl_h for tier in TIERS] == [1, 2, 3, 5, 8, 13, 21, 34, 55, 89]
    assert [tier.hits_to_enter for tier in TIERS] == [0, 1, 2, 3, 5, 8, 13, 21, 34, 55]


@given(LADDERS, st.integers(0, 300))
def test_more_use_never_means_a_lower_tier(tiers, hits):
    assert tiers.index(tier_for(hits, tiers)) <= tiers.index(tier_for(hits + 1, tiers))
    assert tier_for(hits, tiers).hits_to_enter <= hits


@given(LADDERS, st.lists(st.floats(0, 5000), max_size=100))
def test_life_begins_anew_on_promotion_only(tiers, pauses_s):
    now_s = 1000.0
    standing = newcomer(now_s)
    for pause_s in pauses_s:
        now_s += pause_s
        before, standing = standing, after_hit(standing, tiers, now_s)
        rose = tier_for(standing.hits, tiers) != tier_for(before.hits, tiers)

        assert standing.hits == before.hits + 1
        assert standing.made_s == 1000.0
        assert standing.rose_s == (now_s if rose else before.rose_s)
        ttl_s = tier_for(standing.hits, tiers).ttl_h * HOUR_S
        assert expires_s(standing, tiers) == standing.rose_s + ttl_s


def test_a_shorter_life_set_by_an_operator_counts_at_once():
    standing = newcomer(0.0)

    assert expires_s(standing, (Tier("L1", 5, 0),)) == 5 * HOUR_S
    assert expires_s(standing, (Tier("L1", 2, 0),)) == 2 * HOUR_S


def hit(standing, times, now_s=0.0):
    for _ in range(times):
        standing = after_hit(standing, TIERS, now_s)
    return standing


def test_a_hit_that_nobody_verified_lifts_nothing():
    standing = after_hit(newcomer(0.0), TIERS, 60.0, verified=False)

    assert (standing.hits, standing.verified, standing.used_s) == (1, 0, 60.0)
    assert tier_for(standing.verified, TIERS).name == "L1"


def test_a_thumb_down_puts_an_entry_back_one_tier_and_gives_it_no_time():
    standing = hit(newcomer(0.0), 3)
    assert tier_for(standing.verified, TIERS).name == "L4"

    blamed = after_thumb(standing, TIERS, 3600.0, up=False)

    assert blamed is not None and blamed.thumbs == -1
    assert tier_for(blamed.verified, TIERS).name == "L3"
    assert expires_s(blamed, TIERS) < expires_s(standing, TIERS)


def test_a_thumb_down_in_the_lowest_tier_is_the_end():
    assert after_thumb(newcomer(0.0), TIERS, 1.0, up=False) is None


def test_a_thumb_up_lifts_like_a_verified_hit():
    praised = after_thumb(newcomer(0.0), TIERS, 5.0, up=True)

    assert praised is not None and (praised.thumbs, praised.verified, praised.hits) == (1, 1, 0)
    assert praised.rose_s == 5.0


@given(st.sampled_from(sorted(LONGEST_H)), st.integers(0, 100))
def test_no_use_makes_an_answer_outlive_its_freshness(freshness, times):
    standing = hit(newcomer(0.0), times, now_s=60.0)

    assert expires_s(standing, TIERS, freshness) <= LONGEST_H[freshness] * HOUR_S
