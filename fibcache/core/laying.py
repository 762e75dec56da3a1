"""Lay cells out for the entries there are, in small steps between which anything may happen.

Each cell starts at its point of the golden spiral, on the sphere of the three axes along which the
entries vary most, and moves to the middle of the entries nearest to it (spherical k-means). Its
number, its place along the spiral, stays.
"""

from collections.abc import Generator

import numpy as np

from .fib import PHI
from .layout import Layout
from .shelf import Shelf
from .sketch import SAMPLE, Sketch, Steps, Vectors, learnt_axes
from .spiral import golden_points, lifted

SAMPLE_PER_CELL = 21  # entries looked at while the cells are placed
ROUNDS = 5  # of moving the centres
CHUNK = 16  # entries copied or sketched in one step
STEP_PRODUCTS = 8_192  # entries times cells compared in one step, about 0.1 ms


def laid(shelf: Shelf, points: int) -> Generator[None, None, Layout]:
    """Lay out `points` empty cells for the vectors on a shelf, which may change meanwhile."""
    sample = yield from _sample(shelf, points * SAMPLE_PER_CELL)
    evenly = np.linspace(0, len(sample) - 1, min(len(sample), SAMPLE)).astype(np.intp)
    sketch = Sketch((yield from learnt_axes(sample[evenly])))
    seen = np.empty((len(sample), len(sketch.axes)), np.float32)
    for start in range(0, len(sample), CHUNK):
        seen[start : start + CHUNK] = _unit(sample[start : start + CHUNK] @ sketch.axes.T)
        yield
    del sample
    centres = yield from _started(seen, points)
    for _ in range(ROUNDS):
        yield from _moved(centres, seen)
    return Layout(sketch, centres)


def _sample(shelf: Shelf, count: int) -> Generator[None, None, Vectors]:
    """Copy about `count` vectors from all over a shelf."""
    count = min(count, len(shelf))
    sample = np.empty((count, shelf.dimensions), np.float32)
    for start in range(0, count, CHUNK):
        if not len(shelf):
            return sample[:start]
        stop = min(start + CHUNK, count)
        # Steps of the golden ratio fall evenly over the rows, however many there are by now.
        turns = np.arange(start, stop) / PHI % 1
        sample[start:stop] = shelf.at((turns * len(shelf)).astype(int).tolist())
        yield
    return sample


def _started(seen: Vectors, points: int) -> Generator[None, None, Vectors]:
    """Give each golden point the middle of the entries that lie nearest to it on the sphere."""
    spiral = golden_points(points)
    if not len(seen):
        return lifted(spiral, seen.shape[1])
    # Without a common middle and with equal spread the entries lie all around the sphere.
    globe = seen[:, : spiral.shape[1]]
    globe = _unit((globe - globe.mean(axis=0)) / np.maximum(globe.std(axis=0), 1e-6))
    centres = np.zeros((points, seen.shape[1]), np.float32)
    yield
    for start, stop in _chunks(len(seen), points):
        np.add.at(centres, np.argmax(globe[start:stop] @ spiral.T, axis=1), seen[start:stop])
        yield
    for number in np.flatnonzero(~centres.any(axis=1)):
        centres[number] = seen[np.argmax(globe @ spiral[number])]
        yield
    return _unit(centres)


def _moved(centres: Vectors, seen: Vectors) -> Steps:
    """Move each centre to the middle of the entries nearest to it.

    Source:
        I. Dhillon and D. Modha, Machine Learning 42 (2001), pp. 143-175 (spherical k-means).
    """
    sums = np.zeros_like(centres)
    for start, stop in _chunks(len(seen), len(centres)):
        part = seen[start:stop]
        np.add.at(sums, np.argmax(part @ centres.T, axis=1), part)
        yield
    # A centre that nothing is near to stays where it was.
    some = sums.any(axis=1)
    centres[some] = _unit(sums[some])


def _chunks(count: int, cells: int) -> list[tuple[int, int]]:
    rows = max(1, STEP_PRODUCTS // cells)
    return [(start, min(start + rows, count)) for start in range(0, count, rows)]


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = vectors / np.maximum(lengths, 1e-12)
    return unit
