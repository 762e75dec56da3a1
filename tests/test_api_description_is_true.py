"""`/api/schema` is valid OpenAPI, knows every door, and answers look as it says."""

from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from jsonschema import Draft4Validator, RefResolver

from chat.core.events import Noted, ToolCalled, ToolReturned

from .doors import doors, post
from .fakes import ScriptedSpeaker, a_kit

UNTOLD = {"api/schema", "api/docs", "^(?:api|v1)/"}
"""Doors that describe the others, and the one for addresses where nothing is."""


@pytest.fixture
def schema() -> dict[str, Any]:
    GENERATOR_STATS.reset()
    return SchemaGenerator().get_schema(request=None, public=True)


def addresses(patterns: list[Any], prefix: str = "") -> set[str]:
    found = set()
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found |= addresses(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern) and path.lstrip("^(?:").startswith(("api", "v1/")):
            found.add(path)
    return found


def check(schema: dict[str, Any], path: str, method: str, response: Any) -> None:
    """Hold an answer to what the description says of that door and status."""
    told = schema["paths"][path][method]["responses"][str(response.status_code)]
    shape = told["content"]["application/json"]["schema"]
    resolver = RefResolver("", _strict(schema))
    Draft4Validator(_strict(shape), resolver=resolver).validate(response.json())


def _strict(value: Any) -> Any:
    """Read OpenAPI 3.0 as JSON Schema: null is a type, and no field may come untold."""
    if isinstance(value, list):
        return [_strict(each) for each in value]
    if not isinstance(value, dict):
        return value
    strict = {key: _strict(each) for key, each in value.items() if key != "nullable"}
    if "properties" in value and value.get("type") == "object":
        strict.setdefault("additionalProperties", False)
    return {"anyOf": [strict, {"type": "null"}]} if value.get("nullable") is True else strict


def test_the_description_is_valid_and_nothing_was_left_out_of_it(schema):
    validate_schema(schema)

    assert not GENERATOR_STATS, "drf-spectacular warned; see stderr"


def test_every_door_is_described(schema):
    described = {path.lstrip("/") for path in schema["paths"]}
    doors_there_are = {
        path.replace("<uuid:", "{").replace("<path:", "{").replace(">", "}")
        for path in addresses(get_resolver().url_patterns) - UNTOLD
    }

    assert doors_there_are <= described


async def test_answers_of_the_hot_doors_look_as_described(schema):
    speaker = ScriptedSpeaker(
        ToolCalled("clock", {"place": "Tokyo"}), ToolReturned("clock", "21"), Noted("a", "b"), "21"
    )
    messages = [{"role": "user", "content": "hej"}]
    with doors(a_kit(speaker=speaker)) as client:
        for path, body in (
            ("/api/chat", {"message": "hej", "conversation_id": "new"}),
            ("/api/chat", {"message": ""}),
            ("/api/chat", {"message": "a" * 9999}),
            ("/api/chat/optimized", {"message": "hej"}),
            ("/v1/chat/completions", {"messages": messages}),
            ("/v1/chat/completions", {"messages": messages, "n": 2}),
            ("/v1/chat/completions", {"messages": messages, "model": "gpt-9"}),
            ("/api/nlu/parse", {"text": "väck mig om tre dl 20 % kl 7 på fredag i Lund"}),
            ("/api/nlu/parse", {"text": "hej", "timezone": "Mars"}),
            ("/v1/embeddings", {"input": "hej"}),
            ("/v1/embeddings", {"input": "hej", "encoding_format": "base64"}),
            ("/v1/embeddings", {"input": []}),
        ):
            check(schema, path, "post", await post(client, path, body))
        check(schema, "/v1/models", "get", await client.get("/v1/models"))
        check(schema, "/v1/models/{name}", "get", await client.get("/v1/models/alice"))
        check(schema, "/v1/models/{name}", "get", await client.get("/v1/models/gpt-9"))


def test_the_page_that_shows_the_description_runs_under_our_content_policy(client):
    page = client.get("/api/docs")

    assert page.status_code == 200
    assert b"<script>" not in page.content
    assert client.get("/api/docs?script=").status_code == 200
    assert client.get("/api/schema", {"format": "json"}).json()["openapi"].startswith("3.")
