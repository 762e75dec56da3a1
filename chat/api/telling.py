"""How a turn's events leave by HTTP: told one by one as server-sent events, or folded into one."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing

import msgspec
from django.http import StreamingHttpResponse

from chat.core.errors import Unexpected
from chat.core.events import Event, Failed

Events = AsyncGenerator[Event, None]
Tell = Callable[[Event], bytes]

PING = b": ping\n\n"
PING_EVERY_S = 13.0
"""Longest silence on the wire; proxies drop a connection that says nothing for about a minute."""

_encode = msgspec.json.Encoder().encode


class FailedFirst(Exception):
    """The turn was refused before it began, so the answer can still have the error's status."""

    def __init__(self, failed: Failed) -> None:
        super().__init__(failed.code)
        self.failed = failed


def as_sse(event: Event) -> bytes:
    """Write one event as the server-sent event of its name."""
    return b"event: %b\ndata: %b\n\n" % (event.type.encode(), _encode(event))


class EventStream(StreamingHttpResponse):
    """A streamed answer whose turn is stopped as soon as the client is gone."""

    def __init__(self, pump: "Pump", told: AsyncGenerator[bytes, None]) -> None:
        super().__init__(told, content_type="text/event-stream; charset=utf-8")
        self._pump, self._told = pump, told
        self["Cache-Control"] = "no-cache"
        self["X-Accel-Buffering"] = "no"

    def __aiter__(self) -> AsyncIterator[bytes]:
        # Django closes what this gives. It would wrap an ordinary `streaming_content` in a
        # generator of its own, and close only that.
        return self._told

    def close(self) -> None:
        self._pump.stop()
        super().close()


class Pump:
    """Runs a turn in a task of its own, so that waiting for its next event can be given up.

    The turn never runs far ahead of its reader: eight events, then it waits.
    """

    def __init__(self, events: Events) -> None:
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue(maxsize=8)
        self._task = asyncio.ensure_future(self._run(events))

    async def _run(self, events: Events) -> None:
        try:
            async with aclosing(events):
                async for event in events:
                    await self._queue.put(event)
        finally:
            if self._queue.full():  # nobody reads any more
                self._queue.get_nowait()
            self._queue.put_nowait(None)

    def stop(self) -> None:
        """Cancel the turn if it is still under way; its after-steps run all the same."""
        if not self._task.done():  # Django may close a response from another thread
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)

    async def first(self) -> Event:
        """Wait for the first event.

        Raises:
            FailedFirst: that was all there is.
        """
        try:
            event = await self._queue.get()
        except asyncio.CancelledError:
            self.stop()
            raise
        if event is None:
            raise Unexpected()
        if isinstance(event, Failed):
            raise FailedFirst(event)
        return event

    async def tell(self, first: Event, tell: Tell, end: bytes = b"") -> AsyncGenerator[bytes, None]:
        """Write every event, and a comment whenever there has been none for a while."""
        try:
            yield tell(first)
            while True:
                try:
                    async with asyncio.timeout(PING_EVERY_S):
                        event = await self._queue.get()
                except TimeoutError:
                    yield PING
                    continue
                if event is None:
                    break
                if told := tell(event):
                    yield told
            if end:
                yield end
        finally:
            self.stop()


async def stream(events: Events, tell: Tell = as_sse, end: bytes = b"") -> EventStream:
    """Answer with server-sent events, as they come.

    Raises:
        FailedFirst: the turn was refused before it began.
    """
    pump = Pump(events)
    first = await pump.first()
    return EventStream(pump, pump.tell(first, tell, end))


async def gather(events: Events) -> list[Event]:
    """Hear a whole turn.

    Raises:
        FailedFirst: it did not reach its end; nothing of it has been sent, so all of it failed.
    """
    heard: list[Event] = []
    async with aclosing(events):
        async for event in events:
            heard.append(event)
    if isinstance(heard[-1], Failed):
        raise FailedFirst(heard[-1])
    return heard
