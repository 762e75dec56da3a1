"""Vectors of any length as 512 floats, the same on every machine.

Up to 512 floats nothing is lost: zeros fill the rest. Longer ones are turned by a fixed orthonormal
map and cut: signs flipped, a Walsh-Hadamard transform, 512 coordinates picked. It takes additions
and one scale only, in a fixed order, so that no linear algebra library has a say in the result.

Source:
    J. A. Tropp, Improved analysis of the subsampled randomized Hadamard transform, 2011.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .encoder import Vector

DIMENSIONS = 512
SEED = 144
VERSION = "p1"
"""Part of the fingerprint of every encoder whose vectors come from here."""


def projected(vectors: NDArray[np.floating]) -> Vector:
    """Bring vectors to 512 floats and unit length; a vector of zeros stays one.

    Args:
        vectors: shape (count, any length from 1).
    Returns:
        float32, shape (count, 512). Cosines are kept exactly for lengths up to 512. For longer ones
        they are off by about (1 - cosine²) / √512, so by 0.044 at most as a standard deviation, and
        the less the nearer the two vectors lie.
    """
    wide = np.asarray(vectors, np.float64)
    count, length = wide.shape
    if length > DIMENSIONS:
        signs, picked = _map(length)
        full = np.zeros((count, len(signs)))
        full[:, :length] = wide
        wide = _hadamard(full * signs)[:, picked]
    out = np.zeros((count, DIMENSIONS))
    out[:, : wide.shape[1]] = wide
    lengths = np.sqrt(np.einsum("ij,ij->i", out, out))
    lengths[lengths == 0] = 1.0
    unit: Vector = (out / lengths[:, None]).astype(np.float32)
    return unit


@lru_cache(maxsize=8)
def _map(length: int) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Give the signs, of a power of two, and the coordinates picked from among as many."""
    size = 1 << (length - 1).bit_length()
    # NumPy promises the bits of a bit generator for good, those of its distributions not.
    bits = np.random.PCG64(SEED).random_raw(2 * size)
    signs = np.where(bits[:size] >> np.uint64(63), 1.0, -1.0)
    picked = np.sort(np.argsort(bits[size:], kind="stable")[:DIMENSIONS])
    return signs, picked


def _hadamard(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Transform each row, whose length is a power of two; lengths grow by its square root."""
    count, size = rows.shape
    half = 1
    while half < size:
        pairs = rows.reshape(count, size // (2 * half), 2, half)
        rows = np.stack(
            (pairs[:, :, 0] + pairs[:, :, 1], pairs[:, :, 0] - pairs[:, :, 1]), axis=2
        ).reshape(count, size)
        half *= 2
    return rows
