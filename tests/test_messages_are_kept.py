"""What is asked is on disk before it is answered, and what is answered is there when it is told."""

import asyncio
import os
import signal
import subprocess
import sys
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from chat.core.converse import converse
from chat.core.errors import ModelFailed
from chat.core.events import Done, Ended, Failed, Noted, Started, ToolCalled, ToolReturned, Usage
from chat.core.turn import Caller, Said, Turn
from chat.journal import DatabaseJournal
from chat.models import Conversation, TurnRecord
from chat.pipeline import CHAT
from tests.fakes import ScriptedSpeaker, StillMeter, a_kit, a_turn, ask, hear

pytestmark = pytest.mark.django_db(transaction=True)


def a_message(text: str = "hej", **fields: Any) -> Turn:
    return a_turn(text, **{"conversation_id": str(uuid4()), **fields})


def a_house(*script: Any) -> Any:
    return a_kit(speaker=ScriptedSpeaker(*script), journal=DatabaseJournal())


def the_turn() -> TurnRecord:
    return TurnRecord.objects.select_related("conversation").get()


async def the_turn_async() -> TurnRecord:
    return await TurnRecord.objects.select_related("conversation").aget()


async def test_the_question_is_on_disk_when_started_is_told():
    turn = a_message("Mitt nummer är 070-174 06 05", client_id="m-1", channel="web")
    events = converse(turn, a_house("Jaha."), CHAT)

    assert isinstance(await anext(events), Started)

    kept = await the_turn_async()
    assert (str(kept.id), kept.question, kept.state) == (turn.id, turn.text, "open")
    assert (kept.client_id, kept.channel, kept.asked_at) == ("m-1", "web", turn.opened)
    assert (kept.conversation.tenant_id, kept.conversation.person) == ("alice", "user:1")
    await events.aclose()


async def test_the_reply_is_on_disk_when_done_is_told():
    tool = ToolCalled("räkna", {"uttryck": "1+1"}), ToolReturned("räkna", "2"), Noted("n", "Obs!")
    speaker = ScriptedSpeaker(
        *tool, "Det ", "blir 2.", Ended("length", Usage(13, 5), "qwen"), why={"regel": "plus"}
    )
    events = await hear(a_message("1+1?"), a_kit(speaker=speaker, journal=DatabaseJournal()))

    kept = await the_turn_async()
    assert isinstance(events[-1], Done) and events[-1].saved is True
    assert (kept.reply, kept.state, kept.source) == ("Det blir 2.", "complete", "planner")
    assert (kept.finish, kept.model, kept.why) == ("length", "qwen", {"regel": "plus"})
    assert (kept.prompt_tokens, kept.completion_tokens) == (13, 5)
    assert [note["type"] for note in kept.notes] == ["tool_called", "tool_returned", "noted"]
    assert "generate" in kept.steps_ms and kept.answered_at is not None


async def test_a_stopped_reply_keeps_what_was_said():
    events = converse(a_message(), a_house("Det ", "var ", asyncio.Event()), CHAT)
    await anext(events), await anext(events), await anext(events)

    await events.aclose()

    kept = await the_turn_async()
    assert (kept.reply, kept.state) == ("Det var ", "stopped")


def test_a_broken_reply_keeps_what_was_said_and_why_it_broke():
    events = ask("hej", a_house("Det ", ModelFailed()), conversation_id=str(uuid4()))

    assert isinstance(events[-1], Failed)
    assert (the_turn().reply, the_turn().state) == ("Det ", "failed")
    assert the_turn().error_code == "model_failed"


@pytest.mark.parametrize("before", [(ModelFailed(),), ("Klart.",)])
def test_a_message_that_comes_again_takes_its_own_place(before: tuple[Any, ...]):
    conversation_id = str(uuid4())
    ask("hej", a_house(*before), conversation_id=conversation_id, client_id="m-1")
    asked_at = the_turn().asked_at
    again = a_message(conversation_id=conversation_id, client_id="m-1")

    asyncio.run(hear(again, a_house("Hej på dig!")))

    assert (str(the_turn().id), the_turn().reply) == (again.id, "Hej på dig!")
    assert the_turn().asked_at == asked_at


def test_saving_the_same_question_twice_saves_it_once():
    turn = a_message()

    async def twice() -> None:
        await DatabaseJournal().save_question(turn)
        await DatabaseJournal().save_question(turn)

    asyncio.run(twice())
    assert TurnRecord.objects.count() == 1


def test_a_reply_that_no_database_could_hold_is_kept_without_what_it_can_not():
    said = (ToolCalled("sök", {"q": "a\0b"}), ToolReturned("sök", "c\0d"), "e\0f")

    events = ask("hej", a_house(*said), conversation_id=str(uuid4()))

    assert events[-1].saved
    assert the_turn().reply == "e�f"
    assert [note.get("arguments") or note["text"] for note in the_turn().notes] == [
        {"q": "a�b"},
        "c�d",
    ]


def test_what_was_said_before_comes_with_the_saving():
    conversation_id = str(uuid4())
    ask("Vad heter du?", a_house("Alice."), conversation_id=conversation_id)
    house = a_house("Med C.")

    ask("Hur stavas det?", house, conversation_id=conversation_id, continues=True)

    (turn,) = house.speakers["planner"].turns
    assert turn.history == (Said("user", "Vad heter du?"), Said("assistant", "Alice."))


def test_a_conversation_that_is_not_there_is_not_gone_on_with():
    events = ask("hej", a_house("Hej!"), conversation_id=str(uuid4()), continues=True)

    assert events[-1].code == "no_such_conversation"
    assert not Conversation.objects.exists()


def test_nobody_writes_in_somebody_elses_conversation():
    conversation_id = str(uuid4())
    ask("hej", a_house("Hej!"), conversation_id=conversation_id)

    for other in (
        Caller(tenant="alice", person="user:2", role="member"),
        Caller(tenant="lund", person="user:1", role="member"),
    ):
        events = ask("hej", a_house("Hej!"), conversation_id=conversation_id, caller=other)
        assert events[-1].code == "no_such_conversation"
    assert TurnRecord.objects.count() == 1


def test_a_deleted_conversation_takes_no_more_messages():
    conversation_id = str(uuid4())
    ask("hej", a_house("Hej!"), conversation_id=conversation_id)
    Conversation.objects.update(deleted=the_turn().asked_at)

    events = ask("hej", a_house("Hej!"), conversation_id=conversation_id)

    assert events[-1].code == "no_such_conversation"


def test_a_refused_message_leaves_nothing():
    events = ask("   ", a_house("Hej!"), conversation_id=str(uuid4()))

    assert events[-1].code == "empty_message"
    assert not TurnRecord.objects.exists() and not Conversation.objects.exists()


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Vad är klockan?", "Vad är klockan?"),
        ("  Två\n rader ", "Två rader"),
        ("ord " * 30, "ord " * 14 + "ord …"),
        ("å" * 80, "å" * 60 + " …"),
        ("noll\0 och \ud800 halv", "noll\ufffd och ? halv"),
    ],
)
def test_the_first_question_names_the_conversation(question: str, title: str):
    ask(question, a_house("Ja."), conversation_id=str(uuid4()))

    assert the_turn().conversation.title == title


def test_without_a_database_the_answer_is_told_as_unsaved(database_away: None):
    events = ask("hej", a_house("Hej på dig!"), conversation_id=str(uuid4()))

    assert isinstance(events[-1], Done) and events[-1].saved is False


def test_when_the_database_comes_back_in_time_all_is_saved(
    database_away: None, monkeypatch: pytest.MonkeyPatch
):
    class Mender(ScriptedSpeaker):
        async def answer(self, turn: Turn) -> Any:
            monkeypatch.undo()
            return await super().answer(turn)

    kit = a_kit(speaker=Mender("Hej på dig!"), journal=DatabaseJournal(), meter=StillMeter())
    events = ask("hej", kit, conversation_id=str(uuid4()))

    assert events[-1].saved is True
    assert (the_turn().question, the_turn().reply) == ("hej", "Hej på dig!")


def test_an_acknowledged_message_survives_kill_9():
    """A process of its own is killed the moment it has told `Started`."""
    code = """
import asyncio, os, django
django.setup()
from django.conf import settings
from django.db import connections
from chat.core.converse import converse
from chat.journal import DatabaseJournal
from chat.pipeline import CHAT
from tests.fakes import ScriptedSpeaker, a_kit, a_turn
async def main():
    kit = a_kit(speaker=ScriptedSpeaker(asyncio.Event()), journal=DatabaseJournal())
    turn = a_turn("kom ihåg mig", conversation_id="6f1c1b7e-0000-4000-8000-000000000000")
    async for event in converse(turn, kit, CHAT):
        print(event.type, flush=True)
settings.DATABASES["default"]["NAME"] = os.environ["KILLED_DB"]
connections.databases["default"]["NAME"] = os.environ["KILLED_DB"]
asyncio.run(main())
"""
    name = str(connection.settings_dict["NAME"])
    environment = {**os.environ, "KILLED_DB": name}
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    told = process.stdout.readline().strip()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    assert told == "started"
    assert (the_turn().question, the_turn().state) == ("kom ihåg mig", "open")
