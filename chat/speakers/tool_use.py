"""Using the tools that a model asks for, and telling it what they said."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from chat.core.events import ToolCalled, ToolReturned
from chat.core.kit import Clock
from chat.core.turn import Turn
from chat.llm.base import Message, ToolAsked
from chat.tools.base import Tool, ToolContext, ToolTrouble

from .words import spoken_language

CALLS_PER_ROUND = 5
"""Tools that a model may ask for at once; more are turned down."""


class ToolUse:
    """The tools of one turn, and what has come of them so far.

    `messages` is what the model is to be shown beside the question; `fleeting` tells that the
    answer now leans on something that holds for the moment only.
    """

    def __init__(self, offered: Sequence[Tool], turn: Turn, clock: Clock) -> None:
        self.offered = tuple(offered)
        self.messages: tuple[Message, ...] = ()
        self.fleeting = False
        self._tools = {tool.name: tool for tool in offered}
        self._turn, self._clock = turn, clock

    async def use(
        self, words: str, asked: Sequence[ToolAsked]
    ) -> AsyncGenerator[ToolCalled | ToolReturned, None]:
        """Use each tool in turn. What goes wrong is told to the model, which may try again."""
        self.messages += (Message("assistant", words, asked=tuple(asked)),)
        for number, call in enumerate(asked):
            tool = self._tools.get(call.name)
            problem = self._problem(call, tool, number)
            if tool is None or problem:
                self._tell(call, problem)
                continue
            yield ToolCalled(tool.name, call.arguments)
            text, ok = self._run(tool, call.arguments)
            self.fleeting |= tool.moment or not ok
            self._tell(call, text)
            yield ToolReturned(tool.name, text, ok)

    def _problem(self, call: ToolAsked, tool: Tool | None, number: int) -> str:
        """Say why a tool can't be used so; nothing when it can. Only the model reads this."""
        if tool is None:
            return f"Error: there is no tool {call.name!r}. There are: {', '.join(self._tools)}."
        if number >= CALLS_PER_ROUND:
            return f"Error: at most {CALLS_PER_ROUND} tools at once. Ask again for the rest."
        if not isinstance(call.arguments, dict):
            return "Error: the arguments are not a JSON object."
        wrong = best_match(Draft202012Validator(tool.parameters).iter_errors(call.arguments))
        return f"Error: {wrong.json_path}: {wrong.message}" if wrong else ""

    def _run(self, tool: Tool, arguments: Mapping[str, Any]) -> tuple[str, bool]:
        context = ToolContext(
            now=self._clock.now(),
            timezone=self._turn.timezone,
            language=spoken_language(self._turn),
        )
        try:
            return tool.run(arguments, context), True
        except ToolTrouble as trouble:
            return trouble.message(context.language), False

    def _tell(self, call: ToolAsked, text: str) -> None:
        self.messages += (Message("tool", text, answers=call),)
