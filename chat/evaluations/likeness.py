"""How well the encoder's cosine follows what people say of how alike two sentences are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fibcache.core.encoder import Encoder

from .labelled import BadPairs, rows_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Graded:
    """Two sentences and how alike people hold them, on any scale."""

    one: str
    other: str
    grade: float


def read_graded(path: Path) -> Iterator[Graded]:
    """Read rows of `sentence_1`, `sentence_2` and `label`.

    Raises:
        BadPairs: the file is missing, empty or broken; the line is told, counting from 1.
    """
    for where, row in rows_of(path):
        one, other = row.get("sentence_1"), row.get("sentence_2")
        if not isinstance(one, str) or not isinstance(other, str):
            raise BadPairs(f"{where}: sentence_1 och sentence_2 ska vara texter")
        try:
            grade = float(row.get("label", ""))
        except (TypeError, ValueError):
            grade = float("nan")
        if not np.isfinite(grade):
            raise BadPairs(f"{where}: label ska vara ett tal, inte {row.get('label')!r}")
        yield Graded(one, other, grade)


async def likeness(graded: Sequence[Graded], encoder: Encoder) -> dict[str, Any]:
    """Give Pearson's and Spearman's correlation of cosine and grade; None where neither varies.

    Raises:
        EncoderAway: a sentence could not be encoded.
    """
    ones = await encoder.vectors_of([pair.one for pair in graded])
    others = await encoder.vectors_of([pair.other for pair in graded])
    cosines = np.einsum("ij,ij->i", ones, others).astype(np.float64)
    grades = np.array([pair.grade for pair in graded])
    return {
        "n": len(graded),
        "pearson": correlation(cosines, grades),
        "spearman": correlation(ranks(cosines), ranks(grades)),
    }


def correlation(xs: Floats, ys: Floats) -> float | None:
    """Give Pearson's correlation, -1..1; None where one of them is the same all through."""
    if len(xs) < 2 or np.ptp(xs) == 0 or np.ptp(ys) == 0:
        return None
    return float(np.corrcoef(xs, ys)[0, 1])


def ranks(values: Floats) -> Floats:
    """Rank from 1 and up; equal values share the mean of their ranks."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    shared: Floats = (last - (count - 1) / 2)[place]
    return shared
