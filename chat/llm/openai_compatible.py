"""Any server that speaks OpenAI's protocol: server-sent events from /chat/completions.

Source: https://platform.openai.com/docs/api-reference/chat
"""

from collections.abc import AsyncGenerator
from typing import Any

import msgspec
from httpx_sse import EventSource, SSEError

from chat.core.events import Ended, Token, Usage

from .base import BackendTrouble, Message, ModelMissing, ModelRequest, Piece, ToolAsked
from .line import Line, cut_off, decoded, drain, garbled, offers


class _FunctionPart(msgspec.Struct):
    name: str | None = None
    arguments: str | None = None


class _CallPart(msgspec.Struct):
    index: int = 0
    id: str | None = None
    function: _FunctionPart | None = None


class _Delta(msgspec.Struct):
    content: str | None = None
    tool_calls: list[_CallPart] | None = None


class _Choice(msgspec.Struct):
    delta: _Delta | None = None
    finish_reason: str | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Chunk(msgspec.Struct):
    model: str | None = None
    choices: list[_Choice] | None = None
    usage: _Usage | None = None
    error: Any = None


class _Model(msgspec.Struct):
    id: str


class _Models(msgspec.Struct):
    data: list[_Model] | None = None


class OpenAICompatible:
    """A server at `url` (ending in /v1 as a rule), with at most `pool` answers under way."""

    def __init__(self, url: str, *, key: str = "", pool: int = 8) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._line = Line(url, headers=headers, pool=pool)

    async def stream(self, request: ModelRequest) -> AsyncGenerator[Piece, None]:
        """Ask the model and hand over what it says, piece by piece."""
        heard = _Heard(request.model)
        try:
            async with self._line.post("/chat/completions", _body(request)) as response:
                events = EventSource(response).aiter_sse()
                async for event in events:
                    if event.data == "[DONE]":
                        heard.finish = heard.finish or "stop"
                        await drain(events)
                        break
                    if word := heard.take(decoded(event.data, _Chunk)):
                        yield Token(word)
        except ModelMissing as error:
            raise ModelMissing(
                f"Modellservern har inte modellen {request.model}.",
                f"The model server does not have the model {request.model}.",
            ) from error
        except SSEError as error:
            raise garbled() from error
        if heard.finish is None:
            raise cut_off()
        for call in heard.asked():
            yield call
        yield heard.ended()

    async def models(self) -> tuple[str, ...]:
        """Name the models that the server offers."""
        listed = decoded(await self._line.get("/models", within_s=2.0), _Models)
        return tuple(model.id for model in listed.data or ())

    async def alive(self, within_s: float) -> bool:
        """Tell whether the server answers within so many seconds."""
        try:
            await self._line.get("/models", within_s=within_s)
        except BackendTrouble as error:
            return not error.its_fault
        return True

    async def wake(self, model: str) -> None:
        """Do nothing: the protocol knows no sleeping models."""

    @property
    def busy(self) -> bool:
        """Tell whether the server is speaking to somebody."""
        return self._line.busy

    async def aclose(self) -> None:
        """Let go of every connection."""
        await self._line.aclose()


class _Heard:
    """What the chunks so far add up to."""

    def __init__(self, model: str) -> None:
        self.model = model
        self.finish: str | None = None
        self.usage = Usage()
        self.calls: dict[int, dict[str, str]] = {}

    def take(self, chunk: _Chunk) -> str:
        """Take in a chunk and give the words in it. Raises BackendTrouble on an error object."""
        if chunk.error:
            why = chunk.error.get("message") if isinstance(chunk.error, dict) else chunk.error
            raise BackendTrouble(
                f"Modellen avbröt: {str(why)[:200]}", f"The model broke off: {str(why)[:200]}"
            )
        self.model = chunk.model or self.model
        if chunk.usage is not None:
            self.usage = Usage(chunk.usage.prompt_tokens or 0, chunk.usage.completion_tokens or 0)
        if not chunk.choices:
            return ""  # the last chunk of all holds the usage and nothing else
        choice = chunk.choices[0]
        self.finish = choice.finish_reason or self.finish
        if choice.delta is None:
            return ""
        for part in choice.delta.tool_calls or ():
            # Id and name come once, the arguments bit by bit; `index` tells the calls apart.
            call = self.calls.setdefault(part.index, {"id": "", "name": "", "arguments": ""})
            call["id"] = part.id or call["id"]
            if part.function is not None:
                call["name"] += part.function.name or ""
                call["arguments"] += part.function.arguments or ""
        return choice.delta.content or ""

    def asked(self) -> list[ToolAsked]:
        return [
            ToolAsked(call["name"], _arguments(call["arguments"]), call["id"] or f"call_{index}")
            for index, call in sorted(self.calls.items())
        ]

    def ended(self) -> Ended:
        done = self.finish in ("stop", "tool_calls", "function_call")
        return Ended("stop" if done else "length", self.usage, self.model)


def _arguments(text: str) -> Any:
    try:
        return msgspec.json.decode(text or "{}")
    except msgspec.DecodeError:
        return text


def _body(request: ModelRequest) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": request.model,
        "messages": [_message(message) for message in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if request.temperature is not None:
        body["temperature"] = request.temperature
    if request.max_tokens is not None:
        body["max_tokens"] = request.max_tokens
    if request.stop:
        body["stop"] = request.stop
    if request.tools:
        body["tools"] = offers(request.tools)
    return body


def _message(message: Message) -> dict[str, Any]:
    body: dict[str, Any] = {"role": message.role, "content": message.text}
    if message.asked:
        body["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": _as_text(call.arguments)},
            }
            for call in message.asked
        ]
    if message.answers is not None:
        body["tool_call_id"] = message.answers.id
    return body


def _as_text(arguments: Any) -> str:
    return arguments if isinstance(arguments, str) else msgspec.json.encode(arguments).decode()
