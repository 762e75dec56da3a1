"""The official `openai` package, pointed at the real server, works as it does elsewhere."""

from collections.abc import AsyncIterator

import numpy as np
import openai
import pytest
import pytest_asyncio
from openai import AsyncOpenAI

from .model_server import Says
from .real_server import RealServer

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def client(alice: RealServer) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(base_url=f"{alice.url}/v1", api_key=alice.key, max_retries=0) as client:
        yield client


def asked(question: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": question}]


async def test_a_model_answers_and_its_tokens_are_counted(client, model):
    model.script(Says("Det ", "var ", "en gång.", usage=(34, 5)))

    answer = await client.chat.completions.create(
        model="alice",
        messages=[
            {"role": "developer", "content": "Svara som en saga."},
            {"role": "user", "content": "Vem är du?"},
            {"role": "assistant", "content": "Jag är Alice."},
            {"role": "tool", "tool_call_id": "x", "content": "verktygets svar"},
            {"role": "user", "content": [{"type": "text", "text": "Berätta en saga för mig"}]},
        ],
        user="kund-4711",
        temperature=0.5,
    )

    (choice,) = answer.choices
    assert choice.message.content == "Det var en gång."
    assert (choice.message.role, choice.finish_reason) == ("assistant", "stop")
    assert (answer.object, answer.model) == ("chat.completion", "alice")
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (34, 5)
    assert answer.usage.total_tokens == 39
    assert answer.model_extra["alice"]["route"] == "planner"
    sent = str(model.asked[-1])
    assert "Svara som en saga." in sent and "Jag är Alice." in sent and "kund-4711" not in sent


async def test_a_stream_brings_the_words_as_they_come(client, model):
    model.script(Says("ett ", "två ", "tre", usage=(13, 3)))

    stream = await client.chat.completions.create(
        model="alice",
        messages=asked("Räkna upp några ordningstal åt mig"),
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = [chunk async for chunk in stream]

    words = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices]
    assert [word for word in words if word] == ["ett ", "två ", "tre"]
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].choices == [] and chunks[-1].usage.total_tokens == 16
    assert len({chunk.id for chunk in chunks}) == 1


async def test_an_answer_without_a_model_costs_no_tokens_and_is_cut_all_the_same(client, model):
    before = len(model.asked)

    answer = await client.chat.completions.create(
        model="alice", messages=asked("hej"), max_completion_tokens=1
    )

    assert len(model.asked) == before
    assert answer.usage.total_tokens == 0
    assert answer.choices[0].finish_reason == "length"
    assert len(answer.choices[0].message.content.split()) == 1


async def test_a_back_ends_model_can_be_asked_for_by_name(client, model):
    model.script(Says("Ja."))

    answer = await client.chat.completions.create(
        model="qwen2.5:3b", messages=asked("Kan man bo på Mars på riktigt?")
    )

    assert answer.model == "qwen2.5:3b"
    assert model.asked[-1]["model"] == "qwen2.5:3b"


async def test_the_models_are_listed(client):
    listed = [model.id async for model in client.models.list()]
    one = await client.models.retrieve("qwen2.5:3b")

    assert listed[0] == "alice" and "qwen2.5:3b" in listed
    assert (one.id, one.owned_by) == ("qwen2.5:3b", "alice")


async def test_errors_are_those_that_the_package_knows(client):
    with pytest.raises(openai.AuthenticationError) as wrong_key:
        await client.with_options(api_key="alice_fel.nyckel").chat.completions.create(
            model="alice", messages=asked("hej")
        )
    with pytest.raises(openai.NotFoundError) as no_model:
        await client.chat.completions.create(model="gpt-9", messages=asked("hej"))
    with pytest.raises(openai.NotFoundError):
        await client.models.retrieve("gpt-9")
    with pytest.raises(openai.BadRequestError) as two:
        await client.chat.completions.create(model="alice", messages=asked("hej"), n=2)
    with pytest.raises(openai.BadRequestError):
        await client.chat.completions.create(model="alice", messages=asked("hej"), stream=True, n=2)

    assert wrong_key.value.code == "invalid_api_key"
    assert (no_model.value.code, no_model.value.param) == ("model_not_found", "model")
    assert (two.value.code, two.value.param) == ("unsupported_value", "n")
    assert two.value.request_id


async def test_too_many_questions_at_once_are_a_rate_limit(alice):
    key = alice.new_key("flood")
    async with AsyncOpenAI(base_url=f"{alice.url}/v1", api_key=key, max_retries=0) as client:
        with pytest.raises(openai.RateLimitError) as too_fast:
            for _ in range(400):
                await client.chat.completions.create(model="alice", messages=asked("hej"))

    assert too_fast.value.code == "rate_limit_exceeded"
    assert int(too_fast.value.response.headers["retry-after"]) >= 1


async def test_a_model_that_breaks_off_in_a_stream_is_an_error_in_the_stream(client, model):
    model.script(Says("Det ", "var ", cut=True))

    stream = await client.chat.completions.create(
        model="alice", messages=asked("Berätta om istiden i Jämtland"), stream=True
    )
    with pytest.raises(openai.APIError) as broken:
        async for _ in stream:
            pass

    assert broken.value.code in ("model_failed", "model_silent")


async def test_texts_become_vectors(client):
    answer = await client.embeddings.create(model="alice", input=["Hur mår du?", "hur mår du"])
    one, other = (np.array(each.embedding) for each in answer.data)

    assert one.shape == (512,) and float(one @ other) == pytest.approx(1, abs=1e-5)
    assert answer.model in [model.id async for model in client.models.list()]
    assert (await client.models.retrieve(answer.model)).id == answer.model

    with pytest.raises(openai.BadRequestError) as too_short:
        await client.embeddings.create(model="alice", input="hej", dimensions=256)
    assert (too_short.value.code, too_short.value.param) == ("unsupported_value", "dimensions")
