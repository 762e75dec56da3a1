"""A closed-loop client on raw sockets: one request after the other on each kept connection.

A full HTTP library would cost more than what is measured.
"""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Load:
    """What one load gave. Times in milliseconds, sorted."""

    times_ms: list[float]
    seconds: float
    bad: int
    bodies: list[bytes]

    def percentile_ms(self, share: float) -> float:
        """Give the time that `share` (0..1) of the requests stayed below."""
        return self.times_ms[min(len(self.times_ms) - 1, int(share * len(self.times_ms)))]

    @property
    def per_second(self) -> float:
        """Requests finished in a second."""
        return len(self.times_ms) / self.seconds


class _Connection(asyncio.Protocol):
    """One kept connection that reads answers, with a Content-Length or in chunks."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.buffer = b""
        self.answer: asyncio.Future[tuple[int, bytes]] | None = None

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found or self.answer is None or self.answer.done():
            return
        _, sized, length = head.lower().partition(b"content-length:")
        if len(body) >= int(length.split(b"\r\n")[0]) if sized else body.endswith(b"0\r\n\r\n"):
            self.buffer = b""
            self.answer.set_result((int(head.split(b" ", 2)[1]), body))

    def connection_lost(self, error: Exception | None) -> None:
        if self.answer is not None and not self.answer.done():
            self.answer.set_exception(ConnectionError("the server hung up"))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self.answer


async def load(
    url: str, body: bytes, *, headers: dict[str, str], connections: int, requests: int
) -> Load:
    """POST `body` `requests` times over `connections`; `@N@` in it becomes the request's number."""
    address = urlsplit(url)
    assert address.hostname in ("127.0.0.1", "localhost"), "loopback only"
    head = f"POST {address.path} HTTP/1.1\r\nHost: {address.netloc}\r\n" + "".join(
        f"{name}: {value}\r\n"
        for name, value in {"Content-Type": "application/json", **headers}.items()
    )
    left, number, bad = requests, 0, 0
    times_ms: list[float] = []
    bodies: list[bytes] = []

    async def one_connection() -> None:
        nonlocal left, number, bad
        _, connection = await asyncio.get_running_loop().create_connection(
            _Connection, address.hostname, address.port
        )
        while left > 0:
            left, number = left - 1, number + 1
            payload = body.replace(b"@N@", str(number).encode())
            request = f"{head}Content-Length: {len(payload)}\r\n\r\n".encode() + payload
            began = time.perf_counter()
            status, answer = await connection.ask(request)
            times_ms.append((time.perf_counter() - began) * 1000)
            bodies.append(answer)
            bad += status != 200
        connection.transport.close()

    began = time.perf_counter()
    await asyncio.gather(*(one_connection() for _ in range(connections)))
    return Load(sorted(times_ms), time.perf_counter() - began, bad, bodies)
