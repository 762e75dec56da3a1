"""Asking a model with patience: when to say that one waits, ask another, ask for less, give up.

The Fibonacci phases count from when the question was put:

    0 s ── ask ── 1 s ── say so ── 2 s ── ask the next ── 5 s ── ask for less ── 8 s ── give up

They end with the first piece. From then on the model has the word, and an error is an error.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

import structlog

from chat.core.errors import AliceError, ModelFailed, ModelSilent, Overloaded
from chat.core.events import Ended, Noted
from chat.core.kit import Clock
from chat.core.turn import Sharing
from chat.llm.base import (
    BackendTrouble,
    Message,
    ModelMissing,
    ModelRequest,
    Piece,
    ToolsNotTaken,
    Unreachable,
)
from chat.llm.fleet import Choice

log = structlog.get_logger()

PHASES = ("warn", "fail over", "shrink", "give up")

NOT_THERE = (Unreachable, ModelMissing)
"""Trouble that has one cure: connect a model."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What to ask, of whom, and how long to wait."""

    request: ModelRequest  # `model` is filled in from the choice
    choices: Sequence[Choice]
    less: tuple[Message, ...]  # shorter messages; the same where they can't be shorter
    first_token_s: Sequence[float]
    plan_within_s: float  # with tools offered; then asked again without
    language: str
    sharing: Sharing | None = None  # to settle with the first piece


class NobodyAnswers(Exception):
    """No back-end could be asked; nothing was said. `why` is the last trouble, if any was met."""

    def __init__(self, why: BackendTrouble | None) -> None:
        super().__init__(str(why))
        self.why = why


async def ask(what: Ask, clock: Clock) -> AsyncGenerator[Piece | Noted, None]:
    """Ask the back-ends in order until one answers, and hand over what it says.

    Raises:
        NobodyAnswers: no back-end is there, or none has the model.
        ModelSilent: the phases are over.
        Overloaded: likewise, and the back-end was busy with others.
        ModelFailed: the last back-end failed, or one broke off after its first word.
    """
    asking = _Asking(what, clock)
    try:
        async with aclosing(asking.first()) as waiting:
            async for event in waiting:
                yield event
        assert asking.ear is not None
        while True:
            piece = await asking.ear.next()
            if isinstance(piece, Ended):
                yield replace(piece, fleeting=asking.second_best)
                return
            yield piece
    except BackendTrouble as trouble:
        asking.blame(trouble)
        raise ModelFailed(detail=trouble.message(what.language)) from trouble
    finally:
        await asking.hang_up()


class _Asking:
    """One question under way, until its first piece."""

    def __init__(self, what: Ask, clock: Clock) -> None:
        self.what, self.clock, self.request = what, clock, what.request
        self.left = list(what.choices)
        self.choice: Choice | None = None
        self.ear: _Ear | None = None
        self.trouble: BackendTrouble | None = None
        began = clock.monotonic()
        self.phases = list(zip(PHASES, (began + s for s in what.first_token_s), strict=False))
        self.plan_by = began
        self.second_best = False  # not what was asked for at first: good now, not worth keeping

    async def first(self) -> AsyncGenerator[Piece | Noted, None]:
        """Wait for the first piece, with notes on the way to it."""
        await self.next_choice()
        while True:
            assert self.ear is not None and self.choice is not None
            try:
                piece = await self.ear.next(until=self.deadline(), clock=self.clock)
            except TimeoutError:
                if note := await self.move_on():
                    yield note
                continue
            except BackendTrouble as trouble:
                if isinstance(trouble, ToolsNotTaken) and self.request.tools:
                    await self.ask_again(replace(self.request, tools=()))
                    continue
                self.blame(trouble)
                await self.next_choice()
                yield self.other_model()
                continue
            if isinstance(piece, Ended) and piece.finish == "stop" and not self.request.stop:
                self.trouble = BackendTrouble("Modellen svarade tomt.", "The answer was empty.")
                await self.next_choice()
                yield self.other_model()
                continue
            self.choice.breaker.succeeded()
            if self.what.sharing is not None:
                self.what.sharing.settled = not self.second_best
            yield piece
            return

    def deadline(self) -> float | None:
        ends = [at for _, at in self.phases[:1]]
        if self.request.tools:
            ends.append(self.plan_by)
        return min(ends, default=None)

    async def move_on(self) -> Noted | None:
        """Do what the passed deadline asks for."""
        assert self.choice is not None
        now = self.clock.monotonic()
        if self.request.tools and now >= self.plan_by:
            self.second_best = True
            await self.ask_again(replace(self.request, tools=()))
            return None
        if not self.phases or now < self.phases[0][1]:
            return None  # woken a moment early
        phase, _ = self.phases.pop(0)
        if phase == "warn":
            await self.choice.server.wake(self.choice.model)
            return self.note(
                "waiting", "Språkmodellen tänker fortfarande …", "The model is still thinking …"
            )
        if phase == "fail over" and self.left:
            slow = self.choice
            if await self.try_next():
                self.blame_silence(slow)
                return self.other_model()
        elif phase == "shrink" and self.what.less != self.request.messages:
            self.second_best = True
            await self.ask_again(replace(self.request, messages=self.what.less))
        elif phase == "give up":
            await self.hang_up()
            self.blame_silence(self.choice)
            raise Overloaded() if self.choice.server.busy else ModelSilent()
        return None

    async def next_choice(self) -> None:
        """Ask the next back-end, or say why there is none."""
        if not await self.try_next():
            raise self.nobody()

    async def try_next(self) -> bool:
        """Ask the next back-end whose breaker lets one try."""
        while self.left:
            choice = self.left.pop(0)
            if choice.breaker.allow():
                self.choice = choice
                await self.ask_again(replace(self.request, tools=self.what.request.tools))
                return True
        return False

    async def ask_again(self, request: ModelRequest) -> None:
        """Put the question, in its present form, to the chosen back-end."""
        assert self.choice is not None
        await self.hang_up()
        self.request = replace(request, model=self.choice.model)
        self.plan_by = self.clock.monotonic() + self.what.plan_within_s
        self.ear = _Ear(self.choice.server.stream(self.request))

    async def hang_up(self) -> None:
        ear, self.ear = self.ear, None
        if ear is not None:
            await ear.close()

    def blame(self, trouble: BackendTrouble) -> None:
        """Note that the chosen back-end failed."""
        self.trouble = trouble
        if self.choice is None:
            return
        if trouble.its_fault:
            self.choice.breaker.failed()
        else:
            self.choice.breaker.succeeded()
        log.warning("backend_failed", backend=self.choice.name, why=type(trouble).__name__)

    def blame_silence(self, choice: Choice) -> None:
        """Note that a back-end said nothing; one that speaks to others is busy, not broken."""
        if not choice.server.busy:
            choice.breaker.failed()
        log.warning("backend_silent", backend=choice.name, busy=choice.server.busy)

    def nobody(self) -> AliceError | NobodyAnswers:
        trouble = self.trouble
        if trouble is None or isinstance(trouble, NOT_THERE):
            return NobodyAnswers(trouble)
        return ModelFailed(detail=trouble.message(self.what.language))

    def other_model(self) -> Noted:
        self.second_best = True
        return self.note(
            "other_model",
            "Den första modellen svarade inte, så jag frågar en annan.",
            "The first model did not answer, so I am asking another.",
        )

    def note(self, code: str, sv: str, en: str) -> Noted:
        return Noted(code, en if self.what.language == "en" else sv)


class _Ear:
    """Listens to a model's stream, and loses nothing when a deadline passes in the meantime."""

    def __init__(self, stream: AsyncGenerator[Piece, None]) -> None:
        self.stream = stream
        self.coming: asyncio.Task[Piece] | None = None

    async def next(self, *, until: float | None = None, clock: Clock | None = None) -> Piece:
        """Hear the next piece. Raises TimeoutError when the clock passes `until` before it."""
        if self.coming is None and until is None:
            return await self._hear()  # the common case: no task for each word
        if self.coming is None:
            self.coming = asyncio.create_task(self._hear())
        wait_s = None if until is None or clock is None else max(0.0, until - clock.monotonic())
        await asyncio.wait({self.coming}, timeout=wait_s)
        if not self.coming.done():
            raise TimeoutError
        coming, self.coming = self.coming, None
        return coming.result()

    async def _hear(self) -> Piece:
        try:
            return await anext(self.stream)
        except StopAsyncIteration:
            raise BackendTrouble("Modellen slutade tala.", "The model stopped talking.") from None

    async def close(self) -> None:
        if self.coming is not None:
            self.coming.cancel()
            await asyncio.wait({self.coming})
            if not self.coming.cancelled():
                self.coming.exception()  # seen, so that nobody warns of it
            self.coming = None
        await self.stream.aclose()
