"""How much a caller may ask for, and the bucket that counts it."""

from collections.abc import Sequence
from dataclasses import dataclass

ROUNDING_S = 1e-6  # a wait shorter than this is none; clocks and floats are not finer


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


def take(full_at_s: float, *, now_s: float, per_minute: int, burst: int) -> tuple[float, float]:
    """Take one turn from a bucket, which is known by the moment when it is full again.

    One number is all a bucket needs: a new one is full since long ago (`-inf`), each turn moves
    the moment on by the time it takes to refill one, and refill costs nothing to work out.

    Args:
        full_at_s: when the bucket is full, seconds on any clock that never runs backwards.
        now_s: the time on that clock.
        per_minute: turns of refill, at least 1.
        burst: turns in a full bucket, at least 1.
    Returns:
        The new `full_at_s`, and 0.0; or the old one and the seconds to wait when it is empty.
    Source:
        The generic cell rate algorithm, ITU-T I.371, annex A.
    """
    one_s = 60 / per_minute
    full_at_s = max(full_at_s, now_s)
    wait_s = full_at_s - (burst - 1) * one_s - now_s
    if wait_s > ROUNDING_S:
        return full_at_s, wait_s
    return full_at_s + one_s, 0.0
