"""`POST /v1/embeddings` gives the vectors that questions are compared by, or says why not."""

import base64

import numpy as np
import pytest

from chat.core.policy import Bounds, Policy
from fibcache.core.encoder import EncoderAway, HashedNgrams
from nlu.core.encoder import SwedishEncoder

from .doors import doors, post
from .fakes import FullLimiter, a_kit

PATH = "/v1/embeddings"


async def ask(body, *, kit=None, policy=None):
    with doors(kit or a_kit(), policy) as client:
        return await post(client, PATH, body)


async def test_a_text_becomes_the_encoders_own_vector():
    answer = (await ask({"input": "Hur mår du?"})).json()

    (one,) = answer["data"]
    assert np.allclose(one["embedding"], SwedishEncoder.load().encode("Hur mår du?"), atol=1e-7)
    assert (one["object"], one["index"], answer["object"]) == ("embedding", 0, "list")
    assert answer["model"] == SwedishEncoder.load().fingerprint
    assert answer["usage"] == {"prompt_tokens": 0, "total_tokens": 0}  # no model was asked


async def test_base64_holds_the_same_floats():
    floats = (await ask({"input": ["hej", "hå"]})).json()["data"]
    packed = (await ask({"input": ["hej", "hå"], "encoding_format": "base64"})).json()["data"]

    for plain, dense in zip(floats, packed, strict=True):
        read = np.frombuffer(base64.b64decode(dense["embedding"]), "<f4")
        assert np.array_equal(read, np.array(plain["embedding"], np.float32))


@pytest.mark.parametrize(
    ("body", "status", "code", "param"),
    [
        ({"input": "hej", "dimensions": 256}, 400, "unsupported_value", "dimensions"),
        ({"input": [1, 2]}, 400, "unsupported_value", "input"),
        ({"input": [[1, 2]]}, 400, "unsupported_value", "input"),
        ({"input": []}, 400, "bad_request", None),
        ({"input": ""}, 400, "bad_request", None),
        ({"input": ["hej", ""]}, 400, "bad_request", None),
        ({"input": ["hej"] * 6}, 400, "bad_request", None),
        ({"input": "a" * 101}, 413, "too_long", None),
        ({"input": "hej", "model": "gpt-9"}, 404, "model_not_found", "model"),
        ({"input": "hej", "encoding_format": "hex"}, 400, "bad_request", None),
        ({}, 400, "bad_request", None),
    ],
)
async def test_what_it_does_not_take_is_told(settings, body, status, code, param):
    settings.ALICE_EMBED_INPUTS = 5

    answer = await ask(body, policy=Policy(bounds=Bounds(message_chars=100)))

    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["param"]) == (status, code, param)


async def test_the_right_length_may_be_asked_for():
    assert (await ask({"input": "hej", "dimensions": 512, "user": "x"})).status_code == 200


async def test_guests_stay_outside_where_there_are_to_be_none():
    answer = await ask({"input": "hej"}, policy=Policy(off=frozenset({"guests"})))

    assert answer.status_code == 401


async def test_a_flood_is_refused():
    answer = await ask({"input": "hej"}, kit=a_kit(limiter=FullLimiter()))

    assert answer.status_code == 429 and answer["Retry-After"] == "3"


async def test_an_encoder_that_is_away_is_told_of(monkeypatch):
    class Away(HashedNgrams):
        async def vectors_of(self, texts, spent=None):
            raise EncoderAway("away")

    monkeypatch.setattr("chat.wiring.encoder", Away)

    answer = await ask({"input": "hej"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "encoder_silent")
