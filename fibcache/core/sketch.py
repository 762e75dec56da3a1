"""Sketches: a vector's coordinates along the axes that tell most, and the length of what is left.

For unit vectors v and q let z be the coordinates along orthonormal axes and r what they leave out:

    v·q = z(v)·z(q) + r(v)·r(q),   and   |r(v)·r(q)| ≤ |r(v)| |r(q)|   (Cauchy-Schwarz)

A sketch holds z(v) and |r(v)|, so that one short product scores z(v)·z(q) + BEND·|r(v)||r(q)|: what
the axes see, and half of what they can't see. Candidates are ranked by it, then compared exactly.
"""

from collections.abc import Generator
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from .encoder import Vector

Vectors = NDArray[np.float32]
Steps = Generator[None]  # work in small pieces: whoever runs it may pause at each

NUMBERS = 144  # in a sketch: 143 axes and a length
BEND = 0.5  # measured: 0 needs three times as many candidates, 1 up to twice, on real questions
ROUNDS = 4  # of looking for the axes
SAMPLE = 1597  # vectors looked at for them
CHUNK = 16  # vectors or axes in one piece of work
SEED = 89  # so that the same entries give the same axes


class Sketch:
    """Sketches vectors along fixed axes.

    Args:
        axes: float32, shape (axes, dimensions), orthonormal.
    """

    __slots__ = ("axes",)

    def __init__(self, axes: Vectors) -> None:
        self.axes = axes

    def of(self, vectors: Vectors) -> Vectors:
        """Sketch some vectors: float32, shape (count, axes + 1)."""
        sketches = np.empty((len(vectors), len(self.axes) + 1), np.float32)
        seen = vectors @ self.axes.T
        sketches[:, :-1] = seen
        left = np.einsum("ij,ij->i", vectors, vectors) - np.einsum("ij,ij->i", seen, seen)
        sketches[:, -1] = np.sqrt(np.maximum(left, 0))
        return sketches

    def of_question(self, vector: Vector) -> Vector:
        """Sketch the vector to look for, so that a plain product gives the score of a sketch."""
        sketch = np.empty(len(self.axes) + 1, np.float32)
        seen = np.dot(self.axes, vector)
        sketch[:-1] = seen
        sketch[-1] = BEND * sqrt(max(0.0, float(np.dot(vector, vector) - np.dot(seen, seen))))
        return sketch


def learnt_axes(sample: Vectors) -> Generator[None, None, Vectors]:
    """Find the axes along which a sample varies most, strongest first, in small steps.

    Args:
        sample: shape (count, dimensions), of unit length.
    Returns:
        float32, shape (min(143, dimensions), dimensions), orthonormal.
    Source:
        G. Golub and C. Van Loan, Matrix Computations, 4th ed., 8.2.4 (orthogonal iteration).
    """
    dimensions = sample.shape[1]
    count = min(NUMBERS - 1, dimensions)
    random = np.random.default_rng(SEED)
    axes = np.empty((dimensions, count), np.float32)
    for start in range(0, count, CHUNK):
        block = axes[:, start : start + CHUNK]
        block[:] = random.standard_normal(block.shape, np.float32)
        yield
    # Adding a multiple of the axes finds the same ones, also where the entries are fewer than they.
    keep = 1e-3 * max(len(sample), 1) / dimensions
    for _ in range(ROUNDS):
        turned = axes * np.float32(keep)
        for start in range(0, len(sample), CHUNK):
            part = sample[start : start + CHUNK]
            turned += part.T @ (part @ axes)
            yield
        yield from _orthonormal(turned)
        axes = turned
    return np.ascontiguousarray(axes.T)


def _orthonormal(columns: Vectors) -> Steps:
    """Make columns orthonormal in place, the first first (block Gram-Schmidt, twice over)."""
    for start in range(0, columns.shape[1], CHUNK):
        block, before = columns[:, start : start + CHUNK], columns[:, :start]
        for _ in range(2):
            block[:] = np.linalg.qr(block - before @ (before.T @ block))[0]
            yield
