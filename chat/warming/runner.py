"""Asking the questions of a warm-up, one by one, as a caller of their tenant would.

They go through the pipeline that everybody's questions go through, so that nothing is remembered
that a person's turn would not leave behind; nothing is saved as a conversation.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import structlog
from django.utils import timezone

from chat.core.address import address_of
from chat.core.converse import Pipeline, converse
from chat.core.errors import AliceError, BadRequest, Unexpected
from chat.core.events import Done, Failed
from chat.core.kit import Kit
from chat.core.turn import Caller, Turn
from chat.db import in_db
from chat.opening import open_turn
from chat.services import warm_ups
from chat.services.replays import this_process
from fibcache.core.cache import FibonacciCache
from fibcache.models import WarmUp

from .questions import Wanted

LOOK_EVERY_S = 5.0  # for a warm-up that nobody works on
HELD_FOR_S = 144.0  # longer than one question may take
TRIES = 3  # of a question that is to be asked again later
LONGEST_WAIT_S = 55.0  # before such a try
HITS_AT_MOST = 89  # counted to lift an entry

log = structlog.get_logger("alice.warming")


class PersonalData(BadRequest):
    """A question that holds personal data is nobody else's to ask."""

    code = "personal_data"
    sv = "Frågan innehåller personuppgifter."
    en = "The question holds personal data."


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a question: "stored", "already", "unkept" or "failed"."""

    kind: str
    problem: str = ""  # code of what went wrong


class Warmer:
    """Work on warm-ups in this process.

    Args:
        kit: the process's parts, its cache among them.
        pipeline: that people's questions go through.
        holder: names this process.
    """

    def __init__(
        self,
        kit: Kit,
        pipeline: Pipeline,
        *,
        holder: str = "",
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        self._kit, self._pipeline = kit, pipeline
        self._holder = holder or this_process()
        self._monotonic, self._sleep = monotonic, sleep
        self._next_s = float("-inf")  # when the back-end may be asked again

    async def claim(self, pk: int | None = None) -> WarmUp | None:
        """Take on a warm-up that nobody works on."""
        row: WarmUp | None = await in_db(
            warm_ups.claim, holder=self._holder, until=_held_until(), pk=pk
        )
        return row

    async def run(self, row: WarmUp) -> None:
        """Ask what is left of a warm-up, until it is done, cancelled or taken over."""
        caller = Caller(tenant=row.tenant, person=f"warm:{row.pk}", role="program")
        for question in row.questions[row.position :]:
            wanted = Wanted(**question)
            result = await self.ask(wanted, caller, per_minute=row.per_minute)
            goes_on = await in_db(
                warm_ups.note,
                pk=row.pk,
                holder=self._holder,
                until=_held_until(),
                result=result.kind,
                line=wanted.line,
                problem=result.problem,
            )
            if not goes_on:
                log.info("warm_up_stopped", warm_up=row.pk)
                return
        await in_db(warm_ups.finish, pk=row.pk, holder=self._holder)
        log.info("warm_up_done", warm_up=row.pk, questions=row.total)

    async def ask(self, wanted: Wanted, caller: Caller, *, per_minute: int) -> Result:
        """Ask one question, unless its answer is there already."""
        try:
            turn = await open_turn(caller, wanted.text, channel="warm", language=wanted.language)
            ready = await self._prepared(turn)
            if ready.question != ready.text:
                raise PersonalData()
        except AliceError as error:
            return Result("failed", error.code)
        except Exception as error:  # one question must not stand in the way of the others
            self._kit.meter.trouble("warm", "", error)
            return Result("failed", Unexpected.code)
        key, tiers = address_of(ready).key, turn.policy.tiers
        store = cast(FibonacciCache, self._kit.cache).store
        if await store.get(key, tiers=tiers) is not None:
            result = Result("already")
        else:
            result = await self._answered(turn, per_minute)
        if wanted.tier:
            await self._lift(store, key, tiers, wanted.tier)
        return result

    async def _prepared(self, turn: Turn) -> Turn:
        """Take the steps that decide where the answer belongs, but none that counts or saves."""
        for step in self._pipeline.before:
            if step.__name__ == "recall_exact":
                break
            if step.__name__ not in ("limit_rate", "replay", "save_question"):
                learned = await step(turn, self._kit)
                assert isinstance(learned, Turn)
                turn = learned
        return turn

    async def _answered(self, turn: Turn, per_minute: int) -> Result:
        last: Done | Failed | None = None
        for _ in range(TRIES):
            await self._pace(per_minute)
            async for event in converse(turn, self._kit, self._pipeline):
                if isinstance(event, Done | Failed):
                    last = event
            if not isinstance(last, Failed) or last.retry_after_s is None:
                break
            await self._sleep(min(last.retry_after_s, LONGEST_WAIT_S))
        assert last is not None
        if isinstance(last, Failed):
            return Result("failed", last.code)
        if last.source == "spiral" or last.source.startswith("L"):
            return Result("already")  # under other words, or since a moment ago
        return Result("stored" if last.tier else "unkept")

    async def _lift(self, store: Any, key: str, tiers: Any, tier: int) -> None:
        """Count hits until an entry stands where the most asked belong.

        Hits are what lifts an entry in every store, each as one step, so that nothing new is
        asked of a store; the few it takes (two, to L3) are told as hits.
        """
        kept = await store.get(key, tiers=tiers)
        if kept is not None:
            wanted = tiers[min(tier, len(tiers)) - 1].hits_to_enter
            for _ in range(min(wanted - kept.standing.verified, HITS_AT_MOST)):
                await store.hit(key, tiers=tiers)

    async def _pace(self, per_minute: int) -> None:
        now_s = self._monotonic()
        if now_s < self._next_s:
            await self._sleep(self._next_s - now_s)
        self._next_s = max(now_s, self._next_s) + 60 / per_minute


async def keep_warm(kit: Callable[[], Kit], pipeline: Pipeline) -> None:
    """Take on warm-ups as they come, until cancelled. Several processes may; each has its own."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        try:
            warmer = Warmer(kit(), pipeline)
            while (row := await warmer.claim()) is not None:
                await warmer.run(row)
        except Exception as error:  # the database is away: in a while again
            log.warning("warm_up_failed", why=type(error).__name__)


def _held_until() -> Any:
    return timezone.now() + timedelta(seconds=HELD_FOR_S)
