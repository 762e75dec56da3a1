"""The cells of the spiral find what a full search finds, through any adding and dropping."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fibcache.core.cells import Cells
from fibcache.core.fib import GOLDEN_ANGLE
from fibcache.core.index import ScopedIndex
from fibcache.core.shelf import Shelf
from fibcache.core.spiral import Spiral, golden_points, lifted

ALL = (10_000,)


def unit(vectors):
    vectors = np.asarray(vectors, np.float32)
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def clustered(count: int, seed: int = 1):
    random = np.random.default_rng(seed)
    middles = random.standard_normal((40, 512))
    return unit(middles[random.integers(40, size=count)] + random.standard_normal((count, 512)))


def cells_of(vectors, points: int = 21) -> Cells:
    shelf = Shelf(vectors.shape[1])
    for number, vector in enumerate(vectors):
        shelf.add(str(number), vector)
    return Cells(shelf, points=points).settle()


def test_neighbours_on_the_spiral_are_one_golden_angle_apart():
    points = golden_points(89)
    angles = np.unwrap(np.arctan2(points[:, 1], points[:, 0]))

    assert np.allclose(np.linalg.norm(points, axis=1), 1)
    assert np.allclose(np.exp(1j * np.diff(angles)), np.exp(1j * GOLDEN_ANGLE))


def test_lifting_keeps_every_distance():
    points = golden_points(34)

    assert np.allclose(lifted(points, 512) @ lifted(points, 512).T, points @ points.T, atol=1e-6)


def test_with_every_cell_open_nothing_is_missed():
    vectors = clustered(800)
    cells = cells_of(vectors)
    for question in clustered(50, seed=2):
        scores = vectors @ question
        best = np.argsort(-scores)[:5]
        found = cells.nearest(question, 5, probes=ALL)

        assert [key for _, key in found] == [str(number) for number in best]
        assert [score for score, _ in found] == pytest.approx(scores[best], abs=1e-6)


def test_few_cells_find_a_question_that_has_a_match():
    vectors = clustered(2000)
    cells = cells_of(vectors, points=89)
    noise = np.random.default_rng(3).standard_normal((200, 512)) / 40
    found = [
        cells.nearest(question, 1, probes=Spiral().probes)[0][1]
        for question in unit(vectors[:200] + noise)
    ]

    assert np.mean([key == str(number) for number, key in enumerate(found)]) >= 0.99


def test_the_same_entries_give_the_same_cells():
    vectors = clustered(300)
    order = [cells_of(vectors).coordinates(vectors[0]) for _ in range(2)]

    assert order[0] == order[1]
    assert sorted(order[0]) == list(range(21))


def test_growing_keeps_every_entry(monkeypatch):
    vectors = clustered(300)
    grown = cells_of(vectors)
    monkeypatch.setattr("fibcache.core.cells.ENTRIES_PER_CELL", 10)
    grown.add("299", vectors[299])
    grown.settle()

    assert len(grown) == 300
    assert len(grown.coordinates(vectors[0])) == 34
    assert all(
        grown.nearest(vector, 1, probes=ALL)[0][1] == str(number)
        for number, vector in enumerate(vectors)
    )


STEPS = st.lists(st.tuples(st.sampled_from(["add", "drop"]), st.integers(0, 15)), max_size=60)


@given(STEPS)
@settings(max_examples=60)
def test_adding_and_dropping_leave_what_should_be_there(steps):
    vectors = clustered(16)
    shelf, cells = Shelf(512), cells_of(vectors, points=5)
    for number in range(16):
        cells.drop(str(number))
    there: set[int] = set()
    for step, number in steps:
        if step == "add":
            shelf.add(str(number), vectors[number])
            cells.add(str(number), vectors[number])
            there.add(number)
        else:
            assert shelf.drop(str(number)) == cells.drop(str(number)) == (number in there)
            there.discard(number)
        assert len(shelf) == len(cells) == len(there)
    for found in (shelf.nearest(vectors[0], 16), cells.nearest(vectors[0], 16, probes=ALL)):
        assert {key for _, key in found} == {str(number) for number in there}
        assert found == sorted(found, reverse=True)


async def test_a_search_never_leaves_its_scope():
    index, spiral = ScopedIndex(), Spiral()
    vectors = clustered(4)
    await index.add("anna", "1", vectors[0], spiral=spiral)
    await index.add("bo", "2", vectors[1], spiral=spiral)

    assert [key for _, key in await index.nearest("anna", vectors[1], count=5, spiral=spiral)] == [
        "1"
    ]
    assert await index.nearest("cecilia", vectors[0], count=5, spiral=spiral) == []
    await index.drop("anna", "2")
    await index.drop("anna", "1")
    assert not await index.holds("anna")
    assert len(index) == 1


async def test_a_scope_that_outgrows_its_shelf_moves_into_cells(monkeypatch):
    monkeypatch.setattr("fibcache.core.index.SPIRAL_FROM_ENTRIES", 50)
    monkeypatch.setattr("fibcache.core.cells.ENTRIES_PER_CELL", 20)
    index, spiral = ScopedIndex(), Spiral(points=5)
    vectors = clustered(300)
    for number, vector in enumerate(vectors):
        await index.add("s", str(number), vector, spiral=spiral)

    assert len(index) == 300
    for number, vector in enumerate(vectors):
        found = await index.nearest("s", vector, count=1, spiral=spiral)
        assert found[0][1] == str(number)
