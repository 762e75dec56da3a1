"""Learn to hear what a message asks for from its words in their order: a small neural network.

Plain NumPy, by Adam. Two layers of windows over three words each, and of every layer the strongest
place of each unit (docs/nlu.md). Words, units and labels are believed in part only, so that no
message is learnt by heart.

Source:
    Y. Kim, Convolutional Neural Networks for Sentence Classification, EMNLP 2014; D. Kingma and
    J. Ba, Adam, ICLR 2015; N. Srivastava et al., Dropout, JMLR 15 (2014); C. Szegedy et al.,
    Rethinking the Inception Architecture, CVPR 2016 (labels believed in part).
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from nlu.core.intents import Encoder
from nlu.core.order import Order

Floats = NDArray[np.float32]
Weights = dict[str, Floats]

WIDTH, UNITS = 96, 128  # of a word, of a layer
EPOCHS = 12
BATCH = 64  # messages
RATE = 0.002  # of Adam, at its highest
RISING = 0.1  # share of the steps in which the rate rises to that; then it sinks to zero
OUT = 0.4  # share of a word's numbers, and of the units, left out at each step
UNKNOWN = 0.15  # share of the known words that are taken for unknown at each step
BELIEF = 0.9  # in a label
SEEN = 2  # in at least so many messages, or a word has no numbers of its own
SHARE = 0.3  # what its scores count beside the linear model's
_DECAY = 1e-4  # of all weights, each step, times the rate
_STEEPEST = 5.0  # longer slopes are shortened to this length
_FIRST, _SECOND, _TINY = 0.9, 0.999, 1e-8  # of Adam


def order_of(
    said: Sequence[Sequence[str]],
    wanted: NDArray[np.intp],
    weights: Floats,
    intents: int,
    encoder: Encoder,
) -> Order:
    """Learn from messages, cut in words, and round what was learnt.

    Args:
        said: the words of each message.
        wanted: the place of its intent.
        weights: how much it counts.
        intents: how many there are.
        encoder: the one that will serve.
    """
    seen = Counter(word for words in said for word in set(words))
    known = sorted(word for word, count in seen.items() if count >= SEEN)
    rows = {word: row for row, word in enumerate(known, 1)}
    places = {word: place for place, word in enumerate(sorted(seen), 1)}
    vectors = np.stack([encoder.encode(word) for word in ("", *places)])
    even = np.float32(vectors.shape[1] ** 0.5)  # so that a number of a vector is about 1
    net = learn(
        [[places[word] for word in words] for words in said],
        vectors * even,
        np.array([0, *(rows.get(word, 0) for word in places)]),
        wanted,
        weights,
        intents,
    )
    net["sight"] *= even
    return Order.of(known, net, SHARE)


def learn(
    messages: Sequence[Sequence[int]],
    vectors: Floats,
    known: NDArray[np.intp],
    wanted: NDArray[np.intp],
    weights: Floats,
    intents: int,
    *,
    epochs: int = EPOCHS,
    seed: int = 0,
) -> Weights:
    """Learn a network.

    Args:
        messages: the words of each, as places in `vectors`; place 0 is no word.
        vectors: of all words, shape (words, dimensions); the first row is zero.
        known: of all words, the row of its own in `words`; 0 for those that have none.
        wanted: the intent of each message.
        weights: how much each message counts.
        intents: how many there are.
        seed: of what is left to chance.
    Returns:
        its weights, as `slopes` names them.
    """
    random = np.random.default_rng(seed)
    net = begin(vectors.shape[1], int(known.max()) + 1, intents, random)
    means = {name: np.zeros_like(held) for name, held in net.items()}
    squares = {name: np.zeros_like(held) for name, held in net.items()}
    steps, step = epochs * -(-len(messages) // BATCH), 0
    for _ in range(epochs):
        for chosen in _batches([len(one) for one in messages], random):
            words = padded([messages[at] for at in chosen])
            own = known[words] * (random.random(words.shape) >= UNKNOWN)
            found = slopes(net, vectors, words, own, wanted[chosen], weights[chosen], random=random)
            length = float(np.sqrt(sum(float(np.vdot(one, one)) for one in found.values())))
            shorter = np.float32(min(1.0, _STEEPEST / max(length, 1e-9)))
            step += 1
            rate = RATE * min(step / (RISING * steps), (1 - step / steps) / (1 - RISING))
            fair = np.float32(rate * (1 - _SECOND**step) ** 0.5 / (1 - _FIRST**step))
            for name, slope in found.items():
                slope *= shorter
                means[name] += np.float32(1 - _FIRST) * (slope - means[name])
                squares[name] += np.float32(1 - _SECOND) * (slope * slope - squares[name])
                net[name] *= np.float32(1 - rate * _DECAY)
                net[name] -= fair * means[name] / (np.sqrt(squares[name]) + np.float32(_TINY))
    return net


def begin(dimensions: int, known: int, intents: int, random: np.random.Generator) -> Weights:
    """Give weights to begin with."""

    def some(rows: int, columns: int, spread: float) -> Floats:
        return random.normal(0, spread, (rows, columns)).astype(np.float32)

    return {
        "sight": some(dimensions, WIDTH, 0.6 * dimensions**-0.5),
        "words": some(known, WIDTH, 0.1),
        "base": np.zeros(WIDTH, np.float32),
        "near": some(3 * WIDTH, UNITS, (3 * WIDTH) ** -0.5),
        "near_base": np.zeros(UNITS, np.float32),
        "far": some(3 * UNITS, UNITS, (3 * UNITS) ** -0.5),
        "far_base": np.zeros(UNITS, np.float32),
        "out": some(2 * UNITS, intents, (2 * UNITS) ** -0.5),
        "out_base": np.zeros(intents, np.float32),
    }


def slopes(
    net: Weights,
    vectors: Floats,
    words: NDArray[np.intp],
    own: NDArray[np.intp],
    wanted: NDArray[np.intp],
    weights: Floats,
    *,
    random: np.random.Generator | None = None,
) -> Weights:
    """Give the slope of the loss by each weight; without `random` nothing is left out."""
    here = (words > 0)[:, :, None]
    seen = vectors[words]
    word = np.tanh(seen @ net["sight"] + net["words"][own] + net["base"])
    kept_word = _kept(random, word) * here
    near_in = _windows(word * kept_word)
    near = np.maximum(near_in @ net["near"] + net["near_base"], 0) * here
    far_in = _windows(near)
    far = np.maximum(far_in @ net["far"] + net["far_base"], 0) * here
    strongest = np.concatenate([near.max(axis=1), far.max(axis=1)], axis=1)
    kept = _kept(random, strongest)
    told = strongest * kept
    likely = _shares(told @ net["out"] + net["out_base"])
    intents = likely.shape[1]
    likely -= (1 - BELIEF) / intents
    likely[np.arange(len(wanted)), wanted] -= BELIEF
    wrong = likely * (weights[:, None] / len(wanted))
    back = (wrong @ net["out"].T) * kept
    units = near.shape[2]
    to_far = _to_strongest(back[:, units:], far) * (far > 0)
    to_near = _to_strongest(back[:, :units], near) + _unwound(to_far @ net["far"].T)
    to_near *= near > 0
    to_word = _unwound(to_near @ net["near"].T) * kept_word * (1 - word * word)
    of_words = np.zeros_like(net["words"])
    np.add.at(of_words, own.ravel(), to_word.reshape(-1, to_word.shape[2]))
    return {
        "sight": _product(seen, to_word),
        "words": of_words,
        "base": to_word.sum(axis=(0, 1)),
        "near": _product(near_in, to_near),
        "near_base": to_near.sum(axis=(0, 1)),
        "far": _product(far_in, to_far),
        "far_base": to_far.sum(axis=(0, 1)),
        "out": told.T @ wrong,
        "out_base": wrong.sum(axis=0),
    }


def scores(net: Weights, vectors: Floats, words: NDArray[np.intp], own: NDArray[np.intp]) -> Floats:
    """Score every intent of messages, as `slopes` does with nothing left out."""
    here = (words > 0)[:, :, None]
    word = np.tanh(vectors[words] @ net["sight"] + net["words"][own] + net["base"]) * here
    near = np.maximum(_windows(word) @ net["near"] + net["near_base"], 0) * here
    far = np.maximum(_windows(near) @ net["far"] + net["far_base"], 0) * here
    strongest = np.concatenate([near.max(axis=1), far.max(axis=1)], axis=1)
    told: Floats = strongest @ net["out"] + net["out_base"]
    return told


def padded(messages: Sequence[Sequence[int]]) -> NDArray[np.intp]:
    """Put messages in a table, 0 where there is no word."""
    table = np.zeros((len(messages), max(1, *map(len, messages))), np.intp)
    for row, words in enumerate(messages):
        table[row, : len(words)] = words
    return table


def _batches(lengths: Sequence[int], random: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    """Deal messages into batches of about the same length, in any order."""
    order = random.permutation(len(lengths))
    order = order[np.argsort(np.array(lengths)[order] + random.random(len(order)) * 2)]
    batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    for place in random.permutation(len(batches)):
        yield batches[place]


def _kept(random: np.random.Generator | None, like: Floats) -> Floats:
    """Leave out a share by chance, and weigh up the rest."""
    if random is None:
        return np.ones_like(like)
    kept = random.random(like.shape, np.float32) >= OUT
    return kept.astype(like.dtype) / like.dtype.type(1 - OUT)


def _windows(places: Floats) -> Floats:
    """Put each place beside the one before it and the one after it."""
    around = np.pad(places, ((0, 0), (1, 1), (0, 0)))
    return np.concatenate([around[:, :-2], around[:, 1:-1], around[:, 2:]], axis=2)


def _unwound(windows: Floats) -> Floats:
    """Add up what the windows say of each place: `_windows`, transposed."""
    before, here, after = np.split(windows, 3, axis=2)
    here = here.copy()
    here[:, :-1] += before[:, 1:]
    here[:, 1:] += after[:, :-1]
    return here


def _to_strongest(back: Floats, places: Floats) -> Floats:
    """Give a slope to the place that was strongest."""
    given = np.zeros_like(places)
    np.put_along_axis(given, places.argmax(axis=1)[:, None], back[:, None], axis=1)
    return given


def _product(one: Floats, other: Floats) -> Floats:
    product: Floats = one.reshape(-1, one.shape[2]).T @ other.reshape(-1, other.shape[2])
    return product


def _shares(scores: Floats) -> Floats:
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = odds / odds.sum(axis=1, keepdims=True)
    return shares
