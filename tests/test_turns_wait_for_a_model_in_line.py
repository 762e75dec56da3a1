"""A strained Alice lets some turns to the models, has others wait, and turns the rest away."""

import asyncio

import pytest

from chat.core.errors import Overloaded
from chat.core.events import Ended, Noted, Token
from chat.core.policy import Policy
from chat.speakers import queueing
from chat.speakers.planner import Planner
from guardian.core.queue import Queue
from guardian.core.state import State
from tests.fakes import FixedClock, a_turn
from tests.model_server import ModelServer, Says
from tests.planning import Fleet, RunningClock, a_policy, a_question


@pytest.fixture
async def server():
    async with ModelServer() as server:
        yield server


def a_planner(room: float, places: float = 3) -> tuple[Planner, Queue]:
    clock = RunningClock()
    queue = Queue(clock.monotonic)
    queue.open(room, places)
    return Planner(Fleet(clock, default=None), (), clock, queue), queue


async def hear(planner: Planner, policy: Policy):
    reply = await planner.answer(a_question("Vem är du?", policy, state=State.BROWNOUT))
    return [event async for event in reply.events]


async def test_who_waits_is_told_and_then_answered(server):
    server.script(Says("först", first_after_s=0.5), Says("sedan"))
    planner, queue = a_planner(1)

    first = asyncio.create_task(hear(planner, a_policy(server)))
    while not queue.inside and not first.done():
        await asyncio.sleep(0.01)
    events = await hear(planner, a_policy(server))
    await first

    assert Noted("queued", "Du är nummer 1 i kön.") in events
    assert Token("sedan") in events and isinstance(events[-1], Ended)
    assert len(queue) == 0


async def test_a_full_queue_turns_away_before_a_word_is_said(server):
    planner, queue = a_planner(1, 0)
    queue.enter("guest")

    with pytest.raises(Overloaded) as refused:
        await planner.answer(a_question("Vem är du?", a_policy(server)))

    assert refused.value.retry_after_s == Policy().ladder.stay_s  # nobody knows better yet


async def test_who_leaves_the_line_holds_no_place(server):
    planner, queue = a_planner(1)
    queue.enter("guest")
    reply = await planner.answer(a_question("Vem är du?", a_policy(server)))
    assert await anext(reply.events) == Noted("queued", "Du är nummer 1 i kön.")
    assert queue.waiting == 1

    await reply.events.aclose()

    assert (queue.waiting, queue.inside) == (0, 1)
    assert server.asked == []


async def test_who_is_turned_away_from_the_line_is_told(server):
    planner, queue = a_planner(1, 1)
    queue.enter("guest")
    reply = await planner.answer(a_question("Vem är du?", a_policy(server)))
    await anext(reply.events)
    queue.enter("staff")

    with pytest.raises(Overloaded):
        await anext(reply.events)


async def test_the_wait_is_told_as_it_shrinks(monkeypatch):
    monkeypatch.setattr(queueing, "TELL_EVERY_S", 0.01)
    clock = FixedClock()
    queue = Queue(clock.monotonic)
    queue.open(1, 9)
    done = queue.enter("guest")
    clock.forward(8)
    queue.leave(done, whole=True)
    first, second = queue.enter("guest"), queue.enter("guest")
    turn = a_turn()
    notes = queueing.waited(turn, queue, queue.enter("guest"))

    assert (await anext(notes)).text == "Du är nummer 2 i kön. Det dröjer ungefär 16 s."
    queue.leave(second)
    assert (await anext(notes)).text == "Du är nummer 1 i kön. Det dröjer ungefär 8 s."
    queue.leave(first)
    assert (await anext(notes)).text == "Nu är det din tur."
    with pytest.raises(StopAsyncIteration):
        await anext(notes)


def test_the_planner_waits_in_the_line_that_the_strain_opens():
    from chat import wiring
    from chat.strain import STRAIN

    assert wiring.kit().speakers["planner"]._queue is STRAIN.queue
