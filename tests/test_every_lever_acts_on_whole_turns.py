"""Every lever of every state, seen from both ends of a whole turn: the model's and the caller's."""

import asyncio
from dataclasses import replace

import pytest

from chat.core.events import Done, Failed, Noted, ToolReturned, text_of
from chat.core.policy import Answer, Policy
from chat.core.turn import Intent
from chat.llm.fleet import Fleet
from chat.speakers.micro import MicroSpeaker
from chat.speakers.planner import Planner
from chat.strain import STRAIN
from guardian.core.gates import Gate
from guardian.core.queue import Queue
from guardian.core.state import Ladder, State
from tests.doors import doors, post
from tests.fakes import MEMBER, OpenReader, a_kit, a_turn, hear
from tests.model_server import ModelServer, Says
from tests.planning import Adder, RunningClock, a_policy
from tests.tabs import a_session, a_tab

SHELVES = (
    Answer("hours", ("vilka öppettider har biblioteket",), "Öppet 10–18.", "Open 10–18."),
    Answer("loan", ("hur lånar jag en bok på biblioteket",), "Med lånekort."),
    Answer("fine", ("vad kostar det att lämna en bok för sent",), "Två kronor om dagen."),
)
QUESTION = "Lånar öppettider biblioteket, 2 plus 3?"
STAFF = replace(MEMBER, role="staff", person="user:2", user_id=2)
PROGRAM = replace(MEMBER, role="program", person="key:3", user_id=None)
LADDER = Ladder()


@pytest.fixture
async def server():
    async with ModelServer() as server:
        yield server


def a_policy_with_shelves(server: ModelServer, **ladder: int) -> Policy:
    return replace(
        a_policy(server),
        answers=SHELVES,
        gates=(Gate("add"),),
        ladder=replace(LADDER, **ladder),
    )


def a_kit_with_a_model(queue: Queue | None = None, intent: Intent | None = None):
    clock, adder = RunningClock(), Adder()
    planner = Planner(Fleet(clock, default=None), (adder,), clock, queue)
    return a_kit(
        speakers={"micro": MicroSpeaker(), "tool": planner, "planner": planner},
        reader=OpenReader(intent) if intent else OpenReader(),
        clock=clock,
        tools=("add",),
    )


async def answered(server: ModelServer, state: State, caller=STAFF, **ladder: int):
    policy = a_policy_with_shelves(server, **ladder)
    turn = a_turn(QUESTION, policy=policy, state=state, caller=caller)
    return await hear(turn, a_kit_with_a_model())


def shown(server: ModelServer) -> int:
    """Count the passages that the model was shown with the first request."""
    seen = str(server.asked[0]["messages"])
    return sum(answer.text_sv in seen for answer in SHELVES)


def asks_to_add(times: int) -> list[Says]:
    return [Says(tools=(("add", {"a": 2, "b": 3}),))] * times


async def test_a_calm_model_is_large_and_has_all_it_may_have(server):
    server.script(*asks_to_add(2), Says("Fem."))

    events = await answered(server, State.NORMAL)

    first = server.asked[0]
    assert first["model"] == "qwen2.5:3b"
    assert first["options"]["num_predict"] == Policy().routing.max_tokens
    assert shown(server) > LADDER.passages
    assert sum(isinstance(event, ToolReturned) for event in events) == 2
    assert not any(isinstance(event, Noted) for event in events)


async def test_a_browned_out_model_is_small_and_has_less_of_everything(server):
    server.script(*asks_to_add(1), Says("Fem."))

    events = await answered(server, State.BROWNOUT)

    assert [asked["model"] for asked in server.asked] == ["qwen2.5:0.5b"] * 2
    assert server.asked[0]["options"]["num_predict"] == LADDER.max_tokens
    assert shown(server) == LADDER.passages == 1
    assert ["tools" in asked for asked in server.asked] == [True, False]
    assert "strained" in [event.code for event in events if isinstance(event, Noted)]
    assert isinstance(events[-1], Done)


async def test_each_lever_is_as_far_down_as_staff_have_set_it(server):
    server.script(Says("Fem."))

    await answered(server, State.BROWNOUT, passages=0, tool_rounds=0, small_model=False)

    assert server.asked[0]["model"] == "qwen2.5:3b"
    assert (shown(server), "tools" in server.asked[0]) == (0, False)


async def test_in_an_emergency_staff_have_a_small_model_with_nothing_else(server):
    server.script(Says("Fem."))

    events = await answered(server, State.EMERGENCY)

    assert server.asked[0]["model"] == "qwen2.5:0.5b"
    assert (shown(server), "tools" in server.asked[0]) == (0, False)
    assert text_of(events) == "Fem."


@pytest.mark.parametrize("caller", [MEMBER, PROGRAM], ids=["member", "program"])
async def test_in_an_emergency_no_model_is_asked_for_anybody_else(server, caller):
    events = await answered(server, State.EMERGENCY, caller)

    assert server.asked == []
    last = events[-1]
    assert isinstance(last, Failed) and (last.code, last.status) == ("overloaded", 503)
    assert last.retry_after_s == LADDER.stay_s


async def test_in_an_emergency_curated_answers_go_on(server):
    policy = a_policy_with_shelves(server)
    kit = a_kit_with_a_model(intent=Intent("answer", 1.0, slots={"answer": "hours"}))
    turn = a_turn(SHELVES[0].questions[0], policy=policy, state=State.EMERGENCY)

    assert text_of(await hear(turn, kit)) == "Öppet 10–18."
    assert server.asked == []


@pytest.mark.parametrize("state", [State.EMERGENCY, State.LOCKDOWN])
async def test_a_door_that_turns_away_says_for_how_long(server, state, monkeypatch):
    monkeypatch.setattr(STRAIN, "state", state)
    policy, code = a_policy_with_shelves(server), "overloaded"
    question = {"model": "alice", "messages": [{"role": "user", "content": QUESTION}]}
    if state is State.LOCKDOWN:
        code = "locked_down"
    with doors(a_kit_with_a_model(), policy) as client:
        told = await post(client, "/api/chat", {"message": QUESTION})
        streamed = await post(client, "/api/chat", {"message": QUESTION, "stream": True})
        openai = await post(client, "/v1/chat/completions", question)

    for response in (told, streamed, openai):
        assert (response.status_code, response["Retry-After"]) == (503, "21")
        assert response.json()["error"]["code"] == code
    assert server.asked == []


async def test_the_socket_says_so_in_its_frame(monkeypatch, transactional_db):
    monkeypatch.setattr(STRAIN, "state", State.LOCKDOWN)
    async with a_tab(a_kit(), await asyncio.to_thread(a_session)) as tab:
        failed = (await tab.whole(await tab.ask(QUESTION)))[-1]

    assert (failed["code"], failed["retry_after_s"]) == ("locked_down", 21)


async def test_low_ranks_give_way_first_in_whole_turns(server):
    server.script(Says("först", first_after_s=0.3), Says("drift"))
    queue = Queue(RunningClock().monotonic)
    queue.open(1, 1)
    kit, policy = a_kit_with_a_model(queue), a_policy_with_shelves(server)

    def turn(caller, text):
        return a_turn(text, policy=policy, state=State.BROWNOUT, caller=caller)

    async def until(count: int) -> None:
        async with asyncio.timeout(2):
            while len(queue) < count or (count == 2 and not queue.waiting):
                await asyncio.sleep(0.002)

    first = asyncio.create_task(hear(turn(MEMBER, "Berätta en saga"), kit))
    await until(1)
    program = asyncio.create_task(hear(turn(PROGRAM, "Skriv en dikt"), kit))
    await until(2)
    staff = asyncio.create_task(hear(turn(STAFF, "Sjung en visa"), kit))

    (*_, done), (*_, gave_way), told = await asyncio.gather(first, program, staff)
    assert isinstance(done, Done)
    assert isinstance(gave_way, Failed) and gave_way.code == "overloaded"
    assert gave_way.retry_after_s
    assert text_of(told) == "drift"
    assert [event.code for event in told if isinstance(event, Noted)] == [
        "strained",
        "queued",
        "your_turn",
    ]
