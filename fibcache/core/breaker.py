"""A breaker that gives what is broken Fibonacci time to mend.

closed  → open     after `failures_to_open` failures in a row
open    → probing  when the delay is over: one caller may try
probing → closed   the try went well
probing → open     it did not, and the next delay is longer: 1, 2, 3, 5, 8, 13 s
"""

from collections.abc import Callable, Sequence

from .fib import FIBONACCI

DELAYS_S: tuple[float, ...] = tuple(float(number) for number in FIBONACCI[:6])
JITTER_SHARE = 0.21  # of a delay, at most, so that many processes do not knock at once


class FibonacciBreaker:
    """Tell who may try, from what the tries before them met.

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
        self._failures = 0  # in a row, while closed
        self._probes = 0  # failed since it opened
        self._retry_at: float | None = None  # None while closed
        self._probing = False

    @property
    def state(self) -> str:
        """Name the state: "closed", "open" or "probing"."""
        if self._retry_at is None:
            return "closed"
        return "probing" if self._probing else "open"

    @property
    def retry_in_s(self) -> float:
        """Count the seconds until the next try is let through; 0.0 when one would be now."""
        if self._retry_at is None:
            return 0.0
        return max(0.0, self._retry_at - self._clock())

    def allow(self) -> bool:
        """Let a try through: any while closed, one for each delay otherwise.

        A probe that never reports back (its turn was cancelled) stands in the way for one delay
        only; then another may try.
        """
        if self._retry_at is None:
            return True
        if self._clock() < self._retry_at:
            return False
        self._probing = True
        self._wait()
        return True

    def succeeded(self) -> None:
        """Note that a try went well."""
        self._failures = self._probes = 0
        self._retry_at, self._probing = None, False

    def failed(self) -> None:
        """Note that a try failed."""
        if self._retry_at is None:
            self._failures += 1
            if self._failures >= self._failures_to_open:
                self._wait()
        elif self._probing:
            self._probes += 1
            self._probing = False
            self._wait()
        # Otherwise it began before the breaker opened, and says nothing new.

    def _wait(self) -> None:
        delay_s = self._delays_s[min(self._probes, len(self._delays_s) - 1)]
        self._retry_at = self._clock() + delay_s * (1 + JITTER_SHARE * self._jitter())
