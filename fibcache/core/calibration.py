"""What a cosine is worth: a score that means the same whichever encoder made the vectors.

A cosine of 0.8 is near for one encoder and far for another. A `Calibration` is a rising map from
cosine to score, fitted on labelled pairs for one encoder, with the guards on, such that

- φ⁻¹ = 0.618 is the least cosine at which the false hits keep within the budget;
- above that, half the way to 1 gives up half of the right hits: to raise the threshold has the
  same price for every encoder.
"""

from dataclasses import dataclass
from itertools import pairwise

from .fib import PHI

THRESHOLD = 1 / PHI
"""The score of the operating point."""


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold at this cosine would give on the pairs that a calibration was fitted on."""

    cosine: float
    hits: int  # pairs as near as this, or nearer, that every guard agrees on
    wrong: int  # of them, labelled as different questions
    hit_rate: float  # share of the pairs labelled the same that would be hits
    at_most: float  # upper bound of the false hits' share of all hits


@dataclass(frozen=True, slots=True)
class Calibration:
    """A rising map from the cosines of one encoder to scores, and what it rests on.

    Raises:
        ValueError: the knots do not rise from a cosine of -1 to 1 and a score of 0 to 1.
    """

    encoder: str  # fingerprint
    knots: tuple[tuple[float, float], ...]  # (cosine, score); straight lines between them
    fitted_on: str = ""  # what the labelled pairs were
    pairs: int = 0  # how many; 0 for a map that was not fitted
    budget: float = 0.0  # largest share of false hits at a score of φ⁻¹
    confidence: float = 0.0  # that the bounds hold, all at once
    different: float | None = None  # share of near pairs in traffic taken to be different
    curve: tuple[Point, ...] = ()  # rising cosines

    def __post_init__(self) -> None:
        knots = self.knots
        ends = len(knots) >= 2 and (*knots[0], *knots[-1]) == (-1, 0, 1, 1)
        if not ends or not all(a < c and b < d for (a, b), (c, d) in pairwise(knots)):
            raise ValueError("knots rise strictly from (-1, 0) to (1, 1)")

    def score(self, cosine: float) -> float:
        """Turn a cosine into a score, 0..1."""
        knots = self.knots
        low, below = knots[0]
        for high, above in knots:
            if cosine < high:
                return max(0.0, below + (cosine - low) / (high - low) * (above - below))
            low, below = high, above
        return 1.0  # float32 has cosines a hair above 1, too

    @property
    def fitted(self) -> bool:
        """Tell whether it was fitted on labelled pairs."""
        return self.pairs > 0

    @property
    def operating_cosine(self) -> float:
        """Give the cosine that becomes φ⁻¹; where no knot says it, on the line between two."""
        for (low, below), (high, above) in pairwise(self.knots):
            if above >= THRESHOLD:
                return low + (THRESHOLD - below) / (above - below) * (high - low)
        raise AssertionError("the last knot is (1, 1)")


def cautious(encoder: str) -> Calibration:
    """Give a map for an encoder that nobody has calibrated yet: only what is very near is near."""
    return Calibration(encoder, ((-1.0, 0.0), (CAUTIOUS_COSINE, THRESHOLD), (1.0, 1.0)))


CAUTIOUS_COSINE = 0.89
