"""Shadow checks: on a few similar hits the model is asked anyway, and the answers are compared.

The caller has the answer by then. A hit that the budget had no room for costs no extra question:
what the model said instead is compared with what the cache would have said. Only what a comparison
tells plainly is kept (`fibcache.core.shadow`).
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import aclosing
from dataclasses import replace
from typing import Any
from uuid import UUID

from chat.core.events import Ended, Spoken, text_of
from chat.core.kit import Limiter, Meter, Speaker
from chat.core.turn import Outcome, Turn
from fibcache.core import budget
from fibcache.core.shadow import agree

Note = Callable[..., Awaitable[None]]
"""Keeps an outcome: `await note(outcome=…, tenant=…, turn_id=…)`."""


class ShadowChecks:
    """Compare answers in the background, a few at a time; trouble is told to the meter alone.

    Args:
        speaker: asks the model.
        note: keeps what became known.
        limiter: counts questions to the model.
        count: counts how comparisons went: "right", "wrong", "unsure" or "failed".
        meter: logs what should not have happened.
        rng: draws which hits are checked.
    """

    def __init__(
        self,
        speaker: Speaker,
        note: Note,
        limiter: Limiter,
        count: Callable[[str], None],
        meter: Meter,
        rng: Callable[[], float] = random.random,
    ) -> None:
        self._speaker, self._note, self._limiter = speaker, note, limiter
        self._count, self._meter, self._rng = count, meter, rng
        self._under_way: set[asyncio.Task[None]] = set()

    def consider(self, outcome: Outcome) -> None:
        """Check this turn's hit, if it had one and is drawn. Returns at once."""
        turn, reply = outcome.turn, outcome.reply
        if reply is None or reply.route != "planner":  # only a model's answer can be asked for anew
            return
        if turn.doubted is not None:
            if reply.source == "planner" and reply.keep and _whole(outcome):
                self._start(turn, self._compare_refused(outcome))
        elif reply.source == "spiral" and outcome.complete and self._drawn(turn):
            self._start(turn, self._ask_anyway(outcome))

    async def aclose(self) -> None:
        """Give up what is under way."""
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _drawn(self, turn: Turn) -> bool:
        spiral = turn.policy.spiral
        if self._rng() >= spiral.shadow_share:
            return False
        if len(self._under_way) >= spiral.checks_at_once or not spiral.checks_per_minute:
            return False
        each = spiral.checks_per_minute
        return self._limiter.take("shadow checks", per_minute=each, burst=each) == 0

    def _start(self, turn: Turn, check: Coroutine[Any, Any, str]) -> None:
        task = asyncio.get_running_loop().create_task(self._counted(turn, check))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _counted(self, turn: Turn, check: Coroutine[Any, Any, str]) -> None:
        try:
            result = await check
        except Exception as error:
            self._meter.trouble("check_in_shadow", turn.id, error)
            result = "failed"
        self._count(result)

    async def _compare_refused(self, outcome: Outcome) -> str:
        doubted = outcome.turn.doubted
        assert doubted is not None
        remembered = text_of(doubted.entry.events)
        return await self._compare(
            outcome.turn, remembered, text_of(outcome.raw), doubted.why, given=False
        )

    async def _ask_anyway(self, outcome: Outcome) -> str:
        assert outcome.reply is not None
        turn = outcome.turn
        # As soberly as can be: what differs is to be the question's fault, not chance's.
        sober = replace(turn, options=replace(turn.options, temperature=0.0))
        said = await self._said(sober)
        if said is None:
            return "failed"
        return await self._compare(turn, text_of(outcome.raw), said, outcome.reply.why, given=True)

    async def _said(self, turn: Turn) -> str | None:
        """Hear the model out; None where there is no model or its answer is not whole."""
        reply = await self._speaker.answer(turn)
        if reply is None:
            return None
        said: list[Spoken] = []
        silence_s = turn.policy.bounds.silence_s
        stream: Any = reply.events  # a generator, which is to be closed
        async with aclosing(stream) as events:
            while True:
                try:
                    async with asyncio.timeout(silence_s):
                        event = await anext(events)
                except (StopAsyncIteration, TimeoutError):
                    return None
                if isinstance(event, Ended):
                    whole = event.finish == "stop" and not event.fleeting
                    return text_of(said) if whole else None
                said.append(event)

    async def _compare(
        self, turn: Turn, remembered: str, fresh: str, why: Any, *, given: bool
    ) -> str:
        right = agree(remembered, fresh)
        if right is None:
            return "unsure"
        outcome = budget.Outcome(why["entry"], why["score"], right, budget.CHECK, given)
        await self._note(outcome=outcome, tenant=turn.caller.tenant, turn_id=UUID(turn.id))
        return "right" if right else "wrong"


def _whole(outcome: Outcome) -> bool:
    ended = outcome.ended
    return outcome.complete and ended is not None and ended.finish == "stop" and not ended.fleeting
