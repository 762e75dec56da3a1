"""Measure what the parts of the spiral index buy: shelf or cells, golden start, sketch.

    python -m benchmarks.spiral_variants shelf      where cells become faster than a shelf
    python -m benchmarks.spiral_variants start      golden start beside a random one
    python -m benchmarks.spiral_variants sketch     how deep the right answer lies by sketch alone

All on synthetic vectors, or with --file on real questions (see `vector_search`).
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"  # before NumPy is imported

import argparse
from pathlib import Path
from time import thread_time
from unittest.mock import patch

import numpy as np

from benchmarks.vector_search import SAME, SPIRAL, from_file
from benchmarks.vectors import Vectors, best_cosines, drawn, unit
from fibcache.core import laying
from fibcache.core.cells import Cells
from fibcache.core.shelf import Shelf

BANDS = ((0.5, 0.6), (0.6, 0.8), (0.8, 1.01))  # best cosines
FEW = 610


def main() -> None:
    """Measure one of them and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("shelf", "start", "sketch"))
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--file", type=Path)
    asked = parser.parse_args()
    if asked.file:
        entries, sets = from_file(asked.file, asked.questions)
    else:
        entries, sets = drawn(asked.size, asked.questions)
    questions = np.concatenate(list(sets.values()))
    {"shelf": shelf_or_cells, "start": starts, "sketch": sketches}[asked.what](entries, questions)


def shelf_or_cells(entries: Vectors, questions: Vectors) -> None:
    """Time a shelf and cells of the same entries, asked for near repeats."""
    random = np.random.default_rng(1)
    for size in (377, 610, 987, 1597, 2584, 4181):
        noise = 0.02 * random.standard_normal((400, entries.shape[1]), np.float32)
        again = unit(entries[random.integers(size, size=400)] + noise)
        shelf = shelved(entries[:size])
        flat_us = median_us(lambda question, shelf=shelf: shelf.nearest(question, 5), again)
        cells = Cells(shelf, points=SPIRAL.points, dtype=np.int16).settle()
        cells_us = median_us(
            lambda question, cells=cells: cells.nearest(question, 5, probes=SPIRAL.probes), again
        )
        print(f"{size:>6} entries   shelf {flat_us:>5.0f} µs   cells {cells_us:>5.0f} µs")


def starts(entries: Vectors, questions: Vectors) -> None:
    """Fill cells from a golden and from a random start, and count what a search finds."""

    def random_start(seen: Vectors, points: int):
        yield
        chosen = np.random.default_rng(3).choice(len(seen), points, replace=len(seen) < points)
        return seen[chosen].copy()

    best = best_cosines(entries, questions)
    for name, start in (("golden", laying._started), ("random", random_start)):
        with patch.object(laying, "_started", start):
            cells = filled(entries)
        counts = np.array(cells.counts())
        told = f"{name}: {len(counts)} cells, fullest {counts.max() / counts.mean():.1f} times mean"
        for low, high in BANDS:
            some = (best >= low) & (best < high)
            if some.sum() < 30:
                continue
            found: list[float] = []
            took = median_us(noting(cells, found), questions[some])
            recall = np.mean(np.array(found) >= best[some] - SAME)
            told += f"   best {low}-{min(high, 1)}: recall {recall:.3f} in {took:.0f} µs"
        print(told)


def noting(cells: Cells, found: list[float]):
    """Give a search that notes its best cosine."""
    return lambda one: found.append(cells.nearest(one, 5, probes=SPIRAL.probes)[0][0])


def sketches(entries: Vectors, questions: Vectors) -> None:
    """Rank all entries by sketch alone; tell where the 99th percentile of right answers lies."""
    questions = questions[best_cosines(entries, questions) >= BANDS[0][0]][:600]
    right = [int((entries @ question).argmax()) for question in questions]
    sample = entries[:: max(1, len(entries) // 4000)]
    _, turns = np.linalg.eigh((sample.T @ sample).astype(np.float64))
    for axes in (64, 89, 144, 233):
        kept = turns[:, ::-1][:, :axes].astype(np.float32)
        seen, asked = entries @ kept, questions @ kept
        hidden, asked_hidden = lengths_left(seen), lengths_left(asked)
        told = f"{axes:>4} axes"
        for bend in (0, 0.5, 1):
            depths = []
            for place, target in enumerate(right):
                scores = seen @ asked[place] + bend * asked_hidden[place] * hidden
                depths.append(int((scores > scores[target]).sum()))
            told += f"   bend {bend}: {np.percentile(depths, 99):>6.0f}"
        print(told)


def lengths_left(seen: Vectors) -> Vectors:
    """Tell how long the part of a unit vector is that its axes leave out."""
    return np.sqrt(np.maximum(0, 1 - (seen * seen).sum(axis=1)))


def shelved(entries: Vectors) -> Shelf:
    """Put entries on a shelf."""
    shelf = Shelf(entries.shape[1])
    for number, vector in enumerate(entries):
        shelf.add(str(number), vector)
    return shelf


def filled(entries: Vectors) -> Cells:
    """Fill cells one by one, as an index does."""
    cells = Cells(shelved(entries[:FEW]), points=SPIRAL.points, dtype=np.int16)
    for number in range(FEW, len(entries)):
        cells.add(str(number), entries[number])
    return cells.settle()


def median_us(search, questions: Vectors) -> float:
    """Search for each question. Give the median processor time, microseconds."""
    times = []
    for question in questions:
        start = thread_time()
        search(question)
        times.append(thread_time() - start)
    return float(np.median(times)) * 1e6


if __name__ == "__main__":
    main()
