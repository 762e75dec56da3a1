"""The budgets that one process keeps by itself."""

from collections import OrderedDict
from collections.abc import Callable

from .core.buckets import Bucket, Day, Lack, Level, Want
from .core.limits import Holders, take

CAPACITY = 100_000
"""Holders whose budgets a process keeps. Who is forgotten starts with a full one."""


class TokenBuckets:
    """Keep a pace: what may be done so often in a minute, by name.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float], *, capacity_callers: int = CAPACITY) -> None:
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


class OwnBudgets:
    """Keep budgets in this process: all there is without Redis, and the fallback when it is away.

    Args:
        clock: monotonic seconds.
        today: the day whose tokens are counted.
        capacity: holders that are remembered.
    """

    def __init__(
        self, clock: Callable[[], float], today: Callable[[], Day], *, capacity: int = CAPACITY
    ) -> None:
        self._clock, self._today, self._capacity = clock, today, capacity
        self._buckets: OrderedDict[tuple[str, str], Bucket] = OrderedDict()  # least recent first
        self._under_way: dict[str, Holders] = {}  # by turn

    async def enter(self, holders: Holders) -> Lack | None:
        """Take one turn of every holder, or none and say what there is too little of."""
        return self._ask(holders, Want(turns=1))

    async def begin(self, holders: Holders, turn_id: str, tokens: int) -> Lack | None:
        """Reserve tokens and let a turn be under way, or say what there is too little of."""
        lack = self._ask(holders, Want(tokens=tokens, turn_id=turn_id))
        if lack is None:
            self._under_way[turn_id] = holders
        return lack

    async def settle(self, turn_id: str, tokens: int) -> None:
        """Let a turn go, and count the tokens that it really spent; nothing if none had begun."""
        holders = self._under_way.pop(turn_id, None)
        if holders is None:
            return
        now_s, day = self._clock(), self._today()
        for holder in holders.each:
            bucket = self._bucket(holders.tenant, holder.name)
            bucket.settle(holder.limit, turn_id, tokens, now_s, day)

    async def look(self, holders: Holders) -> tuple[Level, ...]:
        """Tell how every limit stands."""
        return self.known(holders)

    def known(self, holders: Holders) -> tuple[Level, ...]:
        """Tell how every limit stands, as far as this process knows."""
        now_s, day = self._clock(), self._today()
        found: list[Level] = []
        for holder in holders.each:
            bucket = self._buckets.get((holders.tenant, holder.name)) or Bucket()
            found += bucket.levels(holder, now_s, day)
        return tuple(found)

    async def aclose(self) -> None:
        """Nothing is kept anywhere else."""

    def __len__(self) -> int:
        return len(self._buckets)

    def _ask(self, holders: Holders, want: Want) -> Lack | None:
        now_s, day = self._clock(), self._today()
        buckets = [self._bucket(holders.tenant, holder.name) for holder in holders.each]
        for holder, bucket in zip(holders.each, buckets, strict=True):
            if (lack := bucket.lack(holder.limit, want, now_s, day)) is not None:
                return Lack(lack[0], holder.kind, lack[1])
        for holder, bucket in zip(holders.each, buckets, strict=True):
            bucket.give(holder.limit, want, now_s, day)
        return None

    def _bucket(self, tenant: str, name: str) -> Bucket:
        buckets, key = self._buckets, (tenant, name)
        bucket = buckets.get(key)
        if bucket is None:
            bucket = buckets[key] = Bucket()
            if len(buckets) > self._capacity:
                self._forget_one()
        else:
            buckets.move_to_end(key)
        return bucket

    def _forget_one(self) -> None:
        """Forget the least recent holder with nothing under way; what is under way is bounded."""
        for key, bucket in self._buckets.items():
            if not bucket.under_way:
                del self._buckets[key]
                return
