"""What every model server can do, whatever protocol it speaks."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from chat.core.events import Ended, Token


@dataclass(frozen=True, slots=True)
class ToolAsked:
    """The model wants a tool used.

    `arguments` is what the model wrote: an object if all is well, else the raw text.
    """

    name: str
    arguments: Any
    id: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a model. `role` is "system", "user", "assistant" or "tool"."""

    role: str
    text: str
    asked: tuple[ToolAsked, ...] = ()  # by the assistant
    answers: ToolAsked | None = None  # what a tool's message answers


class Offered(Protocol):
    """A tool as a model sees it."""

    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def parameters(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """What a model is asked; None leaves a choice to the server."""

    model: str
    messages: tuple[Message, ...]
    tools: Sequence[Offered] = ()
    temperature: float | None = None
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()


Piece = Token | ToolAsked | Ended
"""What a model says: words, wishes for tools, and `Ended` last."""


class BackendTrouble(Exception):
    """A model server could not answer; `sv` and `en` say why to people.

    `its_fault` is False where the server itself is well and only this request would not do.
    """

    its_fault = True

    def __init__(self, sv: str, en: str) -> None:
        super().__init__(en)
        self.sv, self.en = sv, en

    def message(self, language: str) -> str:
        """Say what happened in `language` ("sv" or "en")."""
        return self.en if language == "en" else self.sv


class Unreachable(BackendTrouble):
    """Nobody answers at the address."""


class ModelMissing(BackendTrouble):
    """The server is well but does not have the model."""

    its_fault = False


class ToolsNotTaken(BackendTrouble):
    """The model can't be offered tools."""

    its_fault = False


class BadAsk(BackendTrouble):
    """The server does not take this request: too long, wrong key, an odd option."""

    its_fault = False


class ModelServer(Protocol):
    """A model server."""

    def stream(self, request: ModelRequest) -> AsyncGenerator[Piece, None]:
        """Ask the model; closing the stream closes the connection, so the model stops working.

        Raises:
            BackendTrouble: before the first piece or between two.
        """

    async def models(self) -> tuple[str, ...]:
        """Name the models that the server has. Raises BackendTrouble."""

    async def alive(self, within_s: float) -> bool:
        """Tell whether the server answers within so many seconds."""

    async def wake(self, model: str) -> None:
        """Let a sleeping model be read into memory, without waiting for it."""

    @property
    def busy(self) -> bool:
        """Tell whether the server is speaking to somebody."""

    async def aclose(self) -> None:
        """Let go of every connection."""
