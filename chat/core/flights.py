"""Single flight: of turns that ask the same at once, one speaks and the others listen along."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from .address import address_of
from .errors import AliceError, BrokenOff
from .events import Ended, Spoken, Usage
from .flight import Flight
from .kit import Meter
from .radio import FAILURES, OnAir, Radio
from .turn import Outcome, Reply, Sharing, Turn


class SingleFlight:
    """The flights of this process, by the address of their question.

    A turn that joins keeps its own speaker at hand. When the answer breaks before a word of it was
    told to the turn, the turn goes on as if it had just come: it joins the next flight, or begins
    one. When words were told, it hears what went wrong: another speaker would say other words.

    Args:
        meter: is told of bugs that no turn is there to log.
        radio: what other processes are saying; None where there is but one.
    """

    def __init__(self, meter: Meter, radio: Radio | None = None) -> None:
        self._meter, self._radio = meter, radio
        self._flying: dict[str, Flight] = {}  # by the address's key
        self._aboard: dict[str, Flight] = {}  # by turn, until it lands

    @property
    def under_way(self) -> int:
        """Count the answers that a turn could join."""
        return len(self._flying)

    def share(self, reply: Reply, turn: Turn) -> Reply:
        """Let the same question share this answer, or this turn the answer that is under way."""
        if reply.sharing is None or not reply.keep:
            return reply
        why = dict(reply.why)
        return replace(reply, events=self._fly(reply, reply.sharing, turn, why), why=why)

    def first_home(self, turn: Turn) -> bool:
        """Tell one of those who shared an answer, the first to ask, to keep it for all."""
        flight = self._aboard.get(turn.id)
        if flight is None:
            return True
        if flight.air is not None and flight.air.kept_elsewhere:
            return False
        flight.keeper = flight.keeper or turn.id
        return flight.keeper == turn.id

    async def land(self, outcome: Outcome) -> None:
        """Let go of the flight: from here on the cache answers."""
        turn = outcome.turn
        flight = self._disembark(turn)
        if flight is not None and (flight.keeper == turn.id or not flight.turns):
            self._forget(flight)

    async def _fly(
        self, reply: Reply, sharing: Sharing, turn: Turn, why: dict[str, Any]
    ) -> AsyncGenerator[Spoken | Ended, None]:
        """Say the answer that is under way, or this turn's own."""
        key = address_of(turn).key
        failures, alone = 0, False
        while (flight := self._flying.get(key)) is not None:
            heard = False
            why["joined"] = True
            self._board(flight, turn)
            try:
                async with aclosing(flight.join()) as events:
                    async for event in events:
                        heard = True
                        # The tokens were spent once.
                        yield replace(event, usage=Usage()) if isinstance(event, Ended) else event
            except BrokenOff:
                if heard:
                    raise
            except AliceError:
                failures += 1
                if heard or failures == FAILURES:
                    raise
            if heard:
                return
            del why["joined"]
            self._disembark(turn)
            if flight.private:  # so would the next be: waiting in turn would only take longer
                alone = True
                break
        air = None
        if self._radio is not None and not alone:
            air = OnAir(self._radio, key, reply, why, lambda: bool(own.turns))
        own = Flight(
            key,
            reply.events if air is None else air.speak(),
            sharing if air is None else air.sharing,
            silence_s=turn.policy.bounds.silence_s,
            gone=self._forget,
            trouble=lambda bug: self._meter.trouble("flight", turn.id, bug),
            air=air,
        )
        self._flying.setdefault(key, own)
        self._board(own, turn)
        async with aclosing(own.lead()) as events:
            async for event in events:
                yield event

    def _board(self, flight: Flight, turn: Turn) -> None:
        flight.turns.add(turn.id)
        self._aboard[turn.id] = flight

    def _disembark(self, turn: Turn) -> Flight | None:
        flight = self._aboard.pop(turn.id, None)
        if flight is not None:
            flight.turns.discard(turn.id)
        return flight

    def _forget(self, flight: Flight) -> None:
        if self._flying.get(flight.key) is flight:
            del self._flying[flight.key]
        if flight.air is not None and flight.recording.over:
            flight.air.release()
