"""How often the cache answers rightly and wrongly on labelled pairs."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fibcache.core.bounds import clopper_pearson
from fibcache.core.calibration import Calibration
from fibcache.core.fitting import Seen
from fibcache.core.matching import Match, Matcher

from .labelled import Pair


@dataclass(frozen=True, slots=True)
class Decided:
    """A pair, and what the cache makes of it."""

    pair: Pair
    match: Match

    @property
    def wrong(self) -> bool:
        """Tell whether whoever labelled the pair holds the other view."""
        return self.match.agrees != self.pair.same


async def decide(
    pairs: Iterable[Pair],
    matcher: Matcher,
    *,
    at_least: float,
    calibration: Calibration | None = None,
) -> AsyncIterator[Decided]:
    """Decide each pair as `recall_similar` would if `b` were all that was remembered.

    `at_least` is the calibrated score that a match needs, 0..1; `calibration` the published one.

    Raises:
        EncoderAway: a pair could not be encoded.
    """
    for pair in pairs:
        if not (matcher.takes(pair.a) and matcher.takes(pair.b)):
            yield Decided(pair, Match(0.0, (), agrees=False))
            continue
        a, b = await matcher.vectors([pair.a, pair.b])
        match = matcher.match(
            pair.a, pair.b, cosine=float(a @ b), at_least=at_least, calibration=calibration
        )
        yield Decided(pair, match)


async def see(pairs: Iterable[Pair], matcher: Matcher) -> AsyncIterator[Seen]:
    """Look at each pair without a threshold. A text too long to be compared is no pair.

    Raises:
        EncoderAway: a pair could not be encoded.
    """
    for pair in pairs:
        if matcher.takes(pair.a) and matcher.takes(pair.b):
            a, b = await matcher.vectors([pair.a, pair.b])
            agrees = all(verdict.agrees for verdict in matcher.verdicts(pair.a, pair.b))
            yield Seen(float(a @ b), pair.same, agrees)


def tally(decided: Iterable[Decided]) -> dict[str, Any]:
    """Count hits.

    `hit_rate` is the share of the pairs labelled the same that hit; `false_hit_rate` the share of
    all hits whose pair is labelled different, with `interval_95` around it (Clopper-Pearson). A
    share of nothing is None.
    """
    counts: Counter[tuple[str, bool, bool]] = Counter(
        (one.pair.category, one.pair.same, one.match.agrees) for one in decided
    )
    categories = sorted({category for category, _, _ in counts})
    whole = _figures(counts)
    hits = whole["true_hits"] + whole["false_hits"]
    whole["interval_95"] = list(clopper_pearson(whole["false_hits"], hits))
    whole["by_category"] = {
        category: _figures({key: n for key, n in counts.items() if key[0] == category})
        for category in categories
        if category or len(categories) > 1
    }
    return whole


def _figures(counts: Mapping[tuple[str, bool, bool], int]) -> dict[str, Any]:
    def count(same: bool, hit: bool | None = None) -> int:
        return sum(n for (_, s, h), n in counts.items() if s is same and hit in (None, h))

    positives, negatives = count(True), count(False)
    true_hits, false_hits = count(True, True), count(False, True)
    return {
        "n": positives + negatives,
        "positives": positives,
        "true_hits": true_hits,
        "negatives": negatives,
        "false_hits": false_hits,
        "hit_rate": _share(true_hits, positives),
        "false_hit_rate": _share(false_hits, true_hits + false_hits),
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
