"""An edit is in force in every process within a second; no trouble takes the settings away."""

import asyncio
import time
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext, override_settings
from structlog.testing import capture_logs

from chat import live, revisions
from chat.core.policy import Policy
from chat.db import in_db
from chat.live import Live
from chat.models import Revision, RoutingSettings

pytestmark = pytest.mark.django_db(transaction=True)


class Hand:
    """Monotonic seconds, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def hand() -> Hand:
    return Hand()


def publish(plan_within_ms: int) -> Revision:
    RoutingSettings.objects.update(plan_within_ms=plan_within_ms)
    return revisions.publish(author=None)


def count_looks(other: Live) -> list[float]:
    """Note every look at the database."""
    looks: list[float] = []
    look = other._take_newest

    def counted() -> None:
        looks.append(time.monotonic())
        look()

    other._take_newest = counted  # type: ignore[method-assign]
    return looks


async def test_another_process_sees_an_edit_within_a_second(hand: Hand) -> None:
    here, there = Live(hand), Live(hand)
    assert (await here.current()).revision == (await there.current()).revision == 1

    await in_db(publish, 900)
    hand.seconds += 1.0

    for process in (here, there):
        policy = await process.current()
        assert (policy.revision, policy.routing.plan_within_ms) == (2, 900)


async def test_the_same_policy_object_is_given_until_it_changes(hand: Hand) -> None:
    there = Live(hand)
    first = await there.current()

    hand.seconds += 5

    assert await there.current() is first


async def test_it_looks_at_most_once_a_second_and_for_all_who_wait(hand: Hand) -> None:
    there = Live(hand)
    looks = count_looks(there)

    await asyncio.gather(*(there.current() for _ in range(20)))
    hand.seconds += 0.9
    await there.current()
    assert len(looks) == 1

    hand.seconds += 0.2
    await asyncio.gather(*(there.current() for _ in range(20)))
    assert len(looks) == 2


async def test_giving_up_waiting_does_not_stop_the_look_for_others(hand: Hand) -> None:
    there = Live(hand)
    first, second = (asyncio.create_task(there.current()) for _ in range(2))
    await asyncio.sleep(0)

    first.cancel()

    assert (await second).revision == 1


async def test_the_last_settings_stay_while_the_database_is_away(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Live(hand)
    good = await there.current()

    def away() -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as patched, capture_logs() as logged:
        patched.setattr(there, "_take_newest", away)
        for _ in range(3):
            hand.seconds += 2
            assert await there.current() is good
    assert [line["event"] for line in logged] == ["live_settings_unreachable"]
    await in_db(publish, 900)
    hand.seconds += 2

    assert (await there.current()).revision == 2


async def test_a_start_without_a_database_has_the_starting_settings(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Live(hand)
    monkeypatch.setattr(there, "_take_newest", lambda: 1 / 0)

    with override_settings(ALICE_GUESTS=False):
        policy = await there.current()

    assert policy.revision == 0
    assert policy.rules
    assert "guests" in policy.off
    assert await there.current() is policy


async def test_a_slow_database_holds_nobody_up(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    there = Live(hand)
    good = await there.current()
    monkeypatch.setattr(live, "PATIENCE_S", 0.01)
    monkeypatch.setattr(there, "_take_newest", lambda: time.sleep(0.1))
    hand.seconds += 2

    assert await there.current() is good


async def test_a_snapshot_that_can_not_be_read_is_passed_over(hand: Hand) -> None:
    there = Live(hand)
    good = await there.current()
    broken = Revision(number=2, snapshot={"bounds": {"message_chars": "many"}})
    await in_db(broken.save)

    with capture_logs() as logged:
        for _ in range(3):
            hand.seconds += 2
            assert await there.current() is good
    assert [line["event"] for line in logged] == ["revision_unreadable"]


async def test_a_look_that_finds_nothing_new_is_one_small_query(hand: Hand) -> None:
    there = Live(hand)
    await there.current()
    hand.seconds += 2

    def look() -> list[Any]:
        with CaptureQueriesContext(connection) as captured:
            there.current_sync()
        return captured.captured_queries

    (query,) = await in_db(look)
    assert "snapshot" not in query["sql"]


def test_code_without_an_event_loop_has_the_same_settings(hand: Hand) -> None:
    there = Live(hand)
    assert there.current_sync().revision == 1

    publish(900)
    assert there.current_sync().revision == 1

    hand.seconds += 1
    assert there.current_sync().revision == 2


def test_this_process_sees_its_own_edit_at_once() -> None:
    assert live.current_sync().revision == 1

    publish(900)

    assert live.current_sync().routing.plan_within_ms == 900


async def test_a_pinned_policy_is_in_force_until_let_go() -> None:
    before = await live.current()

    with live.pinned(Policy(revision=77)) as policy:
        assert await live.current() is policy
    assert await live.current() is before


async def test_a_fresh_snapshot_costs_next_to_nothing(hand: Hand) -> None:
    there = Live(time.monotonic)
    await there.current()
    rounds = []
    for _ in range(5):
        there._until = time.monotonic() + 60
        began = time.perf_counter()
        for _ in range(1000):
            await there.current()
        rounds.append((time.perf_counter() - began) / 1000)

    assert min(rounds) < 2e-6  # measured 0.5 µs; the limit leaves room for a busy machine
