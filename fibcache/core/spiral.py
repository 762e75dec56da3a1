"""The golden spiral over 512-dimensional unit vectors."""

from dataclasses import dataclass

from .fib import PHI


@dataclass(frozen=True, slots=True)
class Spiral:
    """Live settings of semantic recall."""

    points: int = 89  # cells to begin with; a Fibonacci number
    dimensions: int = 512  # floats in a vector
    similar_at_least: float = 1 / PHI  # score, 0..1; lower answers more and errs more
    probes: tuple[int, ...] = (1, 2, 3, 5, 8, 13)  # cells opened, step by step
