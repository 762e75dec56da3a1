"""Encoders behind HTTP: OpenAI's protocol, which many servers speak, and Ollama's.

Source:
    https://platform.openai.com/docs/api-reference/embeddings and
    https://github.com/ollama/ollama/blob/main/docs/api.md#generate-embeddings
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
import numpy as np
import stamina
from numpy.typing import NDArray

from chat.llm.base import BackendTrouble
from chat.llm.line import Line, decoded
from fibcache.core.encoder import Spent

from .patient import PatientEncoder, Trouble

TRIES = 2
"""Encoding changes nothing at the other end, so a broken line is tried again, once."""


class _Row(msgspec.Struct):
    index: int
    embedding: list[float]


class _Usage(msgspec.Struct):
    prompt_tokens: int | None = None


class _Listed(msgspec.Struct):
    data: list[_Row]
    usage: _Usage | None = None


class _Embedded(msgspec.Struct):
    embeddings: list[list[float]]
    prompt_eval_count: int | None = None


class Speaks(Protocol):
    """What one protocol asks and how it is answered."""

    @property
    def path(self) -> str: ...
    def body(self, model: str, texts: list[str]) -> Mapping[str, Any]: ...
    def rows(self, answer: bytes, spent: Spent) -> list[list[float]]: ...


@dataclass(frozen=True, slots=True)
class _OpenAI:
    path: str = "/embeddings"

    def body(self, model: str, texts: list[str]) -> Mapping[str, Any]:
        return {"model": model, "input": texts, "encoding_format": "float"}

    def rows(self, answer: bytes, spent: Spent) -> list[list[float]]:
        said = decoded(answer, _Listed)
        spent.tokens += (said.usage.prompt_tokens or 0) if said.usage else 0
        return [row.embedding for row in sorted(said.data, key=lambda row: row.index)]


@dataclass(frozen=True, slots=True)
class _Ollama:
    path: str = "/api/embed"

    def body(self, model: str, texts: list[str]) -> Mapping[str, Any]:
        return {"model": model, "input": texts, "truncate": True}

    def rows(self, answer: bytes, spent: Spent) -> list[list[float]]:
        said = decoded(answer, _Embedded)
        spent.tokens += said.prompt_eval_count or 0
        return said.embeddings


PROTOCOLS: Mapping[str, Speaks] = {"openai": _OpenAI(), "ollama": _Ollama()}


class RemoteEncoder(PatientEncoder):
    """A model at a server.

    Args:
        speaks: the server's protocol.
        url: where the protocol's paths begin.
        key: sent as a Bearer token; "" for none.
        pool: requests that may be under way.
    """

    def __init__(
        self,
        speaks: Speaks,
        model: str,
        url: str,
        *,
        key: str,
        within_s: float,
        pool: int,
        clock: Callable[[], float],
    ) -> None:
        kind = next(name for name, known in PROTOCOLS.items() if known is speaks)
        super().__init__(f"{kind}:{model}", within_s=within_s, clock=clock)
        self._speaks, self._model = speaks, model
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._line = Line(url, headers=headers, pool=pool)

    async def _raw(self, texts: list[str], spent: Spent) -> NDArray[np.floating]:
        try:
            async for attempt in stamina.retry_context(
                on=_worth_another_try, attempts=TRIES, wait_initial=0.02, wait_jitter=0.02
            ):
                with attempt:
                    return await self._asked(texts, spent)
        except BackendTrouble as error:
            raise Trouble(str(error)) from error
        raise AssertionError("the last attempt returns or raises")

    async def _asked(self, texts: list[str], spent: Spent) -> NDArray[np.floating]:
        body = self._speaks.body(self._model, texts)
        async with self._line.post(self._speaks.path, body) as response:
            rows = self._speaks.rows(await response.aread(), spent)
        if len({len(row) for row in rows}) != 1:
            raise Trouble("the vectors differ in length, or there are none")
        return np.array(rows)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._line.aclose()


def _worth_another_try(error: Exception) -> bool:
    return isinstance(error, BackendTrouble) and error.its_fault
