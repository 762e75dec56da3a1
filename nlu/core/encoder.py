"""Texts as vectors: what means nearly the same points nearly the same way.

A text is the sum of its words, and a word the sum of what is known of it as a whole and of its runs
of letters, so that inflections, compounds and slips lie near. The rows are learnt (docs/nlu.md).

Source:
    P. Bojanowski et al., Enriching Word Vectors with Subword Information, TACL 2017 (runs of
    letters); S. Arora et al., A Simple but Tough-to-Beat Baseline for Sentence Embeddings, ICLR
    2017 (weights by frequency, common directions removed).
"""

import asyncio
import re
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from itertools import islice
from math import sqrt
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]

DIMENSIONS = 512
BUCKETS = 1 << 14  # rows that all runs of letters share
RUNS = (2, 3, 4)  # letters in a run
WHOLE_WORD = 0.3  # weight of a word's own row, to 1 of all its runs together
MOST_WORDS = 400  # of a text are heard
MOST_CHARS = 8_000  # of a text are read
MOST_LETTERS = 64  # of a word are heard
WORDS_KEPT = 2_048  # whose vectors are remembered, 2 kB each
BREATH = 34  # texts encoded before turns under way get their time

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "encoder.npz"

_NAME = "alice-words-and-runs-512-v1"
_WORD = re.compile(r"[^\W_]+(?:[:'’-][^\W_]+)*")


class BadEncoderFile(ValueError):
    """The encoder's file is missing or damaged; the text says which."""


def words_of(text: str) -> list[str]:
    """Give a text's words in lower case, at most `MOST_WORDS`; [] where there are no letters."""
    lowered = unicodedata.normalize("NFC", text[:MOST_CHARS]).lower()
    return [found.group() for found in islice(_WORD.finditer(lowered), MOST_WORDS)]


def runs_of(word: str) -> list[int]:
    """Give the bucket of each run of letters in a word, its edges marked."""
    marked = f"<{word[:MOST_LETTERS]}>"
    return [
        crc32(marked[at : at + size].encode("utf-8", "surrogatepass")) % BUCKETS
        for size in RUNS
        for at in range(len(marked) - size + 1)
    ]


def parts_of(word: str, places: Mapping[str, int]) -> tuple[list[int], list[float]]:
    """Give the rows that a word is the sum of, and how much of each.

    Known words have the first rows, the buckets those that follow.
    """
    runs = runs_of(word)
    rows = [len(places) + run for run in runs]
    shares = [1 / sqrt(len(runs))] * len(runs)
    if (place := places.get(word)) is not None:
        rows.append(place)
        shares.append(WHOLE_WORD)
    return rows, shares


@dataclass(frozen=True, slots=True)
class Rows:
    """What the encoder has learnt.

    Attributes:
        words: known words, the first rows in this order.
        weights: uint8, one for each word: 255 counts in full; an unknown word does.
        numbers: int8, shape (words + BUCKETS, DIMENSIONS).
        scales: float32, one for each row: what its numbers are to be multiplied by.
    """

    words: tuple[str, ...]
    weights: NDArray[np.uint8]
    numbers: NDArray[np.int8]
    scales: NDArray[np.float32]

    def packed(self) -> bytes:
        """Write all of it, as `unpacked` reads it; the same rows give the same bytes."""
        file = BytesIO()
        told = np.frombuffer("\n".join(self.words).encode(), np.uint8)
        arrays: dict[str, NDArray[Any]] = {"words": told, "weights": self.weights}
        arrays |= {"numbers": self.numbers, "scales": self.scales}
        with zipfile.ZipFile(file, "w") as archive:  # np.savez would write the time of day
            for name, array in arrays.items():
                one = BytesIO()
                np.save(one, array, allow_pickle=False)
                archive.writestr(zipfile.ZipInfo(f"{name}.npy"), one.getvalue())
        return file.getvalue()

    @classmethod
    def unpacked(cls, packed: bytes) -> "Rows":
        """Read what `packed` wrote. Raises BadEncoderFile."""
        try:
            with np.load(BytesIO(packed), allow_pickle=False) as arrays:
                words = tuple(arrays["words"].tobytes().decode().split("\n"))
                rows = cls(words, arrays["weights"], arrays["numbers"], arrays["scales"])
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise BadEncoderFile(f"is damaged ({error})") from error
        count = len(words) + BUCKETS
        found = [(array.dtype, array.shape) for array in (rows.weights, rows.numbers, rows.scales)]
        expected = [
            (np.dtype(np.uint8), (len(words),)),
            (np.dtype(np.int8), (count, DIMENSIONS)),
            (np.dtype(np.float32), (count,)),
        ]
        if found != expected:
            raise BadEncoderFile(f"holds {found}, not {expected}")
        return rows


class SwedishEncoder:
    """Encode texts by learnt rows: the same text, the same vector, in every process.

    Args:
        rows: as they were learnt.
        version: of the rows, for the fingerprint.
    """

    dimensions = DIMENSIONS
    at_once = True

    def __init__(self, rows: Rows, version: str) -> None:
        self.fingerprint = f"{_NAME}-{version}"
        self._places = {word: place for place, word in enumerate(rows.words)}
        self._rows = rows
        self._word = lru_cache(WORDS_KEPT)(self._vector_of_word)

    @classmethod
    def load(cls, path: Path = SHIPPED) -> "SwedishEncoder":
        """Read the rows. Raises BadEncoderFile."""
        try:
            packed = path.read_bytes()
        except OSError as error:
            raise BadEncoderFile(f"{path} can't be read ({error})") from error
        try:
            return cls(Rows.unpacked(packed), sha256(packed).hexdigest()[:12])
        except BadEncoderFile as error:
            raise BadEncoderFile(f"{path} {error}") from error

    def encode(self, text: str) -> Vector:
        """Give float32, shape (512,), of unit length; zeros for a text without letters."""
        vector = np.zeros(DIMENSIONS, np.float32)
        for word in words_of(text):
            vector += self._word(word)
        length = sqrt(float(vector @ vector))
        return vector / np.float32(length) if length > 0 else vector

    async def vector_of(self, text: str) -> Vector:
        """Give what `encode` gives."""
        return self.encode(text)

    async def vectors_of(self, texts: Sequence[str], spent: object = None) -> Vector:
        """Give what `encode` gives, one row for each text; it costs nothing."""
        vectors = np.empty((len(texts), DIMENSIONS), np.float32)
        for number, text in enumerate(texts):
            if number and number % BREATH == 0:
                await asyncio.sleep(0)
            vectors[number] = self.encode(text)
        return vectors

    def weight_of(self, word: str) -> float:
        """Tell how much a word in lower case tells, 0..1: "är" little, a rare or unknown one 1."""
        place = self._places.get(word)
        return 1.0 if place is None else float(self._rows.weights[place]) / 255

    def _vector_of_word(self, word: str) -> Vector:
        rows, shares = parts_of(word, self._places)
        weight = np.float32(self.weight_of(word))
        worth = np.array(shares, np.float32) * self._rows.scales[rows] * weight
        vector: Vector = worth @ self._rows.numbers[rows].astype(np.float32)
        return vector
