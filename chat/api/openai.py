"""The doors for OpenAI clients that chat: `POST /v1/chat/completions` and `GET /v1/models`."""

from collections.abc import Iterator
from time import time
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema

from chat import live
from chat.core.errors import NoSuchModel
from chat.core.events import Done, Event, Failed, Started, Token
from chat.core.policy import Policy
from chat.core.steps.entrance import let_in
from chat.core.turn import Options
from chat.opening import open_turn
from chat.wiring import encoder

from . import shapes
from .auth import caller_of
from .bodies import fingerprint_of, read_json
from .chat import answer, failed
from .errors import as_openai
from .headers import idempotency_key_of, language_of, turn_id_of
from .hot import HotDoor
from .openai_request import Completion, check, models_of, options_of, question_and_history
from .telling import FailedFirst, gather, stream
from .trimming import Trimmer

_completions = msgspec.json.Decoder(Completion)
_encode = msgspec.json.Encoder().encode

STARTED_AT = int(time())


class CompletionDoor(HotDoor):
    """Answer the last message of a conversation."""

    @extend_schema(
        operation_id="openai_chat_completions",
        summary="Ställ en fråga så som OpenAI:s klienter gör",
        tags=["openai"],
        parameters=[shapes.IDEMPOTENCY_KEY],
        request=shapes.Completion,
        responses={
            (200, "application/json"): shapes.CompletionAnswer,
            (200, "text/event-stream"): OpenApiResponse(str, description=shapes.CHUNKS),
            **shapes.OPENAI_FAILURES,
        },
    )
    async def post(self, request: HttpRequest) -> HttpResponseBase:
        caller = await caller_of(request)
        asked = read_json(request, _completions)
        check(asked)
        question, history = question_and_history(asked.messages)
        options = options_of(asked, await live.current())
        key = idempotency_key_of(request)
        turn = await open_turn(
            caller,
            question,
            channel="openai",
            streamed=bool(asked.stream),
            address=request.META.get("REMOTE_ADDR", ""),
            turn_id=turn_id_of(request),
            language=language_of(request),
            idempotency_key=key,
            fingerprint=fingerprint_of("openai", asked) if key else "",
            options=options,
            history=history,
        )
        telling = Telling(asked, options)
        try:
            if asked.stream:
                return await stream(answer(turn), telling.chunks, end=b"data: [DONE]\n\n")
            whole = telling.whole(await gather(answer(turn)))
            return HttpResponse(_encode(whole), content_type="application/json")
        except FailedFirst as error:
            return failed(error.failed, openai=True)


class Telling:
    """Tells one turn in OpenAI's shapes."""

    def __init__(self, asked: Completion, options: Options) -> None:
        self._model = asked.model
        self._created = int(time())
        self._usage = bool(asked.stream_options and asked.stream_options.include_usage)
        self._id = ""
        # A model has cut its answer itself: a word is a token or more, so nothing is left to cut.
        self._trim = Trimmer(stop=options.stop, words=options.max_tokens)

    def _begin(self, started: Started) -> None:
        self._id = f"chatcmpl-{started.turn_id}"

    def whole(self, events: list[Event]) -> dict[str, Any]:
        """Fold a whole turn into one `chat.completion`."""
        started, done = events[0], events[-1]
        assert isinstance(started, Started) and isinstance(done, Done)
        self._begin(started)
        words = [self._trim.feed(event.text) for event in events if isinstance(event, Token)]
        text = "".join(words) + self._trim.rest()
        return {
            "id": self._id,
            "object": "chat.completion",
            "created": self._created,
            "model": self._model,
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": text, "refusal": None},
                    "logprobs": None,
                    "finish_reason": self._trim.finish or done.finish,
                }
            ],
            "usage": _usage(done),
            "alice": _alice(done),
        }

    def chunks(self, event: Event) -> bytes:
        """Write one event as the chunks it becomes; those of Alice's own tools become none."""
        return b"".join(b"data: %b\n\n" % _encode(chunk) for chunk in self._chunks(event))

    def _chunks(self, event: Event) -> Iterator[dict[str, Any]]:
        if isinstance(event, Started):
            self._begin(event)
            yield self._chunk({"role": "assistant", "content": ""})
        elif isinstance(event, Token):
            if text := self._trim.feed(event.text):
                yield self._chunk({"content": text})
        elif isinstance(event, Done):
            if text := self._trim.rest():
                yield self._chunk({"content": text})
            last = self._chunk({}, finish=self._trim.finish or event.finish)
            yield {**last, "alice": _alice(event)}
            if self._usage:
                yield {**self._chunk({}), "choices": [], "usage": _usage(event)}
        elif isinstance(event, Failed):
            yield as_openai(status=event.status, code=event.code, message=event.message)

    def _chunk(self, delta: dict[str, str], *, finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return {
            "id": self._id,
            "object": "chat.completion.chunk",
            "created": self._created,
            "model": self._model,
            "choices": [choice],
        }


def _usage(done: Done) -> dict[str, int]:
    """Count the tokens that were really spent: none where no model was asked."""
    spent = done.usage
    return {
        "prompt_tokens": spent.prompt_tokens,
        "completion_tokens": spent.completion_tokens,
        "total_tokens": spent.prompt_tokens + spent.completion_tokens,
    }


def _alice(done: Done) -> dict[str, str]:
    """Add what OpenAI has no word for; its clients leave fields they don't know alone."""
    return {
        "turn_id": done.turn_id,
        "route": done.route,
        "source": done.source,
        "tier": done.tier,
    }


class ModelsDoor(HotDoor):
    """List the models that may be asked for."""

    @extend_schema(
        operation_id="openai_models",
        summary="Visa modellerna",
        tags=["openai"],
        responses={200: shapes.Models, **shapes.OPENAI_FAILURES},
    )
    async def get(self, request: HttpRequest) -> HttpResponse:
        names = (*models_of(await _let_in(request)), encoder().fingerprint)
        models = [_model(name) for name in names]
        return _json({"object": "list", "data": models})


class ModelDoor(HotDoor):
    """Describe one model."""

    @extend_schema(
        operation_id="openai_model",
        summary="Visa en modell",
        tags=["openai"],
        responses={200: shapes.Model, **shapes.OPENAI_FAILURES},
    )
    async def get(self, request: HttpRequest, name: str) -> HttpResponse:
        if name not in (*models_of(await _let_in(request)), encoder().fingerprint):
            raise NoSuchModel()
        return _json(_model(name))


async def _let_in(request: HttpRequest) -> Policy:
    """Give the settings to whoever could ask a model: its name says what the house runs on.

    Raises:
        BadKey: there is a key, and it does not hold.
        NotSignedIn, NotAllowed: as `let_in`.
    """
    caller, policy = await caller_of(request), await live.current()
    let_in(caller, policy)
    return policy


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": STARTED_AT, "owned_by": "alice"}


def _json(value: Any) -> HttpResponse:
    return HttpResponse(_encode(value), content_type="application/json")
