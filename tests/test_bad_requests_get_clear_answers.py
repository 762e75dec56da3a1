"""Whatever is sent to the hot doors, the answer has a code, a status and a turn id; never a 500."""

import json
from typing import Any

import pytest

from chat.core.policy import Policy

from .doors import doors, post
from .fakes import ScriptedSpeaker, a_kit

CHAT, OPENAI = "/api/chat", "/v1/chat/completions"
HI = [{"role": "user", "content": "hej"}]
DEEP = b"[" * 200_000 + b"]" * 200_000
NOWHERE = "1b4e28ba-2fa1-11d2-883f-0016d3cca427"

CHAT_BODIES: dict[str, tuple[Any, int, str]] = {
    "nothing": (b" ", 400, "bad_json"),
    "no json": (b"hej", 400, "bad_json"),
    "half": (b'{"message": "hej', 400, "bad_json"),
    "bad utf-8": (b'{"message": "\xff"}', 400, "bad_json"),
    "utf-16": ('{"message": "hej"}'.encode("utf-16"), 400, "bad_json"),
    "half a pair": (b'{"message": "\\ud800"}', 400, "bad_json"),
    "deep": (b'{"message": ' + DEEP + b"}", 400, "bad_request"),
    "list": ([], 400, "bad_request"),
    "null": (None, 400, "bad_request"),
    "no message": ({}, 400, "bad_request"),
    "number": ({"message": 1}, 400, "bad_request"),
    "unknown field": ({"message": "hej", "mesage": "hej"}, 400, "bad_request"),
    "stream as text": ({"message": "hej", "stream": "yes"}, 400, "bad_request"),
    "another language": ({"message": "hej", "language": "de"}, 400, "bad_request"),
    "no time zone": ({"message": "hej", "timezone": "../etc/passwd"}, 400, "bad_request"),
    "null character": ({"message": "he\0j"}, 400, "bad_request"),
    "huge number": (b'{"message": "hej", "stream": 1' + b"0" * 9999 + b"}", 400, "bad_request"),
    "infinite": (b'{"message": 1e9999}', 400, "bad_request"),
    "empty": ({"message": ""}, 400, "empty_message"),
    "blank": ({"message": " \n\t"}, 400, "empty_message"),
    "too long": ({"message": "a" * 4001}, 413, "too_long"),
    "10 MB": ({"message": "a" * 10_000_000}, 413, "body_too_large"),
    "no uuid": ({"message": "hej", "conversation_id": "../1"}, 404, "no_such_conversation"),
    "number id": ({"message": "hej", "conversation_id": 7}, 400, "bad_request"),
}

OPENAI_BODIES: dict[str, tuple[Any, int, str, str | None]] = {
    "no json": (b"hej", 400, "bad_json", None),
    "bad utf-8": (b'{"messages": [{"role": "user", "content": "\xff"}]}', 400, "bad_json", None),
    "deep unknown": (b'{"messages": [], "x": ' + DEEP + b"}", 400, "bad_json", None),
    "no messages": ({}, 400, "bad_request", None),
    "none from the user": (
        {"messages": [{"role": "system", "content": "hej"}]},
        400,
        "bad_request",
        None,
    ),
    "unknown role": ({"messages": [{"role": "boss", "content": "hej"}]}, 400, "bad_request", None),
    "no content": ({"messages": [{"role": "user"}]}, 400, "empty_message", None),
    "image": (
        {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}]},
        400,
        "unsupported_value",
        "messages",
    ),
    "two answers": ({"messages": HI, "n": 2}, 400, "unsupported_value", "n"),
    "forced tool": (
        {"messages": HI, "tool_choice": {"type": "function", "function": {"name": "f"}}},
        400,
        "unsupported_value",
        "tool_choice",
    ),
    "json mode": (
        {"messages": HI, "response_format": {"type": "json_object"}},
        400,
        "unsupported_value",
        "response_format",
    ),
    "logprobs": ({"messages": HI, "logprobs": True}, 400, "unsupported_value", "logprobs"),
    "no tokens": ({"messages": HI, "max_tokens": 0}, 400, "bad_request", None),
    "huge tokens": (
        b'{"messages": [{"role": "user", "content": "hej"}], "max_tokens": 1' + b"0" * 999 + b"}",
        400,
        "bad_request",
        None,
    ),
    "too hot": ({"messages": HI, "temperature": 3}, 400, "bad_request", None),
    "five stops": ({"messages": HI, "stop": list("abcde")}, 400, "bad_request", None),
    "null character": ({"messages": [{"role": "user", "content": "\0"}]}, 400, "bad_request", None),
    "unknown model": ({"messages": HI, "model": "gpt-9"}, 404, "model_not_found", "model"),
    "too long": ({"messages": [{"role": "user", "content": "a" * 4001}]}, 413, "too_long", None),
    "long history": (
        {"messages": [{"role": "system", "content": "a" * 100_000}, *HI]},
        413,
        "too_long",
        None,
    ),
    "10 MB": (
        {"messages": [{"role": "user", "content": "a" * 10_000_000}]},
        413,
        "body_too_large",
        None,
    ),
}


@pytest.mark.parametrize("case", CHAT_BODIES)
async def test_a_bad_question_is_told_what_is_wrong_with_it(case):
    body, status, code = CHAT_BODIES[case]
    speaker = ScriptedSpeaker("hej")
    with doors(a_kit(speaker=speaker)) as client:
        response = await post(client, CHAT, body)

    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (status, code)
    assert error["turn_id"] == response["X-Request-ID"] != ""
    assert error["message"]
    assert speaker.turns == []


@pytest.mark.parametrize("case", OPENAI_BODIES)
async def test_a_bad_completion_is_refused_in_openais_shape(case):
    body, status, code, param = OPENAI_BODIES[case]
    speaker = ScriptedSpeaker("hej")
    with doors(a_kit(speaker=speaker)) as client:
        response = await post(client, OPENAI, body)

    error = response.json()["error"]
    assert (response.status_code, error["code"], error["param"]) == (status, code, param)
    assert error["type"] == "invalid_request_error" and error["message"]
    assert response["X-Request-ID"]
    assert speaker.turns == []


@pytest.mark.parametrize("path", [CHAT, OPENAI])
@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/json; charset=latin-1", 415),
        ("application/json; charset=UTF-8", 200),
    ],
)
async def test_only_json_in_utf_8_is_taken(path, content_type, status):
    body = json.dumps({"message": "hej"} if path == CHAT else {"messages": HI}).encode()
    with doors(a_kit()) as client:
        response = await client.post(path, data=body, content_type=content_type)

    assert response.status_code == status


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", CHAT, 405, "method_not_allowed"),
        ("delete", CHAT, 405, "method_not_allowed"),
        ("options", CHAT, 405, "method_not_allowed"),
        ("get", OPENAI, 405, "method_not_allowed"),
        ("post", "/v1/models", 405, "method_not_allowed"),
        ("get", "/api/nowhere", 404, "not_found"),
        ("post", "/api/chat/nowhere", 404, "not_found"),
        ("get", "/v1/nowhere", 404, "not_found"),
        ("get", "/v1/models/gpt-9", 404, "model_not_found"),
    ],
)
async def test_wrong_methods_and_addresses_are_told_in_the_doors_own_shape(
    method, path, status, code
):
    with doors(a_kit()) as client:
        response = await getattr(client, method)(path)

    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert response["X-Request-ID"]
    assert ("Allow" in response) == (status == 405)


@pytest.mark.parametrize("path", [CHAT, OPENAI])
async def test_an_idempotency_key_of_any_length_gets_a_clear_answer(path):
    body = {"message": "hej"} if path == CHAT else {"messages": HI}
    with doors(a_kit()) as client:
        response = await post(client, path, body, **{"idempotency-key": "k" * 201})

    assert response.status_code == 400


@pytest.mark.parametrize("language", ["", "en", "sv;q=x,en", ",,;;q=", "\xff", "en" * 9999])
async def test_any_accept_language_will_do(language):
    with doors(a_kit()) as client:
        response = await post(client, CHAT, {"message": "hej"}, **{"accept-language": language})

    assert response.status_code == 200


async def test_what_nobody_foresaw_is_told_as_such_and_gives_nothing_away(monkeypatch):
    async def broken() -> Policy:
        raise KeyError("secret")

    with doors(a_kit()) as client:
        monkeypatch.setattr("chat.live.current", broken)
        response = await post(client, CHAT, {"message": "hej"})

    assert response.status_code == 500
    assert response.json()["error"]["code"] == "unexpected"
    assert "secret" not in response.content.decode()
