"""The index of a scope that has outgrown its shelf: cells along the spiral, searched in part.

A search looks into the nearest cell first. The best match there tells how much farther a better one
could lie (see `reach`), and so how many cells to open: 1, 2, 3, 5, 8, 13 … Inside the cells short
sketches are compared; the full vectors of the best few settle it. As the entries outgrow their
cells, the next Fibonacci number of them is laid out and filled in small steps, one for each entry
added and each search made; until it is done both layouts are searched, and every entry is in one.
"""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .encoder import Vector
from .fib import FIBONACCI, next_fibonacci
from .laying import laid
from .layout import Cell, Layout
from .shelf import Found, Shelf
from .sketch import Steps

ENTRIES_PER_CELL = 377  # with more the cells are outgrown
MOVED = 5  # entries moved to new cells in one step
FIRST_COMPARED = 3  # full vectors compared at the first look, besides the number asked for
COMPARED_PER_CELL = 5  # … and for each open cell at the looks after it
COMPARED = -np.inf  # in place of the score of a sketch
STRIDE = 5  # steps of `probes` that a search may go on before it looks at what it has found
WIDTH = 0.26  # of the stop rule; measured, see docs/spiral.md
LEAST_COSINE = 0.5  # nothing is looked for that is less alike


class Cells:
    """Vectors by key.

    Args:
        plain: a shelf with the vectors to begin with. It is emptied in small steps.
        points: number of cells.
        dtype: how vectors are kept; int16 takes half the room.
    """

    def __init__(self, plain: Shelf, *, points: int, dtype: DTypeLike = np.float32) -> None:
        self._points = points
        self._plain = plain  # not yet in cells
        self._shelf = Shelf(plain.dimensions, dtype=dtype, large=True)
        self._cell_of: list[Cell] = []  # row by row of the shelf
        self._place_in = array("i")  # its cell
        self._layouts: list[Layout] = []  # new entries go to the first; a second is being emptied
        self._work: Steps | None = self._first_layout()

    def __len__(self) -> int:
        return len(self._shelf) + len(self._plain)

    def __contains__(self, key: str) -> bool:
        return key in self._shelf or key in self._plain

    @property
    def keys(self) -> Sequence[str]:
        """List the keys."""
        return (*self._shelf.keys, *self._plain.keys)

    @property
    def bytes(self) -> int:
        """Tell how much memory the vectors and their sketches take."""
        held = sum(layout.bytes for layout in self._layouts)
        return held + self._shelf.bytes + self._plain.bytes + 12 * len(self._place_in)

    @property
    def points(self) -> int:
        """Tell how many cells there are, or are being laid out."""
        return self._points

    @property
    def growing(self) -> bool:
        """Tell whether cells are being laid out or filled."""
        return self._work is not None

    def counts(self) -> list[int]:
        """Count the entries in each cell, in spiral order."""
        return [len(cell) for cell in self._layouts[0].cells] if self._layouts else []

    def add(self, key: str, vector: Vector) -> None:
        """Put a vector under its key, in place of any there."""
        if self._layouts:
            self._take(key)
            sketches = self._layouts[0].sketch.of(vector[np.newaxis])
            self._put(key, vector, sketches[0], self._layouts[0].homes(sketches)[0])
        else:
            self._plain.add(key, vector)
        if self._work is None and self._outgrown():
            self._work = self._next_layout()
        self.step()

    def drop(self, key: str) -> bool:
        """Take a vector away."""
        return self._take(key)

    def step(self) -> bool:
        """Do a little of the work of growing, if there is any. Tell whether there is more."""
        if self._work is not None:
            try:
                next(self._work)
            except StopIteration:
                self._work = None
        return self._work is not None

    def settle(self) -> "Cells":
        """Do all of that work at once."""
        while self.step():
            pass
        return self

    def coordinates(self, vector: Vector) -> list[int]:
        """Order the cells by their nearness to a vector."""
        if not self._layouts:
            return []
        layout = self._layouts[0]
        return layout.coordinates(layout.sketch.of_question(vector), len(layout.cells))[0]

    def nearest(self, vector: Vector, count: int, *, probes: Sequence[int]) -> list[Found]:
        """Find the `count` nearest, best first: (cosine, key).

        Opens as many cells as `probes` says: the first of them, then the one that `reach` asks
        for. Where the first opens every cell, every vector is compared.
        """
        found = self._plain.nearest(vector, count) if len(self._plain) else []
        if self._layouts and probes[0] >= len(self._layouts[0].cells):
            found += self._shelf.nearest(vector, count)
        else:
            best = max(found)[0] if found else 0.0
            if len(self._layouts) > 1:
                # A match in one layout spares the other a long search for a better one.
                looks = [self._search(each, vector, 1, probes[:1]) for each in self._layouts]
                best = max([best, *(cosine for look in looks for cosine, _ in look)])
            for layout in self._layouts:
                found += self._search(layout, vector, count, probes, best)
        self.step()
        return sorted(found, reverse=True)[:count]

    def _search(
        self,
        layout: Layout,
        vector: Vector,
        count: int,
        probes: Sequence[int],
        best: float = 0.0,
    ) -> list[Found]:
        """Search one layout, for what is better than the best cosine found elsewhere."""
        question = layout.sketch.of_question(vector)
        most = min(probes[-1], len(layout.cells))
        opened, until = 0, min(probes[0], most)
        order, near = layout.coordinates(question, until)
        scores, rows = np.empty(0, np.float32), np.empty(0, np.int32)
        cosines, found = np.empty(0, np.float32), np.empty(0, np.int32)
        while opened < until:
            if len(order) < until:
                nearest, _ = layout.coordinates(question, most)
                order += [cell for cell in nearest if cell not in order]
            more_scores, more_rows = layout.open(order[opened:until], question)
            scores = _joined(scores, more_scores)
            rows = _joined(rows, more_rows)
            wanted = COMPARED_PER_CELL * until if opened else FIRST_COMPARED
            some = _largest(scores, wanted + count)
            if opened:
                some = some[scores[some] > COMPARED]
            if len(some):
                chosen = rows[some]
                values = self._shelf.compared(chosen, vector)
                scores[some] = COMPARED
                best = max(best, float(values.max()))
                cosines = _joined(cosines, [values])
                found = _joined(found, [chosen])
            opened = until
            # What is found on the way may spare the rest.
            far = probes[min(bisect_left(probes, opened) + STRIDE, len(probes) - 1)]
            until = min(reach(near, best, probes), far, most)
        some = _largest(cosines, count)
        keys = self._shelf.keys
        best_few = zip(cosines[some].tolist(), found[some].tolist(), strict=True)
        return [(cosine, keys[row]) for cosine, row in best_few]

    def _take(self, key: str) -> bool:
        row = self._shelf.row_of(key)
        if row is None:
            return self._plain.drop(key)
        self._leave(row)
        self._shelf.drop(key)
        # The shelf has moved its last vector into the gap.
        cell, place = self._cell_of.pop(), self._place_in.pop()
        if row < len(self._cell_of):
            self._cell_of[row], self._place_in[row] = cell, place
            cell.renumber(place, row)
        return True

    def _put(self, key: str, vector: Vector, sketch: Vector, home: int) -> None:
        row = self._shelf.add(key, vector)
        cell = self._layouts[0].cells[home]
        self._cell_of.append(cell)
        self._place_in.append(cell.add(row, sketch))

    def _leave(self, row: int) -> None:
        place = self._place_in[row]
        self._place_in[self._cell_of[row].take(place)] = place

    def _outgrown(self) -> bool:
        return len(self) > ENTRIES_PER_CELL * self._points and self._points < FIBONACCI[-1]

    def _first_layout(self) -> Steps:
        layout = yield from laid(self._plain, self._points)
        self._layouts = [layout]
        while len(self._plain):
            keys = self._plain.keys[-MOVED:]
            vectors = self._plain.at(range(len(self._plain) - len(keys), len(self._plain)))
            sketches = layout.sketch.of(vectors)
            homes = layout.homes(sketches)
            for key, vector, sketch, home in zip(keys, vectors, sketches, homes, strict=True):
                self._plain.drop(key)
                self._put(key, vector, sketch, home)
            yield

    def _next_layout(self) -> Steps:
        self._points = next_fibonacci(self._points + 1)
        layout = yield from laid(self._shelf, self._points)
        old = self._layouts[0]
        self._layouts = [layout, old]
        for cell in old.cells:
            while len(cell):
                rows = cell.rows[-MOVED:].tolist()
                sketches = layout.sketch.of(self._shelf.at(rows))
                homes = layout.homes(sketches)
                for row, sketch, home in zip(rows, sketches, homes, strict=True):
                    self._leave(row)
                    self._cell_of[row] = layout.cells[home]
                    self._place_in[row] = layout.cells[home].add(row, sketch)
                yield
        self._layouts = [layout]


def reach(near: Vector, best: float, probes: Sequence[int]) -> int:
    """Tell how many of the nearest cells could hold a better match than the best found so far.

    A vector with cosine b to the question is b times the question plus sqrt(1 - b²) times some
    direction across it. What the centre of its cell owes to that direction is chance, a few per
    cent in hundreds of dimensions: so a cell is worth opening only if its centre is less than
    WIDTH · sqrt(1 - b²) / b farther from the question than the nearest centre.

    Args:
        near: cosines of the question to the centres.
        best: the best cosine so far.
    Returns:
        One of `probes`.
    """
    alike = min(1.0, max(best, LEAST_COSINE))
    least = near.max() - WIDTH * sqrt(1 - alike * alike) / alike
    cells = int(np.count_nonzero(near >= least))
    return probes[min(bisect_left(probes, cells), len(probes) - 1)]


def _joined(array: NDArray[Any], more: Sequence[NDArray[Any]]) -> NDArray[Any]:
    if not len(array) and len(more) == 1:
        return more[0]
    return np.concatenate([array, *more])


def _largest(scores: Vector, count: int) -> NDArray[np.intp]:
    if len(scores) <= count:
        return np.arange(len(scores))
    return np.argpartition(scores, -count)[-count:]
