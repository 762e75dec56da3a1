"""A person lists, searches, renames, deletes, restores and takes along their own conversations."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone, translation

from chat.core.errors import BadRequest, ModelFailed, NoSuchConversation
from chat.core.turn import Caller, Said
from chat.journal import DatabaseJournal
from chat.models import Conversation, Feedback, ReplayRecord, Tenant, TurnRecord, User
from chat.services import conversations, export, feedback
from tests.fakes import MEMBER, ScriptedSpeaker, a_kit, a_turn, hear

pytestmark = pytest.mark.django_db(transaction=True)

OTHERS = (
    Caller(tenant="alice", person="user:2", role="member"),
    Caller(tenant="lund", person="user:1", role="member"),
    Caller(tenant="alice", person="guest:1"),
)


def a_talk(*said: tuple[str, Any], caller: Caller = MEMBER) -> str:
    """Hold a conversation of questions and replies (or errors), and give its id."""
    conversation_id = str(uuid4())
    for question, reply in said:
        kit = a_kit(speaker=ScriptedSpeaker(reply), journal=DatabaseJournal())
        turn = a_turn(
            question, conversation_id=conversation_id, caller=caller, opened=timezone.now()
        )
        asyncio.run(hear(turn, kit))
    return conversation_id


def found(search: str = "", caller: Caller = MEMBER, **more: Any) -> list[str]:
    page = conversations.list_conversations(caller=caller, search=search, **more)
    return [str(conversation.pk) for conversation in page.conversations]


def test_listed_newest_first_and_in_pages():
    talks = [a_talk((f"fråga {number}", "ja")) for number in range(5)][::-1]

    assert found() == talks
    assert found(per_page=2, page=2) == talks[2:4]
    assert conversations.list_conversations(caller=MEMBER, per_page=2, page=2).more
    assert not conversations.list_conversations(caller=MEMBER, per_page=2, page=3).more


@pytest.mark.parametrize("search", ["ÅNGA", "ånga", "tåg kokar", "KOKAR", "Tåg"])
def test_search_finds_words_in_questions_replies_and_titles_whatever_their_case(search: str):
    talk = a_talk(("Hur går ett tåg på Ånga?", "Vattnet kokar."))
    a_talk(("Något annat", "Ja."))

    assert found(search) == [talk]


def test_search_finds_what_no_database_could_hold():
    talk = a_talk(("hej\0 du", "Hej!"))

    assert found("hej\0") == [talk]


@pytest.mark.parametrize("search", ["%", "_", "ånga snö", "' OR 1=1"])
def test_search_takes_every_character_at_its_word(search: str):
    a_talk(("Ånga", "Ja."))

    assert found(search) == []


def test_a_renamed_conversation_is_found_by_its_new_title():
    talk = a_talk(("hej", "Hej!"))

    conversations.rename(caller=MEMBER, conversation_id=talk, title="  Älgar\n i Ösmo ")

    assert Conversation.objects.get().title == "Älgar i Ösmo"
    assert found("älgar") == [talk]


def test_deleted_is_gone_until_restored():
    talk = a_talk(("hej", "Hej!"))

    conversations.delete(caller=MEMBER, conversation_id=talk)
    assert found() == []
    with pytest.raises(NoSuchConversation):
        conversations.open_conversation(caller=MEMBER, conversation_id=talk)

    conversations.restore(caller=MEMBER, conversation_id=talk)
    assert found() == [talk]


DOORS: list[Callable[..., Any]] = [
    lambda **own: conversations.open_conversation(**own),
    lambda **own: conversations.turns_of(**own),
    lambda **own: conversations.rename(**own, title="mitt"),
    lambda **own: conversations.delete(**own),
    lambda **own: conversations.restore(**own),
    lambda **own: export.export_json(**own),
    lambda **own: export.export_markdown(**own),
]


@pytest.mark.parametrize("door", range(len(DOORS)))
def test_somebody_elses_conversation_is_not_there(door: int):
    talk = a_talk(("hej", "Hej!"))

    for conversation_id in (talk, str(uuid4()), "nonsens"):
        for other in OTHERS:
            with pytest.raises(NoSuchConversation):
                DOORS[door](caller=other, conversation_id=conversation_id)
            assert found(caller=other) == found("hej", caller=other) == []


def test_history_is_the_last_answered_turns_oldest_first():
    talk = a_talk(("1", "ett"), ("2", ModelFailed()), ("3", "tre"), ("4", "fyra"))

    conversation = conversations.open_conversation(caller=MEMBER, conversation_id=talk)
    history = conversations.history_of(conversation, turns=2)

    assert history == (
        Said("user", "3"),
        Said("assistant", "tre"),
        Said("user", "4"),
        Said("assistant", "fyra"),
    )


def test_a_retry_does_not_lean_on_itself():
    talk = a_talk(("1", "ett"))
    TurnRecord.objects.update(client_id="m-1")

    conversation = conversations.open_conversation(caller=MEMBER, conversation_id=talk)
    assert conversations.history_of(conversation, turns=8, but="m-1") == ()


def test_json_takes_everything_along():
    talk = a_talk(("Är det så?", "Ja."), ("Säkert?", ModelFailed()))
    first = TurnRecord.objects.get(question="Är det så?")
    feedback.give_feedback(caller=MEMBER, turn_id=first.pk, thumb="up", comment="Fint!")

    whole = json.loads(export.export_json(caller=MEMBER, conversation_id=talk))

    assert (whole["id"], whole["title"]) == (talk, "Är det så?")
    assert [turn["question"] for turn in whole["turns"]] == ["Är det så?", "Säkert?"]
    assert whole["turns"][0]["reply"] == "Ja."
    assert whole["turns"][0]["feedback"] == {"thumb": "up", "comment": "Fint!"}
    assert whole["turns"][1]["error_code"] == "model_failed"
    assert whole["turns"][1]["feedback"] is None


def test_markdown_reads_as_the_conversation_did():
    talk = a_talk(("# Är det\nså?", "Ja, **så** är det."), ("Säkert?", ModelFailed()))

    with translation.override("sv"):
        text = export.export_markdown(caller=MEMBER, conversation_id=talk)

    assert text.startswith("# # Är det så?\n")
    assert "> # Är det\n> så?\n\n## Alice\n\nJa, **så** är det.\n" in text
    assert text.endswith("> Säkert?\n\n## Alice\n\n*Inget svar.*\n\n*Svaret blev inte klart.*\n")


def test_a_second_thumb_takes_the_place_of_the_first_and_can_be_withdrawn():
    a_talk(("hej", "Hej!"))
    turn_id = TurnRecord.objects.get().pk

    feedback.give_feedback(caller=MEMBER, turn_id=turn_id, thumb="up")
    feedback.give_feedback(caller=MEMBER, turn_id=turn_id, thumb="down", comment=" Fel. ")
    assert list(Feedback.objects.values_list("thumb", "comment")) == [("down", "Fel.")]

    feedback.withdraw_feedback(caller=MEMBER, turn_id=turn_id)
    assert not Feedback.objects.exists()


def test_feedback_is_for_ones_own_answers_and_points_up_or_down():
    a_talk(("hej", "Hej!"))
    turn_id = TurnRecord.objects.get().pk

    for other in OTHERS:
        with pytest.raises(NoSuchConversation):
            feedback.give_feedback(caller=other, turn_id=turn_id, thumb="up")
    with pytest.raises(NoSuchConversation):
        feedback.give_feedback(caller=MEMBER, turn_id="nonsens", thumb="up")
    with pytest.raises(BadRequest):
        feedback.give_feedback(caller=MEMBER, turn_id=turn_id, thumb="åt sidan")


def test_purge_removes_what_is_no_longer_to_be_kept_and_nothing_else():
    ida = User.objects.create_user("ida")
    hers = Caller(tenant="alice", person=f"user:{ida.pk}", role="member")
    left = Caller(tenant="alice", person="user:99999", role="member")
    kept = a_talk(("kvar", "ja"), caller=hers)
    guests, gone = (
        a_talk(("gäst", "ja"), caller=Caller(tenant="alice", person=f"guest:{mark}"))
        for mark in "12"
    )
    fresh = a_talk(("nyss", "ja"), caller=hers)
    old, orphan = a_talk(("länge sedan", "ja"), caller=hers), a_talk(("bort", "ja"), caller=left)
    conversations.delete(caller=hers, conversation_id=fresh)
    conversations.delete(caller=hers, conversation_id=old)
    week = timezone.now() - conversations.UNDO_FOR
    Conversation.objects.filter(pk=old).update(deleted=week - timedelta(seconds=1))
    session = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    for talk, updated in (
        (guests, session - timedelta(minutes=1)),
        (gone, session),
        (kept, session),
    ):
        Conversation.objects.filter(pk=talk).update(updated=timezone.now() - updated)
    for key, expires in (("a", -1), ("b", 60)):
        ReplayRecord.objects.create(
            person="user:1", key=key, expires=timezone.now() + timedelta(seconds=expires)
        )

    call_command("purge")

    remaining = {str(pk) for pk in Conversation.objects.values_list("pk", flat=True)}
    assert remaining == {kept, guests, fresh} and not {orphan, gone} & remaining
    assert ReplayRecord.objects.get().key == "b"


def test_there_is_always_a_home():
    assert Tenant.objects.get().slug == "alice"
