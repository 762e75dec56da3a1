"""A breaker that processes share: one opens it for all, and one of them all probes.

    alice:breaker:<name>    what the breaker remembers (`fibcache.core.breaker.Memory`), as JSON

The rules are `FibonacciBreaker`'s alone. Here its memory is fetched, changed, and put back if
nobody was faster; else it is fetched and changed again. Redis tells the time as well, since the
processes may run on several machines.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec

from fibcache.core.breaker import DELAYS_S, WELL, FibonacciBreaker, Memory

from .link import Link, RedisAway

FRESH_S = 0.233
"""So long is the memory that was last seen believed: how late a process hears of another's."""

KEPT_S = 89.0
"""A memory that nobody changes is kept so long; then each process goes by its own."""

_SWAP = """
local have, mine = redis.call('GET', KEYS[1]) or '', 0
if ARGV[2] ~= '' and have == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
  mine = 1
end
local now = redis.call('TIME')
return {have, mine, now[1], now[2]}
"""

T = TypeVar("T")


class SharedBreaker:
    """One process's end of a breaker.

    Args:
        name: of what is tried, the same in all processes.
        link: the line to Redis; None, and a Redis that is away, leave each process to itself.
        monotonic: seconds that never run backwards.
        delays_s, failures_to_open, jitter: as `FibonacciBreaker` takes them.
    """

    def __init__(
        self,
        name: str,
        link: Link | None,
        *,
        monotonic: Callable[[], float],
        jitter: Callable[[], float],
        delays_s: Sequence[float] = DELAYS_S,
        failures_to_open: int = 3,
    ) -> None:
        self.name = name
        self._link, self._monotonic = link, monotonic
        self._key = f"{link.prefix}:breaker:{name}" if link else ""
        self._ahead_s = 0.0  # of Redis' clock before ours
        self._seen_at = float("-inf")
        self._own = FibonacciBreaker(
            clock=lambda: self._monotonic() + self._ahead_s,
            delays_s=delays_s,
            failures_to_open=failures_to_open,
            jitter=jitter,
        )

    @property
    def state(self) -> str:
        """Name the state as it was last seen: "closed", "open" or "probing"."""
        return self._own.state

    @property
    def retry_in_s(self) -> float:
        """Count the seconds until the next try is let through; 0.0 when one would be now."""
        return self._own.retry_in_s

    async def allow(self) -> bool:
        """Let a try through: any while closed, one of all processes' for each delay otherwise."""
        if self._monotonic() - self._seen_at < FRESH_S:
            if self.state == "closed":
                return True
            if self.retry_in_s > 0:
                return False
        return await self._together(self._own.allow)

    async def succeeded(self) -> None:
        """Note that a try went well."""
        if self._own.memory != WELL:
            await self._together(self._own.succeeded)

    async def failed(self) -> None:
        """Note that a try failed."""
        await self._together(self._own.failed)

    async def look(self) -> None:
        """See how it stands with the others, for `state` and `retry_in_s`."""
        await self._together(lambda: None)

    async def _together(self, change: Callable[[], T]) -> T:
        """Change what all remember. Each round that is lost, another's change was kept."""
        if self._link is None:
            return change()
        while True:
            try:
                seen, _ = await self._swapped(self._link)
            except RedisAway:
                return change()
            self._own.memory = before = _read(seen, otherwise=self._own.memory)
            answer = change()
            after = self._own.memory
            if after == before:
                return answer
            try:
                _, kept = await self._swapped(self._link, seen, msgspec.json.encode(after))
            except RedisAway:
                return answer
            if kept:
                self._own.memory = after
                return answer

    async def _swapped(
        self, link: Link, expected: bytes = b"", new: bytes = b""
    ) -> tuple[bytes, bool]:
        """Look, and put `new` in the place of `expected` if that is what is there.

        Raises:
            RedisAway: nobody can tell.
        """
        kept_ms = round(KEPT_S * 1000)
        answer: Any = await link.call(
            lambda redis: redis.eval(_SWAP, 1, self._key, expected, new, kept_ms)
        )
        have, mine, seconds, micros = answer
        self._seen_at = self._monotonic()
        self._ahead_s = int(seconds) + int(micros) / 1e6 - self._seen_at
        return have, bool(mine)


def _read(seen: bytes, *, otherwise: Memory) -> Memory:
    """Read a memory; `otherwise` where there is none, or another version's."""
    try:
        return msgspec.json.decode(seen, type=Memory) if seen else otherwise
    except msgspec.DecodeError:
        return otherwise
