"""`/ws/chat/`: ask Alice over one socket, and hear every event of every answer as it happens.

    browser → Alice   {"type": "ask", "id", "text", "conversation_id", "timezone"?}
                      {"type": "stop", "id"}
    Alice → browser   every event of `chat.core.events` with the `id` of its ask;
                      `done` also has `html` and `about`, `tool_returned` has `told`;
                      `started`, `done` and `failed` have `limits`, as `GET /api/budget` tells them
                      {"type": "stopped", "id", "html"}         the answer was cut short on request
                      {"type": "failed", "id": null, "code", …} a frame could not be understood
                      {"type": "conversations_changed"}         in another tab

`id` is the browser's own. Asking again under the same id, as after a lost connection, goes on with
the answer or says it again; it never doubles anything.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import aclosing, suppress
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4, uuid5

import msgspec
import structlog
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_from_request, override

from chat import live, wiring
from chat.budgets import told
from chat.core.converse import converse
from chat.core.errors import AliceError, NotSignedIn, Overloaded, TooManyAtOnce, Unexpected
from chat.core.events import Done, Event, Failed, Started, Token, ToolCalled, ToolReturned
from chat.core.kit import Kit, OutOfReach
from chat.core.limiting import holders_of_turn
from chat.core.steps.entrance import let_in
from chat.core.turn import Caller, Turn
from chat.fanout import listen, tell_tabs
from chat.frames import Ask, Stop, read_frame
from chat.opening import NEW, open_turn
from chat.pipeline import CHAT
from chat.reach import reach
from chat.rendering import render
from chat.services.storable import storable
from chat.sessions import caller_of_key
from chat.showing import about_html, tool_told

log = structlog.get_logger(__name__)

AT_ONCE = 3
"""Answers that may be on their way to one socket at the same time."""

SIGNED_OUT = 4401
"""Close code: the browser should go to the login page."""

TRY_LATER = 1013
"""Close code: who the browser is can't be looked up right now."""

BROWSER_ASKS = UUID("a11ce000-0000-5000-8000-000000000000")
"""Name space of the conversations that begin in a browser."""


class Gone(Exception):
    """The browser left while it was being told something."""


_encode = msgspec.json.Encoder().encode


class ChatConsumer:
    """One browser tab."""

    def __init__(self, scope: Any, receive: Any, send: Any, kit: Callable[[], Kit]) -> None:
        self.receive, self._send, self.kit = receive, send, kit
        self.name = uuid4().hex
        self.session_key = scope.get("cookies", {}).get(settings.SESSION_COOKIE_NAME, "")
        self.language = _language_of(scope)
        self.address = (scope.get("client") or ("",))[0]
        self.caller: Caller | None = None
        self.asks: dict[str, asyncio.Task[None]] = {}  # that can be stopped
        self.tasks: set[asyncio.Task[None]] = set()

    @classmethod
    def as_asgi(cls, kit: Callable[[], Kit] | None = None) -> Callable[..., Any]:
        """Build the ASGI application behind `/ws/chat/`; tests hand in a kit of their own."""

        async def application(scope: Any, receive: Any, send: Any) -> None:
            await cls(scope, receive, send, kit or wiring.kit).serve()

        return application

    async def serve(self) -> None:
        """Talk until the browser leaves; then stop what is under way, and see it saved."""
        await self.receive()  # websocket.connect
        await self._send({"type": "websocket.accept"})
        try:
            self.caller = await self._let_in()
        except NotSignedIn as error:
            return await self._refuse(error, SIGNED_OUT)
        except OutOfReach:
            return await self._refuse(Overloaded(), TRY_LATER)
        self._start(listen(self.caller.person, self.name, self._list_changed))
        try:
            while (message := await self.receive())["type"] == "websocket.receive":
                try:
                    await self.hear(message)
                except AliceError as error:
                    await self.fail(None, error)
        except Gone:
            pass
        finally:
            self.asks = {}
            tasks = tuple(self.tasks)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _refuse(self, error: AliceError, code: int) -> None:
        with suppress(Gone):
            await self.fail(None, error)
            await self._send({"type": "websocket.close", "code": code})

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    async def _let_in(self) -> Caller:
        """Name the caller, and refuse whoever may not chat."""
        caller = await reach(caller_of_key, session_key=self.session_key)
        let_in(caller, await live.current())
        return caller

    async def hear(self, message: Mapping[str, Any]) -> None:
        """Take one frame from the browser."""
        bounds = (await live.current()).bounds
        frame = read_frame(message, message_chars=bounds.message_chars)
        if isinstance(frame, Stop):
            task = self.asks.get(frame.id)
            if task is not None and not task.cancelling():  # pressed twice is pressed once
                task.cancel()
        elif frame.id not in self.asks:
            if len(self.asks) >= AT_ONCE:
                return await self.fail(frame.id, TooManyAtOnce())
            self.asks[frame.id] = self._start(self.answer(frame))

    async def answer(self, ask: Ask) -> None:
        """Answer one message, for as long as somebody hears it."""
        with suppress(Gone):
            await self._answer(ask)

    async def _answer(self, ask: Ask) -> None:
        words: list[str] = []
        tools: list[str] = []
        route = ""
        try:
            turn = await self.open(ask)
            async with aclosing(converse(turn, self.kit(), CHAT)) as events:
                async for event in events:
                    if isinstance(event, Token):
                        words.append(event.text)
                    elif isinstance(event, Started):
                        route = event.route
                    elif isinstance(event, ToolCalled):
                        tools.append(event.name)
                    elif isinstance(event, Done):
                        self.asks.pop(ask.id, None)  # too late to stop
                    more = self.beside(event, words, tools, route)
                    if isinstance(event, Started | Done | Failed):
                        more["limits"] = await self.limits(turn)
                    await self.send(**msgspec.to_builtins(event, enc_hook=str), id=ask.id, **more)
                    if isinstance(event, Started | Done) and event.conversation_id:
                        tell_tabs(turn.caller.person, sender=self.name)
        except asyncio.CancelledError:
            if ask.id not in self.asks:  # nobody is there to hear it
                raise
            await self.send(type="stopped", id=ask.id, html=render("".join(words)))
        except Gone:
            raise
        except AliceError as error:
            await self.fail(ask.id, error)
        except Exception as error:
            log.error("socket_failed", exc_info=error)
            await self.fail(ask.id, Unexpected())
        finally:
            self.asks.pop(ask.id, None)

    async def open(self, ask: Ask) -> Turn:
        """Open the turn of a message, for the caller as the session says now.

        A new conversation gets its id from the ask, so that asking again makes no other.
        """
        with suppress(OutOfReach):  # else go on as whoever came in
            self.caller = await self._let_in()
        assert self.caller is not None
        own = str(uuid5(BROWSER_ASKS, f"{self.caller.person} {ask.id}"))
        conversation_id = str(ask.conversation_id) if ask.conversation_id else own
        turn = await open_turn(
            self.caller,
            storable(ask.text),
            channel="web",
            address=self.address,
            streamed=True,
            language=self.language,
            timezone=ask.timezone,
            conversation_id=NEW if conversation_id == own else conversation_id,
            client_id=ask.id,
            idempotency_key=ask.id,
            confirmed=ask.confirmed,
            fingerprint=sha256(
                f"{conversation_id}\n{ask.text}".encode("utf-8", "replace")
            ).hexdigest(),
        )
        return replace(turn, conversation_id=conversation_id)

    async def limits(self, turn: Turn) -> list[dict[str, Any]]:
        """Tell how the limits of the caller stand, as HTTP does in its headers."""
        holders, limiter = holders_of_turn(turn), self.kit().limiter
        return told(limiter.known(holders) or await limiter.look(holders))

    def beside(
        self, event: Event, words: list[str], tools: list[str], route: str
    ) -> dict[str, Any]:
        """Give what the page needs beside an event."""
        with override(self.language):
            if isinstance(event, Done):
                return {"html": render("".join(words)), "about": about_html(event, tools)}
            if isinstance(event, ToolReturned):
                return {"told": tool_told(event, route)}
        return {}

    async def fail(self, id: str | None, error: AliceError) -> None:
        """Say why a frame or an ask could not be taken."""
        await self.send(
            type="failed",
            id=id,
            code=error.code,
            message=error.message(self.language),
            status=error.status,
            retry_after_s=error.retry_after_s,
        )

    async def send(self, **frame: Any) -> None:
        """Send one frame.

        Raises:
            Gone: the browser has left.
        """
        try:
            await self._send({"type": "websocket.send", "text": _encode(frame).decode()})
        except (OSError, RuntimeError) as error:  # as servers say it
            raise Gone() from error

    async def _list_changed(self) -> None:
        with suppress(Gone):
            await self.send(type="conversations_changed")


def _language_of(scope: Mapping[str, Any]) -> str:
    """Choose the language as Django does for a page: by cookie, else by Accept-Language."""
    request = HttpRequest()
    request.COOKIES = scope.get("cookies", {})
    headers = dict(scope.get("headers", ()))
    request.META["HTTP_ACCEPT_LANGUAGE"] = headers.get(b"accept-language", b"").decode("latin-1")
    return get_language_from_request(request)[:2]
