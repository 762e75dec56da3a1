"""Which language words look like, by their runs of letters.

Each run of 1 to 5 letters in a word, its edges marked, has a row of four numbers: for Swedish,
English, any other language, and words that tell nothing (names). Their mean is made odds.
"""

import zipfile
from functools import cache, lru_cache
from io import BytesIO
from math import sqrt
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "languages.npz"
KINDS = ("sv", "en", "other", "")
ROWS = 1 << 15
RUNS = range(1, 6)
MOST_WORDS = 60
LONGEST = 34  # letters of a word that are read
WORDS_KEPT = 2_048

Rows = NDArray[np.int32]


class BadLettersFile(ValueError):
    """The file is missing or damaged; the text says which."""


class Letters:
    """Tells how likely each kind is.

    Args:
        numbers: int8, shape (ROWS, 4).
        scale: what a number of 1 weighs.
        start: float32, shape (4,).
    Raises:
        BadLettersFile: they have other shapes.
    """

    def __init__(self, numbers: NDArray[np.int8], scale: float, start: NDArray[np.float32]) -> None:
        if numbers.shape != (ROWS, len(KINDS)) or start.shape != (len(KINDS),):
            raise BadLettersFile(f"holds tables of the wrong shapes {numbers.shape, start.shape}")
        self._numbers, self._scale, self._start = numbers, float(scale), start

    @classmethod
    def load(cls, path: Path = SHIPPED) -> "Letters":
        """Read a file. Raises BadLettersFile."""
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return cls(arrays["numbers"], float(arrays["scale"]), arrays["start"])
        except (ValueError, TypeError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise BadLettersFile(f"{path}: {error}") from error

    def packed(self) -> bytes:
        """Write what `load` reads."""
        file = BytesIO()
        np.savez_compressed(
            file, numbers=self._numbers, scale=np.float64(self._scale), start=self._start
        )
        return file.getvalue()

    def odds(self, words: list[str]) -> NDArray[np.float32]:
        """Give how likely each of `KINDS` is, of at least one word in lower case."""
        rows, weight = rows_of(words)
        scores = self._start + self._numbers[rows].sum(axis=0) * np.float32(self._scale * weight)
        odds: NDArray[np.float32] = np.exp(scores - scores.max())
        odds /= odds.sum()
        return odds


@cache
def shipped() -> Letters:
    """Read what ships with Alice, once. Raises BadLettersFile."""
    return Letters.load()


def rows_of(words: list[str]) -> tuple[Rows, float]:
    """Give the rows of all runs in some words, and what each weighs."""
    rows = np.concatenate([_rows(word[:LONGEST]) for word in words[:MOST_WORDS]])
    return rows, 1 / sqrt(len(rows))


@lru_cache(WORDS_KEPT)
def _rows(word: str) -> Rows:
    marked = f"<{word}>"
    return np.array(
        [
            crc32(marked[at : at + size].encode()) % ROWS
            for size in RUNS
            for at in range(len(marked) - size + 1)
        ],
        np.int32,
    )
