"""The ten tiers: what an entry's use earns it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

from .fib import FIBONACCI

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Tier:
    """One of L1..L10: a standing that an entry earns by use, not a place to search."""

    name: str
    ttl_h: float  # life of an entry in this tier, renewed when it is promoted
    hits_to_enter: int  # verified hits that lift an entry into this tier


TIERS = tuple(
    Tier(f"L{number}", ttl_h, hits)
    for number, (ttl_h, hits) in enumerate(
        zip(FIBONACCI[:10], (0, *FIBONACCI[:9]), strict=True), start=1
    )
)


LONGEST_H = {"minutes": 13 / 60, "hours": 5.0, "days": 55.0, "stable": inf}
"""Hours that an answer of each freshness class may live, however much it is used."""


def tier_for(verified: int, tiers: Sequence[Tier]) -> Tier:
    """Choose the highest tier that so many verified hits have earned."""
    earned = tiers[0]
    for tier in tiers:
        if verified >= tier.hits_to_enter:
            earned = tier
    return earned


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry's use and age. Times are seconds on the cache's clock."""

    made_s: float  # when the answer was remembered
    rose_s: float  # when it came into its tier; its life there counts from this
    hits: int = 0
    verified: int = 0  # hits on just this question, and similar ones that were found to be right
    thumbs: int = 0  # up less down
    used_s: float = 0.0  # last hit


def newcomer(now_s: float) -> Standing:
    """Give a new entry its standing."""
    return Standing(made_s=now_s, rose_s=now_s, used_s=now_s)


def after_hit(
    standing: Standing, tiers: Sequence[Tier], now_s: float, *, verified: bool = True
) -> Standing:
    """Count a hit; where it lifts the entry into a higher tier, its life begins anew.

    A hit on a similar question is not verified: it may be wrong, so it lifts nothing.
    """
    used = replace(standing, hits=standing.hits + 1, used_s=now_s)
    return _verified_again(used, tiers, now_s) if verified else used


def after_thumb(
    standing: Standing, tiers: Sequence[Tier], now_s: float, *, up: bool
) -> Standing | None:
    """Count what a person thought of the answer. None: it is to be forgotten.

    A thumb up verifies a hit. A thumb down puts the entry back to the tier below, and never makes
    its life longer; below L1 there is nothing.
    """
    if up:
        praised = replace(standing, thumbs=standing.thumbs + 1)
        return _verified_again(praised, tiers, now_s)
    rank = tiers.index(tier_for(standing.verified, tiers))
    if rank == 0:
        return None
    return replace(standing, thumbs=standing.thumbs - 1, verified=tiers[rank - 1].hits_to_enter)


def expires_s(standing: Standing, tiers: Sequence[Tier], freshness: str = "stable") -> float:
    """Work out when the entry's life is over: in its tier, or for its freshness class.

    From the tiers as they are now: a shorter life set by an operator counts at once.
    """
    in_tier_s = standing.rose_s + tier_for(standing.verified, tiers).ttl_h * HOUR_S
    return min(in_tier_s, standing.made_s + LONGEST_H[freshness] * HOUR_S)


def _verified_again(standing: Standing, tiers: Sequence[Tier], now_s: float) -> Standing:
    verified = standing.verified + 1
    rises = tier_for(verified, tiers) is not tier_for(standing.verified, tiers)
    return replace(standing, verified=verified, rose_s=now_s if rises else standing.rose_s)
