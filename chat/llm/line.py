"""The HTTP line to one model server."""

import asyncio
import contextlib
import functools
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import httpx
import msgspec
import stamina

from .base import BackendTrouble, BadAsk, ModelMissing, Offered, ToolsNotTaken, Unreachable

CONNECT_S = 1.0
"""Longest wait for a connection. Reading has no limit of its own: the planner's phases decide."""

NOBODY = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.InvalidURL,
    httpx.UnsupportedProtocol,
    ExceptionGroup,  # anyio's way to say that the port is above 65535
)
"""What tells that the address is wrong or nobody listens there."""

GLANCES = 2
"""Connections kept for short looks at a server, beside the pool."""

# The fleet logs a back-end that fails, once; a line for each try would only repeat it.
stamina.instrumentation.set_on_retry_hooks(())

TRIES = 2
"""Only connecting is tried again: nothing has been asked yet, so nothing is asked twice."""


class Line:
    """Pooled connections to one address."""

    def __init__(self, url: str, *, headers: Mapping[str, str] | None = None, pool: int = 8):
        self.url = url.rstrip("/")
        self._headers = dict(headers or {})
        self._pool = pool
        self._open = 0
        # One client per event loop: a pooled connection can't outlive the loop that opened it.
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, _Clients] = WeakKeyDictionary()

    @property
    def busy(self) -> bool:
        """Tell whether the other end is speaking to somebody."""
        return self._open > 0

    @contextlib.asynccontextmanager
    async def post(self, path: str, body: Any) -> AsyncGenerator[httpx.Response, None]:
        """Send `body` as JSON and hand over the response, its status checked, to be read.

        Raises:
            BackendTrouble: no connection, a broken one, or a status that tells of an error.
        """
        response = await self._send("POST", path, msgspec.json.encode(body))
        self._open += 1
        try:
            if response.status_code != 200:
                raise await _refused(response)
            yield response
        except httpx.HTTPError as error:
            raise _broken() from error
        finally:
            self._open -= 1
            await response.aclose()

    async def get(self, path: str, within_s: float) -> bytes:
        """Fetch a short answer. Raises BackendTrouble."""
        try:
            async with asyncio.timeout(within_s):
                response = await self._here().glance.get(self.url + path)
        except (*NOBODY, TimeoutError, httpx.HTTPError, OSError) as error:
            raise _unreachable(self.url) from error
        if response.status_code != 200:
            raise await _refused(response)
        return response.content

    async def aclose(self) -> None:
        """Close the connections that this event loop opened."""
        clients = self._clients.pop(asyncio.get_running_loop(), None)
        if clients is not None:
            await clients.talk.aclose()
            await clients.glance.aclose()

    async def _send(self, method: str, path: str, content: bytes) -> httpx.Response:
        client = self._here().talk
        try:
            request = client.build_request(
                method,
                self.url + path,
                content=content,
                headers={"Content-Type": "application/json"},
            )
            async for attempt in stamina.retry_context(
                on=httpx.ConnectError, attempts=TRIES, wait_initial=0.02, wait_jitter=0.02
            ):
                with attempt:
                    return await client.send(request, stream=True)
        except NOBODY as error:
            raise _unreachable(self.url) from error
        except (httpx.HTTPError, OSError) as error:
            raise _broken() from error
        raise _unreachable(self.url)

    def _here(self) -> "_Clients":
        loop = asyncio.get_running_loop()
        clients = self._clients.get(loop)
        if clients is None:
            clients = _Clients(self._client(self._pool), self._client(GLANCES))
            self._clients[loop] = clients
        return clients

    def _client(self, connections: int) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            headers=self._headers,
            verify=_tls(),
            timeout=httpx.Timeout(None, connect=CONNECT_S),
            limits=httpx.Limits(max_connections=connections),
            # A proxy for the outer world can't see this machine's own addresses.
            mounts={"all://127.0.0.1": None, "all://localhost": None, "all://[::1]": None},
        )


@dataclass(frozen=True, slots=True)
class _Clients:
    """Connections for answers, and others for short looks: a full pool must not look dead."""

    talk: httpx.AsyncClient
    glance: httpx.AsyncClient


async def lines_of(response: httpx.Response) -> AsyncIterator[bytes]:
    """Split a response at newlines only.

    httpx's own lines also end at U+0085 and U+2028, which JSON allows inside a string.
    """
    rest = b""
    async for chunk in response.aiter_bytes():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if line.strip():
                yield line
    if rest.strip():
        yield rest


async def drain(rest: AsyncIterator[Any]) -> None:
    """Read on to the true end, which is at hand, so that the connection can be used again."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.1):
            async for _ in rest:
                pass


T = TypeVar("T")


def decoded(data: bytes | str, kind: type[T]) -> T:
    """Read JSON of a known shape. Raises BackendTrouble where it is something else."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise garbled() from error


def offers(tools: Sequence[Offered]) -> list[dict[str, Any]]:
    """Describe tools to a model; both protocols do it the same way."""
    return [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.parameters,
            },
        }
        for tool in tools
    ]


@functools.cache
def _tls() -> ssl.SSLContext:
    # Reading the root certificates takes longer than asking a model on this machine.
    return httpx.create_ssl_context()


async def _refused(response: httpx.Response) -> BackendTrouble:
    """Tell what a status that is not 200 means."""
    try:
        why = _reason(await response.aread())
    except httpx.HTTPError:
        why = ""
    status = response.status_code
    if status == 400 and "tool" in why:
        return ToolsNotTaken("Modellen kan inte använda verktyg.", "The model can't use tools.")
    if status == 404:
        return ModelMissing(
            "Modellservern har inte den modellen.", "The model server does not have that model."
        )
    if status in (401, 403):
        return BadAsk(
            "Modellservern godtar inte nyckeln.", "The model server does not accept the key."
        )
    said = f" ({why})" if why else ""
    trouble = BadAsk if 400 <= status < 500 and status not in (408, 429) else BackendTrouble
    return trouble(
        f"Modellservern svarade med fel {status}{said}.",
        f"The model server answered with error {status}{said}.",
    )


def _reason(body: bytes) -> str:
    """Find the sentence in `{"error": "…"}` or `{"error": {"message": "…"}}`."""
    try:
        error = msgspec.json.decode(body, type=dict[str, Any]).get("error")
    except msgspec.DecodeError:
        return ""
    if isinstance(error, dict):
        error = error.get("message")
    return error[:200] if isinstance(error, str) else ""


def _unreachable(url: str) -> Unreachable:
    return Unreachable(f"Ingen svarar på {url}.", f"Nobody answers at {url}.")


def _broken() -> BackendTrouble:
    return BackendTrouble("Förbindelsen till modellen bröts.", "The line to the model broke.")


def garbled() -> BackendTrouble:
    """Make the trouble of a server that says what its protocol does not know."""
    return BackendTrouble(
        "Modellservern svarade på ett sätt som jag inte förstår.",
        "The model server answered in a way I don't understand.",
    )


def cut_off() -> BackendTrouble:
    """Make the trouble of a stream that stopped before its end."""
    return BackendTrouble(
        "Modellservern slutade mitt i svaret.", "The model server stopped in mid-answer."
    )
