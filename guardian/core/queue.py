"""The queue to the models: who is let to them, who waits, who is turned away, and for how long.

As long as there is room nobody waits. Where there is none, a newcomer waits behind all of its own
rank and before those of lower ranks. A queue that is full turns away the newcomer, or the last of a
lower rank in its place.
"""

import asyncio
from collections.abc import Callable
from math import inf

BACKGROUND = "background"
RANKS = ("staff", "member", "guest", "program", BACKGROUND)
"""Who is let in first: people who work with Alice, people, programs, what nobody waits for."""

WEIGHT = 0.2  # of the newest answer, in the mean of the times that answers took


class Full(Exception):
    """There is no place to wait in. `wait_s`: when there may be one; 0 if nobody knows."""

    def __init__(self, wait_s: float = 0.0) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


class Place:
    """One who is with a model, or waits for one. `called` is set when it is over with waiting."""

    def __init__(self, rank: str) -> None:
        self.rank = RANKS.index(rank) if rank in RANKS else len(RANKS) - 1
        self.called = asyncio.Event()
        self.turned_away = False
        self.since_s = 0.0  # when it was let in


class Queue:
    """Lets at most `room` in at once, and at most `places` wait.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._waiting: list[Place] = []  # in the order in which they are let in
        self._inside: set[Place] = set()
        self._room, self._places = inf, inf
        self._mean_s = 0.0  # that an answer takes; 0 before there was one

    @property
    def inside(self) -> int:
        """Count those who are with a model."""
        return len(self._inside)

    @property
    def waiting(self) -> int:
        """Count those who wait."""
        return len(self._waiting)

    def __len__(self) -> int:
        return len(self._inside) + len(self._waiting)

    def open(self, room: float = inf, places: float = inf) -> None:
        """Set how many may be inside at once and how many may wait; those who do may go in."""
        self._room, self._places = room, places
        self._let_in()

    def check(self, rank: str) -> None:
        """Look whether somebody who came now would find a place.

        Raises:
            Full: it would not.
        """
        place = Place(rank)
        if self._must_wait and self.waiting >= self._places and self._yielding(place) is None:
            raise Full(self._estimate(self.waiting + 1))

    def enter(self, rank: str) -> Place:
        """Go in, or get in line. Whoever does leaves again, however it goes.

        Raises:
            Full: there is no place.
        """
        self.check(rank)
        place = Place(rank)
        if not self._must_wait:
            self._go_in(place)
            return place
        if self.waiting >= self._places and (last := self._yielding(place)) is not None:
            self._waiting.remove(last)
            last.turned_away = True
            last.called.set()
        behind = sum(other.rank <= place.rank for other in self._waiting)
        self._waiting.insert(behind, place)
        return place

    def leave(self, place: Place, *, whole: bool = False) -> None:
        """Let the next one in. `whole`: the answer was, and how long it took can be told others."""
        if place in self._inside:
            self._inside.remove(place)
            if whole:
                took_s = self._clock() - place.since_s
                mean_s = self._mean_s or took_s
                self._mean_s = mean_s + WEIGHT * (took_s - mean_s)
        elif place in self._waiting:
            self._waiting.remove(place)
        self._let_in()

    def position(self, place: Place) -> int:
        """Tell which in line a place is, from 1; 0 when it no longer waits."""
        return self._waiting.index(place) + 1 if place in self._waiting else 0

    def wait_s(self, place: Place) -> float:
        """Estimate how long a place has still to wait; 0 when nobody knows."""
        return self._estimate(self.position(place))

    def _estimate(self, position: int) -> float:
        return position * self._mean_s / max(self._room, 1)

    @property
    def _must_wait(self) -> bool:
        return bool(self._waiting) or len(self._inside) >= self._room

    def _yielding(self, place: Place) -> Place | None:
        """Find who gives up a place to a newcomer: the last in line, if of a lower rank."""
        last = self._waiting[-1] if self._waiting else None
        return last if last is not None and last.rank > place.rank else None

    def _let_in(self) -> None:
        while self._waiting and len(self._inside) < self._room:
            place = self._waiting.pop(0)
            self._go_in(place)

    def _go_in(self, place: Place) -> None:
        place.since_s = self._clock()
        self._inside.add(place)
        place.called.set()
