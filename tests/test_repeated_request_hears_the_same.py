"""A request that comes again under its Idempotency-Key is answered once and heard alike."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from chat.core.errors import ModelFailed
from chat.core.events import Done, Failed, Noted, Started, ToolCalled, text_of
from chat.core.kit import Kit
from chat.core.turn import Caller, Turn
from chat.models import ReplayRecord
from chat.replays import DatabaseReplays
from tests.fakes import FixedClock, ScriptedSpeaker, a_kit, a_turn, hear

pytestmark = pytest.mark.django_db(transaction=True)

ELSEWHERE = "another-machine 1"


def a_request(text: str = "hej", *, key: str = "k", fingerprint: str = "f", **more: Any) -> Turn:
    return a_turn(text, idempotency_key=key, fingerprint=fingerprint, **more)


def a_house(*script: Any, clock: FixedClock | None = None, holder: str = "") -> Kit:
    clock = clock or FixedClock()
    replays = DatabaseReplays(clock, holder=holder)
    return a_kit(speaker=ScriptedSpeaker(*script), replays=replays, clock=clock)


def times_answered(kit: Kit) -> int:
    return len(kit.speakers["planner"].turns)


async def under_way(kit: Kit, *requests: Turn) -> list[asyncio.Task]:
    """Start requests and let them come as far as they can."""
    tasks = [asyncio.create_task(hear(request, kit)) for request in requests]
    async with asyncio.timeout(2):
        while times_answered(kit) == 0:
            await asyncio.sleep(0.002)
    return tasks


async def test_many_at_once_share_one_answer():
    may_end = asyncio.Event()
    kit = a_house("Hej ", Noted("waiting", "…"), may_end, "på dig!")
    tasks = await under_way(kit, *(a_request() for _ in range(21)))
    late = asyncio.create_task(hear(a_request(), kit))
    await asyncio.sleep(0.01)
    may_end.set()

    told = await asyncio.gather(*tasks, late)

    assert times_answered(kit) == 1
    assert {text_of(events) for events in told} == {"Hej på dig!"}
    assert len({events[0].turn_id for events in told}) == 1
    assert {events[0].route for events in told} == {"planner"}
    assert sorted(events[0].source for events in told) == ["planner"] + ["replay"] * 21
    assert all(isinstance(events[-1], Done) for events in told)


async def test_asked_again_later_says_the_same_events():
    call = ToolCalled("räkna", {"uttryck": "1+1"})
    kit = a_house(call, "två", Noted("n", "å"))
    first = await hear(a_request(conversation_id="c-1"), kit)

    again = await hear(a_request(conversation_id="c-2"), kit)

    assert again[1:-1] == first[1:-1]
    assert again[0] == Started(first[0].turn_id, "replay", "planner", "c-1")
    assert times_answered(kit) == 1


async def test_survives_a_restart():
    await hear(a_request(), a_house("Hej på dig!"))
    restarted = a_house("Något annat.")

    again = await hear(a_request(), restarted)

    assert text_of(again) == "Hej på dig!"
    assert times_answered(restarted) == 0


async def test_is_forgotten_when_its_time_is_out():
    clock = FixedClock()
    kit = a_house("Hej!", clock=clock)
    await hear(a_request(), kit)
    clock.forward(timedelta(hours=24, seconds=1).total_seconds())

    await hear(a_request(), kit)

    assert times_answered(kit) == 2


@pytest.mark.parametrize("finished", [True, False])
async def test_another_request_under_the_same_key_is_refused(finished: bool):
    may_end = asyncio.Event()
    kit = a_house("Hej!", may_end)
    if finished:
        may_end.set()
    tasks = await under_way(kit, a_request())
    if finished:
        await tasks[0]

    refused = await hear(a_request("hej då", fingerprint="g"), kit)

    assert [event.code for event in refused] == ["idempotency_key_reused"]
    may_end.set()
    assert text_of(await tasks[0]) == "Hej!"


async def test_keys_are_each_persons_own():
    kit = a_house("Hej!")
    other = Caller(tenant="alice", person="user:2", role="member")
    await hear(a_request(), kit)

    await hear(a_request(caller=other, fingerprint="g"), kit)

    assert times_answered(kit) == 2


async def test_when_the_first_leaves_before_a_word_the_next_takes_over():
    kit = a_house(asyncio.Event())
    first, second = await under_way(kit, a_request(), a_request())
    await asyncio.sleep(0.02)
    kit.speakers["planner"].script = ("Hej!",)

    first.cancel()

    assert text_of(await second) == "Hej!"
    assert times_answered(kit) == 2


async def test_when_the_first_leaves_in_the_middle_the_others_are_told_and_may_ask_again():
    kit = a_house("Hej ", asyncio.Event())
    first, second = await under_way(kit, a_request(), a_request())
    await asyncio.sleep(0.02)

    first.cancel()
    broken = await second
    kit.speakers["planner"].script = ("Hej på dig!",)
    again = await hear(a_request(), kit)

    assert isinstance(broken[-1], Failed) and broken[-1].code == "broken_off"
    assert text_of(again) == "Hej på dig!"


async def test_when_the_first_breaks_all_hear_why_and_the_key_is_free():
    may_end = asyncio.Event()
    kit = a_house(may_end, ModelFailed())
    tasks = await under_way(kit, a_request(), a_request(), a_request())
    await asyncio.sleep(0.02)
    may_end.set()

    told = await asyncio.gather(*tasks)

    assert [events[-1].code for events in told] == ["model_failed"] * 3
    assert times_answered(kit) == 1
    assert not await ReplayRecord.objects.aexists()


async def test_cancelled_while_claiming_leaves_no_claim_behind():
    kit = a_house("Hej!")
    for breaths in range(1, 8):
        task = asyncio.create_task(hear(a_request(), kit))
        for _ in range(breaths):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    assert text_of(await hear(a_request(), kit)) == "Hej!"


async def test_under_way_in_another_process_is_a_conflict():
    may_end = asyncio.Event()
    there, here = a_house("Hej!", may_end, holder=ELSEWHERE), a_house("Hej!")
    tasks = await under_way(there, a_request())

    conflict = await hear(a_request(), here)

    assert conflict[-1].code == "turn_in_flight"
    may_end.set()
    await tasks[0]
    assert text_of(await hear(a_request(), here)) == "Hej!"
    assert times_answered(here) == 0


async def test_of_two_processes_at_once_one_answers():
    houses = [a_house("Hej!", holder=f"machine-{number} 1") for number in range(5)]

    told = await asyncio.gather(*(hear(a_request(), kit) for kit in houses))

    assert sum(map(times_answered, houses)) == 1
    assert {events[-1].type for events in told} <= {"done", "failed"}
    assert {e[-1].code for e in told if isinstance(e[-1], Failed)} <= {"turn_in_flight"}


async def test_a_claim_of_a_dead_process_is_taken_over():
    clock = FixedClock()
    there, here = (
        a_house(asyncio.Event(), clock=clock, holder=ELSEWHERE),
        a_house("Hej!", clock=clock),
    )
    lost = await under_way(there, a_request())
    clock.forward(3 * 21 + 1)  # no sign of life for three of the longest silences

    assert text_of(await hear(a_request(), here)) == "Hej!"
    lost[0].cancel()
    await asyncio.gather(*lost, return_exceptions=True)
    assert text_of(await hear(a_request(), here)) == "Hej!"
    assert times_answered(here) == 1


async def test_a_turn_that_speaks_keeps_its_claim():
    clock = FixedClock()
    more = [asyncio.Event() for _ in range(3)]
    there = a_house("a", more[0], "b", more[1], "c", more[2], clock=clock, holder=ELSEWHERE)
    (speaking,) = await under_way(there, a_request())
    for go_on in more[:2]:
        clock.forward(40)  # 80 seconds in all: longer than a claim lasts on its own
        go_on.set()
        await renewed_until(clock.now() + timedelta(seconds=63))

    conflict = await hear(a_request(), a_house("Hej!", clock=clock))

    assert conflict[-1].code == "turn_in_flight"
    more[2].set()
    assert text_of(await speaking) == "abc"


async def renewed_until(moment: datetime) -> None:
    async with asyncio.timeout(2):
        while not await ReplayRecord.objects.filter(expires=moment).aexists():
            await asyncio.sleep(0.002)


async def test_without_a_database_a_request_is_still_answered_once(database_away: None):
    may_end = asyncio.Event()
    kit = a_house("Hej ", may_end, "på dig!")
    tasks = await under_way(kit, a_request(), a_request())
    may_end.set()

    told = await asyncio.gather(*tasks)

    assert [text_of(events) for events in told] == ["Hej på dig!"] * 2
    assert times_answered(kit) == 1


async def test_personal_data_in_an_answer_comes_back_as_it_was_said():
    kit = a_house("Ditt nummer är [TEL_1].")
    first = await hear(a_request("ring 070-174 06 05"), kit)

    again = await hear(a_request("ring 070-174 06 05"), kit)

    assert text_of(again) == text_of(first) == "Ditt nummer är 070-174 06 05."
