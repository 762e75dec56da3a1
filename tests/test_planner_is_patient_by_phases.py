"""Warn, ask another, ask for less, give up: the Fibonacci phases, in hundredths of a second."""

import asyncio

import pytest

from chat.core.errors import ModelFailed, ModelSilent, Overloaded
from chat.core.events import Noted, Token, text_of
from chat.core.turn import Said
from tests.model_server import ModelServer, Says
from tests.planning import Adder, a_planner, a_policy, a_question, answer

SLOW = Says("sent", first_after_s=30)
NEVER = 60


@pytest.fixture
async def server():
    async with ModelServer() as server:
        yield server


@pytest.fixture
async def other():
    async with ModelServer() as server:
        yield server


def codes(events):
    return [event.code for event in events if isinstance(event, Noted)]


async def test_a_quick_answer_comes_without_notes(server):
    assert codes(await answer(a_policy(server, first_token_s=(0.5, 0.6, 0.7, 0.8)))) == []


async def test_the_reader_is_told_that_the_model_is_slow(server):
    server.script(Says("till slut", first_after_s=0.1))

    events = await answer(a_policy(server, first_token_s=(0.03, NEVER, NEVER, NEVER)))

    assert codes(events) == ["waiting"]
    assert text_of(events) == "till slut"
    assert not events[-1].fleeting  # late, but what was asked for
    assert len(server.asked) == 1
    assert server.paths.count("/api/chat") == 2  # the other wakes the model


async def test_a_silent_back_end_is_left_for_the_next(server, other):
    server.script(SLOW)

    events = await answer(a_policy(server, other, first_token_s=(0.02, 0.04, NEVER, NEVER)))

    assert codes(events) == ["waiting", "other_model"]
    assert text_of(events) == "Hej på dig!"
    assert events[-1].fleeting  # the next caller may get the first choice again
    async with asyncio.timeout(1):
        while not server.left:
            await asyncio.sleep(0.002)


async def test_without_another_back_end_one_keeps_waiting(server):
    server.script(Says("till slut", first_after_s=0.08))

    events = await answer(a_policy(server, first_token_s=(0.02, 0.04, NEVER, NEVER)))

    assert codes(events) == ["waiting"]
    assert text_of(events) == "till slut"
    assert len(server.asked) == 1


async def test_a_long_request_is_shrunk(server):
    server.script(SLOW, Says("kort"))
    context = tuple(Said("user", f"fråga {n}") for n in range(8))

    events = await answer(
        a_policy(server, first_token_s=(0.02, 0.03, 0.05, NEVER)), context=context
    )

    assert text_of(events) == "kort"
    assert events[-1].fleeting
    assert [len(asked["messages"]) for asked in server.asked] == [10, 4]


async def test_a_request_that_can_not_be_shrunk_is_not_asked_anew(server):
    server.script(Says("till slut", first_after_s=0.1))

    await answer(a_policy(server, first_token_s=(0.02, 0.03, 0.05, NEVER)))

    assert len(server.asked) == 1


async def test_after_the_last_phase_one_gives_up(server):
    server.script(SLOW)

    with pytest.raises(ModelSilent):
        await answer(a_policy(server, first_token_s=(0.01, 0.02, 0.03, 0.05)))


async def test_a_busy_back_end_is_overloaded_not_broken(server):
    policy = a_policy(server, first_token_s=(0.01, 0.02, 0.03, 0.05))
    server.script(Says("först", "sedan", word_after_s=30))
    planner = a_planner(pool=1)
    talking = await planner.answer(a_question("Berätta en saga", policy))
    await anext(talking.events)

    for _ in range(3):
        with pytest.raises(Overloaded):
            await answer(policy, planner)
    await talking.events.aclose()

    assert len(server.asked) == 1  # the pool had one line, and it was taken
    assert text_of(await answer(policy, planner)) == "Hej på dig!"


async def test_words_once_begun_may_take_their_time(server):
    server.script(Says("ett ", "två", word_after_s=0.08))

    events = await answer(a_policy(server, first_token_s=(0.02, 0.03, 0.04, 0.06)))

    assert text_of(events) == "ett två"


async def test_the_phases_go_on_while_a_plan_is_given_up(server, other):
    server.otherwise = SLOW
    policy = a_policy(server, other, first_token_s=(0.02, 0.06, NEVER, NEVER), plan_within_ms=40)

    events = await answer(policy, a_planner(Adder()), "Vad är 2 plus 3?")

    assert codes(events) == ["waiting", "other_model"]
    assert ["tools" in asked for asked in server.asked] == [True, False]
    assert "tools" in other.asked[0]


@pytest.mark.parametrize(
    "says",
    [
        Says(status=500),
        Says(status=429),
        Says(cut=True, raw=b'{"mess'),
        Says(error="out of memory"),
        Says(raw=b"<html>\n"),
        Says(),
    ],
    ids=["500", "429", "cut", "error", "html", "empty"],
)
async def test_a_back_end_that_fails_at_once_is_left_for_the_next(server, other, says):
    server.script(says)

    events = await answer(a_policy(server, other))

    assert isinstance(events[0], Noted) and events[0].code == "other_model"
    assert text_of(events) == "Hej på dig!"


async def test_words_already_said_stay_when_the_model_breaks_off(server, other):
    server.script(Says("Det var ", "en gång", cut=True))
    reply = await a_planner().answer(a_question("Berätta en saga", a_policy(server, other)))
    heard = []

    with pytest.raises(ModelFailed):
        async for event in reply.events:
            heard.append(event)

    assert heard == [Token("Det var "), Token("en gång")]
    assert other.asked == []


async def test_when_the_last_back_end_fails_its_reason_is_told(server):
    server.script(Says(status=500, error="slut på minne"))

    with pytest.raises(ModelFailed) as caught:
        await answer(a_policy(server))

    assert "slut på minne" in caught.value.message("sv")


async def test_a_back_end_that_keeps_failing_is_left_alone_for_a_while(server, other):
    server.otherwise = Says(status=500)
    planner, policy = a_planner(), a_policy(server, other)

    for _ in range(5):
        await answer(policy, planner)

    assert len(server.asked) == 3
