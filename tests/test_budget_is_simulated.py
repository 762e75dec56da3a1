"""The table in docs/false-hits.md can be printed again, and a hopeless cache falls silent in it."""

from benchmarks.budget import lived
from fibcache.core.spiral import Spiral

SPIRAL = Spiral(false_hits_at_most=0.05)


def a_life(wrong_share: float, seed: int = 1):
    return lived(seed, hits=500, wrong_share=wrong_share, checked_share=0.1, spiral=SPIRAL)


def test_the_same_seed_lives_the_same_life():
    assert a_life(0.15) == a_life(0.15) != a_life(0.15, seed=2)


def test_what_is_never_wrong_is_always_given_and_what_often_is_hardly_ever():
    never, often = a_life(0.0), a_life(0.5)

    assert (never.given, never.wrong) == (500, 0)
    assert 0 < often.given < 100
