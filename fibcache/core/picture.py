"""The spiral as it is, ready to be drawn: each cell where the golden angle puts it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, sin, sqrt

from .fib import GOLDEN_ANGLE

SIDE = 1000  # of the picture, in its own units
EDGE = 40  # left free on every side


@dataclass(frozen=True, slots=True)
class Dot:
    """A cell in the picture."""

    number: int  # along the spiral, from 0
    entries: int
    x: float
    y: float
    radius: float
    shade: float  # 0.15 for an empty cell, 1 for the fullest
    rank: int  # among the cells nearest to a question, from 1; 0 where it is none of them


def dots(entries: Sequence[int], nearest: Sequence[int] = ()) -> list[Dot]:
    """Place a dot for each cell; its area tells how many entries the cell holds.

    Args:
        entries: in each cell, in spiral order.
        nearest: numbers of the cells nearest to a question, nearest first.
    Source:
        H. Vogel, Mathematical Biosciences 44 (1979), pp. 179-189.
    """
    fullest = max(entries, default=0) or 1
    ranks = {number: rank for rank, number in enumerate(nearest, start=1)}
    reach = SIDE / 2 - EDGE
    # Each cell has an equal part of the disc; the fullest one's dot all but fills its part.
    widest = 0.9 * reach / sqrt(max(len(entries), 1))
    placed = []
    for number, count in enumerate(entries):
        out, angle = reach * sqrt((number + 0.5) / len(entries)), number * GOLDEN_ANGLE
        share = count / fullest
        placed.append(
            Dot(
                number=number,
                entries=count,
                x=round(SIDE / 2 + out * cos(angle), 1),
                y=round(SIDE / 2 + out * sin(angle), 1),
                radius=round(max(widest * sqrt(share), 1.0), 1),
                shade=round(0.15 + 0.85 * share, 3),
                rank=ranks.get(number, 0),
            )
        )
    return placed
