"""The door for OpenAI clients that want vectors: `POST /v1/embeddings`."""

from base64 import b64encode
from typing import Any, Literal

import msgspec
import numpy as np
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema

from chat import live, wiring
from chat.core.errors import EncoderSilent, NoSuchModel, TooLong
from chat.core.limiting import enter, estimated, holders_of, refusal
from chat.core.policy import Policy
from chat.core.steps.entrance import let_in
from fibcache.core.encoder import Encoder, EncoderAway, Spent, Vector

from . import shapes
from .auth import caller_of
from .bodies import read_json
from .errors import BadField
from .headers import turn_id_of
from .hot import HotDoor
from .openai_request import ALICE, Unsupported


class Embeddings(msgspec.Struct):
    """The body of `POST /v1/embeddings`."""

    input: str | list[str | int | list[int]]
    model: str = ALICE
    encoding_format: Literal["float", "base64"] | None = None
    dimensions: int | None = None


_embeddings = msgspec.json.Decoder(Embeddings)
_encode = msgspec.json.Encoder().encode


class EmbeddingsDoor(HotDoor):
    """Turn texts into the vectors that Alice compares questions by."""

    @extend_schema(
        operation_id="openai_embeddings",
        summary="Gör text till vektorer så som OpenAI:s klienter ber om",
        tags=["openai"],
        request=shapes.Embeddings,
        responses={200: shapes.EmbeddingsAnswer, **shapes.OPENAI_FAILURES},
    )
    async def post(self, request: HttpRequest) -> HttpResponse:
        caller, policy = await caller_of(request), await live.current()
        let_in(caller, policy)
        limiter = wiring.kit().limiter
        holders = holders_of(caller, policy, request.META.get("REMOTE_ADDR", ""))
        await enter(holders, limiter)
        encoder = wiring.encoder()
        asked = read_json(request, _embeddings)
        texts = _texts(asked, encoder, policy)
        spent, turn_id = Spent(), turn_id_of(request)
        reserved = estimated(sum(len(text) for text in texts))
        if (lack := await limiter.begin(holders, turn_id, reserved)) is not None:
            raise refusal(lack)
        try:
            vectors = await encoder.vectors_of(texts, spent)
        except EncoderAway as error:
            raise EncoderSilent() from error
        finally:
            await limiter.settle(turn_id, spent.tokens)
        told = {
            "object": "list",
            "data": _data(vectors, base64=asked.encoding_format == "base64"),
            "model": encoder.fingerprint,
            "usage": {"prompt_tokens": spent.tokens, "total_tokens": spent.tokens},
        }
        return HttpResponse(_encode(told), content_type="application/json")


def _texts(asked: Embeddings, encoder: Encoder, policy: Policy) -> list[str]:
    """Give the texts to encode.

    Raises:
        NoSuchModel, Unsupported, BadField, TooLong: and it says what would do.
    """
    if asked.model not in (ALICE, encoder.fingerprint):
        raise NoSuchModel()
    if asked.dimensions not in (None, encoder.dimensions):
        raise Unsupported(
            "dimensions",
            sv=f"Alices vektorer har {encoder.dimensions} tal.",
            en=f"Alice's vectors have {encoder.dimensions} floats.",
        )
    given = [asked.input] if isinstance(asked.input, str) else asked.input
    texts = [text for text in given if isinstance(text, str)]
    if len(texts) < len(given):
        raise Unsupported("input", sv="Skicka text, inte token.", en="Send text, not tokens.")
    most = settings.ALICE_EMBED_INPUTS
    if not 1 <= len(texts) <= most:
        raise BadField(f"Expected 1 to {most} texts - at `$.input`")
    for number, text in enumerate(texts):
        if not text:
            raise BadField(f"Expected some text - at `$.input[{number}]`")
        if len(text) > policy.bounds.message_chars:
            raise TooLong()
    return texts


def _data(vectors: Vector, *, base64: bool) -> list[dict[str, Any]]:
    rows: list[Any]
    if base64:
        rows = [b64encode(row.astype(np.dtype("<f4")).tobytes()).decode() for row in vectors]
    else:
        rows = vectors.tolist()
    return [
        {"object": "embedding", "index": index, "embedding": row} for index, row in enumerate(rows)
    ]
