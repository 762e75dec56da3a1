"""The token buckets of one process."""

from collections import OrderedDict
from collections.abc import Callable

from .core.limits import take


class TokenBuckets:
    """Count each caller's turns, for the callers seen last.

    A caller who is forgotten starts with a full bucket, so `capacity_callers` should be well above
    the number of callers in a minute. One float a caller, about 200 bytes with its name.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float], *, capacity_callers: int = 100_000) -> None:
        self._clock, self._capacity_callers = clock, capacity_callers
        self._full_at_s: OrderedDict[str, float] = OrderedDict()  # least recent first

    def take(self, caller: str, *, per_minute: int, burst: int) -> float:
        """Take one turn. Give 0.0 when there was room, else the seconds to wait for it."""
        buckets = self._full_at_s
        buckets[caller], wait_s = take(
            buckets.get(caller, float("-inf")),
            now_s=self._clock(),
            per_minute=per_minute,
            burst=burst,
        )
        buckets.move_to_end(caller)
        if len(buckets) > self._capacity_callers:
            buckets.popitem(last=False)
        return wait_s

    def __len__(self) -> int:
        return len(self._full_at_s)
