"""An open question goes to a model, with what was said before and what Alice knows."""

import asyncio
from dataclasses import replace

import pytest

from chat.core.errors import NoSuchModel
from chat.core.events import Ended, Token, Usage, text_of
from chat.core.policy import Answer, Backend
from chat.core.turn import Intent, Options, Said
from tests.model_server import ModelServer, Says
from tests.planning import a_planner, a_policy, a_question, answer


@pytest.fixture
async def server():
    async with ModelServer() as server:
        yield server


def shown(server):
    """Give what the model was shown last, as (role, text)."""
    return [(message["role"], message["content"]) for message in server.asked[-1]["messages"]]


async def test_the_models_words_are_the_answer(server):
    assert await answer(a_policy(server)) == [
        Token("Hej "),
        Token("på "),
        Token("dig!"),
        Ended("stop", Usage(13, 8), "qwen2.5:3b"),
    ]


async def test_stopping_the_answer_stops_the_model(server):
    server.script(Says("först", "sedan", word_after_s=30))
    reply = await a_planner().answer(a_question("Berätta en saga", a_policy(server)))
    assert await anext(reply.events) == Token("först")

    await reply.events.aclose()

    async with asyncio.timeout(1):
        while not server.left:
            await asyncio.sleep(0.002)


async def test_stopping_before_the_first_word_stops_the_model_too(server):
    server.script(Says("sent", first_after_s=30))
    reply = await a_planner().answer(a_question("Berätta en saga", a_policy(server)))
    waiting = asyncio.create_task(anext(reply.events))
    async with asyncio.timeout(1):
        while not server.asked:
            await asyncio.sleep(0.002)

    waiting.cancel()
    await asyncio.wait({waiting})

    async with asyncio.timeout(1):
        while not server.left:
            await asyncio.sleep(0.002)


async def test_the_model_is_told_who_it_is_what_day_it_is_and_the_language(server):
    await answer(a_policy(server, system_prompt="Du är Alice."))

    role, system = shown(server)[0]
    assert role == "system"
    assert system.startswith("Du är Alice.\nI dag är det fredag 19 juni 2026.")
    assert "Svara på svenska." in system


async def test_an_english_question_is_answered_in_english(server):
    await answer(a_policy(server), text="Who are you?", intent=Intent("open", language="en"))

    assert "Friday, June 19, 2026" in shown(server)[0][1]
    assert "Answer in English." in shown(server)[0][1]


async def test_placeholders_are_explained_only_where_there_are_any(server):
    await answer(a_policy(server), text="Ring [TEL_1]", secrets={"[TEL_1]": "070-123 45 67"})
    assert "[TEL_1]" in shown(server)[0][1]
    assert "070" not in str(server.asked)

    await answer(a_policy(server))
    assert "Platshållare" not in shown(server)[0][1]


async def test_the_model_sees_the_last_turns_and_the_clients_own_rules_first(server):
    context = (
        Said("system", "Svara på rim."),
        *(Said(role, f"{role} {n}") for n in range(3) for role in ("user", "assistant")),
    )

    await answer(a_policy(server, history_turns=2), context=context)

    assert shown(server)[1:] == [
        ("system", "Svara på rim."),
        ("user", "user 1"),
        ("assistant", "assistant 1"),
        ("user", "user 2"),
        ("assistant", "assistant 2"),
        ("user", "Vem är du?"),
    ]


async def test_no_history_is_shown_where_staff_want_none(server):
    await answer(a_policy(server, history_turns=0), context=(Said("user", "hemligt"),))

    assert [role for role, _ in shown(server)] == ["system", "user"]


async def test_a_clients_tool_result_is_shown_as_something_said(server):
    await answer(a_policy(server), context=(Said("user", "hej"), Said("tool", "21 grader")))

    assert ("user", "[tool] 21 grader") in shown(server)


async def test_what_the_caller_asks_of_the_answer_reaches_the_model_within_bounds(server):
    options = Options(max_tokens=5000, temperature=0.3, stop=("SLUT",))

    await answer(a_policy(server, max_tokens=55), options=options)

    assert server.asked[0]["options"] == {"temperature": 0.3, "num_predict": 55, "stop": ["SLUT"]}


async def test_an_answer_cut_by_its_length_says_so(server):
    server.script(Says("halva ", finish="length"))

    assert (await answer(a_policy(server)))[-1].finish == "length"


async def test_the_model_asked_for_by_name_is_used(server):
    events = await answer(a_policy(server), options=Options(model="qwen2.5:0.5b"))

    assert events[-1].model == "qwen2.5:0.5b"


async def test_a_model_that_nobody_has_is_refused_before_anything_is_said(server):
    turn = a_question("Hej?", a_policy(server), options=Options(model="gpt-99"))

    with pytest.raises(NoSuchModel):
        await a_planner().answer(turn)


async def test_an_openai_server_answers_as_well(server):
    backend = Backend(name="vllm", kind="openai", url=server.openai_url, model="qwen2.5:3b")

    assert text_of(await answer(a_policy(backend))) == "Hej på dig!"


@pytest.mark.parametrize(
    ("text", "options", "kept"),
    [
        ("Vad är en häst?", Options(), True),
        ("Vad är en häst?", Options(temperature=1.0), True),
        ("Vad är en häst?", Options(temperature=1.5), False),
        ("Hur är vädret i Lund?", Options(), False),
        ("Vad händer i dag?", Options(), False),
        ("Vem är president nu?", Options(), False),
        ("What is the latest news?", Options(), False),
        ("Berätta om nunnor och idaho", Options(), True),
    ],
)
async def test_only_answers_bound_to_no_moment_may_be_kept(server, text, options, kept):
    reply = await a_planner().answer(a_question(text, a_policy(server), options=options))

    assert reply.keep is kept
    assert (reply.source, reply.route) == ("planner", "planner")


async def test_curated_answers_are_shown_as_facts(server):
    policy = a_policy(server)
    facts = (Answer("öppet", ("När har ni öppet?",), "Vi har öppet till klockan 18."),)
    await answer(replace(policy, answers=facts), text="När har ni öppet på fredag?")

    assert "Vi har öppet till klockan 18." in shown(server)[0][1]


async def test_a_question_in_another_language_is_not_forced_into_swedish(server):
    await answer(a_policy(server), text="Wer bist du?", intent=Intent("open", language="de"))

    assert "Svara på svenska" not in shown(server)[0][1]
