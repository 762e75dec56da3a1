"""Ollama and OpenAI-compatible servers, over real HTTP."""

import asyncio

import pytest

from chat.core.events import Ended, Token, Usage
from chat.llm.base import (
    BackendTrouble,
    BadAsk,
    Message,
    ModelMissing,
    ModelRequest,
    ToolAsked,
    ToolsNotTaken,
    Unreachable,
)
from chat.llm.ollama import Ollama
from chat.llm.openai_compatible import OpenAICompatible
from tests.model_server import ModelServer, Says

QUESTION = (Message("user", "Hej?"),)


class Clock:
    name, description = "clock", "Tells the time."
    parameters = {"type": "object", "properties": {"zone": {"type": "string"}}}


@pytest.fixture
async def server():
    async with ModelServer() as server:
        yield server


@pytest.fixture(params=["ollama", "openai"])
async def client(request, server):
    client = (
        Ollama(server.ollama_url)
        if request.param == "ollama"
        else OpenAICompatible(server.openai_url, key="hemlig")
    )
    yield client
    await client.aclose()


def a_request(**more):
    return ModelRequest(model="qwen2.5:3b", messages=QUESTION, **more)


async def heard(client, request=None):
    return [piece async for piece in client.stream(request or a_request())]


async def test_words_come_one_by_one_and_the_end_tells_what_was_spent(client):
    assert await heard(client) == [
        Token("Hej "),
        Token("på "),
        Token("dig!"),
        Ended("stop", Usage(13, 8), "qwen2.5:3b"),
    ]


async def test_a_word_is_heard_before_the_next_is_said(client, server):
    server.script(Says("först", "sedan", word_after_s=30))

    stream = client.stream(a_request())

    assert await asyncio.wait_for(anext(stream), 1) == Token("först")
    await stream.aclose()


async def test_closing_the_stream_hangs_up_on_the_model(client, server):
    server.script(Says("först", "sedan", word_after_s=30))
    stream = client.stream(a_request())
    await anext(stream)

    await stream.aclose()

    async with asyncio.timeout(1):
        while not server.left:
            await asyncio.sleep(0.002)
    assert not client.busy


async def test_letters_cut_in_two_by_the_network_are_put_together(client, server):
    server.script(Says("räksmörgås 🦐 ", "nästa\u0085rad\u2028slut", bytes_at_a_time=1))

    pieces = await heard(client)

    assert [piece.text for piece in pieces[:-1]] == ["räksmörgås 🦐 ", "nästa\u0085rad\u2028slut"]


async def test_tools_asked_for_come_whole(client, server):
    server.script(Says(tools=(("clock", {"zone": "Asia/Tokyo"}), ("clock", {}))))

    *asked, ended = await heard(client, a_request(tools=(Clock(),)))

    assert [(call.name, call.arguments) for call in asked] == [
        ("clock", {"zone": "Asia/Tokyo"}),
        ("clock", {}),
    ]
    assert ended.finish == "stop"
    assert server.asked[0]["tools"][0]["function"]["name"] == "clock"


async def test_arguments_that_are_not_json_come_as_written(server):
    server.script(Says(tools=(("clock", '{"zone": "Asia'),)))
    client = OpenAICompatible(server.openai_url)

    asked, _ = await heard(client, a_request(tools=(Clock(),)))

    assert asked == ToolAsked("clock", '{"zone": "Asia', "call_x0")
    await client.aclose()


async def test_limits_are_passed_on(client, server):
    await heard(client, a_request(temperature=0.2, max_tokens=21, stop=("SLUT",)))

    asked = server.asked[0]
    options = asked.get("options", asked)
    assert options["temperature"] == 0.2
    assert options.get("num_predict", options.get("max_tokens")) == 21
    assert options["stop"] == ["SLUT"]


async def test_an_answer_cut_by_its_limit_says_so(client, server):
    server.script(Says("halv", finish="length"))

    assert (await heard(client))[-1].finish == "length"


async def test_what_a_tool_said_goes_back_in_the_protocols_own_words(client, server):
    call = ToolAsked("clock", {"zone": "UTC"}, "call_7")
    messages = (
        *QUESTION,
        Message("assistant", "", asked=(call,)),
        Message("tool", "12.00", answers=call),
    )

    await heard(client, ModelRequest("qwen2.5:3b", messages))

    _, assistant, tool = server.asked[0]["messages"]
    assert assistant["tool_calls"][0]["function"]["name"] == "clock"
    assert tool["content"] == "12.00"
    assert "call_7" in tool.values() or tool["tool_name"] == "clock"


@pytest.mark.parametrize(
    ("says", "trouble"),
    [
        (Says("Hej", cut=True), BackendTrouble),
        (Says("Hej", ends=False), BackendTrouble),
        (Says("Hej", error="out of memory"), BackendTrouble),
        (Says(status=500, error="llama runner process has terminated"), BackendTrouble),
        (Says(status=503), BackendTrouble),
        (Says(status=401), BadAsk),
        (Says(status=400, error="context too long"), BadAsk),
        (Says(status=400, error="gemma does not support tools"), ToolsNotTaken),
        (
            Says(status=400, error='"auto" tool choice requires --enable-auto-tool-choice'),
            ToolsNotTaken,
        ),
        (Says(raw=b'data: {"choices": 7}\n\n{"message": 7}\n'), BackendTrouble),
        (Says(raw=b"<html>hej</html>\n\n"), BackendTrouble),
        (Says(raw=b'data: \xff\xfe\n\n"\xff"\n'), BackendTrouble),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
async def test_a_server_in_trouble_is_told_in_both_languages(client, server, says, trouble):
    server.script(says)

    with pytest.raises(trouble) as caught:
        await heard(client)

    assert caught.value.sv and caught.value.en
    assert type(caught.value) is trouble
    assert not client.busy


async def test_words_before_a_cut_are_heard(client, server):
    server.script(Says("Hej ", "på ", cut=True))
    words = []

    with pytest.raises(BackendTrouble):
        async for piece in client.stream(a_request()):
            words.append(piece)

    assert words == [Token("Hej "), Token("på ")]


async def test_a_model_that_was_not_pulled_is_told_how_to_be(server):
    client = Ollama(server.ollama_url)

    with pytest.raises(ModelMissing) as caught:
        await heard(client, ModelRequest("llama9:1b", QUESTION))

    assert "ollama pull llama9:1b" in caught.value.sv
    await client.aclose()


async def test_an_address_where_nobody_answers_is_told(unused_tcp_port):
    for client in (
        Ollama(f"http://127.0.0.1:{unused_tcp_port}"),
        OpenAICompatible("not a url at all"),
        OpenAICompatible("http://127.0.0.1:99999"),
    ):
        with pytest.raises(Unreachable):
            await heard(client)
        assert not await client.alive(0.3)
        await client.aclose()


async def test_the_servers_models_are_listed(client):
    assert await client.models() == ("qwen2.5:3b", "qwen2.5:0.5b")
    assert await client.alive(0.3)


async def test_a_slow_server_is_not_alive(client, server):
    server.list_after_s = 0.2

    assert not await client.alive(0.02)


async def test_the_key_travels_in_its_header(server):
    client = OpenAICompatible(server.openai_url, key="hemlig")

    await heard(client)

    assert server.headers[0]["authorization"] == "Bearer hemlig"
    await client.aclose()


async def test_connections_are_used_again_and_never_more_than_the_pool(server):
    client = OpenAICompatible(server.openai_url, pool=2)
    server.otherwise = Says("a", "b", word_after_s=0.01)

    await asyncio.gather(*(heard(client) for _ in range(6)))

    assert len(server.asked) == 6
    assert server.connections == 2
    await client.aclose()


async def test_a_connection_is_used_for_one_answer_after_another(client, server):
    await heard(client)
    await heard(client)

    assert server.connections == 1


async def test_a_sleeping_model_is_woken_once_in_the_background(server):
    client = Ollama(server.ollama_url)

    await client.wake("qwen2.5:3b")
    await client.wake("qwen2.5:3b")

    async with asyncio.timeout(1):
        while not server.paths:
            await asyncio.sleep(0.002)
    await asyncio.sleep(0.02)
    assert server.paths == ["/api/chat"]
    await client.aclose()


def test_a_client_outlives_the_event_loop_that_first_used_it():
    """`manage.py` and tests run one loop after another."""

    async def once(client, port):
        async with ModelServer(port=port) as server:
            return server.port, len(await heard(client(server)))

    client = []

    def make(server):
        client[:] = client or [Ollama(server.ollama_url)]
        return client[0]

    port, _ = asyncio.run(once(make, 0))
    assert asyncio.run(once(make, port)) == (port, 4)


async def test_a_full_pool_does_not_look_like_a_dead_server(server):
    client = Ollama(server.ollama_url, pool=1)
    server.script(Says("först", "sedan", word_after_s=30))
    stream = client.stream(a_request())
    await anext(stream)

    assert await client.alive(0.3)
    assert client.busy
    await stream.aclose()
