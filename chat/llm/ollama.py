"""Ollama's own HTTP API: newline-delimited JSON from /api/chat.

Source: https://github.com/ollama/ollama/blob/main/docs/api.md
"""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import msgspec

from chat.core.events import Ended, Token, Usage

from .base import BackendTrouble, Message, ModelMissing, ModelRequest, Piece, ToolAsked
from .line import Line, cut_off, decoded, drain, lines_of, offers

WAKE_S = 233.0
"""Longest that a model may take to be read into memory."""


class _Function(msgspec.Struct):
    name: str
    arguments: Any = None


class _Call(msgspec.Struct):
    function: _Function
    id: str = ""


class _Said(msgspec.Struct):
    content: str | None = None
    tool_calls: list[_Call] | None = None


class _Chunk(msgspec.Struct):
    model: str = ""
    message: _Said | None = None
    done: bool = False
    done_reason: str | None = None
    prompt_eval_count: int | None = None
    eval_count: int | None = None
    error: str | None = None


class _Model(msgspec.Struct):
    name: str


class _Tags(msgspec.Struct):
    models: list[_Model] | None = None


class Ollama:
    """An Ollama server at `url`, with at most `pool` answers under way."""

    def __init__(self, url: str, *, pool: int = 8) -> None:
        self._line = Line(url, pool=pool)
        self._waking: dict[str, asyncio.Task[None]] = {}

    async def stream(self, request: ModelRequest) -> AsyncGenerator[Piece, None]:
        """Ask the model and hand over what it says, piece by piece."""
        try:
            async with self._line.post("/api/chat", _body(request)) as response:
                lines = lines_of(response)
                async for line in lines:
                    chunk = decoded(line, _Chunk)
                    if chunk.error:
                        raise BackendTrouble(
                            f"Modellen avbröt: {chunk.error[:200]}",
                            f"The model broke off: {chunk.error[:200]}",
                        )
                    if chunk.done:
                        await drain(lines)
                    for piece in _pieces(chunk):
                        yield piece
                    if chunk.done:
                        return
        except ModelMissing as error:
            raise _not_pulled(request.model) from error
        raise cut_off()

    async def models(self) -> tuple[str, ...]:
        """Name the models that have been pulled."""
        tags = decoded(await self._line.get("/api/tags", within_s=1.0), _Tags)
        return tuple(model.name for model in tags.models or ())

    async def alive(self, within_s: float) -> bool:
        """Tell whether an Ollama answers within so many seconds."""
        try:
            decoded(await self._line.get("/api/tags", within_s=within_s), _Tags)
        except BackendTrouble:
            return False
        return True

    async def wake(self, model: str) -> None:
        """Have the model read into memory in the background.

        Ollama gives up reading a model when the one who asked hangs up, so a machine that needs
        longer than a caller waits would otherwise never get there.
        """
        if model not in self._waking:
            task = asyncio.get_running_loop().create_task(self._wake(model))
            self._waking[model] = task
            task.add_done_callback(lambda _: self._waking.pop(model, None))

    async def _wake(self, model: str) -> None:
        try:
            async with asyncio.timeout(WAKE_S):
                async with self._line.post("/api/chat", {"model": model, "messages": []}) as reply:
                    await reply.aread()
        except (BackendTrouble, TimeoutError):
            pass  # whoever asks the model next is told why

    @property
    def busy(self) -> bool:
        """Tell whether the server is speaking to somebody."""
        return self._line.busy

    async def aclose(self) -> None:
        """Let go of every connection."""
        for task in self._waking.values():
            task.cancel()
        await self._line.aclose()


def _body(request: ModelRequest) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if request.temperature is not None:
        options["temperature"] = request.temperature
    if request.max_tokens is not None:
        options["num_predict"] = request.max_tokens
    if request.stop:
        options["stop"] = request.stop
    body: dict[str, Any] = {
        "model": request.model,
        "messages": [_message(message) for message in request.messages],
        "stream": True,
        "options": options,
    }
    if request.tools:
        body["tools"] = offers(request.tools)
    return body


def _message(message: Message) -> dict[str, Any]:
    body: dict[str, Any] = {"role": message.role, "content": message.text}
    if message.asked:
        body["tool_calls"] = [
            {
                "function": {
                    "name": call.name,
                    "arguments": call.arguments if isinstance(call.arguments, dict) else {},
                }
            }
            for call in message.asked
        ]
    if message.answers is not None:
        body["tool_name"] = message.answers.name
    return body


def _pieces(chunk: _Chunk) -> list[Piece]:
    pieces: list[Piece] = []
    if chunk.message is not None:
        if chunk.message.content:
            pieces.append(Token(chunk.message.content))
        for call in chunk.message.tool_calls or ():
            pieces.append(ToolAsked(call.function.name, call.function.arguments, call.id))
    if chunk.done:
        pieces.append(
            Ended(
                finish="stop" if chunk.done_reason in (None, "", "stop") else "length",
                usage=Usage(chunk.prompt_eval_count or 0, chunk.eval_count or 0),
                model=chunk.model,
            )
        )
    return pieces


def _not_pulled(model: str) -> ModelMissing:
    return ModelMissing(
        f"Ollama svarar, men modellen {model} är inte hämtad. Kör `ollama pull {model}`.",
        f"Ollama answers, but the model {model} has not been pulled. Run `ollama pull {model}`.",
    )
