"""The model may ask for tools, round by round, and is told what they said."""

import pytest

from chat.core.errors import ModelFailed
from chat.core.events import Ended, Token, ToolCalled, ToolReturned, Usage, text_of
from tests.model_server import ModelServer, Says
from tests.planning import Adder, a_planner, a_policy, answer

SUM = "Vad är 2 plus 3?"


def asks(a, b):
    return Says(tools=(("add", {"a": a, "b": b}),))


@pytest.fixture
async def server():
    async with ModelServer() as server:
        yield server


def told(server):
    """Give what the model was told by tools, in its last request."""
    return [m["content"] for m in server.asked[-1]["messages"] if m["role"] == "tool"]


async def test_a_tool_is_used_and_its_answer_told(server):
    server.script(asks(2, 3), Says("Det är 5."))

    events = await answer(a_policy(server), a_planner(Adder()), SUM)

    assert events == [
        ToolCalled("add", {"a": 2, "b": 3}),
        ToolReturned("add", "5"),
        Token("Det är 5."),
        Ended("stop", Usage(26, 16), "qwen2.5:3b"),
    ]
    assert told(server) == ["5"]


async def test_tools_are_offered_only_where_one_could_help(server):
    planner = a_planner(Adder())

    await answer(a_policy(server), planner, "Vem skrev Röda rummet?")
    await answer(a_policy(server), planner, SUM)

    assert ["tools" in asked for asked in server.asked] == [False, True]


async def test_tools_that_were_not_granted_are_never_offered(server):
    await answer(a_policy(server), a_planner(Adder()), SUM, tools=())

    assert "tools" not in server.asked[0]


async def test_a_model_that_asks_for_a_tool_not_granted_never_gets_it_used(server):
    granted, shut = Adder(), Adder()
    shut.name = "subtract"
    server.script(Says(tools=(("subtract", {"a": 2, "b": 3}),)), Says("Det kan jag inte."))

    events = await answer(a_policy(server), a_planner(granted, shut), SUM, tools=("add",))

    assert text_of(events) == "Det kan jag inte."
    assert "no tool 'subtract'. There are: add." in told(server)[0]
    assert (granted.used, shut.used) == ([], [])


@pytest.mark.parametrize(
    ("call", "told_to_model"),
    [
        (("add", {"a": "två", "b": 3}), "'två' is not of type 'number'"),
        (("add", {"a": 2}), "'b' is a required property"),
        (("add", [2, 3]), "not a JSON object"),
        (("add", '{"a": 2'), "not a JSON object"),
        (("launch", {}), "no tool 'launch'. There are: add."),
    ],
)
async def test_bad_arguments_are_told_to_the_model_which_tries_again(server, call, told_to_model):
    adder = Adder()
    server.script(Says(tools=(call,)), asks(2, 3), Says("5"))

    events = await answer(a_policy(server), a_planner(adder), SUM)

    assert text_of(events) == "5"
    assert told_to_model in told(server)[0]
    assert adder.used == [{"a": 2, "b": 3}]


async def test_a_tool_that_can_not_says_why_to_caller_and_model(server):
    server.script(asks(2000, 3), Says("Det gick inte."))

    events = await answer(a_policy(server), a_planner(Adder()), SUM)

    assert events[1] == ToolReturned("add", "För stort tal.", ok=False)
    assert told(server) == ["För stort tal."]
    assert events[-1].fleeting


async def test_rounds_grow_only_as_far_as_the_operator_lets_them(server):
    server.script(asks(1, 1), asks(2, 2), Says("Nu räcker det."))
    adder = Adder()

    events = await answer(a_policy(server, tool_rounds=2), a_planner(adder), SUM)

    assert text_of(events) == "Nu räcker det."
    assert len(adder.used) == 2
    assert ["tools" in asked for asked in server.asked] == [True, True, False]


async def test_a_model_that_only_ever_wants_tools_has_failed(server):
    server.otherwise = asks(1, 1)

    with pytest.raises(ModelFailed):
        await answer(a_policy(server), a_planner(Adder()), SUM)

    assert len(server.asked) == 4


async def test_more_calls_at_once_than_sensible_are_turned_down(server):
    adder = Adder()
    server.script(Says(tools=(("add", {"a": 1, "b": 1}),) * 50), Says("2"))

    await answer(a_policy(server), a_planner(adder), SUM)

    assert len(adder.used) == 5
    assert len(told(server)) == 50


async def test_an_answer_that_leans_on_the_moment_is_not_to_be_kept(server):
    server.script(asks(2, 3), Says("5"), asks(2, 3), Says("5"))

    lasting = await answer(a_policy(server), a_planner(Adder()), SUM)
    fleeting = await answer(a_policy(server), a_planner(Adder(moment=True)), SUM)

    assert not lasting[-1].fleeting
    assert fleeting[-1].fleeting


async def test_a_plan_that_comes_too_late_is_done_without(server):
    server.script(Says("sent", first_after_s=30), Says("utan plan"))

    events = await answer(a_policy(server, plan_within_ms=40), a_planner(Adder()), SUM)

    assert text_of(events) == "utan plan"
    assert ["tools" in asked for asked in server.asked] == [True, False]


async def test_a_model_that_takes_no_tools_is_asked_without(server):
    server.script(Says(status=400, error="gemma does not support tools"), Says("fem"))

    assert text_of(await answer(a_policy(server), a_planner(Adder()), SUM)) == "fem"
