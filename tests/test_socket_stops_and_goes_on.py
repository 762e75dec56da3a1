"""A stopped answer is kept as far as it came; asking again under the same id doubles nothing."""

import asyncio

import pytest

from chat.journal import DatabaseJournal
from chat.models import Conversation, TurnRecord
from chat.replays import DatabaseReplays
from tests.fakes import FixedClock, ScriptedSpeaker, a_kit
from tests.tabs import a_session, a_tab, words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def guest(transactional_db: None) -> str:
    return a_session()


def a_house(*script: object) -> object:
    clock = FixedClock()
    return a_kit(
        speaker=ScriptedSpeaker(*script),
        journal=DatabaseJournal(),
        replays=DatabaseReplays(clock),
        clock=clock,
    )


async def test_stop_ends_the_answer_and_keeps_what_was_said(guest):
    kit = a_house("Det **börjar** ", asyncio.Event())
    async with a_tab(kit, guest) as tab:
        id = await tab.ask("berätta")
        await tab.hear("token")
        await tab.stop(id)
        stopped = await tab.hear("stopped")
        kept = await TurnRecord.objects.aget()

    assert stopped["html"].strip() == "<p>Det <strong>börjar</strong></p>"
    assert (kept.state, kept.reply, kept.client_id) == ("stopped", "Det **börjar** ", id)
    assert kit.speakers["planner"].closed == 1


async def test_stop_leaves_other_answers_alone(guest):
    go_on = asyncio.Event()
    async with a_tab(a_house("Ett ", go_on, "svar."), guest) as tab:
        first, second = await tab.ask("a"), await tab.ask("b")
        for _ in range(2):
            await tab.hear("token")
        await tab.stop(first)
        await tab.hear("stopped", of=first)
        go_on.set()
        await tab.hear("done", of=second)


async def test_stop_pressed_twice_is_stop_pressed_once(guest):
    async with a_tab(a_house("Ett ", asyncio.Event()), guest) as tab:
        id = await tab.ask("a")
        await tab.hear("token")
        await tab.stop(id)
        await tab.stop(id)
        await tab.hear("stopped", of=id)


async def test_stop_of_nothing_is_nothing(guest):
    async with a_tab(a_house("Hej!"), guest) as tab:
        await tab.stop("unknown")
        assert words(await tab.whole(await tab.ask("hej"))) == "Hej!"


async def test_a_tab_that_closes_stops_its_answers(guest):
    kit = a_house("Det börjar ", asyncio.Event())
    async with a_tab(kit, guest) as tab:
        await tab.ask("berätta")
        await tab.hear("token")

    kept = await TurnRecord.objects.aget()
    assert (kept.state, kept.reply) == ("stopped", "Det börjar ")


async def test_an_answer_that_was_whole_is_said_again_and_saved_once(guest):
    kit = a_house("Hej på dig!")
    async with a_tab(kit, guest) as tab:
        first = await tab.whole(await tab.ask("hej", id="a-1"))
    async with a_tab(kit, guest) as tab:
        again = await tab.whole(await tab.ask("hej", id="a-1"))

    assert words(again) == words(first) == "Hej på dig!"
    assert again[0]["conversation_id"] == first[0]["conversation_id"]
    assert again[-1]["turn_id"] == first[-1]["turn_id"]
    assert await TurnRecord.objects.acount() == await Conversation.objects.acount() == 1


async def test_an_answer_that_was_cut_off_is_given_anew_in_its_place(guest):
    gone = asyncio.Event()
    kit = a_house("Det börjar ", gone, "och slutar.")
    async with a_tab(kit, guest) as tab:
        await tab.ask("berätta", id="a-1")
        await tab.hear("token")
    gone.set()
    async with a_tab(kit, guest) as tab:
        again = await tab.whole(await tab.ask("berätta", id="a-1"))

    kept = await TurnRecord.objects.aget()
    assert words(again) == kept.reply == "Det börjar och slutar."
    assert kept.state == "complete"
    assert await Conversation.objects.acount() == 1


async def test_a_stopped_answer_may_be_asked_for_again_from_the_page(guest):
    go_on = asyncio.Event()
    async with a_tab(a_house("Ett ", go_on, "svar."), guest) as tab:
        id = await tab.ask("a")
        conversation_id = (await tab.hear("started"))["conversation_id"]
        await tab.hear("token")
        await tab.stop(id)
        await tab.hear("stopped")
        go_on.set()
        again = await tab.whole(await tab.ask("a", id=id, conversation_id=conversation_id))

    assert words(again) == "Ett svar."
    assert await TurnRecord.objects.acount() == 1


async def test_the_same_ask_twice_on_one_line_is_one(guest):
    go_on = asyncio.Event()
    kit = a_house("Ett ", go_on, "svar.")
    async with a_tab(kit, guest) as tab:
        await tab.ask("a", id="a-1")
        await tab.hear("token")
        await tab.ask("a", id="a-1")
        go_on.set()
        await tab.hear("done")

    assert len(kit.speakers["planner"].turns) == 1


async def test_a_second_line_hears_what_the_first_is_being_told(guest):
    go_on = asyncio.Event()
    kit = a_house("Ett ", go_on, "svar.")
    async with a_tab(kit, guest) as one, a_tab(kit, guest) as two:
        await one.ask("a", id="a-1")
        await one.hear("token")
        await two.ask("a", id="a-1")
        await two.hear("token")
        go_on.set()
        heard = await two.whole("a-1")

    assert words(heard) == "svar."
    assert len(kit.speakers["planner"].turns) == 1
