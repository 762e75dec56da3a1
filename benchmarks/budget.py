"""Simulate the false-hit budget, and time it: `python -m benchmarks.budget [--runs N] [--hits N]`.

The calibration promises every score from φ⁻¹ on, and is too hopeful: of the similar hits that it
lets through, a share is truly wrong, whatever their score. Scores are even from φ⁻¹ to 1 and every
hit is on an entry of its own. A share of the given hits is checked; what is refused is compared
with what the model answers. All is drawn from seeds, so that a table can be printed again.
"""

import argparse
import random
import statistics
import timeit
from dataclasses import dataclass

from fibcache.core.budget import Outcome, Tally
from fibcache.core.calibration import THRESHOLD, Calibration
from fibcache.core.spiral import Spiral

WRONG_SHARES = (0.0, 0.01, 0.02, 0.03, 0.05, 0.08, 0.15)
HOPEFUL = Calibration("simulated", ((-1.0, 0.0), (1.0, 1.0)))
CALLS = 20_000


@dataclass(frozen=True, slots=True)
class Lived:
    """What came of one run."""

    given: int
    wrong: int  # of the given


def lived(
    seed: int, *, hits: int, wrong_share: float, checked_share: float, spiral: Spiral
) -> Lived:
    """Go through `hits` similar hits, one after the other."""
    rng, tally, given, wrong_given = random.Random(seed), Tally(), 0, 0
    for number in range(hits):
        entry, score = f"e{number}", rng.uniform(THRESHOLD, 1.0)
        right = rng.random() >= wrong_share
        allowed = tally.allows(entry, score, spiral=spiral, calibration=HOPEFUL).allowed
        given += allowed
        wrong_given += allowed and not right
        if not allowed or rng.random() < checked_share:
            tally.learn(Outcome(entry, score, right, given=allowed))
    return Lived(given, wrong_given)


def a_tally(outcomes: int, *, wrong_share: float) -> Tally:
    """Make a tally of checks, each of an entry of its own."""
    rng = random.Random(outcomes)
    return Tally.of(
        Outcome(f"e{number}", rng.uniform(THRESHOLD, 1.0), rng.random() >= wrong_share)
        for number in range(outcomes)
    )


def allows_us(tally: Tally, spiral: Spiral, *, rounds: int = 9) -> float:
    """Time one question to a tally that has not changed. Give µs, the median of the rounds."""

    def ask() -> None:
        tally.allows("e1", 0.9, spiral=spiral, calibration=HOPEFUL)

    return statistics.median(timeit.repeat(ask, number=CALLS, repeat=rounds)) / CALLS * 1e6


def learn_and_allow_us(tally: Tally, spiral: Spiral) -> float:
    """Time a question right after an outcome has become known. Give µs, the mean of 100."""

    def ask() -> None:
        tally.learn(Outcome("new", 0.9, True))
        tally.allows("e1", 0.9, spiral=spiral, calibration=HOPEFUL)

    return timeit.timeit(ask, number=100) / 100 * 1e6


def main() -> None:
    """Print a table as it stands in docs/false-hits.md, and the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--budget", type=float, default=0.05)
    parser.add_argument("--checked", type=float, default=0.1, help="share of given hits checked")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--hits", type=int, default=4000)
    options = parser.parse_args()
    spiral = Spiral(false_hits_at_most=options.budget)
    print("| truly wrong | given | wrong answers, of all hits | wrong, of those given |")
    print("|---|---|---|---|")
    for share in WRONG_SHARES:
        runs = [
            lived(
                seed,
                hits=options.hits,
                wrong_share=share,
                checked_share=options.checked,
                spiral=spiral,
            )
            for seed in range(options.runs)
        ]
        hits = options.hits * options.runs
        given, wrong = sum(run.given for run in runs), sum(run.wrong for run in runs)
        of_given = wrong / given if given else 0.0
        print(f"| {share:.0%} | {given / hits:.0%} | {wrong / hits:.1%} | {of_given:.1%} |")
    print()
    for outcomes in (0, 1000, 10_000):
        tally = a_tally(outcomes, wrong_share=0.01)
        same, anew = allows_us(tally, spiral), learn_and_allow_us(tally, spiral)
        print(f"{outcomes:>6} outcomes: allows {same:.1f} µs, after a new one {anew:.0f} µs")


if __name__ == "__main__":
    main()
