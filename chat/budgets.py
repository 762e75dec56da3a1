"""What callers have used of their limits, and have left, for themselves to see."""

from collections.abc import Iterable, Sequence
from typing import Any

from chat.core.kit import Limiter
from chat.core.limiting import holders_of
from chat.core.policy import Policy
from chat.core.turn import Caller
from chat.models import ApiKey
from chat.services.callers import key_caller
from guardian.core.buckets import Level


def told(levels: Iterable[Level]) -> list[dict[str, Any]]:
    """Write levels as plain values, the same for JSON and for frames."""
    return [
        {
            "of": level.holder.partition(":")[0],
            "measure": level.measure,
            "limit": level.limit,
            "burst": level.burst or None,
            "used": level.used,
            "left": level.left,
            "reset_s": round(level.reset_s, 1) if level.window_s else None,
            "window_s": int(level.window_s) or None,
        }
        for level in levels
    ]


async def budget_of(
    caller: Caller, policy: Policy, limiter: Limiter, *, address: str
) -> tuple[Level, ...]:
    """Tell how the limits of a caller stand, those that the caller shares among them."""
    return await limiter.look(holders_of(caller, policy, address))


async def budgets_of_keys(
    keys: Sequence[ApiKey], policy: Policy, limiter: Limiter
) -> list[tuple[ApiKey, tuple[Level, ...]]]:
    """Tell how the limits of an owner's keys stand: each one's own, and that of all together."""
    found = []
    for key in keys:
        levels = await limiter.look(holders_of(key_caller(key=key), policy, ""))
        own = [level for level in levels if not level.holder.startswith("tenant:")]
        found.append((key, tuple(own)))
    return found
