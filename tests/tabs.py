"""A browser tab on the chat socket, for tests: the real consumer, with a kit of fakes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import msgspec
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from chat.consumers import ChatConsumer
from chat.core.kit import Kit
from chat.models import User

Heard = dict[str, Any]


class Tab:
    """Asks, and hears what comes back."""

    def __init__(self, kit: Kit, session_key: str, language: str = "sv") -> None:
        self.line = ApplicationCommunicator(
            ChatConsumer.as_asgi(lambda: kit),
            {
                "type": "websocket",
                "path": "/ws/chat/",
                "headers": [(b"accept-language", language.encode())],
                "cookies": {"sessionid": session_key},
            },
        )

    async def open(self) -> None:
        await self.line.send_input({"type": "websocket.connect"})
        assert (await self.line.receive_output(timeout=3))["type"] == "websocket.accept"

    async def close(self) -> None:
        await self.line.send_input({"type": "websocket.disconnect", "code": 1001})
        await self.line.wait(timeout=3)

    async def ask(self, text: str, *, id: str = "", **more: Any) -> str:
        id = id or str(uuid4())
        await self.send({"type": "ask", "id": id, "text": text, **more})
        return id

    async def stop(self, id: str) -> None:
        await self.send({"type": "stop", "id": id})

    async def send(self, frame: Any) -> None:
        raw = frame if isinstance(frame, str) else msgspec.json.encode(frame).decode()
        await self.line.send_input({"type": "websocket.receive", "text": raw})

    async def hear(self, kind: str = "", *, of: str | None = None) -> Heard:
        """Hear the next event; of a `kind`, and to the ask `of`, if those are given."""
        while True:
            event = msgspec.json.decode((await self.line.receive_output(timeout=3))["text"])
            if kind in ("", event["type"]) and of in (None, event.get("id")):
                return event

    async def whole(self, id: str) -> list[Heard]:
        """Hear the answer to one ask, to its end."""
        heard: list[Heard] = []
        while not heard or heard[-1]["type"] not in ("done", "failed", "stopped"):
            heard.append(await self.hear(of=id))
        return heard


@asynccontextmanager
async def a_tab(kit: Kit, session_key: str, *, language: str = "sv") -> AsyncIterator[Tab]:
    """Open a tab; it is closed when the block ends."""
    tab = Tab(kit, session_key, language)
    await tab.open()
    try:
        yield tab
    finally:
        await tab.close()


def a_session(user: User | None = None) -> str:
    """Begin a session, of a guest unless a user is given. Give its key."""
    session = SessionStore()
    if user is not None:
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def words(heard: list[Heard]) -> str:
    return "".join(event["text"] for event in heard if event["type"] == "token")
