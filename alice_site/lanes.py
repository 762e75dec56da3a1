"""Which way a connection takes: two lanes for HTTP, one for WebSocket, and the server's own life.

The hot doors take the lean lane, everything else Django's stock handler.
"""

import asyncio
import io
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.sessions import CookieMiddleware
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler, ASGIRequest

from alice_site.bodies import Receive, Send, again, read_body
from alice_site.lean import LeanHandler
from chat import wiring
from chat.api.errors import refuse
from chat.core.errors import AliceError
from chat.housekeeping import keep_house
from chat.pipeline import CHAT
from chat.strain import keep_watch
from chat.teaching import keep_teaching
from chat.urls import websocket_urlpatterns
from chat.warming.runner import keep_warm

Scope = dict[str, Any]


class StockHandler(ASGIHandler):
    """Django's own handler, behind the same bounds on bodies as the lean lane."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await read_body(
                receive, most_bytes=settings.ALICE_BODY_BYTES, within_s=settings.ALICE_BODY_S
            )
        except ConnectionResetError:
            return
        except AliceError as error:
            request = ASGIRequest({**scope, "query_string": b""}, io.BytesIO())
            await self.send_response(refuse(error, request), send)
            return
        await super().__call__(scope, again(body, receive), send)


class Lanes:
    """Sends each request down its lane."""

    def __init__(self) -> None:
        self._lean, self._stock = LeanHandler("chat.api.urls"), StockHandler()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        lane = self._lean if is_hot(scope["path"]) else self._stock
        await lane(scope, receive, send)


def is_hot(path: str) -> bool:
    """Tell whether a path belongs to the doors that must be fast."""
    return path.startswith(("/v1/", "/api/chat/", "/api/nlu/")) or path == "/api/chat"


async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    """Say that Alice is ready, and put things away when the server stops."""
    chores: list[asyncio.Task[None]] = []
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            chores = [
                asyncio.create_task(keep_house()),
                asyncio.create_task(keep_warm(wiring.kit, CHAT)),
                asyncio.create_task(keep_teaching()),
                asyncio.create_task(keep_watch()),
            ]
            try:
                await wiring.warm()
                wiring.listen()
                if (walker := wiring.reembedding()) is not None:
                    chores.append(asyncio.create_task(walker.keep_up()))
            except Exception as error:  # /health/ready tells what is missing
                wiring.kit().meter.trouble("warm", "", error)
        if message["type"] == "lifespan.shutdown":
            for chore in chores:
                chore.cancel()
            if chores:  # they use what is let go of next
                await asyncio.wait(chores)
            await wiring.close()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


application = ProtocolTypeRouter(
    {
        "http": Lanes(),
        # The consumer looks up the session itself: it can say so when the database is away.
        "websocket": AllowedHostsOriginValidator(
            CookieMiddleware(URLRouter(websocket_urlpatterns))
        ),
        "lifespan": lifespan,
    }
)
