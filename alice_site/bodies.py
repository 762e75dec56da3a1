"""Reading a request's body within bounds, on both lanes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from chat.core.errors import BadRequest, BodyTooLarge

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class SlowBody(BadRequest):
    """The body took longer to arrive than the server waits."""

    code, status = "slow_body", 408
    sv, en = "Anropet kom inte fram i tid.", "The request did not arrive in time."


async def read_body(receive: Receive, *, most_bytes: int, within_s: float) -> bytes:
    """Read the whole body, holding no more of it than is allowed.

    Raises:
        BodyTooLarge: there is more than `most_bytes`; nothing after that is read.
        SlowBody: it took longer than `within_s` seconds.
        ConnectionResetError: the client left before it had sent all.
    """
    try:
        async with asyncio.timeout(within_s):
            message = await _part(receive)
            body: bytes = message.get("body", b"")
            if not message.get("more_body") and len(body) <= most_bytes:
                return body  # as most bodies are
            parts, size = [body], len(body)
            while message.get("more_body") and size <= most_bytes:
                message = await _part(receive)
                parts.append(message.get("body", b""))
                size += len(parts[-1])
    except TimeoutError:
        raise SlowBody() from None
    if size > most_bytes:
        raise BodyTooLarge()
    return b"".join(parts)


def again(body: bytes, receive: Receive) -> Receive:
    """Give a `receive` that starts over with a body that is read already."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return first.pop() if first else await receive()

    return receive_again


async def _part(receive: Receive) -> Message:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ConnectionResetError()
    return message
