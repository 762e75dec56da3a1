"""Once `started` is told, the message is on disk, whatever happens to server or client then."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import pytest_asyncio
from httpx_sse import ServerSentEvent, aconnect_sse

from .model_server import Says
from .real_server import RealServer

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUESTION = "Berätta något långt om fjällen i Jämtland"
BODY = {"message": QUESTION, "conversation_id": "new", "stream": True}


@pytest_asyncio.fixture(loop_scope="module")
async def client(alice: RealServer) -> AsyncIterator[httpx.AsyncClient]:
    key = {"Authorization": f"Bearer {alice.key}"}
    async with httpx.AsyncClient(base_url=alice.url, headers=key, timeout=34) as client:
        yield client


@asynccontextmanager
async def asked(
    client: httpx.AsyncClient, key: str, body: dict[str, object] = BODY
) -> AsyncIterator[ServerSentEvent]:
    """Ask, and hear `started` and the first word; whoever leaves the block leaves the answer."""
    headers = {"Idempotency-Key": key}
    async with aconnect_sse(client, "POST", "/api/chat", json=body, headers=headers) as source:
        events = source.aiter_sse()
        started = await anext(events)
        while (await anext(events)).event != "token":
            pass
        yield started


async def turns(client: httpx.AsyncClient, conversation_id: str) -> list[dict[str, object]]:
    return (await client.get(f"/api/conversations/{conversation_id}")).json()["turns"]


async def test_a_question_survives_kill_9_and_is_not_doubled_when_it_is_sent_again(
    alice, client, model
):
    model.script(Says("aldrig ", "sagt", word_after_s=60))
    async with asked(client, "before-the-crash") as started:
        alice.kill()

    alice.start()
    conversation_id = started.json()["conversation_id"]
    kept = await turns(client, conversation_id)

    assert started.event == "started"
    assert [(turn["question"], turn["state"]) for turn in kept] == [(QUESTION, "open")]

    model.script(Says("Fjällen ", "är höga."))
    again = {"Idempotency-Key": "before-the-crash"}
    answer = await client.post("/api/chat", json={**BODY, "stream": False}, headers=again)
    while answer.status_code == 409:  # the crashed server's claim on the key runs out
        await asyncio.sleep(float(answer.headers.get("Retry-After", 1)))
        answer = await client.post("/api/chat", json={**BODY, "stream": False}, headers=again)
    kept = await turns(client, conversation_id)

    assert answer.status_code == 200
    assert answer.json()["conversation_id"] == conversation_id
    assert [(turn["question"], turn["reply"], turn["state"]) for turn in kept] == [
        (QUESTION, "Fjällen är höga.", "complete")
    ]


async def test_a_client_who_leaves_stops_the_model_and_the_turn_is_kept_as_stopped(client, model):
    model.script(Says("ett ", *["till "] * 500, word_after_s=0.02))
    left = model.left

    async with asked(client, "leaves", {**BODY, "message": "Berätta om skogen"}) as started:
        pass
    conversation_id = started.json()["conversation_id"]
    async with asyncio.timeout(13):
        while (kept := await turns(client, conversation_id))[0]["state"] == "open":
            await asyncio.sleep(0.02)

    assert [turn["state"] for turn in kept] == ["stopped"]
    assert model.left == left + 1
