"""Vectors side by side in arrays of a fixed size, each under its key."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .encoder import Vector

PAGE_ROWS = 256  # vectors in one array; only the first array is ever copied to grow
Found = tuple[float, str]  # cosine, key


class Shelf:
    """Vectors in rows 0, 1, 2 …, without gaps: the last moves into the place of one taken away.

    Args:
        dimensions: floats in a vector.
        dtype: how they are kept. float16 takes half the room and moves a cosine by up to 0.0001.
        shards: dictionaries that share the keys. One is right for a small shelf; with many, none
            grows so large that its resizing is felt.
    """

    __slots__ = ("_dimensions", "_dtype", "_keys", "_pages", "_rows")

    def __init__(self, dimensions: int, *, dtype: DTypeLike = np.float32, shards: int = 1) -> None:
        self._dimensions, self._dtype = dimensions, np.dtype(dtype)
        self._pages: list[NDArray[np.floating]] = []
        self._keys: list[str] = []
        self._rows: tuple[dict[str, int], ...] = tuple({} for _ in range(shards))

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: str) -> bool:
        return self.row_of(key) is not None

    @property
    def dimensions(self) -> int:
        """Tell how many floats a vector has."""
        return self._dimensions

    @property
    def dtype(self) -> np.dtype:
        """Tell how the floats are kept."""
        return self._dtype

    @property
    def keys(self) -> Sequence[str]:
        """List the keys, row by row."""
        return self._keys

    @property
    def bytes(self) -> int:
        """Tell how much memory the vectors take."""
        return sum(page.nbytes for page in self._pages)

    def row_of(self, key: str) -> int | None:
        """Tell where a key's vector is."""
        return self._shard(key).get(key)

    def at(self, rows: Sequence[int]) -> NDArray[np.float32]:
        """Copy the vectors of some rows, float32, shape (len(rows), dimensions)."""
        copied = np.empty((len(rows), self._dimensions), self._dtype)
        pages = self._pages
        for place, row in enumerate(rows):
            copied[place] = pages[row // PAGE_ROWS][row % PAGE_ROWS]
        return copied.astype(np.float32, copy=False)

    def add(self, key: str, vector: Vector) -> int:
        """Put a vector under its key, in place of any there. Give its row."""
        row = self.row_of(key)
        if row is None:
            row = len(self._keys)
            self._make_room(row)
            self._keys.append(key)
            self._shard(key)[key] = row
        self._pages[row // PAGE_ROWS][row % PAGE_ROWS] = vector
        return row

    def drop(self, key: str) -> bool:
        """Take a vector away; the last one moves into its row."""
        row = self._shard(key).pop(key, None)
        if row is None:
            return False
        last = self._keys.pop()
        end = len(self._keys)
        if last != key:
            self._keys[row] = last
            self._shard(last)[last] = row
            moved = self._pages[end // PAGE_ROWS][end % PAGE_ROWS]
            self._pages[row // PAGE_ROWS][row % PAGE_ROWS] = moved
        if end % PAGE_ROWS == 0:
            self._pages.pop()
        return True

    def nearest(self, vector: Vector, count: int) -> list[Found]:
        """Compare with every vector and find the `count` nearest, best first."""
        scores = np.concatenate([page @ vector for page in self._filled()] or [np.empty(0)])
        if len(scores) > count:
            best = np.argpartition(scores, -count)[-count:]
        else:
            best = np.arange(len(scores))
        return sorted(((float(scores[row]), self._keys[row]) for row in best), reverse=True)

    def _filled(self) -> Iterator[NDArray[np.float32]]:
        """Go through the pages, without their unused rows, as float32."""
        left = len(self._keys)
        for page in self._pages:
            yield page[:left].astype(np.float32, copy=False)
            left -= len(page)

    def _make_room(self, row: int) -> None:
        number, place = divmod(row, PAGE_ROWS)
        if number == len(self._pages):
            # A small scope takes a row at first; what has grown once grows by whole pages.
            rows = PAGE_ROWS if number else 1
            self._pages.append(np.empty((rows, self._dimensions), self._dtype))
        elif place == len(self._pages[number]):
            page = np.empty((2 * place, self._dimensions), self._dtype)
            page[:place] = self._pages[number]
            self._pages[number] = page

    def _shard(self, key: str) -> dict[str, int]:
        rows = self._rows
        return rows[0] if len(rows) == 1 else rows[hash(key) % len(rows)]
