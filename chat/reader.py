"""The first reading of a message: its language, and what it asks for.

Surest first, until something is found:

1. a curated answer's question, word for word;
2. a granted tool, whose own reading is exact or none;
3. a curated question with slips of the keyboard;
4. a curated question that shares most of its words.

1, 3 and 4 are the micro route's first try and its two retries. Each searches deeper than the one
before, within the next of `Routing.micro_budget_ms`, and gives up when that is used. They live here
and not in the speaker, because the route is chosen by what they find; the speaker only speaks. The
tools come before the retries: "vad är klockan i Lund" is theirs, whatever question resembles it.
"""

from collections.abc import Callable, Sequence

from chat.core.kit import Clock
from chat.core.turn import Intent, Turn
from chat.curated import curated_in
from chat.tools import TOOLS
from chat.tools.base import Tool, ToolContext
from nlu.core.curated import Curated, Enough, Match
from nlu.core.language import language_of

Try = Callable[[Curated, str, Enough], Match | None]

RETRIES: tuple[Try, ...] = (Curated.misspelt, Curated.alike)


class FirstReader:
    """Reads a message by its words alone; no model, well under a millisecond."""

    def __init__(self, clock: Clock, tools: Sequence[Tool] = TOOLS) -> None:
        self._clock, self._tools = clock, tools

    async def read(self, turn: Turn) -> Intent:
        """Give the language of the message, what it asks for and with what arguments."""
        question = turn.question
        fallback = turn.language or turn.policy.understanding.fallback_language
        language = language_of(question, fallback).language
        context = ToolContext(
            turn.opened, turn.timezone, language if language in ("sv", "en") else fallback
        )
        curated = curated_in(turn.policy.answers)
        if match := curated.exact(question):
            return _answer(match, language)
        for tool in self._tools:
            if tool.name in turn.tools:
                arguments = tool.read(question, context)
                if arguments is not None:
                    return Intent(tool.name, 1.0, language, arguments)
        sure_at_least = turn.policy.understanding.sure_at_least
        likeliest: Match | None = None
        # The first of the budgets belongs to the first try, which is a single look-up.
        for search, budget_ms in zip(
            RETRIES, turn.policy.routing.micro_budget_ms[1:], strict=False
        ):
            match = search(curated, question, self._used_up(budget_ms))
            if match and (likeliest is None or match.confidence > likeliest.confidence):
                likeliest = match
            if likeliest and likeliest.confidence >= sure_at_least:
                break
        return Intent("open", 0.0, language) if likeliest is None else _answer(likeliest, language)

    def _used_up(self, budget_ms: float) -> Enough:
        monotonic = self._clock.monotonic
        until = monotonic() + budget_ms / 1000
        return lambda: monotonic() > until


def _answer(match: Match, language: str) -> Intent:
    return Intent("answer", match.confidence, language, {"answer": match.name})
