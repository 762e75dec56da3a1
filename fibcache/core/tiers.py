"""The ten tiers: what an entry's use earns it."""

from collections.abc import Sequence
from dataclasses import dataclass

from .fib import FIBONACCI

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Tier:
    """One of L1..L10: a standing that an entry earns by use, not a place to search."""

    name: str
    ttl_h: float  # life of an entry in this tier, renewed when it is promoted
    hits_to_enter: int  # hits that lift an entry into this tier


TIERS = tuple(
    Tier(f"L{number}", ttl_h, hits)
    for number, (ttl_h, hits) in enumerate(
        zip(FIBONACCI[:10], (0, *FIBONACCI[:9]), strict=True), start=1
    )
)


def tier_for(hits: int, tiers: Sequence[Tier]) -> Tier:
    """Choose the highest tier that `hits` have earned."""
    earned = tiers[0]
    for tier in tiers:
        if hits >= tier.hits_to_enter:
            earned = tier
    return earned


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry's use and age. Times are seconds on the cache's clock."""

    made_s: float  # when the answer was remembered
    rose_s: float  # when it came into its tier; its life there counts from this
    hits: int = 0


def newcomer(now_s: float) -> Standing:
    """Give a new entry its standing."""
    return Standing(made_s=now_s, rose_s=now_s)


def after_hit(standing: Standing, tiers: Sequence[Tier], now_s: float) -> Standing:
    """Count a hit; where it lifts the entry into a higher tier, its life begins anew."""
    hits = standing.hits + 1
    rises = tier_for(hits, tiers) is not tier_for(standing.hits, tiers)
    return Standing(standing.made_s, now_s if rises else standing.rose_s, hits)


def expires_s(standing: Standing, tiers: Sequence[Tier]) -> float:
    """Work out when the entry's life in its tier is over.

    From the tiers as they are now: a shorter life set by an operator counts at once.
    """
    return standing.rose_s + tier_for(standing.hits, tiers).ttl_h * HOUR_S
