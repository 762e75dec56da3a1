"""A model server for tests, over real HTTP: it speaks Ollama's and OpenAI's protocols by script.

    async with ModelServer() as server:
        server.script(Says("Hej ", "på dig"), Says(status=500))
        ... ask server.ollama_url or server.openai_url ...
        assert server.asked[0]["model"] == "qwen2.5:3b"

Answers are used up in order; then `server.otherwise` answers. `with in_a_thread(ModelServer())`
serves tests of several loops or of none. On its own, for benchmarks:

    python -m tests.model_server --port 11499 --delay-ms 5 --words "Hej på dig"
"""

import argparse
import asyncio
import contextlib
import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from zlib import crc32


@dataclass(init=False)
class Says:
    """One answer of the model."""

    words: tuple[str, ...]
    first_after_s: float = 0.0  # silence before the first piece
    word_after_s: float = 0.0  # silence between pieces
    tools: tuple[tuple[str, Any], ...] = ()  # name and arguments of tools asked for
    status: int = 200
    error: str = ""  # said with the status, or in mid-stream when the status is 200
    finish: str = "stop"
    usage: tuple[int, int] = (13, 8)
    cut: bool = False  # hang up in the middle of a line
    ends: bool = True  # say that the answer is done
    raw: bytes | None = None  # these bytes instead of the protocol
    bytes_at_a_time: int = 0  # cut everything into pieces this small

    def __init__(self, *words: str, **rest: Any) -> None:
        self.words = words
        for name, value in rest.items():
            if name not in self.__dataclass_fields__:
                raise TypeError(name)
            setattr(self, name, value)


@dataclass
class ModelServer:
    """Listens on `port` of this machine, or on a free one."""

    port: int = 0
    models: tuple[str, ...] = ("qwen2.5:3b", "qwen2.5:0.5b")
    otherwise: Says = field(default_factory=lambda: Says("Hej ", "på ", "dig!"))
    asked: list[dict[str, Any]] = field(default_factory=list)  # bodies, in order
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)  # of every request
    left: int = 0  # callers who hung up before the end
    connections: int = 0  # ever made
    list_after_s: float = 0.0  # silence before the models are listed
    dimensions: int = 384  # of the vectors that it makes

    def __post_init__(self) -> None:
        self._script: deque[Says] = deque()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def script(self, *answers: Says) -> None:
        """Answer so, in this order."""
        self._script.extend(answers)

    @property
    def ollama_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def openai_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def __aenter__(self) -> "ModelServer":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        except asyncio.CancelledError:
            pass  # the test is over
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request. Give False where the connection is to be closed."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        start, *lines = head.strip().split("\r\n")
        headers = {k.lower(): v.strip() for k, v in (line.split(":", 1) for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        path = start.split()[1]
        self.paths.append(path)
        self.headers.append(headers)
        if path in ("/api/tags", "/v1/models"):
            await asyncio.sleep(self.list_after_s)
            listed = {"models": [{"name": name} for name in self.models]}
            if path == "/v1/models":
                listed = {
                    "object": "list",
                    "data": [{"id": n, "object": "model"} for n in self.models],
                }
            await _plain(writer, 200, listed)
            return True
        if path in EMBEDDING_PATHS:
            return await self._embed(reader, writer, json.loads(body), path)
        if path not in ("/api/chat", "/v1/chat/completions"):
            await _plain(writer, 404, {"error": "404 page not found"})
            return True
        request = json.loads(body)
        ollama = path == "/api/chat"
        if ollama and not request["messages"]:  # only to have the model read into memory
            await _plain(writer, 200, {"model": request["model"], "done": True})
            return True
        self.asked.append(request)
        if request["model"] not in self.models:
            why = f"model '{request['model']}' not found"
            await _plain(writer, 404, {"error": why if ollama else {"message": why}})
            return True
        says = self._script.popleft() if self._script else self.otherwise
        return await self._answer(reader, writer, request, says, ollama)

    async def _embed(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        request: dict[str, Any],
        path: str,
    ) -> bool:
        """Give vectors that the letters decide; status, silence and raw bytes by script."""
        self.asked.append(request)
        says = self._script.popleft() if self._script else Says()
        if not await _wait(reader, says.first_after_s):
            self.left += 1
            return False
        if says.cut:
            return False
        ollama = path == "/api/embed"
        if request["model"] not in self.models:
            says = Says(status=404, error=f"model '{request['model']}' not found")
        if says.status != 200:
            error = says.error if ollama else {"message": says.error}
            await _plain(writer, says.status, {"error": error})
            return True
        rows = [_letters(text, self.dimensions) for text in request["input"]]
        tokens = sum(len(text.split()) for text in request["input"])
        answer: Any = {
            "model": request["model"],
            "embeddings": rows,
            "prompt_eval_count": tokens,
        }
        if not ollama:
            data = [
                {"object": "embedding", "index": index, "embedding": row}
                for index, row in reversed(list(enumerate(rows)))  # any order is allowed
            ]
            usage = {"prompt_tokens": tokens, "total_tokens": tokens}
            answer = {"object": "list", "model": request["model"], "data": data, "usage": usage}
        await _plain(writer, 200, answer if says.raw is None else json.loads(says.raw))
        return True

    async def _answer(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        request: dict[str, Any],
        says: Says,
        ollama: bool,
    ) -> bool:
        if says.status != 200:
            if not await _wait(reader, says.first_after_s):
                self.left += 1
                return False
            await _plain(
                writer, says.status, {"error": says.error if ollama else {"message": says.error}}
            )
            return True
        kind = "application/x-ndjson" if ollama else "text/event-stream"
        writer.write(
            f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n"
            "Transfer-Encoding: chunked\r\n\r\n".encode()
        )
        make = _ollama if ollama else _openai
        pieces = iter([says.raw]) if says.raw is not None else make(request["model"], says)
        wait_s = says.first_after_s
        for piece in pieces:
            if not await _wait(reader, wait_s):
                self.left += 1
                return False
            wait_s = says.word_after_s
            step = says.bytes_at_a_time or len(piece)
            for at in range(0, len(piece), step):
                part = piece[at : at + step]
                writer.write(b"%x\r\n%b\r\n" % (len(part), part))
                await writer.drain()
                if says.bytes_at_a_time:
                    await asyncio.sleep(0)
        if says.cut:
            return False
        writer.write(b"0\r\n\r\n")
        await writer.drain()
        return True


EMBEDDING_PATHS = ("/api/embed", "/v1/embeddings")


def _letters(text: str, dimensions: int) -> list[float]:
    """Count pairs of letters, so that texts written alike lie near each other."""
    row = [0.0] * dimensions
    for pair in zip(f" {text.casefold()}", f"{text.casefold()} ", strict=True):
        row[crc32("".join(pair).encode()) % dimensions] += 1.0
    return row


def _ollama(model: str, says: Says) -> Iterator[bytes]:
    def line(**more: Any) -> bytes:
        return json.dumps({"model": model, **more}, ensure_ascii=False).encode() + b"\n"

    def said(text: str, **more: Any) -> dict[str, Any]:
        return {"role": "assistant", "content": text, **more}

    for word in says.words:
        yield line(message=said(word), done=False)
    for name, arguments in says.tools:
        call = {"function": {"name": name, "arguments": arguments}}
        yield line(message=said("", tool_calls=[call]), done=False)
    if says.error:
        yield line(error=says.error)
        return
    if says.cut:
        yield line(message=said("avbru"), done=False)[:-9]
        return
    if says.ends:
        prompt, completion = says.usage
        yield line(
            message=said(""),
            done=True,
            done_reason=says.finish,
            prompt_eval_count=prompt,
            eval_count=completion,
        )


def _openai(model: str, says: Says) -> Iterator[bytes]:
    def event(**more: Any) -> bytes:
        chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": model, **more}
        return b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n"

    def delta(finish: str | None = None, **what: Any) -> bytes:
        return event(choices=[{"index": 0, "delta": what, "finish_reason": finish}])

    for word in says.words:
        yield delta(content=word)
    for index, (name, arguments) in enumerate(says.tools):
        text = arguments if isinstance(arguments, str) else json.dumps(arguments)
        function = {"name": name, "arguments": ""}
        yield delta(tool_calls=[{"index": index, "id": f"call_x{index}", "function": function}])
        for at in range(0, len(text), 5):
            part = {"index": index, "function": {"arguments": text[at : at + 5]}}
            yield delta(tool_calls=[part])
    if says.error:
        yield event(error={"message": says.error})
        return
    if says.cut:
        yield delta(content="avbru")[:-9]
        return
    if says.ends:
        prompt, completion = says.usage
        yield delta(finish="tool_calls" if says.tools else says.finish)
        yield event(choices=[], usage={"prompt_tokens": prompt, "completion_tokens": completion})
        yield b"data: [DONE]\n\n"


async def _plain(writer: asyncio.StreamWriter, status: int, body: Any) -> None:
    data = json.dumps(body).encode()
    writer.write(
        f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(data)}\r\n\r\n".encode()
        + data
    )
    await writer.drain()


async def _wait(reader: asyncio.StreamReader, seconds: float) -> bool:
    """Wait, but not for a caller who has hung up. Give False for one who has."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while (left := until - loop.time()) > 0 and not reader.at_eof():
        await asyncio.sleep(min(left, 0.005))
    await asyncio.sleep(0)
    return not reader.at_eof()


@contextlib.contextmanager
def in_a_thread(server: ModelServer) -> Iterator[ModelServer]:
    """Serve on a loop of its own, whatever loops the tests have."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result()
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(server.__aexit__(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _main() -> None:
    parser = argparse.ArgumentParser(description="A model server that answers by script.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--words", default="Hej på dig! Det här är ett svar från en modell.")
    parser.add_argument("--first-ms", type=float, default=0)
    parser.add_argument("--delay-ms", type=float, default=0)
    parser.add_argument("--model", action="append", default=[])
    chosen = parser.parse_args()
    says = Says(
        *re.findall(r"\S+\s*", chosen.words),
        first_after_s=chosen.first_ms / 1000,
        word_after_s=chosen.delay_ms / 1000,
    )
    models = tuple(chosen.model) or ("qwen2.5:3b", "qwen2.5:0.5b")
    async with ModelServer(port=chosen.port, models=models, otherwise=says) as server:
        print(f"ready {server.ollama_url}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_main())
