"""A key opens the hot doors as its own; one that does not hold, or a stranger's talk, does not."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from chat.core.policy import Policy
from chat.journal import DatabaseJournal
from chat.models import ApiKey, Conversation, Tenant, User

from .doors import doors, post
from .fakes import ScriptedSpeaker, a_kit

pytestmark = pytest.mark.django_db(transaction=True)

DOORS = {
    "/api/chat": {"message": "hej"},
    "/v1/chat/completions": {"messages": [{"role": "user", "content": "hej"}]},
}


@sync_to_async
def a_key(**fields: Any) -> tuple[ApiKey, str]:
    tenant, _ = Tenant.objects.get_or_create(slug="alice", defaults={"name": "Alice"})
    owner, _ = User.objects.get_or_create(username="anna", tenant=tenant)
    return ApiKey.objects.create_key(name="test", owner=owner, **fields)


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("header", ["authorization", "x-api-key"])
async def test_a_key_names_the_caller_in_either_header(path, header):
    key, secret = await a_key()
    sent = {header: f"Bearer {secret}" if header == "authorization" else secret}
    speaker = ScriptedSpeaker("hej")
    with doors(a_kit(speaker=speaker)) as client:
        response = await post(client, path, DOORS[path], **sent)

    (turn,) = speaker.turns
    assert response.status_code == 200
    assert (turn.caller.person, turn.caller.tenant) == (f"key:{key.prefix}", "alice")
    assert turn.caller.role == "program"


@pytest.mark.parametrize("path", ["/v1/models", "/v1/models/alice"])
async def test_models_are_named_to_those_who_may_chat(path):
    _key, chats = await a_key()
    _key, reads = await a_key(scopes=["documents"])
    for off, guest in ((frozenset(), 200), (frozenset({"guests"}), 401)):
        with doors(a_kit(), Policy(off=off)) as client:
            for headers, status in (({}, guest), (bearer(chats), 200), (bearer(reads), 403)):
                assert (await client.get(path, headers=headers)).status_code == status


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"revoked": True}, 401),
        ({"expiry_date": timezone.now() - timedelta(seconds=1)}, 401),
        ({"scopes": ["documents"]}, 403),
    ],
)
async def test_a_key_that_does_not_hold_is_refused(path, fields, status):
    _key, secret = await a_key(**fields)
    with doors(a_kit()) as client:
        response = await post(client, path, DOORS[path], authorization=f"Bearer {secret}")

    assert response.status_code == status
    assert response["X-Request-ID"] and response.json()["error"]["message"]


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("secret", ["alice_aaaaaaaa.bbbb", "sk-123", "å" * 9, "x" * 9999])
async def test_a_key_that_never_was_is_refused(path, secret):
    with doors(a_kit()) as client:
        response = await post(client, path, DOORS[path], **{"x-api-key": secret})

    assert response.status_code == 401
    assert response.json()["error"]["code"] in ("bad_key", "invalid_api_key")


@pytest.mark.parametrize("whose", ["nobody", "a stranger", "deleted"])
async def test_only_ones_own_conversation_can_be_gone_on_with(whose):
    key, secret = await a_key()
    conversation_id = uuid4()
    if whose != "nobody":
        await Conversation.objects.acreate(
            id=conversation_id,
            tenant_id="alice",
            person="user:1" if whose == "a stranger" else f"key:{key.prefix}",
            deleted=timezone.now() if whose == "deleted" else None,
        )
    speaker = ScriptedSpeaker("hej")
    body = {"message": "hej", "conversation_id": str(conversation_id)}
    with doors(a_kit(speaker=speaker, journal=DatabaseJournal())) as client:
        response = await post(client, "/api/chat", body, authorization=f"Bearer {secret}")

    assert response.status_code == 404
    assert response.json()["error"]["code"] == "no_such_conversation"
    assert speaker.turns == []


async def test_two_guests_at_one_address_are_one_and_the_address_is_not_kept():
    speaker = ScriptedSpeaker("hej")
    with doors(a_kit(speaker=speaker)) as client:
        for _ in range(2):
            await post(client, "/api/chat", {"message": "hej"})

    first, second = (turn.caller for turn in speaker.turns)
    assert first == second and first.role == "guest"
    assert first.person.startswith("guest:") and "127.0.0.1" not in first.person


async def test_without_a_database_a_conversation_is_answered_without_its_history(database_away):
    speaker = ScriptedSpeaker("hej")
    body = {"message": "hej", "conversation_id": str(uuid4())}
    with doors(a_kit(speaker=speaker)) as client:
        response = await post(client, "/api/chat", body)
        with_key = await post(client, "/api/chat", body, **{"x-api-key": "alice_a.b"})

    assert response.status_code == 200 and speaker.turns[0].history == ()
    assert (with_key.status_code, with_key.json()["error"]["code"]) == (503, "overloaded")
