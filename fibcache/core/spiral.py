"""The golden spiral: settings of semantic recall, and points that lie evenly on a sphere.

The points are where the cells of the index begin (see `laying.py`); a cell's number is its place
along the spiral, and stays so while the cell moves to where the entries are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .calibration import THRESHOLD, Calibration
from .fib import GOLDEN_ANGLE

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Spiral:
    """Live settings of semantic recall."""

    points: int = 89  # cells to begin with; a Fibonacci number
    dimensions: int = 512  # floats in a vector
    similar_at_least: float = THRESHOLD  # score, 0..1; lower answers more and errs more
    # Cells opened: the first look, and the steps to which the stop rule may send a search.
    probes: tuple[int, ...] = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89)
    false_hits_at_most: float = 1 / 200  # budget: share of similar hits that may be wrong
    confidence: float = 0.95  # with which a bound on false hits is to hold
    shadow_share: float = 0.01  # of similar hits on which the model is asked anyway, to compare
    checks_per_minute: int = 5  # in each process
    checks_at_once: int = 2  # likewise
    evidence_days: int = 30  # how long what is known of a hit counts
    calibration: Calibration | None = None  # published; None or another encoder's: the shipped one


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
    """Carry points on the sphere into `dimensions`, onto its first three axes.

    Returns:
        float32, shape (len(points), dimensions), as far from each other as before.
    """
    vectors = np.zeros((len(points), dimensions), np.float32)
    vectors[:, : points.shape[1]] = points
    return vectors
