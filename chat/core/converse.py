"""The runner: one turn in, one stream of events out.

    Started (Token | ToolCalled | ToolReturned | Noted)* Done

with `Failed` in place of what could not be said. Whatever happens (the end, an error, a caller who
leaves), the speaker's stream is closed and the after-steps run once, before the last event.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .errors import AliceError, ModelFailed, ModelSilent, Unexpected
from .events import (
    QUEUED,
    YOUR_TURN,
    Done,
    Ended,
    Event,
    Failed,
    Noted,
    Spoken,
    Started,
    Token,
)
from .kit import Kit
from .replaying import SaidAgain, close
from .turn import Outcome, Reply, Turn

Before = Callable[[Turn, Kit], Awaitable[Turn | Reply]]
During = Callable[[AsyncIterator[Spoken], Turn, Kit], AsyncIterator[Spoken]]
After = Callable[[Outcome, Kit], Awaitable[None]]


@dataclass(frozen=True)
class Pipeline:
    """The steps of a turn, in order. A step's name is its name everywhere."""

    before: tuple[Before, ...]
    during: tuple[During, ...]
    after: tuple[After, ...]
    optional: frozenset[str] = frozenset()


async def converse(turn: Turn, kit: Kit, pipeline: Pipeline) -> AsyncGenerator[Event, None]:
    """Run `turn` through `pipeline` and tell what happens, event by event."""
    run = _Run(turn, kit, pipeline)
    finished = False
    try:
        try:
            await run.prepare()
            yield run.started()
            async for event in run.speech():
                run.note(event)
                yield event
        except AliceError as error:
            run.outcome.error = error
        except Exception as error:
            kit.meter.trouble("turn", turn.id, error)
            run.outcome.error = Unexpected()
        finished = True
    finally:
        run.outcome.cancelled = not finished
        # In a task of its own, so that a caller who leaves twice does not cut it short.
        concluding = asyncio.ensure_future(run.conclude())
        _concluding.add(concluding)
        concluding.add_done_callback(_concluding.discard)
        await asyncio.shield(concluding)
    yield run.last()


_concluding: set[asyncio.Future[None]] = set()


class _Run:
    """One turn under way."""

    def __init__(self, turn: Turn, kit: Kit, pipeline: Pipeline) -> None:
        self.kit, self.pipeline = kit, pipeline
        self.outcome = Outcome(turn)
        self.began = kit.clock.monotonic()
        self.streams: list[AsyncIterator[Spoken | Ended]] = []  # speaker first, last filter last

    async def prepare(self) -> None:
        """Take the before-steps until one of them replies."""
        outcome, kit = self.outcome, self.kit
        lap = self.began
        for step in self.pipeline.before:
            name = step.__name__
            if name in outcome.turn.policy.off and name in self.pipeline.optional:
                continue
            try:
                result = await step(outcome.turn, kit)
            except AliceError:
                raise
            except Exception as error:
                if name not in self.pipeline.optional:
                    raise
                # What staff may switch off altogether must not cost anybody an answer.
                kit.meter.trouble(name, outcome.turn.id, error)
                continue
            finally:
                now = kit.clock.monotonic()
                outcome.steps_ms[name] = (now - lap) * 1000
                lap = now
            if isinstance(result, Reply):
                if rules := outcome.turn.verdict.told(flags=False):
                    result = replace(result, why={**result.why, "rules": rules})
                outcome.reply = result
                outcome.turn = replace(outcome.turn, route=result.route)
                self.streams.append(result.events)
                return
            outcome.turn = result
        raise RuntimeError("no step replied")

    def speech(self) -> AsyncIterator[Spoken]:
        """Say the reply through the during-filters."""
        events = self._listen(self.streams[0])
        self.streams.append(events)
        for narrow in self.pipeline.during:
            events = narrow(events, self.outcome.turn, self.kit)
            self.streams.append(events)
        return events

    async def _listen(self, source: AsyncIterator[Spoken | Ended]) -> AsyncIterator[Spoken]:
        """Record what the speaker says, until it ends or falls silent."""
        outcome = self.outcome
        # What was recorded is not waited for, and a timer would cost more than an event.
        silence_s = None if isinstance(source, SaidAgain) else outcome.turn.policy.bounds.silence_s
        while True:
            try:
                if silence_s is None:
                    event = await anext(source)
                else:
                    async with asyncio.timeout(silence_s):
                        event = await anext(source)
            except TimeoutError:
                raise ModelSilent() from None
            except StopAsyncIteration:
                raise ModelFailed() from None  # a speaker says `Ended` when it is done
            if isinstance(event, Ended):
                outcome.ended = event
                return
            outcome.raw.append(event)
            yield event

    def note(self, event: Spoken) -> None:
        """Keep what the caller hears."""
        outcome = self.outcome
        if outcome.first_word_ms is None and isinstance(event, Token):
            outcome.first_word_ms = self._elapsed_ms()
        elif isinstance(event, Noted) and event.code in (QUEUED, YOUR_TURN):
            outcome.waited_ms = None if event.code == QUEUED else self._elapsed_ms()
        outcome.said.append(event)

    def _elapsed_ms(self) -> float:
        return (self.kit.clock.monotonic() - self.began) * 1000

    async def conclude(self) -> None:
        """Close the speaker and take every after-step, whatever the others did."""
        outcome, kit = self.outcome, self.kit
        for stream in reversed(self.streams):
            try:
                await close(stream)
            except Exception as error:
                kit.meter.trouble("close", outcome.turn.id, error)
        lap = kit.clock.monotonic()
        for step in self.pipeline.after:
            outcome.elapsed_ms = (lap - self.began) * 1000
            try:
                await step(outcome, kit)
            except Exception as error:
                kit.meter.trouble(step.__name__, outcome.turn.id, error)
            now = kit.clock.monotonic()
            outcome.steps_ms[step.__name__] = (now - lap) * 1000
            lap = now
        outcome.elapsed_ms = (lap - self.began) * 1000

    def started(self) -> Started:
        reply, turn = self.outcome.reply, self.outcome.turn
        assert reply is not None
        return Started(
            turn_id=reply.turn_id or turn.id,
            source=reply.source,
            route=reply.route,
            conversation_id=reply.conversation_id or turn.conversation_id,
        )

    def last(self) -> Done | Failed:
        outcome, turn, reply = self.outcome, self.outcome.turn, self.outcome.reply
        if outcome.error is not None:
            error = outcome.error
            return Failed(
                turn_id=turn.id,
                code=error.code,
                message=error.message(turn.language),
                status=error.status,
                retry_after_s=error.retry_after_s,
                # Where nothing was saved, there is no conversation to come back to.
                conversation_id=None if outcome.saved is False else turn.conversation_id,
                why=error.why,
            )
        assert reply is not None and outcome.ended is not None
        return Done(
            turn_id=reply.turn_id or turn.id,
            source=reply.source,
            route=reply.route,
            finish=outcome.ended.finish,
            model=outcome.ended.model,
            usage=outcome.ended.usage,
            saved=outcome.saved,
            elapsed_ms=round(outcome.elapsed_ms, 3),
            steps_ms={name: round(ms, 3) for name, ms in outcome.steps_ms.items()},
            tier=outcome.tier,
            joined=bool(reply.why.get("joined")),
            why=_for_the_caller(reply.why, outcome.withheld),
            conversation_id=reply.conversation_id or turn.conversation_id,
        )


def _for_the_caller(why: Mapping[str, Any], withheld: Sequence[str]) -> Mapping[str, Any]:
    # Of other answers `why` tells what is the operator's own business: back-ends, arguments.
    if "entry" not in why:
        why = {"rules": why["rules"]} if "rules" in why else {}
    return {**why, "withheld": list(withheld)} if withheld else why
