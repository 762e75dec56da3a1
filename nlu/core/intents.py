"""What a message asks for, among the intents that were learnt, and how sure that is.

A linear model over three views of the message: its words and pairs of words, its runs of letters,
and its vector. A small network that hears the words in their order may be added (`order.py`). Both
were learnt by `nlu/training/intents.py`; here they are tables of small numbers.
"""

import zipfile
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from itertools import chain
from lzma import LZMAError
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from .features import phrases_of, runs_of, shares, words_of
from .lessons import Lesson, Seen, Taught
from .mending import Mender
from .order import Order, OrderModel

LANGUAGES = ("sv", "en")
OUT_OF_SCOPE = "out_of_scope"
WORDS_KEPT = 2_048  # whose rows of runs are remembered, some 1 kB each
_ORDER = "order_"  # begins the names of the network's tables in the file


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


class Reason(NamedTuple):
    """What weighs for an intent, or with a weight below 0 against it.

    `kind` is "word", "pair" (of neighbours; ^ and $ are the ends), "letters" (of the word `name`,
    inside it), "meaning" (of the whole, as the encoder sees it), "order" (of the words, as the
    network hears it) or "example" (that staff gave).
    """

    kind: str
    name: str
    weight: float


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
        order: what was learnt of words in their order; None where nothing was.
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
    order: Order | None = None

    def packed(self) -> bytes:
        """Write all of it, as `unpacked` reads it; the same numbers give the same bytes."""
        told = {"intents": self.intents, "phrases": self.phrases, "runs": self.runs}
        arrays: dict[str, Any] = {name: _told("\n".join(words)) for name, words in told.items()}
        arrays |= {"encoder": _told(self.encoder), "sharpness": np.float32(self.sharpness)}
        for name in ("rarity", "numbers", "scales", "directions", "start", "curve"):
            arrays[name] = getattr(self, name)
        if self.order is not None:
            arrays[f"{_ORDER}known"] = _told("\n".join(self.order.known))
            arrays |= {_ORDER + name: held for name, held in self.order.arrays().items()}
        file = BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
            for name, held in arrays.items():  # np.savez would write the time of day
                one = BytesIO()
                np.save(one, held, allow_pickle=False)
                archive.writestr(zipfile.ZipInfo(f"{name}.npy"), one.getvalue(), zipfile.ZIP_LZMA)
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
                    _order(arrays),
                )
        except (
            ValueError,
            TypeError,
            KeyError,
            OSError,
            EOFError,
            zipfile.BadZipFile,
            LZMAError,
        ) as error:
            raise BadIntentsFile(f"is damaged ({error})") from error
        rows, columns = len(phrases) + len(runs), len(intents)
        found = [learnt.rarity.shape, learnt.numbers.shape, learnt.scales.shape]
        found += [learnt.directions.shape[1:], learnt.start.shape, learnt.curve.shape[1:]]
        if found != [(rows,), (rows, columns), (rows,), (columns,), (columns,), (3,)]:
            raise BadIntentsFile(f"holds tables of the wrong shapes ({found})")
        if learnt.order is not None and learnt.order.out_base.shape != (columns,):
            raise BadIntentsFile("holds a network of other intents, of the wrong shapes")
        return learnt


class IntentModel:
    """Tells what a message asks for.

    Args:
        learnt: what was learnt.
        encoder: the one it was learnt with.
        version: of what was learnt, for the fingerprint.
        language: of the words, to mend those that it has not learnt; without one, few are.

    Raises:
        BadIntentsFile: it was learnt with another encoder.
    """

    taught: Taught | None = None  # by staff, beyond what was learnt

    def __init__(
        self, learnt: Learnt, encoder: Encoder, version: str = "unsaved", language: str = ""
    ) -> None:
        if encoder.fingerprint != learnt.encoder:
            raise BadIntentsFile(f"is for {learnt.encoder}, not {encoder.fingerprint}")
        self.fingerprint = f"alice-intents-v1-{version}"
        self.intents = learnt.intents
        self.learnt, self._encoder = learnt, encoder
        self._phrases = {phrase: row for row, phrase in enumerate(learnt.phrases)}
        self._runs = {run: row for row, run in enumerate(learnt.runs, len(learnt.phrases))}
        self._runs_in = lru_cache(WORDS_KEPT)(self._find_runs)
        self.mender = Mender(learnt.phrases, language)
        self._rarity = array(
            "d", learnt.rarity.astype(float).tobytes()
        )  # a list is four times as large
        self._scales = learnt.scales.astype(np.float32)
        self._directions = learnt.directions.astype(np.float32)
        self._order = None if learnt.order is None else OrderModel(learnt.order, encoder.encode)

    @classmethod
    def load(cls, encoder: Encoder, path: Path, language: str = "") -> "IntentModel":
        """Read the file. Raises BadIntentsFile."""
        try:
            packed = path.read_bytes()
        except OSError as error:
            raise BadIntentsFile(f"{path} can't be read ({error})") from error
        try:
            version = sha256(packed).hexdigest()[:12]
            return cls(Learnt.unpacked(packed), encoder, version, language)
        except BadIntentsFile as error:
            raise BadIntentsFile(f"{path} {error}") from error

    def with_lesson(self, lesson: Lesson) -> "IntentModel":
        """Give this model as corrected by a lesson. Raises BadLesson, if it is another's."""
        model = copy(self)
        model.taught = Taught(self, lesson)
        model.fingerprint = f"{self.fingerprint}-{lesson.fingerprint}"
        return model

    @property
    def sharpness(self) -> float:
        """Tell what scores are multiplied by before they become confidences."""
        return self.learnt.sharpness

    def unmended(self) -> "IntentModel":
        """Give the same model, putting back no more than dots and rings."""
        model = copy(self)
        model.mender = Mender(self.learnt.phrases)
        return model

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
        odds = np.exp((scores - scores.max()) * np.float32(self.sharpness))
        odds /= odds.sum()
        best = np.argsort(-odds, kind="stable")[: most + 1]
        told = [(self.intents[place], round(float(odds[place]), 4)) for place in best]
        return Guess(*told[0], tuple(told[1:]))

    def scores(self, text: str) -> NDArray[np.float32] | None:
        """Score every intent: float32, shape (intents,). None for a text without words."""
        seen = self.see(text)
        return None if seen is None else self.judge(seen)

    def see(self, text: str) -> Seen | None:
        """Give the features of a text and its vector; None for a text without words."""
        words = self._words(text)
        if not words:
            return None
        rows: list[int] = []
        worth: list[float] = []
        for found, weights in self._views(words):
            rows += found
            worth += weights
        worths = np.array(worth, np.float32)
        return Seen(np.array(rows, np.intp), worths, self._vector(words), tuple(words))

    def judge(self, seen: Seen) -> NDArray[np.float32]:
        """Score every intent of a message as it was seen: float32, shape (intents,)."""
        scores: NDArray[np.float32] = self.learnt.start + seen.vector @ self._directions
        if len(seen.rows):
            weights = seen.worth * self._scales[seen.rows]
            scores = scores + weights @ self.learnt.numbers[seen.rows].astype(np.float32)
        if self._order is not None:
            scores = scores + self._order.scores(seen.words)
        return scores if self.taught is None else scores + self.taught.added(seen)

    def why(self, text: str, intent: str, most: int = 8) -> list[Reason]:
        """Give what weighs most for or against `intent` in the text, the heaviest first."""
        words, column = self._words(text), self.intents.index(intent)
        if not words:
            return []
        vector = self._vector(words)
        told = [Reason("meaning", "", float(vector @ self._directions[:, column]))]
        if self._order is not None:
            told.append(Reason("order", "", float(self._order.scores(words)[column])))
        (phrases, worth), (runs, shares_of_runs) = self._views(words)
        for row, share in zip(phrases, worth, strict=True):
            name = self.learnt.phrases[row]
            told.append(
                Reason("pair" if " " in name else "word", name, share * self._pull(row, column))
            )
        pulls = {
            row: share * self._pull(row, column)
            for row, share in zip(runs, shares_of_runs, strict=True)
        }
        told += [Reason("letters", *one) for one in self._letters(words, pulls)]
        if self.taught is not None and (seen := self.see(text)) is not None:
            told += [Reason("example", *one) for one in self.taught.why(seen, column, most)]
        return sorted((one for one in told if one.weight), key=lambda one: -abs(one.weight))[:most]

    def _pull(self, row: int, column: int) -> float:
        return float(self._scales[row]) * float(self.learnt.numbers[row, column])

    def _letters(self, words: list[str], pulls: Mapping[int, float]) -> list[tuple[str, float]]:
        """Tell what the runs of letters in each word weigh; words that share one share it."""
        rows = {word: [self._runs.get(run, -1) for run in runs_of(word)] for word in words}
        times = Counter(row for word in words for row in rows[word])
        return [
            (word, sum(pulls.get(row, 0.0) / times[row] for row in rows[word]) * words.count(word))
            for word in rows
        ]

    def _words(self, text: str) -> list[str]:
        """Give the words as they were meant, where the model has not learnt them as they stand."""
        return [one.word for one in self.mender.mend(words_of(text))]

    def _vector(self, words: Sequence[str]) -> NDArray[np.float32]:
        return self._encoder.encode(" ".join(words))

    def _views(self, words: list[str]) -> list[tuple[list[int], list[float]]]:
        phrases = self._phrases
        return [
            shares(
                Counter(phrases[one] for one in phrases_of(words) if one in phrases), self._rarity
            ),
            shares(Counter(chain.from_iterable(map(self._runs_in, words))), self._rarity),
        ]

    def _find_runs(self, word: str) -> tuple[int, ...]:
        return tuple(self._runs[one] for one in runs_of(word) if one in self._runs)


def _order(arrays: Mapping[str, NDArray[Any]]) -> Order | None:
    held = {name: arrays[name] for name in arrays if name.startswith(_ORDER)}
    if not held:
        return None
    known = tuple(held.pop(f"{_ORDER}known").tobytes().decode().split("\n"))
    return Order.read(known, {name.removeprefix(_ORDER): one for name, one in held.items()})


def _told(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)
