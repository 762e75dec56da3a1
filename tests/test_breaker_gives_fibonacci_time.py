"""The breaker opens after failures in a row and lets one try through after each longer delay."""

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from fibcache.core.breaker import DELAYS_S, JITTER_SHARE, FibonacciBreaker


class Seconds:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def a_breaker(**named):
    seconds = Seconds()
    return FibonacciBreaker(clock=seconds, **named), seconds


def opened(**named):
    breaker, seconds = a_breaker(**named)
    for _ in range(3):
        breaker.failed()
    return breaker, seconds


def test_failures_in_a_row_open_it():
    breaker, _ = a_breaker(failures_to_open=2)
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.allow()

    breaker.failed()

    assert breaker.state == "open"
    assert not breaker.allow()


def test_each_failed_probe_waits_longer():
    breaker, seconds = opened()
    waits = []
    for _ in range(8):
        waits.append(breaker.retry_in_s)
        seconds.now += breaker.retry_in_s
        assert breaker.allow()
        breaker.failed()

    assert waits == [1, 2, 3, 5, 8, 13, 13, 13]


def test_only_one_probe_at_a_time():
    breaker, seconds = opened()
    seconds.now += 1

    assert [breaker.allow() for _ in range(5)] == [True, False, False, False, False]
    assert breaker.state == "probing"


def test_a_good_probe_closes_it_and_forgets():
    breaker, seconds = opened()
    seconds.now += 1
    breaker.allow()
    breaker.failed()
    seconds.now += 2
    breaker.allow()

    breaker.succeeded()

    assert (breaker.state, breaker.retry_in_s) == ("closed", 0.0)
    for _ in range(3):
        breaker.failed()
    assert breaker.retry_in_s == 1


def test_a_lost_probe_does_not_keep_it_shut():
    breaker, seconds = opened()
    seconds.now += 1
    assert breaker.allow()

    seconds.now += 1

    assert breaker.allow()


def test_jitter_only_lengthens_a_delay():
    breaker, _ = opened(jitter=lambda: 1.0)

    assert breaker.retry_in_s == pytest.approx(1 + JITTER_SHARE)


class Life(RuleBasedStateMachine):
    """Any order of tries, results and waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.breaker, self.seconds = a_breaker()
        self.let_in_at: float | None = None  # since it opened

    @rule()
    def attempt(self):
        if self.breaker.state == "closed":
            assert self.breaker.allow()
        elif self.breaker.allow():
            if self.let_in_at is not None:
                assert self.seconds.now - self.let_in_at >= DELAYS_S[0]
            self.let_in_at = self.seconds.now

    @rule()
    def good(self):
        self.breaker.succeeded()
        self.let_in_at = None
        assert self.breaker.state == "closed"

    @rule()
    def bad(self):
        before = self.breaker.state
        self.breaker.failed()
        if before == "probing":
            assert self.breaker.state == "open"

    @rule(seconds=st.floats(0, 20))
    def wait(self, seconds):
        self.seconds.now += seconds

    @invariant()
    def is_never_shut_for_longer_than_the_last_delay(self):
        assert 0 <= self.breaker.retry_in_s <= DELAYS_S[-1]


TestLife = Life.TestCase
