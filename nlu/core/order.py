"""What a message asks for by its words in their order: a small network beside the linear model.

It hears windows of three words, and windows of three of those, and keeps the strongest place of
each unit. It was learnt by `nlu/training/sequences.py`.

Source:
    Y. Kim, Convolutional Neural Networks for Sentence Classification, EMNLP 2014.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

WORDS_KEPT = 1_024  # whose numbers are remembered, 0.4 kB each


@dataclass(frozen=True, slots=True)
class Order:
    """What the network has learnt; all arrays but `words` and `scales` are float16.

    Attributes:
        known: words with numbers of their own.
        words: int8, shape (1 + known words, width); the first row is of all others.
        scales: float16, one for each of those rows: what its numbers are to be multiplied by.
        sight: shape (dimensions of the encoder, width): what a word is by its vector.
        base: shape (width,).
        near: shape (3 widths, units), of three words; `near_base` (units,).
        far: shape (3 units, units), of three windows; `far_base` (units,).
        out: shape (2 units, intents), `out_base` (intents,): their scores.
    """

    known: tuple[str, ...]
    words: NDArray[np.int8]
    scales: NDArray[np.float16]
    sight: NDArray[np.float16]
    base: NDArray[np.float16]
    near: NDArray[np.float16]
    near_base: NDArray[np.float16]
    far: NDArray[np.float16]
    far_base: NDArray[np.float16]
    out: NDArray[np.float16]
    out_base: NDArray[np.float16]

    @classmethod
    def of(cls, known: Sequence[str], weights: Mapping[str, Floats], share: float) -> "Order":
        """Round what was learnt; its scores will count so much beside the linear model's."""
        words = weights["words"]
        scales = np.maximum(np.abs(words).max(axis=1) / 127, 6e-5).astype(np.float16)
        numbers = np.clip(np.rint(words / scales[:, None].astype(np.float32)), -127, 127)
        out = weights["out"] * np.float32(share)
        last = weights["out_base"] * np.float32(share)
        # Only differences between intents tell anything: let what weighs for one be above zero.
        out, last = out - out.mean(axis=1, keepdims=True), last - last.mean()
        dense = {name: weights[name] for name in ("sight", "base", "near", "near_base")}
        dense |= {"far": weights["far"], "far_base": weights["far_base"]}
        dense |= {"out": out, "out_base": last}
        rounded = {name: held.astype(np.float16) for name, held in dense.items()}
        return cls(tuple(known), numbers.astype(np.int8), scales, **rounded)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give all that is to be written, as `read` reads it."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "known"}

    @classmethod
    def read(cls, known: tuple[str, ...], held: Mapping[str, NDArray[Any]]) -> "Order":
        """Read what `arrays` gave. Raises ValueError where the shapes don't fit."""
        order = cls(known, **held)
        width, units = order.base.size, order.near_base.size
        expected = {
            "words": (1 + len(known), width),
            "scales": (1 + len(known),),
            "sight": (order.sight.shape[0], width),
            "near": (3 * width, units),
            "far": (3 * units, units),
            "far_base": (units,),
            "out": (2 * units, order.out_base.size),
        }
        found = {name: getattr(order, name).shape for name in expected}
        if found != expected:
            raise ValueError(f"the network's tables are of the wrong shapes ({found})")
        return order


class OrderModel:
    """Scores intents by words in their order. May be shared between threads.

    Args:
        order: what was learnt.
        encode: a text's vector, float32 of unit length.
    """

    def __init__(self, order: Order, encode: Callable[[str], Floats]) -> None:
        self._own = {word: row for row, word in enumerate(order.known, 1)}
        self._order, self._encode = order, encode
        names = ("sight", "base", "near", "near_base", "far", "far_base", "out", "out_base")
        self._dense = {name: getattr(order, name).astype(np.float32) for name in names}
        self._word = lru_cache(WORDS_KEPT)(self._numbers_of)

    def scores(self, words: Sequence[str]) -> Floats:
        """Score every intent: float32, shape (intents,), their mean about 0."""
        dense = self._dense
        seen = np.array([self._word(word) for word in words], np.float32)
        near = np.maximum(_windows(seen) @ dense["near"] + dense["near_base"], 0)
        far = np.maximum(_windows(near) @ dense["far"] + dense["far_base"], 0)
        strongest = np.concatenate([near.max(axis=0), far.max(axis=0)])
        told: Floats = strongest @ dense["out"] + dense["out_base"]
        return told

    def _numbers_of(self, word: str) -> Floats:
        row = self._own.get(word, 0)
        own = self._order.words[row] * np.float32(self._order.scales[row])
        by_sight = self._encode(word) @ self._dense["sight"]
        numbers: Floats = np.tanh(by_sight + own + self._dense["base"])
        return numbers


def _windows(places: Floats) -> Floats:
    """Put each place beside the one before it and the one after it."""
    around = np.zeros((len(places) + 2, places.shape[1]), np.float32)
    around[1:-1] = places
    return np.concatenate([around[:-2], around[1:-1], around[2:]], axis=1)
