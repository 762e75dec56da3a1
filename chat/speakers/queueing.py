"""Waiting for a model in line with others, and saying how long it takes."""

import asyncio
from collections.abc import AsyncGenerator
from math import ceil

from chat.core.easing import rank_of
from chat.core.errors import Overloaded
from chat.core.events import QUEUED, YOUR_TURN, Noted
from chat.core.turn import Turn
from guardian.core.queue import Full, Place, Queue

TELL_EVERY_S = 5.0
"""How often who waits is told; well within the longest silence that a turn may have."""


def check(turn: Turn, queue: Queue) -> None:
    """Look whether there is a place for a turn, before anything is promised.

    Raises:
        Overloaded: there is none.
    """
    try:
        queue.check(rank_of(turn))
    except Full as full:
        raise _turned_away(turn, full.wait_s) from None


def enter(turn: Turn, queue: Queue) -> Place:
    """Go to the model, or get in line.

    Raises:
        Overloaded: there is no place any more.
    """
    try:
        return queue.enter(rank_of(turn))
    except Full as full:
        raise _turned_away(turn, full.wait_s) from None


async def waited(turn: Turn, queue: Queue, place: Place) -> AsyncGenerator[Noted, None]:
    """Wait, and tell every now and then which in line the turn is.

    Raises:
        Overloaded: somebody of a higher rank needed the place.
    """
    if place.called.is_set():
        return
    while not place.called.is_set():
        yield _told(turn, queue.position(place), queue.wait_s(place))
        try:
            async with asyncio.timeout(TELL_EVERY_S):
                await place.called.wait()
        except TimeoutError:
            continue
    if place.turned_away:
        raise _turned_away(turn, 0.0)
    yield Noted(YOUR_TURN, "It is your turn." if turn.language == "en" else "Nu är det din tur.")


def _turned_away(turn: Turn, wait_s: float) -> Overloaded:
    return Overloaded(retry_after_s=max(1.0, wait_s) if wait_s else turn.policy.ladder.stay_s)


def _told(turn: Turn, position: int, wait_s: float) -> Noted:
    seconds = ceil(wait_s)
    if turn.language == "en":
        wait = f" About {seconds} s to go." if seconds else ""
        return Noted(QUEUED, f"You are number {position} in the queue.{wait}")
    wait = f" Det dröjer ungefär {seconds} s." if seconds else ""
    return Noted(QUEUED, f"Du är nummer {position} i kön.{wait}")
