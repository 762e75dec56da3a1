"""What staff have taught beyond what Alice came with: a small correction to an intent model.

The model that ships stays as it is. Each example pulls the scores of messages that look like it,
just so much that its own intent is sure, and never harder than a bound; one that is read rightly
and surely as it is pulls nothing. So a lesson is no table of weights but its examples and how hard
each pulls: small enough for a row in the database, and readable.

The pulls are those of a multi-class support vector machine that begins at the model's own scores
instead of at zero, found one example at a time in the dual.

Source:
    K. Crammer and Y. Singer, On the Algorithmic Implementation of Multiclass Kernel-based Vector
    Machines, JMLR 2 (2001); S. S. Keerthi et al., A Sequential Dual Method for Large Scale
    Multi-Class Linear SVMs, KDD 2008.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import log
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

STRENGTH = 1.0  # the hardest that one example may pull
SURE = 3.0  # odds against all other intents together that an example is pulled to
ROUNDS = 55  # through the examples, at most
STILL = 0.01  # share of `STRENGTH`: pulls that change less have come to rest
_SMALLEST = 1e-3  # pulls below this share of `STRENGTH` are none


class Example(NamedTuple):
    """A sentence and what it asks for."""

    text: str
    intent: str


class Seen(NamedTuple):
    """A message as an intent model sees it, apart from what it makes of it.

    `rows` are the features it has, `worth` how much of each, `vector` is the encoder's, and
    `words` are all there are, in their order.
    """

    rows: NDArray[np.intp]
    worth: Floats
    vector: Floats
    words: tuple[str, ...] = ()


class Model(Protocol):
    """An intent model that has not been taught."""

    @property
    def fingerprint(self) -> str:
        """Name this version of the model."""

    @property
    def intents(self) -> tuple[str, ...]:
        """Name the intents, in the order of the scores."""

    @property
    def sharpness(self) -> float:
        """Tell what scores are multiplied by before they become confidences."""

    def see(self, text: str) -> Seen | None:
        """Give what there is in a text to tell by; None where there is nothing."""

    def judge(self, seen: Seen) -> Floats:
        """Score every intent: float32, shape (intents,)."""


class BadLesson(ValueError):
    """A lesson is damaged, or was learnt beside another model; the text says which."""


class Pull(NamedTuple):
    """An example, and how hard it pulls at each intent: towards its own, from others'."""

    example: Example
    pulls: Mapping[str, float]  # empty where it was read rightly as it was


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learnt from examples.

    Attributes:
        model: fingerprint of the model that it corrects.
        learnt: from each example, in the order in which they came.
    """

    model: str
    learnt: tuple[Pull, ...]

    @property
    def fingerprint(self) -> str:
        """Name this lesson: the same examples beside the same model have the same name."""
        return sha256(self.packed()).hexdigest()[:12]

    @property
    def examples(self) -> list[Example]:
        """List what it was learnt from."""
        return [one.example for one in self.learnt]

    def packed(self) -> bytes:
        """Write it, as `unpacked` reads it; the same lesson gives the same bytes."""
        told = [[*one.example, dict(sorted(one.pulls.items()))] for one in self.learnt]
        return json.dumps([self.model, told], ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def unpacked(cls, packed: bytes) -> "Lesson":
        """Read what `packed` wrote. Raises BadLesson."""
        try:
            model, told = json.loads(packed)
            learnt = tuple(
                Pull(Example(str(text), str(intent)), {str(at): float(pulls[at]) for at in pulls})
                for text, intent, pulls in told
            )
        except (ValueError, TypeError, KeyError) as error:
            raise BadLesson(f"is damaged ({error})") from error
        return cls(str(model), learnt)


class Taught:
    """What a lesson adds to the scores of the model that it was learnt beside.

    Raises:
        BadLesson: it is for another model.
    """

    def __init__(self, model: Model, lesson: Lesson) -> None:
        if lesson.model != model.fingerprint:
            raise BadLesson(f"is for {lesson.model}, not {model.fingerprint}")
        places = {intent: place for place, intent in enumerate(model.intents)}
        self.lesson = lesson
        self._pulling: list[tuple[Example, Seen, Floats]] = []
        for example, pulls in lesson.learnt:
            seen = model.see(example.text) if pulls else None
            if seen is not None:
                told = np.zeros(len(places), np.float32)
                for intent, pull in pulls.items():
                    if intent not in places:
                        raise BadLesson(f"pulls at {intent}, which there is not")
                    told[places[intent]] = pull
                self._pulling.append((example, seen, told))
        self._sum = _Sum([seen for _, seen, _ in self._pulling], len(places))
        for number, (_, _, told) in enumerate(self._pulling):
            self._sum.add(number, told)

    def added(self, seen: Seen) -> Floats:
        """Give what to add to every score: float32, shape (intents,)."""
        return self._sum.of(seen)

    def why(self, seen: Seen, column: int, most: int) -> list[tuple[str, float]]:
        """Give the examples that pull most at an intent, either way, the strongest first."""
        told = [
            (example.text, float(pulls[column]) * alike(seen, other))
            for example, other, pulls in self._pulling
            if pulls[column]
        ]
        return sorted(told, key=lambda one: -abs(one[1]))[:most]


def learn(
    model: Model,
    examples: Sequence[Example],
    *,
    strength: float = STRENGTH,
    goes_on: Callable[[float], None] = lambda share: None,
) -> Lesson:
    """Find how hard each example has to pull. The same examples in any order give the same lesson.

    Args:
        model: that is corrected.
        examples: of intents that it knows.
        strength: the hardest that one may pull.
        goes_on: hears how much is done, 0..1, after each round; may raise to stop it.
    """
    examples = sorted(set(examples))
    places = {intent: place for place, intent in enumerate(model.intents)}
    met = [(one, model.see(one.text)) for one in examples]
    told = [(one, found) for one, found in met if found is not None]
    seen = [found for _, found in told]
    own = [places[one.intent] for one, _ in told]
    scores = [model.judge(found) for found in seen]
    size = [alike(found, found) for found in seen]
    pulls = np.zeros((len(told), len(places)), np.float32)
    total = _Sum(seen, len(places))
    for turn in range(ROUNDS):
        moved = 0.0
        for at, place in enumerate(own):
            now = scores[at] + total.at(at)
            rivals = now + _margin(now, place, model.sharpness)
            rivals[place] = now[place]
            if not pulls[at].any() and rivals.argmax() == place:
                continue
            wanted = _best(rivals - size[at] * pulls[at], size[at], place, strength)
            change = wanted - pulls[at]
            moved = max(moved, float(np.abs(change).max()))
            total.add(at, change)
            pulls[at] = wanted
        goes_on((turn + 1) / ROUNDS)
        if moved < STILL * strength:
            break
    goes_on(1.0)
    least = _SMALLEST * strength
    learnt = {
        one: {
            model.intents[k]: round(float(row[k]), 5) for k in np.flatnonzero(np.abs(row) > least)
        }
        for (one, _), row in zip(told, pulls, strict=True)
    }
    return Lesson(model.fingerprint, tuple(Pull(one, learnt.get(one, {})) for one in examples))


def alike(one: Seen, other: Seen) -> float:
    """Tell how much of what one message is made of is in the other: their inner product."""
    _, here, there = np.intersect1d(one.rows, other.rows, assume_unique=True, return_indices=True)
    return float(one.worth[here] @ other.worth[there] + one.vector @ other.vector)


class _Sum:
    """The sum of all pulls, kept by feature, so that a message is scored in one go."""

    def __init__(self, seen: Sequence[Seen], columns: int) -> None:
        touched = [found.rows for found in seen]
        self._rows = np.unique(np.concatenate(touched)) if touched else np.zeros(0, np.intp)
        self._seen = [found._replace(rows=self._place(found.rows)) for found in seen]
        self._weights = np.zeros((len(self._rows), columns), np.float32)
        width = len(seen[0].vector) if seen else 0
        self._directions = np.zeros((width, columns), np.float32)

    def _place(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        return np.searchsorted(self._rows, rows)

    def add(self, at: int, pulls: Floats) -> None:
        """Let the example at `at` pull so much more."""
        found = self._seen[at]
        self._weights[found.rows] += np.outer(found.worth, pulls)
        self._directions += np.outer(found.vector, pulls)

    def at(self, at: int) -> Floats:
        """Score one of the examples."""
        found = self._seen[at]
        scores: Floats = found.worth @ self._weights[found.rows] + found.vector @ self._directions
        return scores

    def of(self, seen: Seen) -> Floats:
        """Score any message."""
        if not self._seen:
            return np.zeros(self._weights.shape[1], np.float32)
        places = self._place(seen.rows)
        places[places == len(self._rows)] = 0
        known = self._rows[places] == seen.rows
        scores: Floats = seen.worth[known] @ self._weights[places[known]]
        return scores + seen.vector @ self._directions


def _margin(scores: Floats, own: int, sharpness: float) -> np.float32:
    """Tell how far above its best rival an intent must score to be `SURE`: more, the more rival."""
    rivals = np.delete(scores, own)
    crowd = np.exp((rivals - rivals.max()) * np.float32(sharpness)).sum()
    return np.float32(log(SURE * crowd) / sharpness)


def _best(rivals: Floats, size: float, own: int, strength: float) -> Floats:
    """Give the best pulls of one example while all others stay (Keerthi et al., algorithm 3).

    Args:
        rivals: scores without this example, the margin added to all but its own.
        size: inner product of the example with itself.
        own: place of its own intent.
        strength: the hardest that it may pull.
    """
    level = rivals.astype(np.float64)
    level[own] += size * strength
    falling = np.sort(level)[::-1]
    means = (np.cumsum(falling) - size * strength) / np.arange(1, len(falling) + 1)
    count = int(np.argmax(np.append(means[:-1] >= falling[1:], True)))
    caps = np.zeros(len(rivals))
    caps[own] = strength
    pulls: Floats = np.minimum(caps, (means[count] - rivals) / size).astype(np.float32)
    return pulls
