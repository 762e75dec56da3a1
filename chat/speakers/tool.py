"""The tool route: what Alice works out for herself."""

from collections.abc import Sequence

from chat.core.events import Ended, ToolCalled, ToolReturned
from chat.core.replaying import SaidAgain
from chat.core.turn import Reply, Turn
from chat.tools import TOOLS
from chat.tools.base import Tool, ToolContext, ToolTrouble

from .words import spoken_language, tokens_of


class ToolSpeaker:
    """Runs the tool that the reader found, with the arguments it read, and says the result."""

    def __init__(self, tools: Sequence[Tool] = TOOLS) -> None:
        self._tools = {tool.name: tool for tool in tools}

    async def answer(self, turn: Turn) -> Reply | None:
        """Give the tool's answer, or its sentence about what is wrong; None without a tool."""
        intent = turn.intent
        tool = self._tools.get(intent.name)
        if tool is None or tool.name not in turn.tools:
            return None
        language = spoken_language(turn)
        context = ToolContext(turn.opened, turn.timezone, language)
        try:
            text, ok = tool.run(intent.slots, context), True
        except ToolTrouble as trouble:
            text, ok = trouble.message(language), False
        return Reply(
            source="tool",
            route="tool",
            events=SaidAgain(
                [
                    ToolCalled(tool.name, dict(intent.slots)),
                    ToolReturned(tool.name, text, ok),
                    *tokens_of(text),
                    Ended(),
                ]
            ),
            keep=ok and not tool.moment,
            why={"tool": tool.name, "arguments": dict(intent.slots)},
        )
