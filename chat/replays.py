"""Idempotency-Keys: the `Replays` of the pipeline.

A key is claimed twice over: in this process, where a repeated request joins in and streams along,
and in the database, where other processes see the claim and a finished answer outlives a restart.
Without a database the first claim alone holds.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from chat.core.errors import AliceError, SameKeyOtherBody
from chat.core.events import Ended, Spoken, Usage, spoken_from
from chat.core.kit import Clock, OutOfReach
from chat.core.replaying import Recording, SaidAgain
from chat.core.turn import Outcome, Reply, Turn
from chat.models import ReplayRecord
from chat.reach import reach
from chat.services import replays
from chat.services.storable import storable_json

LEASE_IN_SILENCES = 3
"""A claim lasts three of the longest silences; a turn that speaks renews it after one."""

Key = tuple[str, str]  # person, Idempotency-Key


class Leader:
    """The turn of this process that answers under a key, and what it has said so far."""

    def __init__(self, turn: Turn, now: datetime) -> None:
        self.turn, self.renewed = turn, now
        self.recording = Recording()
        self.settled = asyncio.Event()  # the claim in the database stands, or fell
        self.stands = False
        self.route = ""


class DatabaseReplays:
    """Remembers what was answered under an Idempotency-Key."""

    def __init__(self, clock: Clock, *, holder: str = "") -> None:
        self._clock = clock
        self._holder = holder or replays.this_process()
        self._leaders: dict[Key, Leader] = {}
        self._tasks: set[asyncio.Future[None]] = set()

    async def claim(self, turn: Turn) -> Reply | None:
        """Claim the turn's key, or give the reply that it already has (finished or under way).

        Whoever joins in waits for the first word. Should the first to ask leave before that, the
        next in line takes its place; should its turn break, all hear the same error.

        Raises:
            SameKeyOtherBody: the key came with another request before.
            TurnInFlight: the same request is being answered in another process.
        """
        key = _key_of(turn)
        while (leader := self._leaders.get(key)) is not None:
            await leader.settled.wait()
            if not leader.stands:
                continue
            if leader.turn.fingerprint != turn.fingerprint:
                raise SameKeyOtherBody()
            recording = leader.recording
            await recording.begun()
            if recording.error is not None and not recording.events:
                raise recording.error.again()
            if recording.events or recording.ended is not None:
                return _along_with(leader)
        # No await between the look above and the claim below: one leader in each process.
        leader = self._leaders[key] = Leader(turn, self._clock.now())
        return await self._settle(leader)

    async def keep(self, outcome: Outcome) -> None:
        """Keep a complete answer under its key; let go of the key when the answer is not.

        Raises:
            OutOfReach: nothing can be kept right now. Those who listen hear the end all the same.
        """
        turn = outcome.turn
        leader = self._leader(turn)
        if leader is None or not leader.stands:
            return
        try:
            if outcome.complete and outcome.reply is not None:
                leader.route = outcome.reply.route
                await reach(
                    replays.keep,
                    turn_id=turn.id,
                    until=self._clock.now() + timedelta(hours=turn.policy.bounds.replay_h),
                    conversation_id=turn.conversation_id or "",
                    route=leader.route,
                    events=storable_json(outcome.said),
                    ended=storable_json(outcome.ended),
                )
            else:
                await reach(replays.release, turn_id=turn.id)
        finally:
            ended = outcome.ended if outcome.complete else None
            self._leave(leader, ended=ended, error=outcome.error)

    def tell(self, turn: Turn, event: Spoken) -> None:
        """Pass an event on to those who asked the same while it was under way."""
        leader = self._leader(turn)
        if leader is None:
            return
        leader.route = turn.route
        leader.recording.add(event)
        now = self._clock.now()
        if now - leader.renewed > timedelta(seconds=turn.policy.bounds.silence_s):
            leader.renewed = now
            self._in_background(reach(replays.renew, turn_id=turn.id, until=now + _lease(turn)))

    async def _settle(self, leader: Leader) -> Reply | None:
        """Take the leader's claim to the database; the leader leaves if it falls there."""
        turn, now = leader.turn, leader.renewed
        claiming = asyncio.ensure_future(
            reach(
                replays.claim,
                person=turn.caller.person,
                key=_digest(turn.idempotency_key),
                fingerprint=turn.fingerprint,
                turn_id=turn.id,
                holder=self._holder,
                now=now,
                until=now + _lease(turn),
            )
        )
        try:
            record = await asyncio.shield(claiming)
        except OutOfReach:
            record = None  # Alice answers without a database; here at least nothing is doubled
        except asyncio.CancelledError:
            # The thread goes on to its end: let go of what it may come to claim.
            self._in_background(self._withdraw(leader, claiming))
            raise
        except BaseException:
            self._leave(leader)
            raise
        if record is not None:
            self._leave(leader)
            return _as_kept(record)
        leader.stands = True
        leader.settled.set()
        return None

    async def _withdraw(
        self, leader: Leader, claiming: asyncio.Future[ReplayRecord | None]
    ) -> None:
        try:
            if await claiming is None:
                await reach(replays.release, turn_id=leader.turn.id)
        finally:
            self._leave(leader)

    def _leader(self, turn: Turn) -> Leader | None:
        """Find this very turn among the leaders; one that only repeats another is none."""
        leader = self._leaders.get(_key_of(turn))
        return leader if leader is not None and leader.turn.id == turn.id else None

    def _leave(
        self, leader: Leader, *, ended: Ended | None = None, error: AliceError | None = None
    ) -> None:
        """Give up the lead, and only then wake those who wait: they find the place free."""
        del self._leaders[_key_of(leader.turn)]
        leader.settled.set()
        leader.recording.end(ended, error)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        async def quietly() -> None:
            with suppress(AliceError, OutOfReach):  # a claim that can't be let go of runs out
                await work

        task = asyncio.ensure_future(quietly())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _key_of(turn: Turn) -> Key:
    return turn.caller.person, turn.idempotency_key


def _digest(key: str) -> str:
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _lease(turn: Turn) -> timedelta:
    return timedelta(seconds=LEASE_IN_SILENCES * turn.policy.bounds.silence_s)


def _along_with(leader: Leader) -> Reply:
    return Reply(
        source="replay",
        route=leader.route,
        events=leader.recording.follow(),
        turn_id=leader.turn.id,
        conversation_id=leader.turn.conversation_id,
    )


def _as_kept(record: ReplayRecord) -> Reply:
    ended = {**record.ended, "usage": Usage(**record.ended["usage"])}
    return Reply(
        source="replay",
        route=record.route,
        events=SaidAgain([*map(spoken_from, record.events), Ended(**ended)]),
        turn_id=record.turn_id,
        conversation_id=record.conversation_id or None,
    )
