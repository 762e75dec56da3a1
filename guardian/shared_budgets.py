"""Budgets that processes share in Redis.

A turn that enters costs one round trip, or none: a caller in full swing is given a few turns at a
time (a **handful**), which are counted as taken, and a caller who was refused is refused again
without asking until there can be room. A handful is at most one 200th of what the caller may ask in
a minute, it is not used after a second, and nobody gets one whose bucket is half empty. So a limit
is never passed by more than a second's refill, and four processes leave at most 2 % of it unused.

While Redis is away each process keeps budgets of its own.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog

from fibcache.stores.link import Link, RedisAway
from fibcache.stores.scripts import Script

from .core.buckets import Day, Lack, Level, levels
from .core.limits import Holders
from .limit_scripts import LOOK, RENEW, SETTLE, TAKE
from .limiter import OwnBudgets

HANDFUL_OF = 200
"""One part in so many of a caller's minute is taken at a time."""

NEAR_S = 1.0
"""A handful, and a refusal, are believed so long."""

CALLERS_NEAR = 10_000
"""Callers of whom a process remembers what it saw last."""

LEASE_S = 13.0
"""A turn under way is taken for dead when its process has not been heard of for so long."""

log = structlog.get_logger("alice.limits")

_decode = msgspec.msgpack.Decoder().decode
_encode = msgspec.msgpack.Encoder().encode


@dataclass(slots=True)
class _Near:
    """What a process knows of one caller since it last asked Redis."""

    seen_at: float = 0.0
    seen_on: str = ""  # the day
    seen: list[list[float]] = field(default_factory=list)  # levels, as the scripts give them
    asked_at: float = float("-inf")  # for turns
    handful: int = 0  # turns taken and not used yet
    lack: Lack | None = None  # of turns


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """A turn under way, told to Redis."""

    holders: Holders
    since_s: float


class SharedBudgets:
    """One process's end of the budgets in Redis.

    Args:
        link: the line to Redis.
        own: keeps this process's own budgets while Redis is away.
        clock: monotonic seconds.
        today: the day whose tokens are counted.
        mark: makes of a holder's name what stands for it in Redis, which holds no addresses.
        lease_s: a turn is taken for dead when its process has not been heard of for so long.
        time: seconds since 1970; None lets Redis tell them, as the processes may run on several
            machines.
    """

    def __init__(
        self,
        link: Link,
        own: OwnBudgets,
        *,
        clock: Callable[[], float],
        today: Callable[[], Day],
        mark: Callable[[str], str],
        lease_s: float = LEASE_S,
        time: Callable[[], float] | None = None,
    ) -> None:
        self._link, self._own = link, own
        self._clock, self._today, self._mark, self._lease_s = clock, today, mark, lease_s
        self._time = time
        self._near: OrderedDict[str, _Near] = OrderedDict()  # least recent first
        self._under_way: dict[str, _UnderWay] = {}  # by turn
        self._renewing: asyncio.Task[None] | None = None

    async def enter(self, holders: Holders) -> Lack | None:
        """Take one turn of every holder, or none and say what there is too little of."""
        if not any(holder.limit.turns_per_minute for holder in holders.each):
            return None
        near = self._near_of(holders)
        now_s = self._clock()
        age_s = now_s - near.asked_at
        if age_s < NEAR_S:
            if near.handful:
                near.handful -= 1
                return None
            if near.lack is not None and near.lack.wait_s > age_s:
                return Lack(near.lack.measure, near.lack.kind, near.lack.wait_s - age_s)
        back, near.handful = near.handful, 0
        wanted = handful(holders) if age_s < NEAR_S else 1
        try:
            lack, taken = await self._take(holders, turns=wanted, back=back)
        except RedisAway:
            self._near.pop(holders.name, None)
            return await self._own.enter(holders)
        near = self._near_of(holders)
        near.asked_at, near.lack = self._clock(), lack
        if lack is None:
            near.handful += taken - 1  # others of this caller may have asked meanwhile
        return lack

    async def begin(self, holders: Holders, turn_id: str, tokens: int) -> Lack | None:
        """Reserve tokens and let a turn be under way, or say what there is too little of."""
        # Known before it is told: whoever is cut off in between is settled all the same.
        self._under_way[turn_id] = _UnderWay(holders, self._clock())
        try:
            lack, _ = await self._take(holders, tokens=tokens, turn_id=turn_id)
        except RedisAway:
            del self._under_way[turn_id]
            return await self._own.begin(holders, turn_id, tokens)
        if lack is not None:
            self._under_way.pop(turn_id, None)
        else:
            self._keep_renewing()
        return lack

    async def settle(self, turn_id: str, tokens: int) -> None:
        """Let a turn go, and count the tokens that it really spent; nothing if none had begun."""
        under_way = self._under_way.pop(turn_id, None)
        if under_way is None:
            await self._own.settle(turn_id, tokens)
            return
        try:
            await self._run(SETTLE, under_way.holders, turn_id, tokens)
        except RedisAway:  # its lease lapses, and what was reserved comes back
            log.info("tokens_not_counted", tokens=tokens)

    async def look(self, holders: Holders) -> tuple[Level, ...]:
        """Tell how every limit stands; how it stands in this process while Redis is away."""
        try:
            await self._run(LOOK, holders)
        except RedisAway:
            return self._own.known(holders)
        return self.known(holders)

    def known(self, holders: Holders) -> tuple[Level, ...]:
        """Tell how every limit stood when Redis was last asked, with what was refilled since.

        Nothing where it was not asked.
        """
        near = self._near.get(holders.name)
        if near is None or len(near.seen) != len(holders.each):
            return ()
        age_s, day = self._clock() - near.seen_at, self._today()
        found: list[Level] = []
        for holder, (turns_s, tokens_s, used, count) in zip(holders.each, near.seen, strict=True):
            per_minute = holder.limit.turns_per_minute
            unused_s = near.handful * 60 / per_minute if per_minute else 0.0
            found += levels(
                holder,
                turns_full_in_s=turns_s - unused_s - age_s,
                tokens_full_in_s=tokens_s - age_s,
                day_used=int(used) if near.seen_on == day.name else 0,
                under_way=int(count) if count >= 0 else None,
                day=day,
            )
        return tuple(found)

    async def aclose(self) -> None:
        """Stop renewing; what is under way lapses."""
        if self._renewing is not None:
            self._renewing.cancel()
            self._renewing = None

    async def _take(
        self,
        holders: Holders,
        *,
        turns: int = 0,
        tokens: int = 0,
        turn_id: str = "",
        back: int = 0,
    ) -> tuple[Lack | None, int]:
        lack, taken = await self._run(TAKE, holders, turns, tokens, turn_id, self._lease_s, back)
        if not lack:
            return None, taken
        at, measure, wait_s = lack
        if measure == "day":
            wait_s = self._today().ends_in_s
        return Lack(measure, holders.each[at - 1].kind, wait_s), 0

    async def _run(self, script: Script, holders: Holders, *asked: Any) -> Any:
        """Run a script for all holders, and remember the levels that it tells.

        Raises:
            RedisAway: nobody can tell.
        """
        told = [
            (
                holder.limit.turns_per_minute,
                holder.limit.burst,
                holder.limit.tokens_per_minute,
                holder.limit.tokens_per_day,
                holder.limit.at_once,
            )
            for holder in holders.each
        ]
        day = self._today().name
        ask = _encode((self._time() if self._time else False, day, told, *asked))
        task = asyncio.current_task()
        cancelled = task.cancelling() if task else 0
        try:
            answer = await self._link.call(
                lambda redis: script.run(redis, self._keys(holders), ask)
            )
        finally:
            # redis-py may take a cancellation for a time-out of its own.
            if task and task.cancelling() > cancelled:
                raise asyncio.CancelledError
        lack, taken, seen = _decode(answer)
        near = self._near_of(holders)
        near.seen_at, near.seen_on, near.seen = self._clock(), day, seen
        return lack, taken

    def _keys(self, holders: Holders) -> list[str]:
        keys: list[str] = []
        for holder in holders.each:
            bucket = f"{self._link.prefix}:limit:{{{holders.tenant}}}:{self._mark(holder.name)}"
            keys += (bucket, f"{bucket}:turns")
        return keys

    def _near_of(self, holders: Holders) -> _Near:
        near = self._near.get(holders.name)
        if near is None:
            near = self._near[holders.name] = _Near()
            if len(self._near) > CALLERS_NEAR:
                self._near.popitem(last=False)
        else:
            self._near.move_to_end(holders.name)
        return near

    def _keep_renewing(self) -> None:
        task, loop = self._renewing, asyncio.get_running_loop()
        if task is None or task.done() or task.get_loop() is not loop:
            self._renewing = loop.create_task(self._renew())

    async def _renew(self) -> None:
        """Let Redis hear of turns that take their time, as long as there are any."""
        while self._under_way:
            await asyncio.sleep(self._lease_s / 3)
            long_s = self._clock() - self._lease_s / 4
            each = [
                (self._keys(one.holders), (turn_id, self._lease_s))
                for turn_id, one in self._under_way.items()
                if one.since_s < long_s
            ]
            try:
                await self._link.call(lambda redis, each=each: RENEW.run_each(redis, each))
            except RedisAway:
                continue


def handful(holders: Holders) -> int:
    """Choose how many turns a caller in full swing takes at a time."""
    minutes = [
        holder.limit.turns_per_minute + holder.limit.burst
        for holder in holders.each
        if holder.limit.turns_per_minute
    ]
    return max(1, min(minutes, default=0) // HANDFUL_OF)
