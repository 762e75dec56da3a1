"""Bounds on a share are the exact ones, checked against binomial sums and published figures."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fibcache.core import bounds
from fibcache.core.bounds import beta_share, clopper_pearson


def at_most(hits: int, of: int, share: float) -> float:
    return sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(hits + 1))


@pytest.mark.parametrize(
    ("wrong", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.3085),  # 1 - 0.025 ** (1 / 10)
        (1, 71, 0.00036, 0.07598),
        (5, 10, 0.1871, 0.8129),
        (10, 10, 0.6915, 1.0),
    ],
)
def test_known_intervals(wrong, of, low, high):
    assert clopper_pearson(wrong, of) == pytest.approx((low, high), abs=5e-5)


@given(st.data(), st.integers(1, 60))
def test_each_bound_leaves_its_tail(data, of):
    wrong = data.draw(st.integers(0, of))
    low, high = clopper_pearson(wrong, of)

    assert low <= wrong / of <= high
    if wrong:
        assert 1 - at_most(wrong - 1, of, low) == pytest.approx(0.025, abs=1e-6)
    if wrong < of:
        assert at_most(wrong, of, high) == pytest.approx(0.025, abs=1e-6)


def test_large_counts_do_not_overflow():
    low, high = clopper_pearson(5_000, 1_000_000)

    assert 0.00486 < low < 0.005 < high < 0.00515


def test_of_none_nothing_is_known():
    assert clopper_pearson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize("counts", [(2, 1), (-1, 3)])
def test_impossible_counts_are_refused(counts):
    with pytest.raises(ValueError, match="cannot be"):
        clopper_pearson(*counts)


def test_confidence_is_a_share():
    with pytest.raises(ValueError, match="confidence"):
        clopper_pearson(1, 2, 1.0)


@given(st.floats(0, 1), st.integers(1, 300), st.integers(1, 300))
def test_the_beta_share_mirrors(x, a, b):
    assert beta_share(x, a, b) == pytest.approx(1 - beta_share(1 - x, b, a), abs=1e-9)


@pytest.mark.parametrize(("share", "wrong", "count"), [(1 / 200, 0, 598), (1 / 200, 1, 947)])
def test_so_many_must_be_counted_before_the_bound_is_within_a_share(share, wrong, count):
    assert bounds.needed(share, 0.95, wrong=wrong) == count
    assert bounds.keeps_within(share, wrong, count) and not bounds.keeps_within(
        share, wrong, count - 1
    )
    assert bounds.at_most(wrong, count) <= share < bounds.at_most(wrong, count - 1)


@pytest.mark.parametrize("share", [0.005, 0.03, 0.2])
def test_one_side_holds_the_true_share_with_the_stated_confidence(share):
    """Exactly: summed over every number of wrong ones that may be counted."""
    of = 144
    chances = [comb(of, n) * share**n * (1 - share) ** (of - n) for n in range(of + 1)]

    below = sum(chance for n, chance in enumerate(chances) if bounds.at_most(n, of, 0.95) >= share)
    above = sum(chance for n, chance in enumerate(chances) if bounds.at_least(n, of, 0.95) <= share)

    assert below >= 0.95 and above >= 0.95


def test_of_nothing_nothing_is_known():
    assert (bounds.at_most(0, 0), bounds.at_least(0, 0)) == (1, 0)
    assert not bounds.keeps_within(0.99, 0, 0)
