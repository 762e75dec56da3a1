"""The planner settles with its first word whether others who ask the same may listen along."""

import pytest

from chat.core.events import Ended, Token
from chat.core.turn import Options
from tests.model_server import ModelServer, Says
from tests.planning import Adder, a_planner, a_policy, a_question


@pytest.fixture
async def server():
    async with ModelServer() as server:
        yield server


async def settled_when(policy, text="Vem är du?", planner=None, **fields):
    """Give what is settled at each event, and whether the answer was fleeting in the end."""
    reply = await (planner or a_planner()).answer(a_question(text, policy, **fields))
    if reply.sharing is None:
        return None
    settled = [reply.sharing.settled]
    async for event in reply.events:
        if isinstance(event, Token):
            settled.append(reply.sharing.settled)
        elif isinstance(event, Ended):
            return settled, event.fleeting


async def test_an_open_question_is_for_all_from_the_first_word(server):
    settled, fleeting = await settled_when(a_policy(server))

    assert settled == [None, True, True, True] and not fleeting


async def test_the_answer_of_a_second_choice_is_for_the_caller_alone(server):
    async with ModelServer() as other:
        server.script(Says("sent", first_after_s=30))
        settled, fleeting = await settled_when(
            a_policy(server, other, first_token_s=(0.01, 0.02, 60, 60))
        )

    assert settled[-1] is False and fleeting


async def test_where_tools_may_be_used_nobody_else_listens(server):
    planner = a_planner(Adder())

    assert await settled_when(a_policy(server), "Vad är 2 plus 3?", planner) is None
    assert await settled_when(a_policy(server), "Vem är du?", planner) is not None


@pytest.mark.parametrize(
    ("text", "options"),
    [("Vad är det för väder?", Options()), ("Hitta på en dikt!", Options(temperature=1.5))],
)
async def test_what_may_not_be_kept_may_not_be_shared(server, text, options):
    assert await settled_when(a_policy(server), text, options=options) is None


async def test_that_no_model_answers_is_told_to_each(server):
    settled, fleeting = await settled_when(a_policy())

    assert set(settled) == {None} and fleeting
