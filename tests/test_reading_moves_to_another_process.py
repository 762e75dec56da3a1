"""With `NLU_URL` another Alice reads the messages, and when she is gone they are read here."""

import asyncio
import time
from datetime import UTC, datetime

import httpx
import pytest
from prometheus_client import CollectorRegistry, generate_latest
from structlog.testing import capture_logs

from chat.reader import FirstReader
from chat.remote_figures import RemoteFigures
from fibcache.stores.breaker import SharedBreaker
from nlu.core.encoder import SwedishEncoder
from nlu.core.understanding import Understanding
from nlu.remote import RemoteReader
from tests.fakes import FixedClock
from tests.real_server import RealServer
from tests.test_intents_are_knowledge_only import Untaught, a_turn

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
TEXT = "väck mig klockan sju på fredag"
SAID = {"now": NOW, "timezone": "Europe/Stockholm", "language": "sv"}


@pytest.fixture(scope="module")
def understanding():
    return Understanding.load(SwedishEncoder.load())


def a_remote(url, *, clock=None, within_s=5.0, key=""):
    breaker = SharedBreaker(
        "nlu", None, monotonic=(clock or FixedClock()).monotonic, jitter=lambda: 0.0
    )
    return RemoteReader(url, key=key, within_s=within_s, pool=8, breaker=breaker)


class Other:
    """A server that answers as it is told to, or never."""

    def __init__(self, answer: bytes | None) -> None:
        self.answer, self.asked = answer, 0

    async def __aenter__(self) -> str:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *error: object) -> None:
        self.server.close()

    async def _serve(self, reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        if self.answer is None:
            await asyncio.sleep(60)
        writer.write(self.answer)
        await writer.drain()
        writer.close()


def http(status: str, body: bytes) -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (status.encode(), len(body), body)


async def test_another_alice_reads_just_as_well(alice, understanding):
    remote = a_remote(alice.url, key=alice.key)
    for text in (TEXT, "what's the weather in Lund tomorrow", "höj volymen med 20 %", "öäå"):
        assert await remote.read(text, **SAID) == understanding.read(text, **SAID)
    await remote.aclose()

    assert (remote.read_there, remote.read_here, remote.failures) == (4, 0, 0)


async def test_a_turn_is_read_there_first_and_here_when_that_fails(understanding):
    body = (
        b'{"language": "sv", "intent": "from_afar", "confidence": 0.9,'
        b' "alternatives": [], "slots": [], "model": "m", "news": 1}'
    )
    turn = a_turn("hur blir vädret i Kiruna på lördag")
    for answer, intent in ((http("200 OK", body), "from_afar"), (b"", "weather_query")):
        async with Other(answer) as url:
            reader = FirstReader(FixedClock(), taught=Untaught(understanding), remote=a_remote(url))
            assert (await reader.read(turn)).reading.intent == intent


async def test_what_is_read_surely_never_leaves_the_process(understanding):
    async with (other := Other(b"")) as url:
        reader = FirstReader(FixedClock(), taught=Untaught(understanding), remote=a_remote(url))
        await reader.read(a_turn("12*12"))

    assert other.asked == 0


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"",
        b"nonsense\r\n\r\n",
        http("200 OK", b"{}"),
        http("200 OK", b"[]"),
        http("200 OK", b"\xff"),
        http("200 OK", b'{"language": "sv", "intent": 1}'),
        http("401 Unauthorized", b"{}"),
        http("404 Not Found", b"<html>"),
        http("429 Too Many Requests", b"{}"),
        http("500 Oops", b""),
        http("302 Found", b""),
    ],
)
async def test_whatever_the_other_end_does_costs_little_and_then_nothing(answer):
    clock = FixedClock()
    async with (other := Other(answer)) as url:
        remote = a_remote(url, clock=clock, within_s=0.1)
        with capture_logs() as logs:
            async with asyncio.timeout(5):
                for _ in range(20):
                    assert await remote.read(TEXT, **SAID) is None
        assert (other.asked, remote.failures, remote.read_here) == (3, 3, 20)
        assert remote.breaker.state == "open"
        clock.forward(1)
        await asyncio.gather(*(remote.read(TEXT, **SAID) for _ in range(5)))
        assert other.asked == 4  # one probe
        assert remote.breaker.retry_in_s == 2
        await remote.aclose()

    assert [line["event"] for line in logs] == ["nlu_away"]
    assert logs[0]["why"]


async def test_how_it_goes_is_told_to_prometheus():
    remote = a_remote("http://127.0.0.1:1")
    registry = CollectorRegistry()
    RemoteFigures(remote, registry)
    for _ in range(4):
        await remote.read(TEXT, **SAID)

    told = generate_latest(registry).decode()

    assert 'alice_nlu_breaker{state="open"} 1.0' in told
    assert 'alice_nlu_read_total{where="here"} 4.0' in told
    assert "alice_nlu_failures_total 3.0" in told


def test_a_reader_that_is_killed_costs_no_answer_and_is_found_again(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir(), other.mkdir()
    with RealServer(other) as nlu:
        environ = {"NLU_URL": nlu.url, "ALICE_NLU_KEY": nlu.key, "ALICE_NLU_MS": "1000"}
        with RealServer(one, **environ) as alice, httpx.Client(base_url=alice.url) as client:

            def ask(number):
                asked = {"message": f"hur blir vädret i Kiruna om {number} veckor"}
                key = {"Authorization": f"Bearer {alice.key}"}
                assert client.post("/api/chat", json=asked, headers=key, timeout=20).is_success

            def figure(name):
                lines = client.get("/metrics").text.splitlines()
                return next(float(line.split()[-1]) for line in lines if line.startswith(name))

            there, here = (f'alice_nlu_read_total{{where="{one}"}}' for one in ("there", "here"))
            ask(1)
            assert (figure(there), figure(here)) == (1, 0)
            assert client.get("/health/ready").json()["parts"]["nlu"] == "ok"

            nlu.kill()
            for number in range(2, 7):
                ask(number)
            assert (figure(there), figure(here)) == (1, 5)
            ready = client.get("/health/ready")
            assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
            assert ready.json()["parts"]["nlu"] in ("failed", "pending")

            nlu.start()
            for number in range(7, 60):
                ask(number)
                if figure(there) > 1:
                    break
                time.sleep(0.2)
            assert client.get("/health/ready").json()["status"] == "ok"
