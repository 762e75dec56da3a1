"""Cross-validation reads every message by a model that has not met it."""

from collections.abc import Sequence

import numpy as np
import pytest

from nlu.core.encoder import SwedishEncoder
from nlu.core.intents import OUT_OF_SCOPE, Encoder, Learnt
from nlu.training.folds import Readings, Vectors, dealt, read_unmet
from nlu.training.messages import Message

MESSAGES = [
    *(Message(f"tänd nummer {n}", "tänd") for n in range(10)),
    *(Message(f"släck nummer {n}", "släck") for n in range(10, 20)),
]


def by_words(told: Sequence[Message], encoder: Encoder) -> Learnt:
    """Know the first words, and believe of every number that was met that it is for the other."""
    first = ("släck", "tänd")
    pairs = tuple(sorted({f"nummer {one.text.split()[-1]}" for one in told}))
    numbers = np.zeros((len(first) + len(pairs) + 1, 2), np.int8)
    numbers[0, 0] = numbers[1, 1] = 100
    for one in told:
        pair = len(first) + pairs.index(f"nummer {one.text.split()[-1]}")
        numbers[pair, int(one.intent != "tänd")] = 127  # a leak would turn its reading
    rows = len(numbers)
    return Learnt(
        intents=("släck", "tänd"),
        phrases=(*first, *pairs),
        runs=("<ö>",),
        rarity=np.ones(rows, np.float16),
        numbers=numbers,
        scales=np.full(rows, 0.01, np.float16),
        directions=np.zeros((512, 2), np.float16),
        start=np.zeros(2, np.float32),
        sharpness=1.0,
        encoder=encoder.fingerprint,
        curve=np.zeros((0, 3), np.float32),
    )


def test_folds_hold_as_many_of_every_intent() -> None:
    fold = dealt(MESSAGES, 5)
    assert np.bincount(fold).tolist() == [4] * 5
    assert np.bincount(fold[:10]).tolist() == [2] * 5
    assert np.array_equal(fold, dealt(MESSAGES, 5))


def test_every_message_is_read_once() -> None:
    heard: list[str] = []
    readings = read_unmet(MESSAGES, SwedishEncoder.load(), by_words, folds=2, say=heard.append)
    assert readings.intents == ("släck", "tänd")
    assert readings.right.all()
    assert (readings.scores > -10).all()
    assert len(heard) == 2


def test_remembered_vectors_are_the_encoders() -> None:
    encoder = SwedishEncoder.load()
    known = Vectors(encoder, MESSAGES)
    assert np.array_equal(known.encode("tänd nummer 3"), encoder.encode("tänd nummer 3"))
    with pytest.raises(KeyError):
        known.encode("aldrig hört")


def test_confidences_are_as_sure_as_the_readings_are_right() -> None:
    """Of scores that are right three times in four, one says 0.75."""
    scores = np.tile([1.0, 0.0], (400, 1))
    readings = Readings(("a", "b"), scores, np.array([0, 0, 0, 1] * 100))
    sharpness = readings.sharpness()
    assert 1 / (1 + np.exp(-sharpness)) == pytest.approx(0.75, abs=0.02)
    curve = readings.curve(sharpness)
    assert curve[0].tolist() == [0, 1, 0.75]
    assert curve[-1][0] == pytest.approx(0.75)


def test_doubt_tells_what_is_out_of_scope() -> None:
    scores = np.array([[3.0, 0, 0], [0, 3, 0], [0.1, 0, 5]])
    readings = Readings(("a", "b", OUT_OF_SCOPE), scores, np.array([0, 1, 2]))
    assert readings.out_of_scope_auc(1.0) == 1.0
    assert readings.of(np.array([True, True, False])).right.all()
