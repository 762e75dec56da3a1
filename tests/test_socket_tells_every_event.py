"""Over the socket a turn is told event by event, and its end carries what the page shows."""

import asyncio
from uuid import UUID

import pytest

from chat.core.errors import ModelFailed
from chat.core.events import Ended, ToolCalled, ToolReturned
from chat.journal import DatabaseJournal
from chat.models import Conversation, TurnRecord
from tests.fakes import ScriptedSpeaker, a_kit
from tests.tabs import a_session, a_tab, words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def guest(transactional_db: None) -> str:
    return a_session()


def a_house(*script: object, **parts: object) -> object:
    return a_kit(speaker=ScriptedSpeaker(*script, **parts), journal=DatabaseJournal())


async def test_an_answer_comes_as_events_with_the_browsers_own_id(guest):
    async with a_tab(a_house("Hej ", "på **dig**!"), guest) as tab:
        heard = await tab.whole(await tab.ask("hej", id="a-1"))

    assert [event["type"] for event in heard] == ["started", "token", "token", "done"]
    assert {event["id"] for event in heard} == {"a-1"}
    assert words(heard) == "Hej på **dig**!"


async def test_the_end_carries_the_words_as_html_and_what_each_step_cost(guest):
    speaker = ("Hej på **dig**!", Ended(model="qwen2.5:3b"))
    async with a_tab(a_house(*speaker), guest) as tab:
        done = (await tab.whole(await tab.ask("hej")))[-1]

    assert done["html"].strip() == "<p>Hej på <strong>dig</strong>!</p>"
    assert "Språkmodell qwen2.5:3b" in done["about"]
    assert "Förstår frågan" in done["about"]


async def test_a_tool_is_told_by_a_name_that_people_know(guest):
    used = (ToolCalled("calculator", {"x": "1+1"}), ToolReturned("calculator", "2"))
    async with a_tab(a_house(*used, "Det blir 2."), guest) as tab:
        heard = await tab.whole(await tab.ask("1+1?"))

    assert heard[2]["told"] == "Räknare: 2"


async def test_a_tool_that_is_the_answer_is_told_once(guest):
    used = (ToolCalled("calculator", {"x": "1+1"}), ToolReturned("calculator", "2"))
    async with a_tab(a_house(*used, "2", route="tool"), guest) as tab:
        heard = await tab.whole(await tab.ask("1+1?"))

    assert heard[2]["told"] == ""
    assert "Räknare" in heard[-1]["about"]


async def test_the_browsers_language_is_spoken(guest):
    async with a_tab(a_house(ModelFailed()), guest, language="en-GB,en") as tab:
        failed = (await tab.whole(await tab.ask("hello")))[-1]

    assert (failed["code"], failed["message"]) == ("model_failed", ModelFailed.en)


async def test_a_new_conversation_gets_an_id_and_keeps_what_follows(guest):
    async with a_tab(a_house("Hej!"), guest) as tab:
        first = await tab.whole(await tab.ask("hej"))
        conversation_id = first[0]["conversation_id"]
        second = await tab.whole(await tab.ask("och du?", conversation_id=conversation_id))

    assert second[0]["conversation_id"] == conversation_id
    assert await Conversation.objects.acount() == 1
    assert await TurnRecord.objects.filter(conversation_id=UUID(conversation_id)).acount() == 2


async def test_answers_to_two_conversations_are_told_side_by_side(guest):
    go_on = asyncio.Event()
    async with a_tab(a_house("Ett ", go_on, "svar."), guest) as tab:
        first, second = await tab.ask("a"), await tab.ask("b")
        started = {(await tab.hear("token"))["id"] for _ in range(2)}
        go_on.set()
        done = {(await tab.hear("done"))["id"] for _ in range(2)}

    assert started == done == {first, second}


async def test_a_fourth_answer_at_once_has_to_wait(guest):
    async with a_tab(a_house("Ett ", asyncio.Event()), guest) as tab:
        for _ in range(3):
            await tab.ask("a")
        refused = await tab.hear("failed", of=await tab.ask("en till"))

    assert (refused["code"], refused["status"]) == ("too_many_at_once", 429)


async def test_the_pages_time_zone_is_the_turns(guest):
    kit = a_house("Hej!")
    async with a_tab(kit, guest) as tab:
        await tab.whole(await tab.ask("hej", timezone="Asia/Tokyo"))
        await tab.whole(await tab.ask("hej", timezone="Mars/Olympus"))

    turns = kit.speakers["planner"].turns
    assert [turn.timezone for turn in turns] == ["Asia/Tokyo", "Europe/Stockholm"]
    assert {turn.channel for turn in turns} == {"web"}
