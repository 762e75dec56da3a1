"""A page of entries in order, told without what is not for others to read."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .store import Kept
from .tiers import Tier, expires_s, tier_for

Place = tuple[float, str]
"""Where an entry stands in an order: a number, then its key, so that no two stand in one place."""

ORDERS: Mapping[str, Callable[[Kept], float]] = {
    "newest": lambda kept: kept.standing.made_s,
    "hits": lambda kept: float(kept.standing.hits),
    "used": lambda kept: kept.standing.used_s,
}
"""What entries may be ordered by, the largest first."""


class BadPlace(ValueError):
    """A cursor that no page ended with."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry as a list shows it. Times are seconds."""

    key: str
    question: str  # masked; empty where only one person may hear the answer
    person: str  # who that is
    tenant: str
    tier: str
    hits: int
    verified: int
    thumbs: int
    age_s: float
    idle_s: float  # since it was remembered or last used
    left_s: float  # until it ends, unless it is used
    route: str
    intent: str
    model: str
    revision: int
    documents: tuple[str, ...]
    freshness: str
    text_chars: int


def listed(kept: Kept, tiers: Sequence[Tier], now_s: float) -> Listed:
    """Tell an entry as a list shows it."""
    entry, standing = kept.entry, kept.standing
    return Listed(
        key=entry.key,
        question="" if entry.person else entry.question,
        person=entry.person,
        tenant=entry.tenant,
        tier=tier_for(standing.verified, tiers).name,
        hits=standing.hits,
        verified=standing.verified,
        thumbs=standing.thumbs,
        age_s=max(0.0, now_s - standing.made_s),
        idle_s=max(0.0, now_s - standing.used_s),
        left_s=max(0.0, expires_s(standing, tiers, entry.freshness) - now_s),
        route=entry.route,
        intent=entry.intent,
        model=entry.model,
        revision=entry.revision,
        documents=entry.documents,
        freshness=entry.freshness,
        text_chars=entry.text_chars,
    )


def place_of(kept: Kept, order: str) -> Place:
    """Tell where an entry stands in one of `ORDERS`."""
    return ORDERS[order](kept), kept.entry.key


def written(place: Place) -> str:
    """Write a place as a cursor."""
    return f"{place[0]!r}_{place[1]}"


def read_place(cursor: str) -> Place:
    """Read a cursor.

    Raises:
        BadPlace: it is none.
    """
    number, _, key = cursor.partition("_")
    try:
        place = float(number), key
    except ValueError:
        raise BadPlace(cursor) from None
    if not key or math.isnan(place[0]):
        raise BadPlace(cursor)
    return place
