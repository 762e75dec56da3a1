"""Tokens are reserved and settled, turns at once are let go, and Redis counts as a process does."""

import asyncio
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guardian import shared_budgets
from guardian.core.buckets import Day, Lack
from guardian.core.limits import Book, Holder, Holders, Limit, OwnLimit, neighbourhood
from guardian.limiter import OwnBudgets
from guardian.shared_budgets import SharedBudgets
from tests.houses import a_link
from tests.test_limits_hold_over_any_window import Seconds

ROOMY = Limit("program", 600, 100)


class Days:
    """A calendar that is turned by hand."""

    def __init__(self) -> None:
        self.number = 1

    def __call__(self) -> Day:
        return Day(f"2026-11-{self.number:02d}", 3600.0)


def one(limit: Limit, name: str = "key:a") -> Holders:
    return Holders("alice", (Holder(name, limit),), name)


def an_own() -> tuple[OwnBudgets, Seconds, Days]:
    seconds, days = Seconds(), Days()
    return OwnBudgets(seconds, days), seconds, days


async def left(budgets: OwnBudgets | SharedBudgets, holders: Holders, measure: str) -> int:
    return next(level.left for level in await budgets.look(holders) if level.measure == measure)


async def test_what_is_not_spent_comes_back():
    budgets, _, _ = an_own()
    holders = one(Limit("program", 600, 100, 1000, 10_000))

    assert await budgets.begin(holders, "t", 800) is None
    assert await left(budgets, holders, "tokens") == 200
    assert await budgets.begin(holders, "u", 300) == Lack("tokens", "key", pytest.approx(6.0))
    await budgets.settle("t", 100)

    assert await left(budgets, holders, "tokens") == 900
    assert await left(budgets, holders, "day") == 9_900


async def test_what_is_overspent_is_owed():
    budgets, seconds, _ = an_own()
    holders = one(Limit("program", 600, 100, 60))
    await budgets.begin(holders, "t", 10)
    await budgets.settle("t", 120)

    lack = await budgets.begin(holders, "u", 1)
    assert lack == Lack("tokens", "key", pytest.approx(61.0))
    seconds.now += lack.wait_s
    assert await budgets.begin(holders, "u", 1) is None


async def test_a_question_larger_than_a_minute_is_let_through_when_the_minute_is_whole():
    budgets, seconds, _ = an_own()
    holders = one(Limit("program", 600, 100, 60))

    assert await budgets.begin(holders, "t", 500) is None
    await budgets.settle("t", 500)
    assert (await budgets.begin(holders, "u", 500)).measure == "tokens"
    seconds.now += 500
    assert await budgets.begin(holders, "u", 500) is None


async def test_a_day_ends_at_midnight():
    budgets, _, days = an_own()
    holders = one(Limit("program", 600, 100, 0, 100))
    await budgets.begin(holders, "t", 90)
    await budgets.begin(holders, "over midnight", 90)

    assert await budgets.begin(holders, "u", 1) == Lack("day", "key", 3600.0)
    days.number += 1
    assert await left(budgets, holders, "day") == 100
    await budgets.settle("over midnight", 30)
    assert await left(budgets, holders, "day") == 70  # what was reserved is yesterday's


async def test_as_many_turns_are_under_way_as_may_be():
    budgets, _, _ = an_own()
    holders = one(Limit("program", 600, 100, at_once=2))
    assert [await budgets.begin(holders, turn, 1) for turn in "abc"][2].measure == "at_once"

    await budgets.settle("a", 1)
    await budgets.settle("a", 1)  # once is enough

    assert await budgets.begin(holders, "c", 1) is None
    assert (await budgets.begin(holders, "d", 1)).measure == "at_once"


async def test_a_turn_that_one_holder_refuses_costs_the_others_nothing():
    budgets, _, _ = an_own()
    roomy, tight = Holder("key:a", ROOMY), Holder("tenant:a", Limit("tenant", 1, 1))
    both = Holders("alice", (roomy, tight), "both")

    assert await budgets.enter(both) is None
    assert (await budgets.enter(both)).kind == "tenant"
    assert await left(budgets, Holders("alice", (roomy,), "a"), "turns") == 99


async def test_no_limit_at_all_lets_everything_through():
    budgets, _, _ = an_own()
    free = one(Limit("program", 0, 1))

    assert [await budgets.enter(free) for _ in range(100)] == [None] * 100
    assert await budgets.begin(free, "t", 10**9) is None
    assert await budgets.look(free) == ()


def test_a_caller_draws_on_the_budgets_of_all_whom_it_belongs_to():
    book = Book((ROOMY,), (OwnLimit("owner:7", 1, 1), OwnLimit("address:2001:db8::/64", 2, 2)))

    def names(role: str, person: str, user_id: int | None) -> list[str]:
        found = book.holders(
            role=role, person=person, user_id=user_id, tenant="acme", address="2001:db8::1"
        )
        return [holder.name for holder in found.each]

    assert names("program", "key:a", 7) == [
        *("key:a", "owner:7", "tenant:acme", "address:2001:db8::/64")
    ]
    assert names("member", "user:7", 7) == ["user:7", "tenant:acme", "address:2001:db8::/64"]
    assert names("guest", "guest:x", None) == ["guest:x", "address:2001:db8::/64"]
    told = book.holders(
        role="program", person="key:a", user_id=7, tenant="acme", address="2001:db8::2"
    )
    assert [holder.limit.turns_per_minute for holder in told.each] == [600, 1, 6765, 2]


def test_a_house_is_one_address():
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:1")
    assert neighbourhood("::ffff:192.0.2.7") == neighbourhood("192.0.2.7") == "192.0.2.7"
    assert neighbourhood("fe80::1%eth0") == "fe80::/64"
    assert neighbourhood("testclient") == "testclient"


LIMITS = st.builds(
    Limit,
    st.just("program"),
    st.sampled_from([0, 6, 60]),
    st.integers(1, 3),
    st.sampled_from([0, 60, 600]),
    st.sampled_from([0, 500]),
    st.sampled_from([0, 2]),
)
DEEDS = st.one_of(
    st.tuples(st.just("enter"), st.just(0), st.just(0)),
    st.tuples(st.just("begin"), st.integers(0, 5), st.integers(1, 300)),
    st.tuples(st.just("settle"), st.integers(0, 5), st.integers(0, 300)),
    st.tuples(st.just("wait"), st.integers(1, 20), st.just(0)),
    st.tuples(st.just("midnight"), st.just(0), st.just(0)),
)


@pytest.mark.needs_redis
@settings(max_examples=55, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=LIMITS, second=LIMITS, deeds=st.lists(DEEDS, max_size=30))
def test_redis_counts_as_a_process_does(redis_url, first, second, deeds):
    async def both() -> None:
        own, seconds, days = an_own()
        link = a_link(redis_url, f"alice-test-{uuid4().hex}")
        shared = SharedBudgets(
            link,
            OwnBudgets(seconds, days),
            clock=seconds,
            today=days,
            mark=str,
            lease_s=1e6,
            time=seconds,
        )
        holders = Holders("a", (Holder("key:a", first), Holder("tenant:a", second)), "a")
        under_way: set[str] = set()
        try:
            for deed, number, tokens in deeds:
                turn = f"turn {number}"
                if deed == "wait":
                    seconds.now += number
                elif deed == "midnight":
                    days.number += days.number < 28
                elif deed == "settle":
                    under_way.discard(turn)
                    await own.settle(turn, tokens)
                    await shared.settle(turn, tokens)
                elif deed == "enter":
                    same(await own.enter(holders), await shared.enter(holders))
                elif turn not in under_way:
                    mine = await own.begin(holders, turn, tokens)
                    same(mine, await shared.begin(holders, turn, tokens))
                    under_way |= set() if mine else {turn}
                for one, other in zip(
                    await own.look(holders), await shared.look(holders), strict=True
                ):
                    assert (one.measure, one.left) == (other.measure, other.left)
                    assert one.reset_s == pytest.approx(other.reset_s, abs=1e-3)
        finally:
            await shared.aclose()
            if keys := await link.client().keys(f"{link.prefix}:*"):
                await link.client().delete(*keys)
            await link.aclose()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared_budgets, "NEAR_S", 0.0)
        asyncio.run(both())


def same(one: Lack | None, other: Lack | None) -> None:
    if one is None or other is None:
        assert one is other
    else:
        assert (one.measure, one.kind) == (other.measure, other.kind)
        assert one.wait_s == pytest.approx(other.wait_s, abs=1e-3)
