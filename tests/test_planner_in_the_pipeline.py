"""A whole turn with a model at its end: what the model sees, and what the reader sees."""

import asyncio

import pytest

from chat.core.events import Done, Failed, Started, text_of
from tests.fakes import StillMeter, a_kit, a_turn, hear
from tests.model_server import ModelServer, Says
from tests.planning import RunningClock, a_planner, a_policy


@pytest.fixture
async def server():
    async with ModelServer() as server:
        yield server


def a_real_kit(**parts):
    return a_kit(speaker=a_planner(), clock=RunningClock(), **parts)


async def test_the_model_sees_placeholders_and_the_reader_their_own_number(server):
    server.script(Says("Jag ringer [TE", "L_1] ", "strax."))

    events = await hear(a_turn("Ring mig på 070-123 45 67", policy=a_policy(server)), a_real_kit())

    assert "070" not in str(server.asked)
    assert server.asked[0]["messages"][-1]["content"] == "Ring mig på [TEL_1]"
    assert text_of(events) == "Jag ringer 070-123 45 67 strax."


async def test_the_turn_tells_what_it_cost_and_which_model_answered(server):
    events = await hear(a_turn("Vem är du?", policy=a_policy(server)), a_real_kit())

    assert isinstance(events[0], Started) and isinstance(events[-1], Done)
    assert (events[-1].model, events[-1].usage.prompt_tokens) == ("qwen2.5:3b", 13)


async def test_a_model_that_breaks_off_ends_the_turn_as_failed(server):
    server.script(Says("Det var ", cut=True))

    events = await hear(a_turn("Berätta en saga", policy=a_policy(server)), a_real_kit())

    assert text_of(events) == "Det var "
    assert isinstance(events[-1], Failed) and events[-1].code == "model_failed"


async def test_a_caller_who_leaves_hangs_up_on_the_model_and_is_counted_once(server):
    server.script(Says("först", "sedan", word_after_s=30))
    meter = StillMeter()
    turn = a_turn("Berätta en saga", policy=a_policy(server))
    listening = asyncio.create_task(hear(turn, a_real_kit(meter=meter)))
    async with asyncio.timeout(1):
        while not server.asked:
            await asyncio.sleep(0.002)

    listening.cancel()
    await asyncio.wait({listening})

    async with asyncio.timeout(1):
        while not (server.left and meter.outcomes):
            await asyncio.sleep(0.002)
    assert [outcome.cancelled for outcome in meter.outcomes] == [True]
    assert meter.troubles == []
