"""The planner: an open question goes to a language model, with tools and what was said before."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from dataclasses import replace

from chat.core.errors import ModelFailed
from chat.core.events import Ended, Noted, Spoken, Token, Usage
from chat.core.kit import Clock
from chat.core.turn import Reply, Sharing, Turn
from chat.llm.base import Message, ModelMissing, ModelRequest, ToolAsked
from chat.llm.fleet import Choice, Fleet
from chat.tools.base import Tool
from guardian.core.queue import Queue

from .asking import Ask, NobodyAnswers, ask
from .moment import could_use_tools, time_bound
from .passages import passages_for
from .prompt import messages_for, shrunk
from .queueing import check, enter, waited
from .tool_use import ToolUse
from .words import spoken_language, tokens_of

WARMEST = 1.0
"""Above this temperature answers are drawn too freely to be kept for others."""


class Planner:
    """Answers with a language model, and honestly where there is none. Always replies."""

    def __init__(
        self, fleet: Fleet, tools: Iterable[Tool], clock: Clock, queue: Queue | None = None
    ) -> None:
        self._fleet, self._clock = fleet, clock
        self._queue = Queue(clock.monotonic) if queue is None else queue
        self._tools = {tool.name: tool for tool in tools}

    async def answer(self, turn: Turn) -> Reply:
        """Give a reply whose words come as the model says them.

        Raises:
            NoSuchModel: the caller asked for a model that no back-end has.
            Overloaded: there is no place in the queue to the models.
        """
        check(turn, self._queue)
        choices = await self._fleet.choices(turn.policy, turn.options.model)
        offered = self._offered(turn)
        keep = may_be_kept(turn)
        # What a tool says may hold for the moment only, and that is known when it has said it.
        sharing = Sharing() if keep and not offered else None
        return Reply(
            source="planner",
            route="planner",
            events=self._speak(turn, choices, offered, sharing),
            keep=keep,
            sharing=sharing,
            why={"model": choices[0].model, "backend": choices[0].name} if choices else {},
        )

    async def _speak(
        self,
        turn: Turn,
        choices: Sequence[Choice],
        offered: Sequence[Tool],
        sharing: Sharing | None,
    ) -> AsyncGenerator[Spoken | Ended, None]:
        """Wait for the models if need be, and speak."""
        place, whole = enter(turn, self._queue), False
        try:
            if turn.state:
                yield _strained(turn)
            async with aclosing(waited(turn, self._queue, place)) as notes:
                async for note in notes:
                    yield note
            async with aclosing(self._ask(turn, choices, offered, sharing)) as events:
                async for event in events:
                    whole = isinstance(event, Ended)
                    yield event
        finally:
            self._queue.leave(place, whole=whole)

    async def _ask(
        self,
        turn: Turn,
        choices: Sequence[Choice],
        offered: Sequence[Tool],
        sharing: Sharing | None,
    ) -> AsyncGenerator[Spoken | Ended, None]:
        """Ask, use the tools that the model asks for, and ask again until the answer is whole."""
        routing, now = turn.policy.routing, self._clock.now()
        full = messages_for(turn, now=now, passages=passages_for(turn, routing.passages))
        less = shrunk(turn, now=now)
        tools = ToolUse(offered, turn, self._clock)
        spent, fleeting = Usage(), False
        rounds = routing.tool_rounds
        for number in range(rounds + 1):
            asked: list[ToolAsked] = []
            words = ""
            what = Ask(
                request=_request(
                    turn, (*full, *tools.messages), tools.offered if number < rounds else ()
                ),
                choices=choices,
                less=(*less, *tools.messages),
                first_token_s=routing.first_token_s,
                plan_within_s=routing.plan_within_ms / 1000,
                language=turn.language,
                sharing=sharing,
            )
            try:
                async with aclosing(ask(what, self._clock)) as pieces:
                    async for piece in pieces:
                        if isinstance(piece, ToolAsked):
                            asked.append(piece)
                        elif isinstance(piece, Ended):
                            ended, fleeting = piece, fleeting or piece.fleeting
                        else:
                            words += piece.text if isinstance(piece, Token) else ""
                            yield piece
            except NobodyAnswers as nobody:
                if tools.messages:
                    raise ModelFailed() from nobody
                for event in self._no_model(turn, nobody):
                    yield event
                return
            spent = _sum(spent, ended.usage)
            if not asked or not what.request.tools:
                if asked and not words:
                    raise ModelFailed()  # it wants nothing but tools, and has had its rounds
                yield replace(ended, usage=spent, fleeting=fleeting or tools.fleeting)
                return
            async with aclosing(tools.use(words, asked)) as events:
                async for event in events:
                    yield event

    def _offered(self, turn: Turn) -> tuple[Tool, ...]:
        """Choose the tools to offer; none where none could help, for they cost the model time."""
        if not turn.policy.routing.tool_rounds or not could_use_tools(turn.question):
            return ()
        return tuple(self._tools[name] for name in turn.tools if name in self._tools)

    def _no_model(self, turn: Turn, nobody: NobodyAnswers) -> tuple[Spoken | Ended, ...]:
        """Say honestly that there is no model to ask, and what to do about it."""
        model = turn.policy.routing.model
        if isinstance(nobody.why, ModelMissing):
            sv, en = nobody.why.sv, nobody.why.en
        elif self._fleet.configured(turn.policy):
            sv = (
                "Språkmodellen som jag är kopplad till svarar inte just nu, så den här frågan kan "
                "jag inte besvara. Försök igen om en stund, eller kontrollera i administrationen "
                "att modellservern är igång."
            )
            en = (
                "The language model that I am connected to is not answering right now, so I can't "
                "answer this question. Try again in a while, or check in the admin that the model "
                "server is running."
            )
        else:
            sv = (
                "Ingen språkmodell är ansluten, så den här frågan kan jag inte besvara. Starta "
                f"Ollama och kör `ollama pull {model}`, sätt OPENAI_BASE_URL, eller lägg till en "
                "modellserver i administrationen."
            )
            en = (
                "No language model is connected, so I can't answer this question. Start Ollama "
                f"and run `ollama pull {model}`, set OPENAI_BASE_URL, or add a model server in "
                "the admin."
            )
        noted = (
            "No language model answers." if turn.language == "en" else "Ingen språkmodell svarar."
        )
        return (
            Noted("no_model", noted),
            *tokens_of(en if spoken_language(turn) == "en" else sv),
            Ended(fleeting=True),
        )


def may_be_kept(turn: Turn) -> bool:
    """Tell whether a model's answer to this may be remembered: bound to no moment, not dreamt up.

    A tool that looks at the clock takes the leave back, in `Ended.fleeting`.
    """
    temperature = turn.options.temperature
    return not time_bound(turn.question) and (temperature is None or temperature <= WARMEST)


def _request(turn: Turn, messages: tuple[Message, ...], tools: Sequence[Tool]) -> ModelRequest:
    options, most = turn.options, turn.policy.routing.max_tokens
    return ModelRequest(
        model="",  # each back-end's own
        messages=messages,
        tools=tools,
        temperature=options.temperature,
        max_tokens=min(options.max_tokens or most, most),
        stop=options.stop,
    )


def _strained(turn: Turn) -> Noted:
    """Say why the answer may be less than usual."""
    if turn.language == "en":
        return Noted("strained", "Alice is very busy right now. Answers may be shorter.")
    return Noted("strained", "Alice har mycket att göra just nu. Svaren kan bli kortare.")


def _sum(one: Usage, other: Usage) -> Usage:
    return Usage(
        one.prompt_tokens + other.prompt_tokens, one.completion_tokens + other.completion_tokens
    )
