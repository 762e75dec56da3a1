"""The first reading of a message: its language, and what it asks for.

Surest first, until something is found:

1. a curated answer's question, word for word;
2. a granted tool, whose own reading is exact or none;
3. a curated question with slips of the keyboard;
4. a curated question that shares most of its words.

What is still open then is read by what Alice has learnt of intents. That is knowledge for others
(how long an answer holds, say), and routes nothing: a question about the weather is no nearer to an
answer for being known as one.

1 is one look-up. 3 and 4 search, and have the micro route's budget for it: the first of
`Routing.micro_budget_ms`, and when that was too short, twice again with the larger ones. They live
here and not in the speaker, because the route is chosen by what they find; the speaker only speaks.
The tools come before the search: "vad är klockan i Lund" is theirs, whatever question resembles it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from chat.core.kit import Clock
from chat.core.turn import Intent, Turn
from chat.curated import curated_in
from chat.tools import TOOLS
from chat.tools.base import Tool, ToolContext
from nlu.core.curated import Curated, Enough, Match
from nlu.core.language import language_of
from nlu.core.understanding import Reading, Understanding
from nlu.remote import RemoteReader

Search = Callable[[Curated, str, Enough], Match | None]

SEARCHES: tuple[Search, ...] = (Curated.misspelt, Curated.alike)


class Taught(Protocol):
    """What Alice understands, in each version that staff have taught her."""

    async def of(self, version: str) -> Understanding:
        """Give the reader of a version; "" is as Alice came."""


class FirstReader:
    """Reads a message by its words alone; no language model, well under a millisecond."""

    def __init__(
        self,
        clock: Clock,
        tools: Sequence[Tool] = TOOLS,
        taught: Taught | None = None,
        remote: RemoteReader | None = None,
    ) -> None:
        self._clock, self._tools = clock, tools
        self._taught, self._remote = taught, remote

    async def read(self, turn: Turn) -> Intent:
        """Give the language of the message, what it asks for and with what arguments."""
        question = turn.question
        language = language_of(question, turn.language).language
        context = ToolContext(
            turn.opened, turn.timezone, language if language in ("sv", "en") else turn.language
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
        for budget_ms in turn.policy.routing.micro_budget_ms:
            budget = _Budget(self._clock, budget_ms)
            match = _search(curated, question, sure_at_least, budget)
            if not budget.cut_short:
                break
        intent = Intent("open", 0.0, language) if match is None else _answer(match, language)
        if intent.confidence >= sure_at_least:
            return intent
        return replace(intent, reading=await self._reading(turn))

    async def _reading(self, turn: Turn) -> Reading | None:
        """Read by what was learnt: in the other process if there is one and it can, else here."""
        text, now, timezone, language = turn.question, turn.opened, turn.timezone, turn.language
        reading = None
        if self._remote is not None:
            reading = await self._remote.read(text, now=now, timezone=timezone, language=language)
        if reading is None and self._taught is not None:
            understanding = await self._taught.of(turn.policy.understanding.lesson)
            reading = understanding.read(text, now=now, timezone=timezone, language=language)
        return reading


class _Budget:
    """Tells a search when it has had its time, and remembers whether it had to."""

    def __init__(self, clock: Clock, budget_ms: float) -> None:
        self._monotonic = clock.monotonic
        self._until = clock.monotonic() + budget_ms / 1000
        self.cut_short = False

    def __call__(self) -> bool:
        self.cut_short = self.cut_short or self._monotonic() > self._until
        return self.cut_short


def _search(curated: Curated, question: str, sure_at_least: float, enough: Enough) -> Match | None:
    """Search deeper and deeper until a match is sure, or `enough` was searched."""
    likeliest: Match | None = None
    for search in SEARCHES:
        match = search(curated, question, enough)
        if match and (likeliest is None or match.confidence > likeliest.confidence):
            likeliest = match
        if (likeliest and likeliest.confidence >= sure_at_least) or enough():
            break
    return likeliest


def _answer(match: Match, language: str) -> Intent:
    return Intent("answer", match.confidence, language, {"answer": match.name})
