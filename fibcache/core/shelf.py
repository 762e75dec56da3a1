"""Vectors side by side in arrays of a fixed size, each under its key."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .encoder import Vector

SMALL_PAGE, LARGE_PAGE = 256, 16_384  # vectors in one array
SHARDS = 256  # dictionaries for the keys of a large shelf; none grows so large that it is felt
STEPS_PER_ONE = (
    32_767  # of int16: a component is off by at most 0.000015, a cosine by about 0.00001
)
FEW = 24  # rows that are copied faster one by one

Found = tuple[float, str]  # cosine, key


class Shelf:
    """Vectors in rows 0, 1, 2 …, without gaps: the last moves into the place of one taken away.

    Args:
        dimensions: floats in a vector.
        dtype: how they are kept, float32 or int16; the latter takes half the room.
        large: whether many are to come. A small shelf takes a row at first and then as it needs;
            a large one takes address space for many, of which the system lends what is used.
    """

    __slots__ = ("_dimensions", "_dtype", "_keys", "_page_rows", "_pages", "_places", "_scale")

    def __init__(
        self, dimensions: int, *, dtype: DTypeLike = np.float32, large: bool = False
    ) -> None:
        self._dimensions, self._dtype = dimensions, np.dtype(dtype)
        self._scale = STEPS_PER_ONE if self._dtype == np.int16 else 1
        self._page_rows = LARGE_PAGE if large else SMALL_PAGE
        self._pages: list[NDArray[Any]] = []  # only the first of a small shelf is ever copied
        self._keys: list[str] = []
        self._places: tuple[dict[str, int], ...] = tuple({} for _ in range(SHARDS if large else 1))

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: str) -> bool:
        return self.row_of(key) is not None

    @property
    def dimensions(self) -> int:
        """Tell how many floats a vector has."""
        return self._dimensions

    @property
    def keys(self) -> Sequence[str]:
        """List the keys, row by row."""
        return self._keys

    @property
    def bytes(self) -> int:
        """Tell how much memory the vectors take."""
        small = self._page_rows == SMALL_PAGE
        rows = sum(map(len, self._pages)) if small else len(self._keys)
        return rows * self._dimensions * self._dtype.itemsize

    def row_of(self, key: str) -> int | None:
        """Tell where a key's vector is."""
        return self._shard(key).get(key)

    def at(self, rows: Sequence[int]) -> NDArray[np.float32]:
        """Copy the vectors of some rows, float32, shape (len(rows), dimensions)."""
        vectors = self._copied(np.asarray(rows, np.int64)).astype(np.float32, copy=False)
        return vectors if self._scale == 1 else vectors / np.float32(self._scale)

    def compared(self, rows: NDArray[np.integer], vector: Vector) -> NDArray[np.float32]:
        """Compare with the vectors of some rows: their cosines."""
        kept = self._copied(rows).astype(np.float32, copy=False)
        cosines: NDArray[np.float32] = np.dot(kept, vector / np.float32(self._scale))
        return cosines

    def add(self, key: str, vector: Vector) -> int:
        """Put a vector under its key, in place of any there. Give its row."""
        row = self.row_of(key)
        if row is None:
            row = len(self._keys)
            self._make_room(row)
            self._keys.append(key)
            self._shard(key)[key] = row
        page, place = divmod(row, self._page_rows)
        self._pages[page][place] = vector if self._scale == 1 else np.rint(vector * self._scale)
        return row

    def drop(self, key: str) -> bool:
        """Take a vector away; the last one moves into its row."""
        row = self._shard(key).pop(key, None)
        if row is None:
            return False
        last = self._keys.pop()
        (page, place), (number, end) = (
            divmod(row, self._page_rows),
            divmod(len(self._keys), self._page_rows),
        )
        if last != key:
            self._keys[row] = last
            self._shard(last)[last] = row
            self._pages[page][place] = self._pages[number][end]
        if not end:
            self._pages.pop()
        elif self._page_rows == SMALL_PAGE and 4 * len(self._keys) < len(self._pages[0]):
            self._pages[0] = self._pages[0][: 2 * len(self._keys)].copy()
        return True

    def nearest(self, vector: Vector, count: int) -> list[Found]:
        """Compare with every vector and find the `count` nearest, best first."""
        asked = vector / np.float32(self._scale)
        scores = [page.astype(np.float32, copy=False) @ asked for page in self._filled()]
        if not scores:
            return []
        cosines = scores[0] if len(scores) == 1 else np.concatenate(scores)
        if len(cosines) > count:
            best = np.argpartition(cosines, -count)[-count:]
        else:
            best = np.arange(len(cosines))
        keys = self._keys
        return sorted(
            zip(cosines[best].tolist(), [keys[row] for row in best.tolist()], strict=True),
            reverse=True,
        )

    def _copied(self, rows: NDArray[np.integer]) -> NDArray[Any]:
        """Copy some rows as they are kept."""
        if len(self._pages) == 1:
            together: NDArray[Any] = self._pages[0][rows]
            return together
        copied = np.empty((len(rows), self._dimensions), self._dtype)
        if len(rows) <= FEW:
            for place, row in enumerate(rows.tolist()):
                copied[place] = self._pages[row // self._page_rows][row % self._page_rows]
            return copied
        numbers, places = np.divmod(rows, self._page_rows)
        order = np.argsort(numbers, kind="stable")
        ends = np.searchsorted(numbers[order], np.arange(len(self._pages)), side="right").tolist()
        start = 0
        for page, end in zip(self._pages, ends, strict=True):
            if end > start:
                chosen = order[start:end]
                copied[chosen] = page[places[chosen]]
                start = end
        return copied

    def _filled(self) -> Iterator[NDArray[Any]]:
        """Go through the pages, without their unused rows."""
        left = len(self._keys)
        for page in self._pages:
            yield page[:left]
            left -= len(page)

    def _make_room(self, row: int) -> None:
        number, place = divmod(row, self._page_rows)
        if number == len(self._pages):
            rows = 1 if self._page_rows == SMALL_PAGE and not number else self._page_rows
            self._pages.append(np.empty((rows, self._dimensions), self._dtype))
        elif place == len(self._pages[number]):
            page = np.empty((2 * place, self._dimensions), self._dtype)
            page[:place] = self._pages[number]
            self._pages[number] = page

    def _shard(self, key: str) -> dict[str, int]:
        places = self._places
        return places[0] if len(places) == 1 else places[hash(key) % SHARDS]
