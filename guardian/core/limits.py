"""How much a caller may ask for, and the bucket that counts it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """A token bucket for each caller of one role."""

    role: str
    turns_per_minute: int = 30  # refill of the bucket
    burst: int = 13  # turns that may come at once


LIMITS = (
    Limit("guest", 21, 8),
    Limit("member", 34, 13),
    Limit("staff", 89, 34),
    Limit("program", 610, 89),
)


def limit_for(role: str, limits: Sequence[Limit]) -> Limit:
    """Find the limit of a role; one without a row of its own gets the strictest."""
    for limit in limits:
        if limit.role == role:
            return limit
    return min(limits or LIMITS, key=lambda limit: limit.turns_per_minute)
