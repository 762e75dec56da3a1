"""What a message asks for, among the intents that were learnt, and how sure that is.

A linear model over three views of the message: its words and pairs of words, its runs of letters,
and its vector. It was learnt by `nlu/training/intents.py`; here it is a table of small numbers.
"""

import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .features import phrases_of, runs_of, shares, words_of
from .text import fold

LANGUAGES = ("sv", "en")
OUT_OF_SCOPE = "out_of_scope"


def shipped(language: str) -> Path:
    """Tell where the file of a language is."""
    return Path(__file__).resolve().parent.parent / "data" / f"intents.{language}.npz"


class BadIntentsFile(ValueError):
    """The intents' file is missing, damaged or made for another encoder; the text says which."""


class Encoder(Protocol):
    """Texts as vectors of unit length."""

    @property
    def fingerprint(self) -> str:
        """Name this version of the encoder."""

    def encode(self, text: str) -> NDArray[np.float32]:
        """Give float32, shape (512,)."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What a message may ask for. Its confidences are calibrated; all of them sum to 1."""

    intent: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()  # the next likeliest first


@dataclass(frozen=True, slots=True)
class Point:
    """How right Alice was when she answered only from this confidence, on held-out messages."""

    at_least: float
    coverage: float  # share of the messages
    accuracy: float  # of those


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the intent model has learnt.

    Attributes:
        intents: names, in the order of the columns.
        phrases: words and pairs of words, the first rows in this order.
        runs: runs of letters, the rows that follow.
        rarity: float16, one for each of those rows.
        numbers: int8, shape (rows, intents).
        scales: float16, one for each row: what its numbers are to be multiplied by.
        directions: float16, shape (dimensions of the encoder, intents).
        start: float32, one for each intent, before a word is read.
        sharpness: scores are multiplied by this before they become confidences.
        encoder: fingerprint of the encoder whose vectors it knows.
        curve: float32, shape (points, 3): from which confidence, coverage, accuracy.
    """

    intents: tuple[str, ...]
    phrases: tuple[str, ...]
    runs: tuple[str, ...]
    rarity: NDArray[np.float16]
    numbers: NDArray[np.int8]
    scales: NDArray[np.float16]
    directions: NDArray[np.float16]
    start: NDArray[np.float32]
    sharpness: float
    encoder: str
    curve: NDArray[np.float32]

    def packed(self) -> bytes:
        """Write all of it, as `unpacked` reads it; the same numbers give the same bytes."""
        told = {"intents": self.intents, "phrases": self.phrases, "runs": self.runs}
        arrays: dict[str, Any] = {name: _told("\n".join(words)) for name, words in told.items()}
        arrays |= {"encoder": _told(self.encoder), "sharpness": np.float32(self.sharpness)}
        for name in ("rarity", "numbers", "scales", "directions", "start", "curve"):
            arrays[name] = getattr(self, name)
        file = BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, array in arrays.items():  # np.savez would write the time of day
                one = BytesIO()
                np.save(one, array, allow_pickle=False)
                archive.writestr(
                    zipfile.ZipInfo(f"{name}.npy"), one.getvalue(), zipfile.ZIP_DEFLATED
                )
        return file.getvalue()

    @classmethod
    def unpacked(cls, packed: bytes) -> "Learnt":
        """Read what `packed` wrote. Raises BadIntentsFile."""
        try:
            with np.load(BytesIO(packed), allow_pickle=False) as arrays:
                intents, phrases, runs = (
                    tuple(arrays[name].tobytes().decode().split("\n"))
                    for name in ("intents", "phrases", "runs")
                )
                learnt = cls(
                    intents,
                    phrases,
                    runs,
                    arrays["rarity"],
                    arrays["numbers"],
                    arrays["scales"],
                    arrays["directions"],
                    arrays["start"],
                    float(arrays["sharpness"]),
                    arrays["encoder"].tobytes().decode(),
                    arrays["curve"],
                )
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise BadIntentsFile(f"is damaged ({error})") from error
        rows, columns = len(phrases) + len(runs), len(intents)
        found = [learnt.rarity.shape, learnt.numbers.shape, learnt.scales.shape]
        found += [learnt.directions.shape[1:], learnt.start.shape, learnt.curve.shape[1:]]
        if found != [(rows,), (rows, columns), (rows,), (columns,), (columns,), (3,)]:
            raise BadIntentsFile(f"holds tables of the wrong shapes ({found})")
        return learnt


class IntentModel:
    """Tells what a message asks for.

    Args:
        learnt: what was learnt.
        encoder: the one it was learnt with.
        version: of what was learnt, for the fingerprint.

    Raises:
        BadIntentsFile: it was learnt with another encoder.
    """

    def __init__(self, learnt: Learnt, encoder: Encoder, version: str = "unsaved") -> None:
        if encoder.fingerprint != learnt.encoder:
            raise BadIntentsFile(f"is for {learnt.encoder}, not {encoder.fingerprint}")
        self.fingerprint = f"alice-intents-v1-{version}"
        self.intents = learnt.intents
        self.learnt, self._encoder = learnt, encoder
        self._phrases = {phrase: row for row, phrase in enumerate(learnt.phrases)}
        self._runs = {run: row for row, run in enumerate(learnt.runs, len(learnt.phrases))}
        self._accented = _accented(learnt.phrases)
        self._rarity: list[float] = learnt.rarity.astype(float).tolist()
        self._scales = learnt.scales.astype(np.float32)
        self._directions = learnt.directions.astype(np.float32)

    @classmethod
    def load(cls, encoder: Encoder, path: Path) -> "IntentModel":
        """Read the file. Raises BadIntentsFile."""
        try:
            packed = path.read_bytes()
        except OSError as error:
            raise BadIntentsFile(f"{path} can't be read ({error})") from error
        try:
            return cls(Learnt.unpacked(packed), encoder, sha256(packed).hexdigest()[:12])
        except BadIntentsFile as error:
            raise BadIntentsFile(f"{path} {error}") from error

    @property
    def curve(self) -> tuple[Point, ...]:
        """Tell how right it is for how many, from each confidence."""
        return tuple(Point(*map(float, row)) for row in self.learnt.curve)

    def read(self, text: str, most: int = 3) -> Guess:
        """Tell what `text` asks for, with at most `most` alternatives.

        A text without words asks for nothing that Alice knows: out of scope, and wholly so.
        """
        scores = self.scores(text)
        if scores is None:
            return Guess(OUT_OF_SCOPE, 1.0)
        odds = np.exp((scores - scores.max()) * np.float32(self.learnt.sharpness))
        odds /= odds.sum()
        best = np.argsort(-odds, kind="stable")[: most + 1]
        told = [(self.intents[place], round(float(odds[place]), 4)) for place in best]
        return Guess(*told[0], tuple(told[1:]))

    def scores(self, text: str) -> NDArray[np.float32] | None:
        """Score every intent: float32, shape (intents,). None for a text without words."""
        words = self._words(text)
        if not words:
            return None
        scores: NDArray[np.float32] = self.learnt.start + self._vector(words) @ self._directions
        for rows, worth in self._views(words):
            if rows:
                weights = np.array(worth, np.float32) * self._scales[rows]
                scores = scores + weights @ self.learnt.numbers[rows].astype(np.float32)
        return scores

    def why(self, text: str, intent: str, most: int = 8) -> list[tuple[str, float]]:
        """Give what speaks most for `intent` in the text, the strongest first."""
        words, column = self._words(text), self.intents.index(intent)
        if not words:
            return []
        told = [("≈", float(self._vector(words) @ self._directions[:, column]))]
        names = (*self.learnt.phrases, *self.learnt.runs)
        for rows, worth in self._views(words):
            for row, share in zip(rows, worth, strict=True):
                number = float(self.learnt.numbers[row, column])
                told.append((names[row], share * float(self._scales[row]) * number))
        return sorted((one for one in told if one[1] > 0), key=lambda one: -one[1])[:most]

    def _words(self, text: str) -> list[str]:
        """Give the words, with the dots and rings that the keyboard lacked."""
        return [self._accented.get(word, word) for word in words_of(text)]

    def _vector(self, words: Sequence[str]) -> NDArray[np.float32]:
        return self._encoder.encode(" ".join(words))

    def _views(self, words: list[str]) -> list[tuple[list[int], list[float]]]:
        phrases, runs = self._phrases, self._runs
        return [
            shares(
                Counter(phrases[one] for one in phrases_of(words) if one in phrases), self._rarity
            ),
            shares(
                Counter(runs[one] for word in words for one in runs_of(word) if one in runs),
                self._rarity,
            ),
        ]


def _accented(phrases: Sequence[str]) -> dict[str, str]:
    """Map words typed without å, ä and ö to the words that were meant, where only one can be."""
    known = {phrase for phrase in phrases if " " not in phrase}
    meant: dict[str, str] = {}
    several = set()
    for word in sorted(known):
        bare = fold(word)
        if bare != word and bare not in known and meant.setdefault(bare, word) != word:
            several.add(bare)
    return {bare: word for bare, word in meant.items() if bare not in several}


def _told(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)
