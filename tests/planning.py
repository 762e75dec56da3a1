"""What the planner's tests share: a clock that runs, a tool, and one way to hear an answer."""

import time
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from chat.core.policy import Backend, Policy, Routing
from chat.core.turn import Turn
from chat.llm.fleet import Fleet
from chat.speakers.planner import Planner
from chat.tools.base import ToolContext, ToolTrouble
from tests.fakes import a_turn
from tests.model_server import ModelServer

NOON = datetime(2026, 6, 19, 12, 0, tzinfo=UTC)


class RunningClock:
    """Runs in seconds, but stays on one day."""

    def now(self) -> datetime:
        return NOON

    def monotonic(self) -> float:
        return time.monotonic()


class Adder:
    """A tool that adds two numbers, and will not have more than a thousand."""

    name, title_sv, title_en = "add", "Plus", "Plus"
    description = "Adds two numbers."
    parameters = {
        "type": "object",
        "properties": {"a": {"type": "number"}, "b": {"type": "number"}},
        "required": ["a", "b"],
        "additionalProperties": False,
    }

    def __init__(self, *, moment: bool = False) -> None:
        self.moment = moment
        self.used: list[dict[str, Any]] = []

    def read(self, text: str, context: ToolContext) -> None:
        return None

    def run(self, arguments: dict[str, Any], context: ToolContext) -> str:
        self.used.append(arguments)
        if arguments["a"] > 1000:
            raise ToolTrouble(sv="För stort tal.", en="Too large a number.")
        return str(arguments["a"] + arguments["b"])

    def warm(self) -> None:
        pass


def a_policy(*servers: ModelServer | Backend, **routing: Any) -> Policy:
    """Name these servers as back-ends, in order; patience is long unless told otherwise."""
    backends = tuple(
        server
        if isinstance(server, Backend)
        else Backend(name=f"server{number}", url=server.ollama_url)
        for number, server in enumerate(servers, 1)
    )
    patient = {"first_token_s": (5, 6, 7, 8), "plan_within_ms": 5000, **routing}
    return Policy(backends=backends, routing=Routing(**patient))


def a_planner(*tools: Adder, **fleet: Any) -> Planner:
    """Build a planner with a fleet that looks for no default."""
    clock = RunningClock()
    return Planner(Fleet(clock, **{"default": None, **fleet}), tools, clock)


async def answer(
    policy: Policy, planner: Planner | None = None, text: str = "Vem är du?", **turn: Any
):
    """Hear all that the planner says to a question."""
    reply = await (planner or a_planner()).answer(a_question(text, policy, **turn))
    async with aclosing(reply.events) as events:
        return [event async for event in events]


def a_question(text: str, policy: Policy, **fields: Any) -> Turn:
    """Open a turn as the earlier steps would leave it to the planner."""
    return replace(a_turn(text, policy=policy), **{"question": text, "tools": ("add",), **fields})
