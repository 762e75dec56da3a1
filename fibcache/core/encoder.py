"""Questions as vectors: texts that are written alike point the same way."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]


BREATH = 34  # texts encoded before turns under way get their time


@dataclass(slots=True)
class Spent:
    """What encoding cost, as a model server counts it; nothing where none was asked."""

    tokens: int = 0


class EncoderAway(Exception):
    """The encoder can't make vectors right now."""


class Encoder(Protocol):
    """Turns texts into vectors."""

    @property
    def fingerprint(self) -> str:
        """Name the encoder and its version; vectors of different ones are never compared."""

    @property
    def dimensions(self) -> int:
        """Tell how many floats a vector has."""

    @property
    def at_once(self) -> bool:
        """Tell whether a vector is made here and in no time, so that nobody minds waiting."""

    async def vector_of(self, text: str) -> Vector:
        """Give float32, shape (dimensions,), of unit length; zeros for a text without letters.

        Raises:
            EncoderAway: not now.
        """

    async def vectors_of(self, texts: Sequence[str], spent: Spent | None = None) -> Vector:
        """Give float32, shape (len(texts), dimensions), for work that can wait longer than a turn.

        What it cost is added to `spent`.

        Raises:
            EncoderAway: not now.
        """


class AtOnce(ABC):
    """The way from an encoder's `encode`, which needs no waiting, to the Protocol."""

    dimensions: int
    at_once = True

    @abstractmethod
    def encode(self, text: str) -> Vector:
        """Give float32, shape (dimensions,), of unit length; zeros for a text without letters."""

    async def vector_of(self, text: str) -> Vector:
        """Give what `encode` gives."""
        return self.encode(text)

    async def vectors_of(self, texts: Sequence[str], spent: Spent | None = None) -> Vector:
        """Give what `encode` gives, one row for each text."""
        rows = np.empty((len(texts), self.dimensions), np.float32)
        for number, text in enumerate(texts):
            if number and number % BREATH == 0:
                await asyncio.sleep(0)
            rows[number] = self.encode(text)
        return rows


class HashedNgrams(AtOnce):
    """Count a text's words and its runs of 3 to 5 letters in hashed places.

    No model and no vocabulary: the same text gives the same vector in every process. It hears
    spelling, not meaning; the guards listen for that.

    Source:
        K. Weinberger et al., Feature Hashing for Large Scale Multitask Learning, ICML 2009.
    """

    fingerprint = "hashed-ngrams-3-5-words-512-v1"
    dimensions = 512

    def encode(self, text: str) -> Vector:
        """Give float32, shape (512,), of unit length; zeros for a text without letters."""
        words = "".join(x if x.isalnum() else " " for x in text.casefold()).split()
        if not words:
            return np.zeros(self.dimensions, np.float32)
        hashes = _mixed(_runs(f" {' '.join(words)} "))
        places, weights = hashes & _LAST, (hashes >> _SIGN_BIT & _ONE).astype(np.float64) * 2 - 1
        counts = np.bincount(places.view(np.int64), weights, self.dimensions)
        for word in words:
            place, sign = _place_of(word)
            counts[place] += sign * WORD_WEIGHT
        length = np.sqrt(counts @ counts) or 1.0  # signs may cancel all of it
        vector: Vector = (counts / length).astype(np.float32)
        return vector


WORD_WEIGHT = 2.0  # of a whole word, to 1 of a run of letters

_LAST, _ONE, _SIGN_BIT = np.uint64(511), np.uint64(1), np.uint64(40)
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, 2**64 / φ
_SHIFT = np.uint64(32)


def _runs(text: str) -> NDArray[np.uint64]:
    """Hash every run of 3, 4 and 5 letters, as polynomials modulo 2**64."""
    letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    three = (letters[:-2] * _BASE + letters[1:-1]) * _BASE + letters[2:]
    four = three[:-1] * _BASE + letters[3:]
    five = four[:-1] * _BASE + letters[4:]
    return np.concatenate((three, four, five))


def _mixed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    hashes = (hashes ^ (hashes >> _SHIFT)) * _BASE
    mixed: NDArray[np.uint64] = hashes ^ (hashes >> _SHIFT)
    return mixed


@lru_cache(maxsize=4096)
def _place_of(word: str) -> tuple[int, int]:
    number = crc32(word.encode("utf-8", "surrogatepass"))
    return number & 511, 1 if number >> 16 & 1 else -1
