"""With no model there is no answer, and the reader is told so and what to do."""

import time

import pytest

from chat.core.events import Ended, Noted, text_of
from chat.core.policy import Backend
from chat.core.turn import Intent
from tests.model_server import ModelServer
from tests.planning import a_planner, a_policy, answer


@pytest.fixture
def nobody(unused_tcp_port):
    return Backend(name="ollama", url=f"http://127.0.0.1:{unused_tcp_port}")


async def test_with_nothing_connected_one_is_told_how_to_connect_a_model(nobody):
    events = await answer(a_policy(), a_planner(default=nobody))

    assert events[0] == Noted("no_model", "Ingen språkmodell svarar.")
    assert "Ingen språkmodell är ansluten" in text_of(events)
    assert "`ollama pull qwen2.5:3b`" in text_of(events)
    assert "OPENAI_BASE_URL" in text_of(events)
    assert events[-1] == Ended(fleeting=True)


async def test_the_default_back_end_that_nobody_has_touched_is_not_told_as_broken(nobody):
    events = await answer(a_policy(nobody), a_planner(default=nobody))

    assert "Ingen språkmodell är ansluten" in text_of(events)


async def test_a_default_back_end_that_staff_switched_off_is_not_asked():
    async with ModelServer() as server:
        default = Backend("o", url=server.ollama_url)
        off = Backend("o", url=server.ollama_url, enabled=False)
        events = await answer(a_policy(off), a_planner(default=default))

    assert "Ingen språkmodell är ansluten" in text_of(events)
    assert server.asked == []


async def test_it_is_told_in_english_too(nobody):
    events = await answer(
        a_policy(), a_planner(default=nobody), language="en", intent=Intent("open", language="en")
    )

    assert events[0].text == "No language model answers."
    assert text_of(events).startswith("No language model is connected")


async def test_a_configured_back_end_that_is_down_is_told_as_that(nobody):
    events = await answer(a_policy(nobody))

    assert "svarar inte just nu" in text_of(events)
    assert events[-1].fleeting


async def test_a_model_that_was_not_pulled_is_told_with_the_command():
    async with ModelServer(models=("llama3.2:1b",)) as server:
        events = await answer(a_policy(), a_planner(default=Backend("o", url=server.ollama_url)))

    assert "`ollama pull qwen2.5:3b`" in text_of(events)
    assert "inte hämtad" in text_of(events)


async def test_an_ollama_at_the_default_address_is_found():
    async with ModelServer() as server:
        events = await answer(a_policy(), a_planner(default=Backend("o", url=server.ollama_url)))

    assert text_of(events) == "Hej på dig!"


async def test_once_known_to_be_missing_a_model_is_not_waited_for():
    async with ModelServer(list_after_s=30) as silent:
        planner = a_planner(default=Backend("o", url=silent.ollama_url))
        await answer(a_policy(), planner)

        began = time.perf_counter()
        events = await answer(a_policy(), planner)

        assert time.perf_counter() - began < 0.05
        assert events[0].code == "no_model"
        assert len(silent.paths) == 1
