"""Asking the hot doors in tests: the real views and pipeline, with a kit of fakes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import AsyncClient

from chat.core.kit import Kit
from chat.core.policy import Policy


@contextmanager
def doors(kit: Kit, policy: Policy | None = None) -> Iterator[AsyncClient]:
    """Give a client of an Alice that runs on `kit` under `policy`."""

    async def current() -> Policy:
        return policy or Policy()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chat.wiring.kit", lambda: kit)
        patch.setattr("chat.live.current", current)
        yield AsyncClient()


async def post(client: AsyncClient, path: str, body: Any, **headers: str) -> Any:
    """Post JSON; `body` may be bytes, to send what JSON can't say."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await client.post(path, data=raw, content_type="application/json", headers=headers)


async def sse(response: Any) -> list[tuple[str, Any]]:
    """Read a whole answer of server-sent events, as names and values."""
    raw = b"".join([part async for part in response.streaming_content]).decode()
    events = []
    for block in raw.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if line[:1] != ":")
        if lines:
            data = lines["data"]
            events.append((lines.get("event", ""), data if data == "[DONE]" else json.loads(data)))
    return events
