"""One way to divide vectors among cells: centres along the spiral, and the sketches near each."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .encoder import Vector
from .sketch import Sketch, Vectors

BLOCK_ROWS = 512  # sketches in one array; only a cell's first array is ever copied to grow
STEPS_PER_ONE = 127  # of int8: a score is off by about 0.002, far less than sketching itself


class Cell:
    """Sketches, and the rows of the shelf that they belong to."""

    __slots__ = ("_blocks", "_count", "_rows", "_width")

    def __init__(self, width: int) -> None:
        self._width = width
        self._blocks: list[NDArray[np.int8]] = []
        self._rows = np.empty(0, np.int32)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def bytes(self) -> int:
        """Tell how much memory the sketches take."""
        return sum(block.nbytes for block in self._blocks) + self._rows.nbytes

    @property
    def rows(self) -> NDArray[np.int32]:
        """Show the rows, place by place."""
        return self._rows[: self._count]

    def add(self, row: int, sketch: Vector) -> int:
        """Put a sketch last. Give its place."""
        place = self._count
        number, at = divmod(place, BLOCK_ROWS)
        if number == len(self._blocks):
            rows = BLOCK_ROWS if number else 1
            self._blocks.append(np.empty((rows, self._width), np.int8))
        elif at == len(self._blocks[number]):
            self._blocks[number] = _longer(self._blocks[number])
        if place == len(self._rows):
            self._rows = _longer(self._rows)
        self._blocks[number][at] = np.rint(sketch * STEPS_PER_ONE)
        self._rows[place] = row
        self._count += 1
        return place

    def take(self, place: int) -> int:
        """Take a sketch away; the last one moves into its place. Give the row of that one."""
        self._count -= 1
        end = self._count
        row = int(self._rows[end])
        if place != end:
            moved = self._blocks[end // BLOCK_ROWS][end % BLOCK_ROWS]
            self._blocks[place // BLOCK_ROWS][place % BLOCK_ROWS] = moved
            self._rows[place] = row
        if end % BLOCK_ROWS == 0:
            self._blocks.pop()
            self._rows = self._rows[:end].copy()
        elif 4 * end < len(self._blocks[0]):
            self._blocks[0] = self._blocks[0][: 2 * end].copy()
            self._rows = self._rows[: 2 * end].copy()
        return row

    def renumber(self, place: int, row: int) -> None:
        """Note that a vector has moved to another row of the shelf."""
        self._rows[place] = row

    def scores(self, question: Vector) -> Iterator[Vector]:
        """Score the sketches, block by block, for a question divided by STEPS_PER_ONE."""
        left = self._count
        for block in self._blocks:
            some = block[:left] if left < len(block) else block
            yield np.dot(some.astype(np.float32), question)
            left -= len(block)


class Layout:
    """Cells in spiral order.

    Args:
        sketch: draws the sketches.
        centres: float32, shape (cells, axes), of unit length.
    """

    def __init__(self, sketch: Sketch, centres: Vectors) -> None:
        self.sketch = sketch
        # What the axes leave out tells nothing about the cell: its weight is 0.
        self._centres = np.pad(centres, ((0, 0), (0, 1)))
        self.cells = [Cell(self._centres.shape[1]) for _ in centres]

    @property
    def bytes(self) -> int:
        """Tell how much memory it takes."""
        fixed = self._centres.nbytes + self.sketch.axes.nbytes
        return fixed + sum(cell.bytes for cell in self.cells)

    def homes(self, sketches: Vectors) -> list[int]:
        """Tell for each sketch which cell it belongs to."""
        homes: list[int] = np.argmax(sketches @ self._centres.T, axis=1).tolist()
        return homes

    def coordinates(self, question: Vector, count: int) -> tuple[list[int], Vector]:
        """Give the `count` nearest cells, nearest first, and how near all centres are."""
        near: Vector = np.dot(self._centres, question)
        if count == 1:  # as for most questions, and a third of the time
            return [int(near.argmax())], near
        if count < len(near):
            some = np.argpartition(near, -count)[-count:]
            order = some[np.argsort(-near[some], kind="stable")]
        else:
            order = np.argsort(-near, kind="stable")
        return order.tolist(), near

    def open(
        self, numbers: Sequence[int], question: Vector
    ) -> tuple[list[Vector], list[NDArray[np.int32]]]:
        """Score the sketches in some cells. Give the scores and the rows, piece by piece."""
        question = question / np.float32(STEPS_PER_ONE)
        scores: list[Vector] = []
        rows: list[NDArray[np.int32]] = []
        for number in numbers:
            cell = self.cells[number]
            scores += cell.scores(question)
            rows.append(cell.rows)
        return scores, rows


def _longer(array: NDArray[Any]) -> NDArray[Any]:
    longer = np.empty((2 * len(array) or 1, *array.shape[1:]), array.dtype)
    longer[: len(array)] = array
    return longer
