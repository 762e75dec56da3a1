"""How right an intent model is on messages that it has not met: cross-validation.

The messages are dealt into folds by intent. For each fold a model is learnt from the others, and
reads what was kept back.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from nlu.core.features import words_of
from nlu.core.intents import OUT_OF_SCOPE, Encoder, IntentModel, Learnt

from .messages import Message

STEPS = tuple(round(0.05 * step, 2) for step in range(20))  # of the curve

Scores = NDArray[np.float64]
Fit = Callable[[Sequence[Message], Encoder], Learnt]


class Vectors:
    """Remembers what the encoder says of messages and their words, for processes without it.

    Args:
        encoder: that is asked, once for each.
        messages: that will be met.
    """

    def __init__(self, encoder: Encoder, messages: Sequence[Message]) -> None:
        said = [words_of(one.text) for one in messages]
        texts = {"", *(" ".join(words) for words in said), *(w for words in said for w in words)}
        self.fingerprint = encoder.fingerprint
        self._vectors = {text: encoder.encode(text) for text in texts}

    def encode(self, text: str) -> NDArray[np.float32]:
        """Give the vector of a text that was met."""
        return self._vectors[text]


@dataclass(frozen=True, slots=True)
class Readings:
    """How messages were read by models that had not met them.

    Attributes:
        intents: in the order of the scores' columns.
        scores: shape (messages, intents).
        wanted: the place of each message's intent.
    """

    intents: tuple[str, ...]
    scores: Scores
    wanted: NDArray[np.intp]

    def of(self, chosen: NDArray[np.bool_]) -> "Readings":
        """Give some of them."""
        return Readings(self.intents, self.scores[chosen], self.wanted[chosen])

    @property
    def right(self) -> NDArray[np.bool_]:
        """Tell which were read rightly."""
        right: NDArray[np.bool_] = self.scores.argmax(axis=1) == self.wanted
        return right

    def pairs(self) -> list[tuple[str, str]]:
        """Give each message's intent, and the one that it was read as."""
        told = self.scores.argmax(axis=1)
        return [
            (self.intents[wanted], self.intents[read])
            for wanted, read in zip(self.wanted, told, strict=True)
        ]

    def sharpness(self) -> float:
        """Find what to multiply scores by, so that of confidences of 0.8 four in five are right."""

        def loss(sharpness: float) -> float:
            odds = self._odds(sharpness)
            return -float(np.log(odds[np.arange(len(odds)), self.wanted] + 1e-12).mean())

        return min((round(0.1 * step, 1) for step in range(5, 120)), key=loss)

    def curve(self, sharpness: float) -> NDArray[np.float32]:
        """Give how many are answered, and how many of those rightly, from each confidence."""
        sure, right = self._odds(sharpness).max(axis=1), self.right
        points = [
            (step, float((sure >= step).mean()), float(right[sure >= step].mean()))
            for step in STEPS
            if (sure >= step).any()
        ]
        return np.array(points, np.float32)

    def out_of_scope_auc(self, sharpness: float) -> float:
        """Tell how well doubt parts messages in scope from those beside it (area under the ROC)."""
        beside = self.intents.index(OUT_OF_SCOPE)
        doubt = 1 - np.delete(self._odds(sharpness), beside, axis=1).max(axis=1)
        outside = self.wanted == beside
        inside = np.sort(doubt[~outside])
        below = np.searchsorted(inside, doubt[outside], "left")
        below = below + np.searchsorted(inside, doubt[outside], "right")
        return float(below.mean() / (2 * len(inside)))

    def _odds(self, sharpness: float) -> Scores:
        sharp = (self.scores - self.scores.max(axis=1, keepdims=True)) * sharpness
        odds: Scores = np.exp(sharp)
        odds /= odds.sum(axis=1, keepdims=True)
        return odds


def dealt(messages: Sequence[Message], folds: int) -> NDArray[np.intp]:
    """Give the fold of each message: of every intent about as many in each, else by chance."""
    random, fold, begun = np.random.default_rng(7), np.zeros(len(messages), np.intp), 0
    intents = np.array([one.intent for one in messages])
    for intent in sorted(set(intents)):
        of_it = random.permutation(np.flatnonzero(intents == intent))
        fold[of_it] = (begun + np.arange(len(of_it))) % folds
        begun += len(of_it)
    return fold


def read_unmet(
    messages: Sequence[Message],
    encoder: Encoder,
    fit: Fit,
    *,
    folds: int,
    jobs: int = 1,
    language: str = "",
    say: Callable[[str], object] = lambda _: None,
) -> Readings:
    """Read every message by a model that was learnt without its fold.

    Args:
        fit: learns a model; where there is more than one job, a function of a module.
        folds: at least 2.
        jobs: processes that learn at the same time.
        language: of the messages, to mend words as when Alice serves.
        say: hears of each fold.
    """
    fold = dealt(messages, folds)
    intents = tuple(sorted({one.intent for one in messages}))
    wanted = np.array([intents.index(one.intent) for one in messages])
    readings = Readings(intents, np.full((len(messages), len(intents)), -10.0), wanted)
    parts = [[one for one, at in zip(messages, fold, strict=True) if at != n] for n in range(folds)]
    learn = partial(fit, encoder=Vectors(encoder, messages))
    with ProcessPoolExecutor(jobs) as pool:
        for number, learnt in enumerate(pool.map(learn, parts)):
            model = IntentModel(learnt, encoder, language=language)
            columns = [intents.index(intent) for intent in model.intents]
            for place in np.flatnonzero(fold == number):
                found = model.scores(messages[place].text)
                readings.scores[place, columns] = 0 if found is None else found
            say(f"del {number + 1} av {folds}: {readings.of(fold == number).right.mean():.4f}")
    return readings
