"""No caller gets more than the burst and what was refilled, and the wait told is enough."""

from hypothesis import given
from hypothesis import strategies as st

from guardian.core.limits import ROUNDING_S, Limit, strictest
from guardian.limiter import TokenBuckets

RATES = st.integers(1, 700)
BURSTS = st.integers(1, 90)
PAUSES_S = st.lists(st.floats(0, 90), min_size=1, max_size=60)


class Seconds:
    """A clock that moves when told to."""

    def __init__(self) -> None:
        self.now = 50_000.0

    def __call__(self) -> float:
        return self.now


@given(RATES, BURSTS, PAUSES_S)
def test_any_window_holds_at_most_the_burst_and_its_refill(per_minute, burst, pauses_s):
    seconds = Seconds()
    buckets = TokenBuckets(seconds)
    taken_at = []
    for pause_s in pauses_s:
        seconds.now += pause_s
        while len(taken_at) < 500 and not buckets.take("a", per_minute=per_minute, burst=burst):
            taken_at.append(seconds.now)

    for first, start in enumerate(taken_at):
        for last in range(first, len(taken_at)):
            window_s = taken_at[last] - start + 2 * ROUNDING_S
            assert last - first + 1 <= burst + window_s * per_minute / 60


@given(RATES, BURSTS, PAUSES_S)
def test_the_wait_told_is_enough_and_not_too_long(per_minute, burst, pauses_s):
    seconds = Seconds()
    buckets = TokenBuckets(seconds)

    def take() -> float:
        return buckets.take("a", per_minute=per_minute, burst=burst)

    for pause_s in pauses_s:
        seconds.now += pause_s
        if wait_s := take():
            assert wait_s <= 60 / per_minute + ROUNDING_S
            seconds.now += wait_s
            assert take() == 0.0


def test_a_quiet_caller_never_waits():
    seconds = Seconds()
    buckets = TokenBuckets(seconds)
    for _ in range(1000):
        assert buckets.take("a", per_minute=30, burst=1) == 0.0
        seconds.now += 2


def test_callers_do_not_share_a_bucket():
    buckets = TokenBuckets(Seconds())
    assert buckets.take("a", per_minute=1, burst=1) == 0.0
    assert buckets.take("a", per_minute=1, burst=1) > 0

    assert buckets.take("b", per_minute=1, burst=1) == 0.0


def test_a_flood_of_callers_takes_no_more_memory_than_allowed():
    buckets = TokenBuckets(Seconds(), capacity_callers=10)
    for number in range(1000):
        buckets.take(f"guest:{number}", per_minute=1, burst=1)

    assert len(buckets) == 10
    assert buckets.take("guest:999", per_minute=1, burst=1) > 0


def test_a_role_without_a_limit_gets_the_strictest():
    limits = (Limit("staff", 89, 34), Limit("guest", 21, 8))

    assert strictest(limits) == limits[1]
