"""What one holder has used of its limits, and whether there is room for more.

The same rules are carried over to Lua in `guardian/limit_scripts.py`; a test holds the two against
each other.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .limits import Holder, Limit, take

ASK_AGAIN_S = 2.0
"""Told to whoever has too many turns under way: nobody knows when an answer ends."""

MINUTE_S = 60.0
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day where Alice is at home."""

    name: str  # "2026-11-23"
    ends_in_s: float


@dataclass(frozen=True, slots=True)
class Want:
    """What a turn asks of each of its holders."""

    turns: int = 0
    tokens: int = 0  # to be reserved
    turn_id: str = ""  # that is to be under way; empty: none


@dataclass(frozen=True, slots=True)
class Lack:
    """What there is too little of, whose it is, and how long to wait for it."""

    measure: str  # turns, tokens, day, at_once
    kind: str  # of the holder
    wait_s: float


@dataclass(frozen=True, slots=True)
class Level:
    """How one limit stands. `left` and the rest are as exact as the last look."""

    measure: str  # turns, tokens, day, at_once
    holder: str
    limit: int
    left: int
    reset_s: float  # until all of it is there again; 0 where none is used, or nobody can tell
    window_s: float  # in which `limit` may be used; 0 for turns at once
    burst: int = 0  # of turns: what a full bucket holds

    @property
    def used(self) -> int:
        """Count what is used of a full bucket."""
        return max(0, (self.burst or self.limit) - self.left)


@dataclass(slots=True)
class Bucket:
    """What one holder has used."""

    turns_full_at_s: float = float("-inf")
    tokens_full_at_s: float = float("-inf")
    day: str = ""
    day_used: int = 0
    under_way: dict[str, tuple[int, str]] = field(default_factory=dict)  # turn: reserved, when

    def used_in(self, day: Day) -> int:
        """Count the tokens of a day."""
        return self.day_used if self.day == day.name else 0

    def lack(self, limit: Limit, want: Want, now_s: float, day: Day) -> tuple[str, float] | None:
        """Tell what there is too little of, and for how long; None where there is room."""
        if want.turns and limit.turns_per_minute:
            _, wait_s = take(
                self.turns_full_at_s,
                now_s=now_s,
                per_minute=limit.turns_per_minute,
                burst=max(limit.burst, 1),
                count=want.turns,
            )
            if wait_s:
                return "turns", wait_s
        if want.turn_id and limit.at_once and len(self.under_way) >= limit.at_once:
            return "at_once", ASK_AGAIN_S
        # Whoever has anything left of the day gets a last answer.
        if want.tokens and 0 < limit.tokens_per_day <= self.used_in(day):
            return "day", day.ends_in_s
        if want.tokens and limit.tokens_per_minute:
            _, wait_s = take(
                self.tokens_full_at_s,
                now_s=now_s,
                per_minute=limit.tokens_per_minute,
                burst=limit.tokens_per_minute,
                count=min(want.tokens, limit.tokens_per_minute),
            )
            if wait_s:
                return "tokens", wait_s
        return None

    def give(self, limit: Limit, want: Want, now_s: float, day: Day) -> None:
        """Take what `lack` has found room for."""
        if want.turns and limit.turns_per_minute:
            one_s = MINUTE_S / limit.turns_per_minute
            self.turns_full_at_s = max(self.turns_full_at_s, now_s) + want.turns * one_s
        if want.turn_id:
            self._charge(limit, want.tokens, now_s, day)
            self.under_way[want.turn_id] = (want.tokens, day.name)

    def settle(self, limit: Limit, turn_id: str, spent: int, now_s: float, day: Day) -> None:
        """Let a turn go, and count what it really spent in place of what was reserved for it."""
        reserved, reserved_on = self.under_way.pop(turn_id, (0, day.name))
        if reserved_on != day.name:  # midnight passed: what was reserved is yesterday's
            self._charge_day(spent, day)
            self._charge_minute(limit, spent - reserved, now_s)
        else:
            self._charge(limit, spent - reserved, now_s, day)

    def levels(self, holder: Holder, now_s: float, day: Day) -> Iterator[Level]:
        """Tell how each limit stands."""
        yield from levels(
            holder,
            turns_full_in_s=self.turns_full_at_s - now_s,
            tokens_full_in_s=self.tokens_full_at_s - now_s,
            day_used=self.used_in(day),
            under_way=len(self.under_way),
            day=day,
        )

    def _charge(self, limit: Limit, tokens: int, now_s: float, day: Day) -> None:
        self._charge_day(tokens, day)
        self._charge_minute(limit, tokens, now_s)

    def _charge_day(self, tokens: int, day: Day) -> None:
        self.day, self.day_used = day.name, max(0, self.used_in(day) + tokens)

    def _charge_minute(self, limit: Limit, tokens: int, now_s: float) -> None:
        if limit.tokens_per_minute:
            full_at_s = max(self.tokens_full_at_s, now_s) if tokens > 0 else self.tokens_full_at_s
            self.tokens_full_at_s = full_at_s + tokens * MINUTE_S / limit.tokens_per_minute


def levels(
    holder: Holder,
    *,
    turns_full_in_s: float,
    tokens_full_in_s: float,
    day_used: int,
    under_way: int | None,
    day: Day,
) -> Iterator[Level]:
    """Tell how each limit of a holder stands; those that are none are left out.

    Args:
        under_way: None where nobody has looked.
    """
    limit, name = holder.limit, holder.name
    if limit.turns_per_minute:
        full, burst = max(0.0, turns_full_in_s), max(limit.burst, 1)
        left = _left(burst, full, limit.turns_per_minute)
        yield Level("turns", name, limit.turns_per_minute, left, full, MINUTE_S, burst)
    if limit.tokens_per_minute:
        full = max(0.0, tokens_full_in_s)
        left = _left(limit.tokens_per_minute, full, limit.tokens_per_minute)
        yield Level("tokens", name, limit.tokens_per_minute, left, full, MINUTE_S)
    if limit.tokens_per_day:
        left = max(0, limit.tokens_per_day - day_used)
        yield Level("day", name, limit.tokens_per_day, left, day.ends_in_s, DAY_S)
    if limit.at_once and under_way is not None:
        yield Level("at_once", name, limit.at_once, max(0, limit.at_once - under_way), 0.0, 0.0)


def _left(capacity: int, full_in_s: float, per_minute: int) -> int:
    return max(0, int(capacity - full_in_s * per_minute / MINUTE_S + 1e-6))
