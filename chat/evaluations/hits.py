"""What the hits of a stream come to, between what is the least and the most there could be."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from chat.core.address import as_asked
from fibcache.core.bounds import clopper_pearson

from .stream import Asked
from .traffic import Replayed


def exact_ceiling(asked: Sequence[Asked]) -> float:
    """Give the hit rate of a cache that forgets nothing and knows a question by its words only."""
    return 1 - len({as_asked(query.text) for query in asked}) / len(asked)


def oracle_ceiling(asked: Sequence[Asked]) -> float:
    """Give the hit rate of a cache that forgets nothing and knows a question in any words."""
    return 1 - len({query.name for query in asked}) / len(asked)


def tally(replayed: Replayed) -> dict[str, Any]:
    """Count hits.

    `wrong_hit_rate` is the share of all hits that said another question's answer, with
    `interval_95` around it (Clopper-Pearson). `way_to_oracle` tells how far the right hits have
    come from the exact ceiling (0) to the oracle's (1); answers that expired count against it.
    `missed` counts what kept answers that had been given before from being found.
    """
    heard = replayed.heard
    asked = [one.asked for one in heard]
    hits = [one for one in heard if one.hit]
    wrong = sum(one.wrong for one in hits)
    exact, oracle = exact_ceiling(asked), oracle_ceiling(asked)
    right = (len(hits) - wrong) / len(heard)
    tiers = Counter(one.tier for one in hits)
    sizes = replayed.sizes
    return {
        "queries": len(heard),
        "hit_rate": len(hits) / len(heard),
        "by_tier": {tier: tiers[tier] for tier in sorted(tiers, key=lambda name: int(name[1:]))},
        "exact_ceiling": exact,
        "oracle_ceiling": oracle,
        "way_to_oracle": (right - exact) / (oracle - exact) if oracle > exact else None,
        "exact_hits": sum(not one.matched for one in hits),
        "similar_hits": sum(bool(one.matched) for one in hits),
        "wrong_hits": wrong,
        "wrong_hit_rate": wrong / len(hits) if hits else None,
        "interval_95": list(clopper_pearson(wrong, len(hits))),
        "missed": dict(Counter(cause for one in heard for cause in one.missed).most_common()),
        "refused": sum(one.refused != "" for one in heard),
        "asked_questions": len({query.name for query in asked}),
        "hours": asked[-1].at_s / 3600,
        "mean_entries": sum(size.entries for size in sizes) / len(sizes),
        "mean_bytes": sum(size.bytes for size in sizes) / len(sizes),
        "most_bytes": max(size.bytes for size in sizes),
    }
