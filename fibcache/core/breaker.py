"""A breaker that gives what is broken Fibonacci time to mend.

closed  → open     after `failures_to_open` failures in a row
open    → probing  when the delay is over: one caller may try
probing → closed   the try went well
probing → open     it did not, and the next delay is longer: 1, 2, 3, 5, 8, 13 s
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .fib import FIBONACCI

DELAYS_S: tuple[float, ...] = tuple(float(number) for number in FIBONACCI[:6])
JITTER_SHARE = 0.21  # of a delay, at most, so that many processes do not knock at once


@dataclass(frozen=True, slots=True)
class Memory:
    """All that a breaker remembers; whoever is given it goes on where the other was.

    Attributes:
        failures: in a row, while closed.
        probes: that failed since it opened.
        retry_at: when the next try is let through, by the breaker's clock; None while closed.
        probing: somebody tries now.
    """

    failures: int = 0
    probes: int = 0
    retry_at: float | None = None
    probing: bool = False


WELL = Memory()
"""Of a closed breaker that has met no failure since the last success."""


class FibonacciBreaker:
    """Tell who may try, from what the tries before them met.

    `memory` may be taken out and put in: processes that share one share a breaker
    (`fibcache/stores/breaker.py`).

    Args:
        clock: monotonic seconds.
        delays_s: open time after each failed probe; the last one repeats.
        failures_to_open: failures in a row that open a closed breaker.
        jitter: gives 0..1, the share of the jitter that is added to a delay.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        delays_s: Sequence[float] = DELAYS_S,
        failures_to_open: int = 3,
        jitter: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._clock, self._delays_s, self._jitter = clock, tuple(delays_s), jitter
        self._failures_to_open = failures_to_open
        self.memory = WELL

    @property
    def state(self) -> str:
        """Name the state: "closed", "open" or "probing"."""
        if self.memory.retry_at is None:
            return "closed"
        return "probing" if self.memory.probing else "open"

    @property
    def retry_in_s(self) -> float:
        """Count the seconds until the next try is let through; 0.0 when one would be now."""
        if self.memory.retry_at is None:
            return 0.0
        return max(0.0, self.memory.retry_at - self._clock())

    def allow(self) -> bool:
        """Let a try through: any while closed, one for each delay otherwise.

        A probe that never reports back (its turn was cancelled) stands in the way for one delay
        only; then another may try.
        """
        if self.memory.retry_at is None:
            return True
        if self._clock() < self.memory.retry_at:
            return False
        self._wait(probing=True)
        return True

    def succeeded(self) -> None:
        """Note that a try went well."""
        self.memory = WELL

    def failed(self) -> None:
        """Note that a try failed."""
        if self.memory.retry_at is None:
            self.memory = replace(self.memory, failures=self.memory.failures + 1)
            if self.memory.failures >= self._failures_to_open:
                self._wait()
        elif self.memory.probing:
            self.memory = replace(self.memory, probes=self.memory.probes + 1)
            self._wait()
        # Otherwise it began before the breaker opened, and says nothing new.

    def _wait(self, *, probing: bool = False) -> None:
        delay_s = self._delays_s[min(self.memory.probes, len(self._delays_s) - 1)]
        retry_at = self._clock() + delay_s * (1 + JITTER_SHARE * self._jitter())
        self.memory = replace(self.memory, retry_at=retry_at, probing=probing)
