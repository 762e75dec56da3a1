"""`POST /api/chat`: ask Alice, and hear the answer as JSON or as server-sent events."""

from typing import Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view

from chat import wiring
from chat.core.converse import converse
from chat.core.events import Done, Event, Failed, Noted, Started, ToolCalled, ToolReturned, text_of
from chat.core.turn import Turn
from chat.opening import HOME_TIMEZONE, is_timezone, open_turn
from chat.pipeline import CHAT

from . import shapes
from .auth import caller_of
from .bodies import fingerprint_of, read_json, refuse_null
from .errors import BadField, failure
from .headers import idempotency_key_of, language_of, turn_id_of
from .hot import HotDoor
from .telling import Events, FailedFirst, gather, stream


class Question(msgspec.Struct, forbid_unknown_fields=True):
    """What the door takes."""

    message: str
    conversation_id: str | None = None
    stream: bool = False
    language: Literal["sv", "en"] | None = None
    timezone: str = HOME_TIMEZONE
    confirmed: bool = False


_questions = msgspec.json.Decoder(Question)
_encode = msgspec.json.Encoder().encode


class ChatDoor(HotDoor):
    """Ask a question."""

    @extend_schema(
        operation_id="chat",
        summary="Ställ en fråga",
        tags=["chat"],
        parameters=[shapes.IDEMPOTENCY_KEY],
        request=shapes.Question,
        responses={
            (200, "application/json"): shapes.Answer,
            (200, "text/event-stream"): OpenApiResponse(str, description=shapes.EVENTS),
            **shapes.FAILURES,
        },
    )
    async def post(self, request: HttpRequest) -> HttpResponseBase:
        caller = await caller_of(request)
        question = read_json(request, _questions)
        refuse_null(question.message, "message")
        if not is_timezone(question.timezone):
            raise BadField(f"`{question.timezone[:50]}` - at `$.timezone`")
        key = idempotency_key_of(request)
        streamed = question.stream or "text/event-stream" in request.META.get("HTTP_ACCEPT", "")
        turn = await open_turn(
            caller,
            question.message,
            channel="api",
            streamed=streamed,
            address=request.META.get("REMOTE_ADDR", ""),
            turn_id=turn_id_of(request),
            language=question.language or language_of(request),
            timezone=question.timezone,
            conversation_id=question.conversation_id,
            idempotency_key=key,
            confirmed=question.confirmed,
            # However it wants to be told: a client may ask again without the stream.
            fingerprint=fingerprint_of("chat", msgspec.structs.replace(question, stream=False))
            if key
            else "",
        )
        try:
            if streamed:
                return await stream(answer(turn))
            return HttpResponse(
                _encode(folded(await gather(answer(turn)))), content_type="application/json"
            )
        except FailedFirst as error:
            return failed(error.failed)


@extend_schema_view(post=extend_schema(operation_id="chat_optimized"))
class OptimizedChatDoor(ChatDoor):
    """The same door under the name that it had before."""


def answer(turn: Turn) -> Events:
    """Begin the answer to `turn`; nothing happens before its first event is read."""
    return converse(turn, wiring.kit(), CHAT)


def failed(event: Failed, *, openai: bool = False) -> HttpResponse:
    """Answer with the error of a turn that could not be answered."""
    return failure(
        status=event.status,
        code=event.code,
        message=event.message,
        turn_id=event.turn_id,
        retry_after_s=event.retry_after_s,
        why=event.why,
        openai=openai,
    )


def folded(events: list[Event]) -> dict[str, object]:
    """Fold a whole turn, from `Started` to `Done`, into one value for JSON."""
    started, done = events[0], events[-1]
    assert isinstance(started, Started) and isinstance(done, Done)
    return {
        "turn_id": done.turn_id,
        "conversation_id": done.conversation_id,
        "reply": text_of(events),
        "route": done.route,
        "source": done.source,
        "tier": done.tier,
        "joined": done.joined,
        "why": done.why,
        "finish": done.finish,
        "model": done.model,
        "saved": done.saved,
        "usage": done.usage,
        "elapsed_ms": done.elapsed_ms,
        "steps_ms": done.steps_ms,
        "notes": [
            {"code": event.code, "text": event.text} for event in events if isinstance(event, Noted)
        ],
        "tools": _tools(events),
    }


def _tools(events: list[Event]) -> list[dict[str, object]]:
    """Put each tool's result beside its call."""
    used: list[dict[str, object]] = []
    for event in events:
        if isinstance(event, ToolCalled):
            used.append(
                {"name": event.name, "arguments": event.arguments, "text": None, "ok": None}
            )
        elif isinstance(event, ToolReturned):
            waiting = (one for one in used if one["name"] == event.name and one["ok"] is None)
            if (call := next(waiting, None)) is not None:
                call.update(text=event.text, ok=event.ok)
    return used
