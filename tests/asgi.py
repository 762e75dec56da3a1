"""Drives an ASGI application by hand: what a server would send it, and what it sent back."""

import asyncio
import json
from collections.abc import MutableMapping, Sequence
from typing import Any


def a_scope(path: str = "/", *, method: str = "POST", query: bytes = b"", **headers: str) -> Any:
    """Make the scope of a request; a header's `_` stands for `-`."""
    named = {"host": "localhost", "content_type": "application/json", **headers}
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "scheme": "http",
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50000),
        "headers": [
            (name.replace("_", "-").encode(), value.encode("latin1"))
            for name, value in named.items()
        ],
    }


class Client:
    """One client of one request. It sends `parts` of a body, then waits until it leaves."""

    def __init__(self, parts: Sequence[bytes] = (b"",), *, ends: bool = True) -> None:
        last = len(parts) - 1
        self.coming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        for number, part in enumerate(parts):
            more = number < last or not ends
            self.coming.put_nowait({"type": "http.request", "body": part, "more_body": more})
        self.heard: list[MutableMapping[str, Any]] = []
        self.hearing = asyncio.Event()
        self.reads = asyncio.Event()  # a slow reader clears it
        self.reads.set()

    def leave(self) -> None:
        self.coming.put_nowait({"type": "http.disconnect"})

    async def receive(self) -> dict[str, Any]:
        return await self.coming.get()

    async def send(self, message: MutableMapping[str, Any]) -> None:
        await self.reads.wait()
        self.heard.append(message)
        self.hearing.set()

    async def ask(self, app: Any, scope: Any) -> "Client":
        await app(scope, self.receive, self.send)
        return self

    @property
    def status(self) -> int:
        return int(self.heard[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {k.decode().lower(): v.decode() for k, v in self.heard[0]["headers"]}

    @property
    def parts(self) -> list[bytes]:
        return [m["body"] for m in self.heard[1:] if m.get("body")]

    @property
    def json(self) -> Any:
        return json.loads(b"".join(self.parts))
