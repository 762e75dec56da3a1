"""Vectors like those of a cache in use: topics, questions in them, and each asked in many ways.

The spectrum is a power law, topics are as uneven as words are, and about ten entries ask the same,
so an index meets what it meets in use. Three sets of questions come with the entries:

    hit     another way to ask what is stored (cosine about 0.95)
    weak    a looser one (about 0.85)
    novel   a new question within a topic; nothing stored is close
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

CHUNK = 20_000
LOOSENESS = {"hit": 0.33, "weak": 0.62}


def drawn(count: int, questions: int, *, seed: int = 7) -> tuple[Vectors, dict[str, Vectors]]:
    """Draw entries and questions: float32, shape (…, 512), of unit length."""
    random = np.random.default_rng(seed + count)
    spectrum = np.arange(1, 513, dtype=np.float32) ** -0.35
    spectrum /= np.linalg.norm(spectrum)

    def noise(rows: int) -> Vectors:
        return random.standard_normal((rows, 512), dtype=np.float32) * spectrum

    topics = noise(int(np.clip(count // 50, 8, 2000)))
    sizes = 1 / np.arange(1, len(topics) + 1) ** 0.8
    sizes /= sizes.sum()

    def asked(rows: int) -> Vectors:
        return unit(topics[random.choice(len(topics), rows, p=sizes)] + 0.9 * noise(rows))

    meant = asked(max(16, count // 10))
    entries = np.empty((count, 512), np.float32)
    for start in range(0, count, CHUNK):
        rows = min(CHUNK, count - start)
        chosen = meant[random.integers(len(meant), size=rows)]
        entries[start : start + rows] = unit(chosen + 0.45 * noise(rows))
    again = entries[random.integers(count, size=questions)]
    sets = {name: unit(again + loose * noise(questions)) for name, loose in LOOSENESS.items()}
    return entries, {**sets, "novel": asked(questions)}


def unit(vectors: Vectors) -> Vectors:
    """Give vectors unit length."""
    lengths: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, 1e-12)


def best_cosines(entries: Vectors, questions: Vectors) -> Vectors:
    """Find the cosine of each question to the entry nearest to it, by looking at all."""
    best = np.full(len(questions), -2, np.float32)
    for start in range(0, len(entries), CHUNK):
        best = np.maximum(best, (questions @ entries[start : start + CHUNK].T).max(axis=1))
    return best


def encoded(texts: list[str], encode: Callable[[str], NDArray[np.float32]]) -> Vectors:
    """Encode texts, shape (len(texts), 512)."""
    return np.array([encode(text) for text in texts], np.float32)
