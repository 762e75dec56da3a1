"""The lean lane: Django's requests, URLs and async views without a thread hop.

Django's stock handler pays two hops to a thread for its signal receivers, two more for every
synchronous middleware, and two tasks to notice a client that leaves. The doors on this lane have no
session and no synchronous middleware, and they reach the database by `in_db`, which looks after
connections itself. So this handler leaves the hops out, and keeps what they were for:

- a body has bounds in size and time, and is refused while it comes in;
- a client that leaves cancels the view, or closes the stream that it was sent;
- whatever goes wrong is answered in Alice's own shape and logged once.
"""

import asyncio
import io
from functools import partial
from types import TracebackType
from typing import Any, cast

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.asgi import ASGIHandler, ASGIRequest, get_script_prefix
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import get_resolver, set_script_prefix
from django.utils.module_loading import import_string

from alice_site.bodies import Receive, Send, read_body
from alice_site.middleware import Answer
from chat.api.errors import refuse
from chat.core.errors import AliceError, BadRequest

LISTEN_AFTER_S = 0.034
"""Who is answered within a blink needs nobody to listen for their leaving."""


class LeanRequest(ASGIRequest):
    """A request whose body is here already, or has a problem."""

    problem: AliceError | None = None


class LeanHandler(ASGIHandler):
    """Answers the hot doors of a URLconf, all of them async views."""

    def __init__(self, urlconf: str | None = None) -> None:
        super().__init__()
        self._resolver = get_resolver(urlconf)

    def load_middleware(self, is_async: bool = True) -> None:
        """Chain the functions of LEAN_MIDDLEWARE around the view.

        Raises:
            ImproperlyConfigured: one of them is not async.
        """
        chain = _told(self._view)
        for name in reversed(settings.LEAN_MIDDLEWARE):
            middleware = import_string(name)
            if not iscoroutinefunction(middleware):
                raise ImproperlyConfigured(f"{name} in LEAN_MIDDLEWARE is not an async function.")
            chain = _told(partial(middleware, answer=chain))
        self._chain = chain

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        body, problem = b"", None
        try:
            body = await read_body(
                receive, most_bytes=settings.ALICE_BODY_BYTES, within_s=settings.ALICE_BODY_S
            )
        except AliceError as error:
            problem = error
        except ConnectionResetError:
            return
        set_script_prefix(get_script_prefix(scope))
        request = _request(scope, body, problem)
        with _LeavingCancels(receive):
            response = await self._chain(request)
            await self.send_response(response, send)

    async def send_response(self, response: HttpResponseBase, send: Send) -> None:
        """Send the head, then the body; a stream goes part by part, as fast as it is read."""
        if isinstance(response, HttpResponse):
            response.headers.setdefault("Content-Length", str(len(response.content)))
            await super().send_response(response, send)
            return  # closing it would only send the signal whose receivers look after threads
        try:
            await super().send_response(response, send)
        finally:
            response.close()
            # Django closes the generator that it wraps around a stream, not the stream itself.
            close = getattr(getattr(response, "_iterator", None), "aclose", None)
            if close is not None:
                await close()

    async def _view(self, request: HttpRequest) -> HttpResponseBase:
        assert isinstance(request, LeanRequest)
        if request.problem is not None:
            raise request.problem
        match = request.resolver_match = self._resolver.resolve(request.path_info)
        response = await match.func(request, *match.args, **match.kwargs)
        if callable(render := getattr(response, "render", None)):  # REST framework's responses
            response = render()
        return cast(HttpResponseBase, response)


def _request(scope: dict[str, Any], body: bytes, problem: AliceError | None) -> LeanRequest:
    try:
        request = LeanRequest(scope, io.BytesIO(body))
    except UnicodeDecodeError:  # in the query string
        request = LeanRequest({**scope, "query_string": b""}, io.BytesIO())
        problem = BadRequest()
    request.problem = problem
    return request


def _told(answer: Answer) -> Answer:
    """Turn what `answer` raises into an answer, so that every layer sees one."""

    async def told(request: HttpRequest) -> HttpResponseBase:
        try:
            return await answer(request)
        except Exception as error:
            return refuse(error, request)

    return told


class _LeavingCancels:
    """Cancels what runs under it when the client leaves, and keeps quiet about that."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._gone = False
        self._listener: asyncio.Task[None] | None = None

    def __enter__(self) -> None:
        self._task = asyncio.current_task()
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(LISTEN_AFTER_S, self._start)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> bool:
        self._timer.cancel()
        if self._listener is not None:
            self._listener.cancel()
        if not (self._gone and isinstance(error, asyncio.CancelledError)):
            return False
        assert self._task is not None
        # Somebody else, a stopping server say, may have cancelled too.
        return self._task.uncancel() == 0

    def _start(self) -> None:
        self._listener = self._loop.create_task(self._listen())

    async def _listen(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        assert self._task is not None
        self._task.cancel()
