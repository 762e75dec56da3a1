"""What is no longer to be kept is removed by Alice herself."""

import asyncio
import contextlib
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from chat.core.turn import Caller
from chat.housekeeping import keep_house, purge
from chat.models import Conversation, ReplayRecord
from chat.services.conversations import delete

CALLER = Caller("alice", "guest:anna")


def a_replay(**fields: object) -> ReplayRecord:
    return ReplayRecord.objects.create(
        **{
            "person": CALLER.person,
            "key": "k",
            "fingerprint": "f",
            "turn_id": uuid4(),
            "state": ReplayRecord.State.KEPT,
            "expires": timezone.now() + timedelta(hours=1),
            **fields,
        }
    )


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_has_run_out_is_removed_while_alice_runs():
    a_replay(expires=timezone.now() - timedelta(minutes=1))
    kept = a_replay(key="other")

    async def a_while() -> None:
        chores = asyncio.create_task(keep_house(every_s=0.001))
        for _ in range(200):
            await asyncio.sleep(0.01)
            if await ReplayRecord.objects.acount() == 1:
                break
        chores.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await chores

    asyncio.run(a_while())

    assert list(ReplayRecord.objects.values_list("key", flat=True)) == [kept.key]


@pytest.mark.django_db
def test_a_session_that_has_run_out_is_removed():
    now = timezone.now()
    for key, expires in (("over", now - timedelta(minutes=1)), ("kept", now + timedelta(hours=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=expires)

    purge()

    assert list(Session.objects.values_list("session_key", flat=True)) == ["kept"]


@pytest.mark.django_db
def test_deleting_a_conversation_forgets_its_kept_answers():
    conversation = Conversation.objects.create(
        id=uuid4(), tenant_id="alice", person=CALLER.person, title="hej"
    )
    a_replay(conversation_id=conversation.pk)
    a_replay(key="elsewhere", conversation_id=uuid4())

    delete(caller=CALLER, conversation_id=conversation.pk)

    assert list(ReplayRecord.objects.values_list("key", flat=True)) == ["elsewhere"]
