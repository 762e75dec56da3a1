"""The lean lane bounds bodies, hears clients leave, and answers whatever goes wrong."""

import asyncio
import json
import sys
import types
from collections.abc import AsyncIterator, Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from structlog.testing import capture_logs

from alice_site import lean
from alice_site.lean import LeanHandler

from .asgi import Client, a_scope

happened: list[str] = []


async def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body, content_type="application/json")


async def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the secret of the house")


async def slow(request: HttpRequest) -> HttpResponse:
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        happened.append("cancelled")
        raise
    return HttpResponse()


async def words() -> AsyncIterator[bytes]:
    try:
        for number in range(10_000):
            happened.append(f"word {number}")
            yield b"word %d " % number
            await asyncio.sleep(0)
    finally:
        happened.append("closed")


async def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(words())


async def two_words() -> AsyncIterator[bytes]:
    yield b"hej "
    yield b"hopp"


async def short_stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(two_words())


@pytest.fixture
def app() -> Iterator[LeanHandler]:
    happened.clear()
    doors = types.ModuleType("doors")
    views = {"echo": echo, "broken": broken, "slow": slow, "stream": stream, "short": short_stream}
    doors.urlpatterns = [path(name, view) for name, view in views.items()]
    sys.modules["doors"] = doors
    yield LeanHandler("doors")
    del sys.modules["doors"]


async def until(condition) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.001)


async def test_a_view_hears_the_whole_body(app):
    client = await Client([b'{"a', b'":', b" 1}"]).ask(app, a_scope("/echo"))

    assert client.status == 200
    assert client.json == {"a": 1}


async def test_a_body_over_the_limit_is_refused_before_it_is_all_there(app, settings):
    settings.ALICE_BODY_BYTES = 10
    client = Client([b"x" * 6, b"x" * 6, b"x" * 1000])

    await client.ask(app, a_scope("/echo"))

    assert client.status == 413
    assert client.json["error"]["code"] == "body_too_large"
    assert client.coming.qsize() == 1  # the last part was never taken


async def test_a_body_of_exactly_the_limit_is_taken(app, settings):
    settings.ALICE_BODY_BYTES = 10

    client = await Client([b"x" * 5, b"x" * 5]).ask(app, a_scope("/echo"))

    assert client.status == 200


async def test_a_body_that_never_comes_is_not_waited_for(app, settings):
    settings.ALICE_BODY_S = 0.01

    client = await Client([b"{"], ends=False).ask(app, a_scope("/echo"))

    assert client.status == 408
    assert client.json["error"]["code"] == "slow_body"


async def test_a_client_that_leaves_mid_body_is_not_answered(app):
    client = Client([b"{"], ends=False)
    client.leave()

    await client.ask(app, a_scope("/echo"))

    assert client.heard == []


async def test_a_client_that_leaves_cancels_the_view(app, monkeypatch):
    monkeypatch.setattr(lean, "LISTEN_AFTER_S", 0.001)
    client = Client()
    client.leave()

    async with asyncio.timeout(5):
        await client.ask(app, a_scope("/slow"))

    assert happened == ["cancelled"]
    assert client.heard == []


@pytest.mark.parametrize("reads", [True, False], ids=["who reads", "who reads too slowly"])
async def test_a_client_that_leaves_closes_the_stream(app, monkeypatch, reads):
    monkeypatch.setattr(lean, "LISTEN_AFTER_S", 0.001)
    client = Client()
    asking = asyncio.ensure_future(client.ask(app, a_scope("/stream")))
    await until(lambda: len(client.parts) > 3)
    if not reads:
        client.reads.clear()

    client.leave()
    await asyncio.wait_for(asking, 5)

    assert happened[-1] == "closed"
    assert "word 9999" not in happened


async def test_a_stream_goes_no_faster_than_it_is_read(app):
    client = Client()
    asking = asyncio.ensure_future(client.ask(app, a_scope("/stream")))
    await until(lambda: client.parts)

    client.reads.clear()
    await asyncio.sleep(0.02)
    before = len(happened)
    await asyncio.sleep(0.02)

    assert len(happened) == before
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert happened[-1] == "closed"


async def test_a_stream_is_sent_part_by_part(app):
    client = await Client().ask(app, a_scope("/short"))

    assert client.parts == [b"hej ", b"hopp"]
    assert client.heard[-1].get("more_body", False) is False


async def test_a_bug_is_told_without_its_secrets_and_logged_once(app):
    with capture_logs() as lines:
        client = await Client().ask(app, a_scope("/broken"))

    assert client.status == 500
    error = client.json["error"]
    assert error["code"] == "unexpected"
    assert error["turn_id"] == client.headers["x-request-id"]
    assert "secret" not in json.dumps(client.json)
    assert [line["turn_id"] for line in lines] == [error["turn_id"]]


async def test_an_unknown_address_is_told_in_the_same_shape(app):
    client = await Client().ask(app, a_scope("/nowhere"))

    assert (client.status, client.json["error"]["code"]) == (404, "not_found")


async def test_a_query_that_is_not_utf8_is_refused(app):
    client = await Client().ask(app, a_scope("/echo", query=b"q=\xff\xfe"))

    assert (client.status, client.json["error"]["code"]) == (400, "bad_request")


async def test_a_host_that_alice_is_not_is_refused(app):
    client = await Client().ask(app, a_scope("/echo", host="evil.example"))

    assert client.status == 400
    assert client.headers["x-content-type-options"] == "nosniff"


async def test_every_request_gets_an_id_of_its_own(app):
    first = await Client().ask(app, a_scope("/echo", x_request_id="mine"))
    second = await Client().ask(app, a_scope("/echo", x_request_id="mine"))

    ids = {first.headers["x-request-id"], second.headers["x-request-id"]}
    assert len(ids - {"mine"}) == 2


async def test_plain_http_is_sent_to_https_with_its_method(app, settings):
    settings.SECURE_SSL_REDIRECT = True

    client = await Client().ask(app, a_scope("/echo", query=b"a=1"))

    assert client.status == 308
    assert client.headers["location"] == "https://localhost/echo?a=1"


def test_a_middleware_that_would_hop_threads_is_not_taken(settings):
    settings.LEAN_MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]

    with pytest.raises(ImproperlyConfigured):
        LeanHandler()
