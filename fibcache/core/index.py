"""Which remembered questions lie nearest: one Protocol for this process and for a database."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

import numpy as np

from .cells import Cells
from .encoder import HashedNgrams, Vector
from .shelf import Shelf
from .spiral import Spiral

SPIRAL_FROM_ENTRIES = 610  # a full comparison was measured to be the faster one up to here


class IndexAway(Exception):
    """The index can't be reached right now."""


class Index(Protocol):
    """Vectors of questions, by scope. A search never leaves its scope.

    An index that can't be reached behaves as if it were empty, except to `lacks` and
    `forget_others`, whose callers act on what is not there.
    """

    @property
    def fingerprint(self) -> str:
        """Name the encoder whose vectors these are."""

    async def add(self, scope: str, key: str, vector: Vector, *, spiral: Spiral) -> None:
        """Put a vector under its key, in place of any there."""

    async def drop(self, scope: str, key: str) -> None:
        """Take a vector away, if it is there."""

    async def clear(self) -> None:
        """Take all vectors away."""

    async def holds(self, scope: str) -> bool:
        """Tell whether there is anything in a scope, before a question is encoded for it."""

    async def nearest(
        self, scope: str, vector: Vector, *, count: int, spiral: Spiral
    ) -> list[tuple[float, str]]:
        """Find the nearest, best first: (cosine, key)."""

    def scan(self) -> AsyncIterator[tuple[str, str]]:
        """Go through all there is, (scope, key), in no certain order, while others change it."""

    async def lacks(self, pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """Tell which (scope, key) have no vector. Raises IndexAway."""

    async def forget_others(self) -> int:
        """Take away what other encoders made. Give how many there were. Raises IndexAway."""


class ScopedIndex:
    """Keep vectors in this process: a shelf for each scope, cells for a scope that outgrows it.

    Args:
        fingerprint: of the encoder that makes all of them.
    """

    def __init__(self, fingerprint: str = HashedNgrams.fingerprint) -> None:
        self.fingerprint = fingerprint
        self._scopes: dict[str, Shelf | Cells] = {}

    async def add(self, scope: str, key: str, vector: Vector, *, spiral: Spiral) -> None:
        """Put a vector under its key, in place of any there."""
        held = self._scopes.get(scope)
        if held is None:
            held = self._scopes[scope] = Shelf(len(vector))
        held.add(key, vector)
        if isinstance(held, Shelf) and len(held) > SPIRAL_FROM_ENTRIES:
            self._scopes[scope] = Cells(held, points=spiral.points, dtype=np.int16)

    async def drop(self, scope: str, key: str) -> None:
        """Take a vector away, if it is there."""
        held = self._scopes.get(scope)
        if held is not None and held.drop(key) and not len(held):
            del self._scopes[scope]

    async def clear(self) -> None:
        """Take all vectors away."""
        self._scopes.clear()

    async def holds(self, scope: str) -> bool:
        """Tell whether there is anything in a scope."""
        return scope in self._scopes

    async def nearest(
        self, scope: str, vector: Vector, *, count: int, spiral: Spiral
    ) -> list[tuple[float, str]]:
        """Find the nearest, best first: (cosine, key)."""
        held = self._scopes.get(scope)
        if held is None:
            return []
        if isinstance(held, Cells):
            return held.nearest(vector, count, probes=spiral.probes)
        return held.nearest(vector, count)

    async def lacks(self, pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """Tell which (scope, key) have no vector."""
        return {(scope, key) for scope, key in pairs if not self._has(scope, key)}

    def _has(self, scope: str, key: str) -> bool:
        held = self._scopes.get(scope)
        return held is not None and key in held

    async def scan(self) -> AsyncIterator[tuple[str, str]]:
        """Go through what there is in each scope when it comes to it."""
        for scope in list(self._scopes):
            held = self._scopes.get(scope)
            for key in list(held.keys) if held is not None else ():
                yield scope, key

    async def forget_others(self) -> int:
        """Take nothing away: they all are one encoder's."""
        return 0

    def growing(self, scope: str) -> bool:
        """Tell whether cells are being laid out in a scope; each add and search does a little."""
        held = self._scopes.get(scope)
        return isinstance(held, Cells) and held.growing

    def __len__(self) -> int:
        return sum(len(held) for held in self._scopes.values())

    @property
    def bytes(self) -> int:
        """Tell how much memory the vectors take."""
        return sum(held.bytes for held in self._scopes.values())
