"""Fit a calibration: where on an encoder's cosines do false hits keep within the budget?

The bounds are Clopper-Pearson's, never the share that happened to be counted. A few thresholds are
looked at, and the doubt is shared among them (Bonferroni), so that the bounds hold all at once and
so for the threshold that is chosen.

Labelled pairs are seldom mixed as traffic is: half of them may be traps. `different` tells the
share of near pairs in traffic that are different questions. The share of false hits is then

    d·f / (d·f + (1 - d)·h)

of f, the share of different pairs that pass, at its upper bound, and h, the share of same pairs
that do, at its lower bound; each with half of the doubt.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from .bounds import at_least, at_most
from .calibration import THRESHOLD, Calibration, Point

THRESHOLDS = 8  # looked at, at equal shares of the hits
LEAST_COSINE = 0.01  # vectors that share nothing are never near
_ALMOST_1 = 1 - 1e-6


@dataclass(frozen=True, slots=True)
class Seen:
    """A labelled pair as the cache sees it."""

    cosine: float
    same: bool  # as it is labelled
    passes: bool  # every guard agrees


class TooFewPairs(ValueError):
    """Even without a single wrong hit so few pairs could not show that the budget is met.

    `pairs` is how many like these it takes, None where none of the same pairs was a hit at all.
    """

    def __init__(self, pairs: int | None) -> None:
        super().__init__(f"{pairs or 'more'} pairs are needed")
        self.pairs = pairs


class BudgetOutOfReach(ValueError):
    """There are pairs enough, but too many wrong hits at every threshold. `best` has the least."""

    def __init__(self, best: Point) -> None:
        super().__init__(f"at best {best.at_most:.4f}")
        self.best = best


def fit(
    seen: Sequence[Seen],
    *,
    encoder: str,
    budget: float,
    confidence: float,
    different: float | None = None,
    fitted_on: str = "",
) -> Calibration:
    """Find the least cosine that meets the budget, and make φ⁻¹ of it.

    Args:
        seen: labelled pairs, compared by one encoder.
        encoder: its fingerprint.
        budget: largest share of false hits, above 0 and below 1.
        confidence: with which the bounds are to hold, all at once.
        different: share of near pairs in traffic that are different; None: as in `seen`.
        fitted_on: what the pairs are.
    Raises:
        TooFewPairs: there are too few to tell.
        BudgetOutOfReach: the budget is not met at any threshold.
    """
    points = curve(seen, confidence=confidence, different=different)
    chosen = next((point for point in points if point.at_most <= budget), None)
    if chosen is None:
        _check_enough(seen, budget, confidence, different)
        raise BudgetOutOfReach(min(points, key=lambda point: point.at_most))
    start = min(max(chosen.cosine, LEAST_COSINE), _ALMOST_1)
    right = sorted(one.cosine for one in seen if one.passes and one.same and one.cosine >= start)
    knots = [(-1.0, 0.0), (start, THRESHOLD)]
    for quarter in (0.25, 0.5, 0.75):
        cosine = right[int(quarter * len(right))] if right else 1.0
        if knots[-1][0] < cosine < _ALMOST_1:
            knots.append((cosine, THRESHOLD + quarter * (1 - THRESHOLD)))
    return Calibration(
        encoder=encoder,
        knots=(*knots, (1.0, 1.0)),
        fitted_on=fitted_on,
        pairs=len(seen),
        budget=budget,
        confidence=confidence,
        different=different,
        curve=points,
    )


def curve(
    seen: Sequence[Seen], *, confidence: float, different: float | None = None
) -> tuple[Point, ...]:
    """Tell what a few thresholds would give, the lowest first; the bounds hold all at once."""
    hits = sorted(one.cosine for one in seen if one.passes)
    places = {hits[len(hits) * step // THRESHOLDS] for step in range(THRESHOLDS)} if hits else set()
    doubt = (1 - confidence) / max(1, len(places))
    return tuple(_point(seen, cosine, 1 - doubt, different) for cosine in sorted(places))


def _point(
    seen: Sequence[Seen], cosine: float, confidence: float, different: float | None
) -> Point:
    hits = [one for one in seen if one.passes and one.cosine >= cosine]
    right = sum(one.same for one in hits)
    same = sum(one.same for one in seen)
    return Point(
        cosine=cosine,
        hits=len(hits),
        wrong=len(hits) - right,
        hit_rate=right / same if same else 0.0,
        at_most=_bound(right, same, len(hits) - right, len(seen) - same, confidence, different),
    )


def _bound(
    right: int, same: int, wrong: int, others: int, confidence: float, different: float | None
) -> float:
    """Bound the share of false hits among all hits from above."""
    if different is None:
        return at_most(wrong, right + wrong, confidence)
    if not right:
        return 1.0
    each = 1 - (1 - confidence) / 2
    false = different * at_most(wrong, others, each)
    return false / (false + (1 - different) * at_least(right, same, each))


def _check_enough(
    seen: Sequence[Seen], budget: float, confidence: float, different: float | None
) -> None:
    """Refuse pairs that could not meet the budget even if no hit were wrong."""
    right = sum(one.same and one.passes for one in seen)
    same = sum(one.same for one in seen)
    if not right:
        raise TooFewPairs(None)
    doubt = (1 - confidence) / THRESHOLDS

    def would_do(times: float) -> bool:
        counts = (ceil(times * count) for count in (right, same))
        others = ceil(times * (len(seen) - same))
        some, all_same = counts
        return _bound(some, all_same, 0, others, 1 - doubt, different) <= budget

    if would_do(1):
        return
    if different is not None and same == len(seen):
        raise TooFewPairs(None)  # no number of same pairs tells how often different ones pass
    low, high = 1.0, 2.0
    while not would_do(high):
        low, high = high, 2 * high
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (low, middle) if would_do(middle) else (middle, high)
    raise TooFewPairs(ceil(high * len(seen)))
