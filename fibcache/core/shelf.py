"""Vectors side by side in one growing array, compared all at once."""

import numpy as np
from numpy.typing import NDArray

from .encoder import Vector


class Shelf:
    """Some vectors under their keys."""

    __slots__ = ("_keys", "_places", "_vectors")

    def __init__(self, dimensions: int) -> None:
        self._vectors = np.empty((1, dimensions), np.float32)  # rows from len(self) on are unused
        self._keys: list[str] = []
        self._places: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: str) -> bool:
        return key in self._places

    @property
    def keys(self) -> list[str]:
        """List the keys, in the order of `vectors`."""
        return self._keys

    @property
    def vectors(self) -> NDArray[np.float32]:
        """Show the vectors, shape (len(self), dimensions)."""
        return self._vectors[: len(self._keys)]

    @property
    def bytes(self) -> int:
        """Tell how much memory the vectors take."""
        return self._vectors.nbytes

    def add(self, key: str, vector: Vector) -> None:
        """Put a vector under its key, in place of any there."""
        place = self._places.get(key)
        if place is None:
            place = len(self._keys)
            if place == len(self._vectors):
                self._resize(2 * place)
            self._keys.append(key)
            self._places[key] = place
        self._vectors[place] = vector

    def drop(self, key: str) -> bool:
        """Take a vector away; the last one moves into its place."""
        place = self._places.pop(key, None)
        if place is None:
            return False
        last = self._keys.pop()
        if last != key:
            self._keys[place] = last
            self._places[last] = place
            self._vectors[place] = self._vectors[len(self._keys)]
        if len(self._vectors) > 4 * len(self._keys) + 8:
            self._resize(2 * len(self._keys) + 1)
        return True

    def nearest(self, vector: Vector, count: int) -> list[tuple[float, str]]:
        """Find the `count` nearest, best first: (cosine, key)."""
        if not self._keys:
            return []
        scores = self.vectors @ vector
        if len(scores) > count:
            best = np.argpartition(scores, -count)[-count:]
        else:
            best = np.arange(len(scores))
        return sorted(((float(scores[place]), self._keys[place]) for place in best), reverse=True)

    def _resize(self, rows: int) -> None:
        vectors = np.empty((rows, self._vectors.shape[1]), np.float32)
        kept = len(self._keys)
        vectors[:kept] = self._vectors[:kept]
        self._vectors = vectors
