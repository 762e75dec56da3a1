"""Learn the encoder's rows: texts of a pair are drawn together, other texts of the batch apart.

Plain NumPy; the same data and seed give the same rows on the same machine.

Source:
    A. van den Oord et al., Representation Learning with Contrastive Predictive Coding, 2018
    (InfoNCE); D. Kingma and J. Ba, Adam, ICLR 2015, with moments that rest where a row is not used;
    J. Mu and P. Viswanath, All-but-the-Top, ICLR 2018 (common directions removed).
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from nlu.core.encoder import BUCKETS, DIMENSIONS, Rows, parts_of, words_of

from .pairs import Group, Pair, counts, groups

Floats = NDArray[np.float32]

SEED = 1
EPOCHS = 2
KNOWN_WORDS = 16_000  # with a row of their own
BATCH = 512  # pairs
HEARD_WORDS = 64  # of a text, while learning
TEMPERATURE = 0.05
STEP = 0.003  # Adam's, sinking to zero in a straight line
COMMON = 2e-4  # a word of this share of all words counts (1/2) ** STEEPNESS
STEEPNESS = 0.75
RARE = 1e-6  # share of a word that was never counted
COMMON_DIRECTIONS = 8  # taken away at the end
SAMPLE = 3_000  # texts of each kind that tell which they are
_MANY = 20  # how much being among Swedish's 50,000 most used words tells for a row


@dataclass(frozen=True, slots=True)
class Words:
    """The words that get a row of their own, most wanted first, and what each counts, 0..1."""

    known: tuple[str, ...]
    weights: NDArray[np.float64]

    @classmethod
    def of(cls, kinds: Sequence[Group], seen: dict[str, int], *, most: int) -> "Words":
        """Choose them.

        Args:
            seen: how often each common Swedish word was counted elsewhere.
            most: words at most.
        """
        here: Counter[str] = Counter()
        english: Counter[str] = Counter()
        for kind in kinds:
            for one, other in kind.pairs:
                here.update(words_of(one) + words_of(other))
                english.update(words_of(other) if kind.english else ())
        total, total_english = max(1, sum(seen.values())), max(1, sum(english.values()))

        def wanted(word: str) -> float:
            return here[word] + (_MANY + seen[word] / 2000 if word in seen else 0)

        def share(word: str) -> float:
            if word in seen:
                return max(RARE, seen[word] / total)
            return max(RARE, english[word] / total_english if english[word] > 3 else 0)

        known = tuple(sorted({*here, *seen}, key=lambda word: (-wanted(word), word))[:most])
        shares = np.array([share(word) for word in known])
        return cls(known, (COMMON / (COMMON + shares)) ** STEEPNESS)


class Reading:
    """Texts as sums of rows, each word taken apart once."""

    def __init__(self, words: Words) -> None:
        self._places = {word: place for place, word in enumerate(words.known)}
        self._weights = words.weights
        self._parts: dict[str, tuple[NDArray[np.int64], Floats]] = {}

    def matrix(self, texts: Sequence[str]) -> tuple[NDArray[np.int64], Floats]:
        """Give the rows in use, and how much of each every text is: shape (texts, rows)."""
        found = [[self._of(word) for word in words_of(text)[:HEARD_WORDS]] for text in texts]
        lengths = [sum(len(rows) for rows, _ in parts) for parts in found]
        if not any(lengths):
            return np.zeros(1, np.int64), np.zeros((len(texts), 1), np.float32)
        rows = np.concatenate([rows for parts in found for rows, _ in parts])
        shares = np.concatenate([shares for parts in found for _, shares in parts])
        used, place = np.unique(rows, return_inverse=True)
        cell = np.repeat(np.arange(len(texts)), lengths) * len(used) + place
        matrix = np.bincount(cell, shares, len(texts) * len(used)).astype(np.float32)
        return used, matrix.reshape(len(texts), len(used))

    def _of(self, word: str) -> tuple[NDArray[np.int64], Floats]:
        known = self._parts.get(word)
        if known is None:
            rows, shares = parts_of(word, self._places)
            place = self._places.get(word)
            weight = 1.0 if place is None else self._weights[place]
            known = np.array(rows), (np.array(shares) * weight).astype(np.float32)
            self._parts[word] = known
        return known


class Adam:
    """Step rows against their gradients, each row as it is used."""

    MEAN, SPREAD, TINY = 0.9, 0.999, 1e-8

    def __init__(self, rows: Floats) -> None:
        self._rows = rows
        self._mean, self._spread = np.zeros_like(rows), np.zeros_like(rows)
        self._steps = 0

    def step(self, used: NDArray[np.int64], slope: Floats, size: float) -> None:
        """Move the rows in use by about `size`."""
        self._steps += 1
        mean = self._mean[used] * self.MEAN + slope * (1 - self.MEAN)
        spread = self._spread[used] * self.SPREAD + slope * slope * (1 - self.SPREAD)
        self._mean[used], self._spread[used] = mean, spread
        root = np.sqrt(spread / (1 - self.SPREAD**self._steps))
        self._rows[used] -= size / (1 - self.MEAN**self._steps) * mean / (root + self.TINY)


def contrast(
    ones: Floats, others: Floats, apart: NDArray[np.bool_]
) -> tuple[float, Floats, Floats]:
    """Tell how badly each row of `ones` finds its own among `others`, and the other way.

    Args:
        ones: shape (n, DIMENSIONS), unit length.
        others: shape (n + more, DIMENSIONS); row i belongs to row i, those above n to nobody.
        apart: shape (n, n + more); False where two texts say the same and must not be told apart.

    Returns:
        The loss, and its slopes by `ones` and by `others`.
    """
    count = len(ones)
    scores = np.where(apart, ones @ others.T / TEMPERATURE, -1e9).astype(np.float32)
    there, there_loss = _shares(scores)
    back, back_loss = _shares(np.ascontiguousarray(scores[:, :count].T))
    slope = there
    slope[:, :count] += back.T
    slope[np.arange(count), np.arange(count)] -= 2
    slope /= count * TEMPERATURE
    return there_loss + back_loss, slope @ others, slope.T @ ones


def _shares(scores: Floats) -> tuple[Floats, float]:
    """Give the softmax of each row, and the mean loss of its diagonal."""
    scores = scores - scores.max(axis=1, keepdims=True)
    shares = np.exp(scores)
    totals = shares.sum(axis=1, keepdims=True)
    own = np.diagonal(scores)[: len(scores)]
    return shares / totals, float(np.mean(np.log(totals[:, 0]) - own))


def train(
    data: Path, *, epochs: int, say: Callable[[str], object], known_words: int = KNOWN_WORDS
) -> Rows:
    """Learn the rows from the open sets in a folder.

    Args:
        epochs: rounds through the pairs.
        say: hears how it goes.
        known_words: words with a row of their own, at most.

    Raises:
        MissingData: a set is not there.
    """
    random = Random(SEED)
    kinds = groups(data, random)
    words = Words.of(kinds, counts(data), most=known_words)
    reading = Reading(words)
    spread = np.random.default_rng(SEED)
    size = (len(words.known) + BUCKETS, DIMENSIONS)
    rows = spread.standard_normal(size, np.float32) / np.float32(np.sqrt(DIMENSIONS))
    adam = Adam(rows)
    rounds = [list(_batches(kinds, random)) for _ in range(epochs)]
    total, done = sum(map(len, rounds)), 0
    for number, batches in enumerate(rounds, 1):
        losses = 0.0
        for kind, pairs in batches:
            losses += _learn(rows, adam, reading, kind, pairs, STEP * (1 - done / total))
            done += 1
        say(f"{number}/{epochs}: {len(batches)} omgångar, förlust {losses / len(batches):.3f}")
    return packed(words, without_common(rows, reading, kinds))


def _batches(kinds: Sequence[Group], random: Random) -> Iterator[tuple[Group, list[Pair]]]:
    """Give every kind's pairs in batches of its own, in any order."""
    found = []
    for kind in kinds:
        pairs = random.sample(kind.pairs, int(len(kind.pairs) * min(1, kind.share)))
        pairs *= max(1, int(kind.share))
        found += [(kind, pairs[at : at + BATCH]) for at in range(0, len(pairs), BATCH)]
    random.shuffle(found)
    yield from found


def _learn(
    rows: Floats,
    adam: Adam,
    reading: Reading,
    kind: Group,
    pairs: Sequence[Pair],
    size: float,
) -> float:
    """Take one step on one batch, and give its loss."""
    ones, others = [one for one, _ in pairs], [other for _, other in pairs]
    against = [text for one in ones if (text := (kind.opposites or {}).get(one))]
    used, matrix = reading.matrix([*ones, *others, *against])
    sums = matrix @ rows[used]
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), np.float32(1e-6))
    unit = sums / lengths
    loss, *slopes = contrast(unit[: len(ones)], unit[len(ones) :], _apart(ones, others, against))
    slope = np.concatenate(slopes)
    slope = (slope - (slope * unit).sum(axis=1, keepdims=True) * unit) / lengths
    adam.step(used, matrix.T @ slope, size)
    return loss


def _apart(ones: list[str], others: list[str], against: list[str]) -> NDArray[np.bool_]:
    """Tell which texts are to be told apart: not a text of the same words as one's own."""
    mine, theirs = np.array(ones), np.array(others)
    same = (mine[:, None] == mine) | (theirs[:, None] == theirs)
    np.fill_diagonal(same, False)
    return np.concatenate([~same, np.ones((len(ones), len(against)), np.bool_)], axis=1)


def without_common(rows: Floats, reading: Reading, kinds: Sequence[Group]) -> Floats:
    """Take away the directions that most texts share and that tell none apart."""
    telling = [kind for kind in kinds if kind.opposites or kind.english]
    sample = [one for kind in telling for one, _ in kind.pairs[:SAMPLE]]
    vectors = []
    for at in range(0, len(sample), BATCH):
        used, matrix = reading.matrix(sample[at : at + BATCH])
        vectors.append(matrix @ rows[used])
    texts = np.concatenate(vectors)
    texts /= np.maximum(np.linalg.norm(texts, axis=1, keepdims=True), np.float32(1e-6))
    _, directions = np.linalg.eigh(texts.T @ texts)
    common = directions[:, DIMENSIONS - COMMON_DIRECTIONS :]  # rising
    without: Floats = rows - rows @ common @ common.T
    return without


def packed(words: Words, rows: Floats) -> Rows:
    """Round the rows to a byte a number, each row by a scale of its own."""
    scales = np.maximum(np.abs(rows).max(axis=1), np.float32(1e-9)) / np.float32(127)
    numbers = np.rint(rows / scales[:, None]).astype(np.int8)
    weights = np.rint(words.weights * 255).astype(np.uint8)
    return Rows(words.known, weights, numbers, scales.astype(np.float32))
