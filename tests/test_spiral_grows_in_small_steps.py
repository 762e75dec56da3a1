"""The spiral grows while it is used: no entry is lost, none comes back, no step is large."""

from itertools import pairwise
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fibcache.core import cells as module
from fibcache.core.cells import Cells, reach
from fibcache.core.fib import FIBONACCI
from fibcache.core.laying import laid
from fibcache.core.shelf import Shelf
from fibcache.core.sketch import Sketch, learnt_axes

DIMENSIONS, KEYS = 16, 40
EVERY_CELL, SOME_CELLS = (10_000,), (1, 2, 3)
ACTS = ("add", "add", "add", "drop", "step", "look")
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, KEYS - 1), st.integers(0, 99)), max_size=120
)


def some_vectors(count: int, dimensions: int = DIMENSIONS, seed: int = 5):
    vectors = np.random.default_rng(seed).standard_normal((count, dimensions), np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


VECTORS = some_vectors(100)


def small_cells() -> Cells:
    shelf = Shelf(DIMENSIONS)
    shelf.add("0", VECTORS[0])
    return Cells(shelf, points=3)


def played(steps) -> tuple[Cells, dict[str, int]]:
    """Play steps on cells that are soon outgrown, and on a plain dictionary."""
    cells, there = small_cells(), {"0": 0}
    for act, key, vector in steps:
        if act == "add":
            cells.add(str(key), VECTORS[vector])
            there[str(key)] = vector
        elif act == "drop":
            assert cells.drop(str(key)) == (there.pop(str(key), None) is not None)
        elif act == "step":
            for _ in range(vector):
                cells.step()
        else:
            look(cells, there, VECTORS[vector], SOME_CELLS)
        assert len(cells) == len(there)
    return cells, there


def look(cells: Cells, there: dict[str, int], question, probes) -> set[str]:
    """Search, and check what is found against what is there."""
    found = cells.nearest(question, KEYS, probes=probes)
    keys = [key for _, key in found]
    assert len(keys) == len(set(keys)) and set(keys) <= set(there)
    for cosine, key in found:
        assert abs(cosine - float(VECTORS[there[key]] @ question)) < 1e-5
    assert found == sorted(found, reverse=True)
    return set(keys)


@given(STEPS)
@settings(max_examples=150, deadline=None)
def test_through_any_growing_what_is_there_is_found_and_nothing_else(steps):
    with patch.object(module, "ENTRIES_PER_CELL", 2), patch.object(module, "MOVED", 2):
        cells, there = played(steps)
        assert look(cells, there, VECTORS[7], EVERY_CELL) == set(there)
        cells.settle()
        assert look(cells, there, VECTORS[7], EVERY_CELL) == set(there)
        assert sum(cells.counts()) == len(there)


@given(STEPS)
@settings(max_examples=40, deadline=None)
def test_the_same_steps_give_the_same_cells(steps):
    with patch.object(module, "ENTRIES_PER_CELL", 2):
        one, other = (played(steps)[0] for _ in range(2))

    assert one.counts() == other.counts()
    assert one.nearest(VECTORS[3], 9, probes=SOME_CELLS) == other.nearest(
        VECTORS[3], 9, probes=SOME_CELLS
    )


def test_an_entry_is_found_at_every_step_of_growing():
    vectors = some_vectors(400, 64)
    shelf = Shelf(64)
    for number, vector in enumerate(vectors):
        shelf.add(str(number), vector)
    cells = Cells(shelf, points=13)
    with patch.object(module, "ENTRIES_PER_CELL", 10):
        for turn in range(2500):
            number = turn * 7 % len(vectors)
            found = cells.nearest(vectors[number], 1, probes=(1, 2, 3, 5, 8, 13))
            assert found[0][1] == str(number)
            cells.add(str(number), vectors[number])

    assert (cells.points, cells.growing) == (55, False)


def test_no_step_moves_more_than_a_few_entries():
    shelf = Shelf(DIMENSIONS)
    for number in range(500):
        shelf.add(str(number), VECTORS[number % 100])
    cells, waiting = Cells(shelf, points=5), [len(shelf)]
    while cells.step():
        waiting.append(len(shelf))

    assert waiting[-1] == 0
    assert max(before - after for before, after in pairwise(waiting)) == module.MOVED


def test_laying_cells_out_takes_many_small_steps():
    shelf = Shelf(64)
    for number, vector in enumerate(some_vectors(2000, 64)):
        shelf.add(str(number), vector)

    assert sum(1 for _ in laid(shelf, 89)) > 200


def test_cells_can_be_emptied_while_they_are_laid_out():
    cells = small_cells()
    cells.step()
    cells.drop("0")
    cells.settle()

    assert cells.nearest(VECTORS[0], 3, probes=SOME_CELLS) == []
    cells.add("1", VECTORS[1])
    assert [key for _, key in cells.nearest(VECTORS[1], 3, probes=SOME_CELLS)] == ["1"]


def test_what_is_dropped_gives_its_memory_back():
    shelf = Shelf(64)
    for number, vector in enumerate(some_vectors(2000, 64)):
        shelf.add(str(number), vector)
    cells = Cells(shelf, points=5).settle()
    full = cells.bytes
    for number in range(1900):
        cells.drop(str(number))

    assert cells.bytes < full / 4


def test_sketches_never_claim_more_than_the_whole_vectors():
    vectors = some_vectors(300, 200)
    axes = last(learnt_axes(vectors))
    sketch = Sketch(axes)

    assert np.allclose(axes @ axes.T, np.eye(len(axes)), atol=1e-5)
    # |r(v)||r(q)| is the most that the axes can have missed (Cauchy-Schwarz).
    most = sketch.of(vectors) @ sketch.of(vectors).T
    assert (vectors @ vectors.T <= most + 1e-5).all()


def test_axes_are_those_along_which_the_entries_vary_most():
    stretched = some_vectors(1500, 300) * np.arange(300, 0, -1, dtype=np.float32) ** -0.7
    axes = last(learnt_axes(stretched))
    _, variances, _ = np.linalg.svd(stretched, full_matrices=False)
    best = (variances[: len(axes)] ** 2).sum()

    assert ((stretched @ axes.T) ** 2).sum() > 0.97 * best


def test_a_good_match_leaves_fewer_cells_to_open():
    near = np.linspace(0.9, 0.1, 200).astype(np.float32)
    opened = [reach(near, best, FIBONACCI) for best in (0.5, 0.7, 0.9, 0.99, 1.0)]

    assert opened == sorted(opened, reverse=True)
    assert opened[-1] == 1 < opened[0]
    assert reach(near, 0.0, (1, 2, 3)) == 3


def last(work):
    """Run a piece of work to its end. Give what it returns."""
    while True:
        try:
            next(work)
        except StopIteration as done:
            return done.value
