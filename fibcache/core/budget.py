"""The false-hit budget: what is known of similar hits, and whether one more may be given.

An **outcome** says of one similar hit that it was right or wrong, because a model that was asked
anyway agreed (a *check*), or because a person said so (a *thumb*). Hits lie in neighbourhoods: bins
of scores, and entries. A hit may be given where

1. its entry has not been wrong too often: of its outcomes that speak of this score, at most the
   budget's share were wrong. A wrong one speaks of every score up to its own (what is farther away
   is no safer), a right one of every score from its own on; and
2. its bin, and all bins from there up, keep within the budget: the Clopper-Pearson bound on the
   share of wrong checks is at most the budget. To begin with there are no checks, and the
   calibration speaks: where it meets the budget, it is worth as many right checks as it takes to
   show just that (598 for 1 in 200 with 95 % confidence), and elsewhere nothing.

So one wrong check closes its bin and those below at once, and right ones open them again: with one
wrong it takes 947 for 1 in 200, the 598 included, in the bin itself for the bin, and from there up
for one below. Hits that are refused need not be sampled: the model answers anyway, so each of them
is a check.

Thumbs speak of their entry only. People point out what is wrong more often than what is right, so
shares of thumbs say nothing of hits in general, and nobody is to close the cache for everybody.

Source:
    L. Schroeder et al., vCache: Verified Semantic Prompt Caching (arXiv:2502.03771): explore or
    exploit by what is known of the neighbourhood. The bounds are Clopper-Pearson's.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from .bounds import at_most, keeps_within, needed
from .calibration import THRESHOLD, Calibration
from .spiral import Spiral

BINS = 8  # of equal width from φ⁻¹ to 1, where the calibration fills them evenly; one more below
EDGES = (0.0, *(THRESHOLD + (1 - THRESHOLD) * step / BINS for step in range(BINS)))

CHECK, THUMB = "check", "thumb"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became known of one similar hit. Holds no words."""

    entry: str  # key of the entry that answered
    score: float
    right: bool
    source: str = CHECK  # or THUMB
    given: bool = True  # False: refused, and compared with what the model answered instead


@dataclass(frozen=True, slots=True)
class Allowance:
    """Whether a hit may be given. `reason` is empty, "entry" or "neighbourhood"."""

    allowed: bool
    reason: str = ""


ALLOWED = Allowance(True)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the checks of hits that were given show: a random share of them, so of all of them."""

    checked: int
    wrong: int
    at_most: float  # upper bound of the share of wrong ones, 0..1
    budget: float
    confidence: float
    lacking: int  # right checks, without a wrong one, until the bound is within the budget

    @property
    def kept(self) -> bool:
        """Tell whether the budget is shown to be kept."""
        return self.lacking == 0


@dataclass(slots=True)
class Tally:
    """All outcomes that still count."""

    bins: list[list[int]] = field(default_factory=lambda: [[0, 0] for _ in EDGES])  # [wrong, right]
    entries: dict[str, list[tuple[float, bool]]] = field(default_factory=dict)  # (score, right)
    checked: int = 0  # given hits
    wrong: int = 0
    _open: tuple[float, float, Calibration, tuple[bool, ...]] | None = None  # worked out last

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> "Tally":
        """Count outcomes."""
        tally = cls()
        for outcome in outcomes:
            tally.learn(outcome)
        return tally

    def learn(self, outcome: Outcome) -> None:
        """Count one more outcome."""
        self.entries.setdefault(outcome.entry, []).append((outcome.score, outcome.right))
        if outcome.source != CHECK:
            return
        self.bins[bin_of(outcome.score)][outcome.right] += 1
        self._open = None
        if outcome.given:
            self.checked += 1
            self.wrong += not outcome.right

    def allows(
        self, entry: str, score: float, *, spiral: Spiral, calibration: Calibration
    ) -> Allowance:
        """Tell whether a hit on this entry, at this score, keeps to the operator's budget."""
        known = self.entries.get(entry)
        if known is not None and self._errs(known, score) > spiral.false_hits_at_most:
            return Allowance(False, "entry")
        if not self.open_bins(spiral=spiral, calibration=calibration)[bin_of(score)]:
            return Allowance(False, "neighbourhood")
        return ALLOWED

    def open_bins(self, *, spiral: Spiral, calibration: Calibration) -> tuple[bool, ...]:
        """Tell of each bin, the lowest first, whether hits in it keep to the budget."""
        budget, confidence = spiral.false_hits_at_most, spiral.confidence
        known = self._open
        if known is not None and known[:2] == (budget, confidence) and known[2] is calibration:
            return known[3]
        found = tuple(
            self._keeps(place, budget, confidence, calibration) for place in range(len(EDGES))
        )
        self._open = budget, confidence, calibration, found
        return found

    def shown(self, *, spiral: Spiral) -> Shown:
        """Tell what the checks show of the hits that were given."""
        budget, confidence = spiral.false_hits_at_most, spiral.confidence
        enough = needed(budget, confidence, wrong=self.wrong)
        return Shown(
            self.checked,
            self.wrong,
            at_most(self.wrong, self.checked, confidence),
            budget,
            confidence,
            lacking=max(0, enough - self.checked),
        )

    def _keeps(
        self, place: int, budget: float, confidence: float, calibration: Calibration
    ) -> bool:
        trusted = needed(budget, confidence) if _meets(calibration, place, budget) else 0
        own = self.bins[place]
        above = [sum(counts) for counts in zip(*self.bins[place:], strict=True)]
        return all(
            keeps_within(budget, wrong, wrong + right + trusted, confidence)
            for wrong, right in (own, above)
        )

    @staticmethod
    def _errs(known: Iterable[tuple[float, bool]], score: float) -> float:
        wrong = sum(not right and at >= score for at, right in known)
        right = sum(right and at <= score for at, right in known)
        return wrong / (wrong + right) if wrong else 0.0


class Evidence(Protocol):
    """Outcomes that are kept somewhere."""

    async def known(self) -> Tally:
        """Give what is known, at most a second old."""


class MemoryEvidence:
    """Keep outcomes in this process."""

    def __init__(self, outcomes: Iterable[Outcome] = ()) -> None:
        self.tally = Tally.of(outcomes)

    async def known(self) -> Tally:
        """Give what is known."""
        return self.tally


def bin_of(score: float) -> int:
    """Find the bin of a score."""
    return bisect_right(EDGES, max(0.0, score)) - 1


def _meets(calibration: Calibration, place: int, budget: float) -> bool:
    """Tell whether the calibration shows the budget to be met from this bin up, or from below it.

    What is nearer is no more often wrong, but fewer pairs are left to show it.
    """
    edge = EDGES[place]
    if not calibration.fitted:
        return edge >= THRESHOLD  # cautious as it is, it is all that there is
    return any(
        point.at_most <= budget and calibration.score(point.cosine) <= edge + 1e-9
        for point in calibration.curve
    )
