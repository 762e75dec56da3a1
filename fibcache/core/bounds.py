"""How sure a share is: exact bounds for "so many wrong of so many"."""

from functools import lru_cache
from math import exp, lgamma, log, log1p

_TINY = 1e-300
_STEPS = 100  # halvings of an interval: beyond what a float can tell apart


def clopper_pearson(wrong: int, of: int, confidence: float = 0.95) -> tuple[float, float]:
    """Give the interval that holds the true share with at least this confidence.

    Args:
        wrong: how many were counted, 0..of.
        of: how many there were; of none nothing is known, and the interval is (0, 1).
        confidence: above 0 and below 1, for both sides together.
    Raises:
        ValueError: the counts or the confidence are out of range.
    Source:
        C. J. Clopper and E. S. Pearson, Biometrika 26 (1934), pp. 404-413: quantiles of the beta
        distribution.
    """
    _check(wrong, of, confidence)
    tail = (1 - confidence) / 2
    low = 0.0 if wrong == 0 else _quantile(tail, wrong, of - wrong + 1)
    high = 1.0 if wrong == of else _quantile(1 - tail, wrong + 1, of - wrong)
    return low, high


def at_most(wrong: int, of: int, confidence: float = 0.95) -> float:
    """Give the share that the true one is below with this confidence: Clopper-Pearson, one side.

    Raises:
        ValueError: the counts or the confidence are out of range.
    """
    _check(wrong, of, confidence)
    return 1.0 if wrong == of else _quantile(confidence, wrong + 1, of - wrong)


def at_least(right: int, of: int, confidence: float = 0.95) -> float:
    """Give the share that the true one is above with this confidence."""
    return 1 - at_most(of - right, of, confidence)


def keeps_within(share: float, wrong: int, of: int, confidence: float = 0.95) -> bool:
    """Tell whether `at_most(wrong, of, confidence) <= share`, without searching for the bound."""
    _check(wrong, of, confidence)
    return wrong < of and beta_share(share, wrong + 1, of - wrong) >= confidence


@lru_cache(maxsize=256)
def needed(share: float, confidence: float = 0.95, *, wrong: int = 0) -> int:
    """Give how many must be counted, `wrong` of them wrong, before the bound is within `share`.

    Raises:
        ValueError: the share is not above 0 and below 1.
    """
    if not 0 < share < 1:
        raise ValueError(f"a share is above 0 and below 1, not {share}")
    low, high = wrong, wrong + 1
    while not keeps_within(share, wrong, high, confidence):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if keeps_within(share, wrong, middle, confidence):
            high = middle
        else:
            low = middle
    return high


def beta_share(x: float, a: float, b: float) -> float:
    """Give the share of the beta distribution (a, b) that lies below x.

    Source:
        DLMF 8.17.22, the continued fraction, by Lentz's method.
    """
    if not 0 < x < 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):  # there the fraction converges slowly, and its mirror fast
        return 1 - beta_share(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    c, d = 1.0, _inverse(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, 10_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = _inverse(1 + step * d)
            c = 1 + step / c
            c = c if abs(c) > _TINY else _TINY
            value *= c * d
        if abs(c * d - 1) < 1e-15:
            break
    return front * value


def _check(wrong: int, of: int, confidence: float) -> None:
    if not 0 <= wrong <= of:
        raise ValueError(f"cannot be {wrong} of {of}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is above 0 and below 1, not {confidence}")


def _inverse(x: float) -> float:
    return 1 / (x if abs(x) > _TINY else _TINY)


def _quantile(share: float, a: float, b: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if beta_share(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2
