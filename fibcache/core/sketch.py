"""Sketches: a vector's coordinates along the axes that tell most, and the length of what is left.

For unit vectors v and q let z be the coordinates along orthonormal axes and r what they leave out:

    v·q = z(v)·z(q) + r(v)·r(q),   and   |r(v)·r(q)| ≤ |r(v)| |r(q)|   (Cauchy-Schwarz)

A sketch holds z(v) and |r(v)|, so that one short product scores z(v)·z(q) + BEND·|r(v)||r(q)|: what
the axes see, and half of what they can't see. Candidates are ranked by it, then compared exactly.
"""

from collections.abc import Generator
from math import sqrt

import numpy as np
from numpy.random import default_rng  # here, or the first one to grow a spiral waits for it
from numpy.typing import NDArray

from .encoder import Vector

Vectors = NDArray[np.float32]
Steps = Generator[None]  # work in small pieces: whoever runs it may pause at each

NUMBERS = 144  # in a sketch: 143 axes and a length
BEND = 0.5  # measured on real questions: 0 and 1 need about twice as many candidates
ROUNDS = 4  # of looking for the axes
SAMPLE = 1597  # vectors looked at for them
CHUNK, FEW_AXES = 144, 16  # vectors, axes in one piece of work, which takes about 0.1 ms
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
    random = default_rng(SEED)
    axes = np.empty((count, dimensions), np.float32)
    for some in _parts(count, FEW_AXES):
        axes[some] = random.standard_normal(axes[some].shape, np.float32)
        yield
    # Adding a multiple of the axes finds the same ones, also where the entries are fewer than they.
    keep = np.float32(1e-3 * max(len(sample), 1) / dimensions)
    for _ in range(ROUNDS):
        turned = axes * keep
        for some in _parts(count, FEW_AXES):
            for rows in _parts(len(sample), CHUNK):
                turned[some] += (sample[rows] @ axes[some].T).T @ sample[rows]
                yield
        yield from _orthonormal(turned)
        axes = turned
    return axes


def _orthonormal(axes: Vectors) -> Steps:
    """Make axes orthonormal in place, the first first (block Gram-Schmidt, twice over)."""
    for some in _parts(len(axes), FEW_AXES):
        before = axes[: some.start]
        for _ in range(2):
            left = axes[some] - (axes[some] @ before.T) @ before
            axes[some] = np.linalg.qr(left.T)[0].T
            yield


def _parts(count: int, size: int) -> list[slice]:
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]
