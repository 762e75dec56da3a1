"""The ten tiers: what an entry's use earns it."""

from collections.abc import Sequence
from dataclasses import dataclass

from .fib import FIBONACCI


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
