"""The golden spiral over 512-dimensional unit vectors: cells in a stable order, searched in part.

Points laid out by the golden angle are the first centres of the cells. They are then refined on
the data (spherical k-means), which moves them without changing their order along the spiral. A
search opens the cells that lie nearest, 1, 2, 3, 5, 8, 13 of them, and compares exactly inside.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .encoder import Vector
from .fib import FIBONACCI, GOLDEN_ANGLE, PHI, next_fibonacci
from .shelf import Shelf

Vectors = NDArray[np.float32]

ENTRIES_PER_CELL = 144  # with more the cells are outgrown
SAMPLE_PER_CELL = 21  # entries looked at while the cells are refined
ROUNDS = 5  # of refinement
SEED = 89  # of the lift and the sample, so that the same entries give the same cells


@dataclass(frozen=True, slots=True)
class Spiral:
    """Live settings of semantic recall."""

    points: int = 89  # cells to begin with; a Fibonacci number
    dimensions: int = 512  # floats in a vector
    similar_at_least: float = 1 / PHI  # score, 0..1; lower answers more and errs more
    probes: tuple[int, ...] = (1, 2, 3, 5, 8, 13)  # cells opened, step by step


def golden_points(count: int) -> NDArray[np.float64]:
    """Place `count` points evenly on a sphere, from pole to pole along the golden spiral.

    Returns:
        float64, shape (count, 3), of unit length.
    Source:
        R. Swinbank and R. J. Purser, Q. J. R. Meteorol. Soc. 132 (2006), pp. 1769-1793.
    """
    turns = np.arange(count)
    height = 1 - (2 * turns + 1) / count
    radius, angle = np.sqrt(1 - height**2), turns * GOLDEN_ANGLE
    return np.column_stack((radius * np.cos(angle), radius * np.sin(angle), height))


def lifted(points: NDArray[np.float64], dimensions: int) -> Vectors:
    """Carry points on the sphere into `dimensions`, by an orthonormal map that is always the same.

    Returns:
        float32, shape (len(points), dimensions), of unit length.
    """
    random = np.random.default_rng(SEED)
    axes, _ = np.linalg.qr(random.standard_normal((dimensions, points.shape[1])))
    vectors: Vectors = (points @ axes.T).astype(np.float32)
    return vectors


def refined(centres: Vectors, sample: Vectors, rounds: int = ROUNDS) -> Vectors:
    """Move each centre to the middle of the vectors nearest to it; their order stays.

    Source:
        I. Dhillon and D. Modha, Machine Learning 42 (2001), pp. 143-175 (spherical k-means).
    """
    for _ in range(rounds):
        sums = np.zeros_like(centres)
        np.add.at(sums, np.argmax(sample @ centres.T, axis=1), sample)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        # A centre that nothing is near to stays where the spiral put it.
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-12), centres)
    return centres


class Cells:
    """Vectors in cells along the spiral.

    Args:
        keys: of the vectors to begin with, at least one.
        vectors: float32, shape (len(keys), dimensions), of unit length.
        points: number of cells.
    """

    def __init__(self, keys: Sequence[str], vectors: Vectors, *, points: int) -> None:
        dimensions = vectors.shape[1]
        random = np.random.default_rng(SEED)
        count = min(len(vectors), points * SAMPLE_PER_CELL)
        sample = vectors[random.choice(len(vectors), count, replace=False)]
        self._centres = refined(lifted(golden_points(points), dimensions), sample)
        self._cells = [Shelf(dimensions) for _ in range(points)]
        self._reach = np.zeros(points)  # of a cell: angle from its centre to its farthest vector
        self._cell_of: dict[str, int] = {}
        for key, vector in zip(keys, vectors, strict=True):
            self.add(key, vector)

    def __len__(self) -> int:
        return len(self._cell_of)

    @property
    def keys(self) -> Sequence[str]:
        """List the keys."""
        return tuple(self._cell_of)

    @property
    def bytes(self) -> int:
        """Tell how much memory the vectors take."""
        return self._centres.nbytes + sum(cell.bytes for cell in self._cells)

    @property
    def outgrown(self) -> bool:
        """Tell whether there are too many entries for so few cells."""
        cells = len(self._cells)
        return len(self) > ENTRIES_PER_CELL * cells and cells < FIBONACCI[-1]

    def grown(self) -> "Cells":
        """Lay the vectors out anew in the next Fibonacci number of cells."""
        keys = [key for cell in self._cells for key in cell.keys]
        vectors = np.concatenate([cell.vectors for cell in self._cells])
        return Cells(keys, vectors, points=next_fibonacci(len(self._cells) + 1))

    def add(self, key: str, vector: Vector) -> None:
        """Put a vector under its key, in place of any there."""
        self.drop(key)
        scores = self._centres @ vector
        place = int(np.argmax(scores))
        self._cells[place].add(key, vector)
        self._cell_of[key] = place
        self._reach[place] = max(self._reach[place], _angle(scores[place]))

    def drop(self, key: str) -> bool:
        """Take a vector away."""
        place = self._cell_of.pop(key, None)
        return place is not None and self._cells[place].drop(key)

    def coordinates(self, vector: Vector) -> NDArray[np.intp]:
        """Order the cells by their nearness to a vector."""
        return np.argsort(-(self._centres @ vector), kind="stable")

    def nearest(
        self, vector: Vector, count: int, *, probes: Sequence[int]
    ) -> list[tuple[float, str]]:
        """Find the `count` nearest, best first: (cosine, key).

        Opens as many cells as each of `probes` says, until no cell left can hold a better match
        or the last of them is reached.
        """
        scores = self._centres @ vector
        order = np.argsort(-scores, kind="stable")
        # No vector of a cell is nearer than its centre's angle less the cell's reach.
        possible = np.cos(np.maximum(0, _angle(scores) - self._reach))
        found: list[tuple[float, str]] = []
        opened = 0
        for until in probes:
            for place in order[opened:until]:
                found += self._cells[place].nearest(vector, count)
            opened = until
            left = order[opened:]
            if found and (not len(left) or max(found)[0] >= possible[left].max()):
                break
        return sorted(found, reverse=True)[:count]


def _angle(cosine: NDArray[np.float32]) -> NDArray[np.float32]:
    angle: NDArray[np.float32] = np.arccos(np.clip(cosine, -1, 1))
    return angle
