"""What a lesson is worth: every example read by a model that was taught all the others but not it.

The examples are dealt into folds by their words. For each fold a lesson is learnt from the others,
and reads what was kept back. What is in force is measured in the same way, from the examples that
it was learnt from, so that before and after are the same question asked of two models.

Source:
    E. B. Wilson, JASA 22 (1927), the interval of a share; A. Agresti and Y. Min, Statistics in
    Medicine 24 (2005), the interval of a difference between pairs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, NamedTuple
from zlib import crc32

from .intents import IntentModel
from .lessons import Example, learn
from .text import normal

FOLDS = 5
Z = 1.96  # standard deviations to either side: 95 %

Share = tuple[float, float, float]
"""A share of 1, and the bounds that hold it with 95 % certainty."""


class Answer(NamedTuple):
    """How a model that had not met it read an example."""

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Trial:
    """One example, before and after."""

    example: Example
    own: bool  # the operator's; else Alice came with it
    before: Answer
    after: Answer

    @property
    def was_right(self) -> bool:
        """Tell whether it was read rightly before."""
        return self.before.intent == self.example.intent

    @property
    def is_right(self) -> bool:
        """Tell whether it is read rightly now."""
        return self.after.intent == self.example.intent


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of some examples."""

    count: int
    before: int  # read rightly
    after: int
    better: int  # wrong before, right now
    worse: int

    @property
    def was(self) -> Share:
        """Give the share that was right before."""
        return share(self.before, self.count)

    @property
    def becomes(self) -> Share:
        """Give the share that is right now."""
        return share(self.after, self.count)

    @property
    def gain(self) -> Share:
        """Give the difference between them, -1..1."""
        return difference(self.better, self.worse, self.count)


def tally(trials: Sequence[Trial]) -> Tally:
    """Count."""
    return Tally(
        len(trials),
        sum(one.was_right for one in trials),
        sum(one.is_right for one in trials),
        sum(one.is_right and not one.was_right for one in trials),
        sum(one.was_right and not one.is_right for one in trials),
    )


def trials_of(
    model: IntentModel,
    before: Sequence[Example],
    after: Sequence[Example],
    *,
    own: frozenset[Example],
    goes_on: Callable[[float], None] = lambda share: None,
) -> list[Trial]:
    """Read every example of `after` twice, by lessons that it was kept back from.

    Args:
        model: as it ships.
        before: what the lesson in force was learnt from; nothing where the shipped model is.
        after: what the new one is learnt from.
        own: the operator's own among them.
        goes_on: hears how much is done, 0..1; may raise to stop it.
    """
    told = sorted(set(after))
    trials: list[Trial] = []
    for fold in range(FOLDS):
        kept_back = [one for one in told if fold_of(one) == fold]

        def further(done: float, begun: float = fold / FOLDS) -> None:
            goes_on(begun + done / FOLDS)

        old = _without(fold, model, before, lambda done: further(done / 2))
        new = _without(fold, model, after, lambda done: further((1 + done) / 2))
        trials += [
            Trial(one, one in own, _read(old, one.text), _read(new, one.text)) for one in kept_back
        ]
    return trials


def fold_of(example: Example) -> int:
    """Deal an example: what is written alike comes into the same fold, whatever its intent."""
    return crc32(normal(example.text).encode()) % FOLDS


def _without(
    fold: int, model: IntentModel, examples: Sequence[Example], goes_on: Callable[[float], Any]
) -> IntentModel:
    known = [one for one in examples if fold_of(one) != fold]
    return model.with_lesson(learn(model, known, goes_on=goes_on)) if known else model


def _read(model: IntentModel, text: str) -> Answer:
    guess = model.read(text)
    return Answer(guess.intent, guess.confidence)


def share(right: int, count: int) -> Share:
    """Give a share and its interval (Wilson); of nothing, all is possible."""
    if not count:
        return 0.0, 0.0, 1.0
    told, spread = right / count, Z * Z / count
    middle = (told + spread / 2) / (1 + spread)
    reach = Z * sqrt(told * (1 - told) / count + spread / (4 * count)) / (1 + spread)
    return told, min(told, max(0.0, middle - reach)), max(told, min(1.0, middle + reach))


def difference(better: int, worse: int, count: int) -> Share:
    """Give the gain of `count` pairs and its interval (Agresti and Min: half a pair to each)."""
    if not count:
        return 0.0, -1.0, 1.0
    up, down, all_ = better + 0.5, worse + 0.5, count + 2
    middle = (up - down) / all_
    reach = Z * sqrt(max(0.0, up + down - (up - down) ** 2 / all_)) / all_
    told = (better - worse) / count
    return told, min(told, max(-1.0, middle - reach)), max(told, min(1.0, middle + reach))
