"""What a reply is made of: one stream of events, the same for JSON, SSE and WebSocket.

    Started (Token | ToolCalled | ToolReturned | Noted)* Done

with a `Failed` in place of what could not be said. A speaker ends its stream with `Ended`, which
the runner turns into `Done`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Usage:
    """Model tokens that were really spent; nothing when no model was asked."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Started:
    """The question is kept and its answer begins."""

    turn_id: str
    source: str
    route: str
    conversation_id: str | None = None
    type: str = field(default="started", init=False)


@dataclass(frozen=True, slots=True)
class Token:
    """The next few words."""

    text: str
    type: str = field(default="token", init=False)


@dataclass(frozen=True, slots=True)
class ToolCalled:
    """A tool is being used."""

    name: str
    arguments: Mapping[str, Any]
    type: str = field(default="tool_called", init=False)


@dataclass(frozen=True, slots=True)
class ToolReturned:
    """A tool gave its result, or said why not."""

    name: str
    text: str
    ok: bool = True
    type: str = field(default="tool_returned", init=False)


QUEUED, YOUR_TURN = "queued", "your_turn"
"""Codes of notes to who waits in line for a model: which in line, and that it is over."""


WITHHELD = "withheld_"
"""Codes of notes of what was taken out of an answer begin so; the kind of leak follows."""


@dataclass(frozen=True, slots=True)
class Noted:
    """Something a reader should know about this answer: still waiting, no model, another model."""

    code: str
    text: str
    type: str = field(default="noted", init=False)


@dataclass(frozen=True, slots=True)
class Ended:
    """The speaker is done. `finish` is "stop" or "length"; runner only, never sent."""

    finish: str = "stop"
    usage: Usage = Usage()
    model: str = ""
    fleeting: bool = False  # holds for this moment only: not to be remembered, whatever was meant


@dataclass(frozen=True, slots=True)
class Done:
    """All is said and kept. `saved` is None where nothing was to save, False where it failed."""

    turn_id: str
    source: str
    route: str
    finish: str
    model: str
    usage: Usage
    saved: bool | None
    elapsed_ms: float
    steps_ms: Mapping[str, float]
    tier: str = ""
    joined: bool = False  # another turn that asked the same had its answer under way
    why: Mapping[str, Any] = field(default_factory=dict)  # of a remembered answer, and of rules
    conversation_id: str | None = None
    type: str = field(default="done", init=False)


@dataclass(frozen=True, slots=True)
class Failed:
    """What could not be said, and why."""

    turn_id: str
    code: str
    message: str
    status: int
    retry_after_s: float | None = None
    conversation_id: str | None = None
    why: Mapping[str, Any] = field(default_factory=dict)  # of what Guardian refused; else empty
    type: str = field(default="failed", init=False)


Spoken = Token | ToolCalled | ToolReturned | Noted
"""What a speaker says between its first and last word."""

Event = Started | Spoken | Done | Failed


_KINDS = {"token": Token, "tool_called": ToolCalled, "tool_returned": ToolReturned, "noted": Noted}


def spoken_from(plain: Mapping[str, Any]) -> Spoken:
    """Read again what was put in writing as plain values, its `type` among them."""
    fields = dict(plain)
    spoken: Spoken = _KINDS[fields.pop("type")](**fields)
    return spoken


def text_of(events: Any) -> str:
    """Join the words of some events."""
    return "".join(event.text for event in events if isinstance(event, Token))
