"""How likely a message tries to talk Alice out of her instructions, by a small linear model.

It counts words, neighbouring words and runs of letters (TF-IDF), in the text as written and in
every way in which it may be meant (`disguises.py`). Learnt by `guardian/training/injection.py`.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import islice, pairwise
from math import exp, log, sqrt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .disguises import readings

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "injection.npz"
STOP_AT_LEAST = 0.5  # score from which a message counts as an attack; the training puts it there
MOST_CHARS = 4_000  # of a text are read
MOST_WORDS = 610
MOST_LETTERS = 34  # of a word
RUNS = (2, 3, 4, 5)  # letters in a run

_TOKEN = re.compile(r"[^\W_]+|[\[\]<>{}#:\"!?]")

Features = tuple[Mapping[str, int], Mapping[str, int]]


class BadInjectionFile(ValueError):
    """The model's file is missing or damaged; the text says which."""


@dataclass(frozen=True, slots=True)
class Point:
    """What was measured at a threshold: shares of attacks and of harmless texts."""

    at_least: float
    found: float  # attacks
    stopped: float  # harmless texts
    stopped_with_triggers: float  # harmless texts with words that attacks also use


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt.

    Attributes:
        phrases: words, pairs and triples, the first rows in this order.
        runs: runs of letters, the rows that follow.
        rarity: float16, inverse document frequency of each row.
        weights: float16, of each row.
        start: before a word is read.
        curve: float32, shape (points, 4): threshold, and the shares of attacks found, of
            harmless messages stopped and of harmless ones with trigger words stopped.
    """

    phrases: tuple[str, ...]
    runs: tuple[str, ...]
    rarity: NDArray[np.float16]
    weights: NDArray[np.float16]
    start: float
    curve: NDArray[np.float32]

    def packed(self) -> bytes:
        """Write all of it, as `unpacked` reads it; the same numbers give the same bytes."""
        arrays: dict[str, Any] = {"phrases": _told(self.phrases), "runs": _told(self.runs)}
        arrays |= {"rarity": self.rarity, "weights": self.weights, "curve": self.curve}
        arrays["start"] = np.float64(self.start)
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
        """Read what `packed` wrote. Raises BadInjectionFile."""
        try:
            with np.load(BytesIO(packed), allow_pickle=False) as arrays:
                phrases, runs = (
                    tuple(arrays[name].tobytes().decode().split("\n"))
                    for name in ("phrases", "runs")
                )
                learnt = cls(
                    phrases,
                    runs,
                    arrays["rarity"],
                    arrays["weights"],
                    float(arrays["start"]),
                    arrays["curve"],
                )
        except (ValueError, TypeError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise BadInjectionFile(f"is damaged ({error})") from error
        rows = (len(phrases) + len(runs),)
        found = [learnt.rarity.shape, learnt.weights.shape, learnt.curve.shape[1:]]
        if found != [rows, rows, (4,)]:
            raise BadInjectionFile(f"holds tables of the wrong shapes ({found})")
        return learnt


class InjectionModel:
    """Scores texts: 0 is harmless, 1 an attack."""

    def __init__(self, learnt: Learnt) -> None:
        self.learnt = learnt
        rarity = learnt.rarity.astype(float).tolist()
        pulls = learnt.weights.astype(float).tolist()
        known = list(zip(rarity, pulls, strict=True))
        count = len(learnt.phrases)
        self._views = (
            dict(zip(learnt.phrases, known[:count], strict=True)),
            dict(zip(learnt.runs, known[count:], strict=True)),
        )

    @classmethod
    def load(cls, path: Path = SHIPPED) -> "InjectionModel":
        """Read the file. Raises BadInjectionFile."""
        try:
            packed = path.read_bytes()
        except OSError as error:
            raise BadInjectionFile(f"{path}: {error.strerror}") from error
        return cls(Learnt.unpacked(packed))

    @property
    def curve(self) -> tuple[Point, ...]:
        """Give what each threshold would find and stop, as it was measured."""
        return tuple(Point(*map(float, row)) for row in self.learnt.curve)

    def score(self, text: str) -> float:
        """Score a text by the worst of its readings, 0..1."""
        worst = max(self.margin(features_of(one)) for one in readings(text[:MOST_CHARS]))
        return 1 / (1 + exp(-max(-34.0, min(34.0, worst))))

    def margin(self, features: Features) -> float:
        """Weigh what a text is made of; above 0 is an attack."""
        margin = self.learnt.start
        for known, counted in zip(self._views, features, strict=True):
            square = pulled = 0.0
            for part, times in counted.items():
                if (row := known.get(part)) is not None:
                    worth = row[0] if times == 1 else (1 + log(times)) * row[0]
                    square += worth * worth
                    pulled += worth * row[1]
            if square:
                margin += pulled / sqrt(square)
        return margin


def features_of(text: str) -> Features:
    """Count the words, pairs and triples of a text, and its runs of letters."""
    found = _TOKEN.finditer(text[:MOST_CHARS].lower())
    words = [one.group()[:MOST_LETTERS] for one in islice(found, MOST_WORDS)]
    edged = ["^", *words, "$"]
    phrases = Counter(words)
    phrases.update([f"{one} {other}" for one, other in pairwise(edged)])
    phrases.update(
        [f"{one} {two} {three}" for (one, two), (_, three) in pairwise(list(pairwise(edged)))]
    )
    return phrases, Counter([run for word in words for run in _runs_of(word)])


@lru_cache(maxsize=4_096)
def _runs_of(word: str) -> tuple[str, ...]:
    marked = f"<{word}>"
    return tuple(marked[at : at + size] for size in RUNS for at in range(len(marked) - size + 1))


def _told(words: tuple[str, ...]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode(), np.uint8)
