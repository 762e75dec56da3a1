"""Every index of vectors keeps the same promises, in this process and in PostgreSQL."""

import numpy as np
import pytest

from chat import db
from fibcache.core.encoder import Vector
from fibcache.core.index import Index, ScopedIndex
from fibcache.core.spiral import Spiral
from fibcache.vectors.pgvector import PgvectorIndex
from tests.fakes import FixedClock

SPIRAL = Spiral()
AXES = np.eye(8, 512, dtype=np.float32)


def between(a: int, b: int, weight: float) -> Vector:
    """Give a unit vector from axis `a` towards axis `b`; its cosine with `b` is `weight`."""
    return (1 - weight**2) ** 0.5 * AXES[a] + weight * AXES[b]


@pytest.fixture(params=["memory", pytest.param("pgvector", marks=pytest.mark.needs_postgres)])
def using(request: pytest.FixtureRequest) -> str:
    """Give Django's name for the database of vectors, or "" for this process."""
    return "" if request.param == "memory" else request.getfixturevalue("vectors_db")


@pytest.fixture
async def index(using: str):
    if not using:
        yield ScopedIndex()
        return
    index = PgvectorIndex(
        "test-v1", db.in_db, clock=FixedClock().monotonic, within_s=8.0, using=using
    )
    yield index
    await index.clear()


async def add(index: Index, scope: str, **vectors: Vector) -> None:
    for key, vector in vectors.items():
        await index.add(scope, key, vector, spiral=SPIRAL)


async def found(index: Index, scope: str, vector: Vector, count: int = 5) -> list[str]:
    near = await index.nearest(scope, vector, count=count, spiral=SPIRAL)
    return [key for _cosine, key in near]


async def test_the_nearest_come_first_with_their_cosines(index):
    await add(index, "anna", far=AXES[1], near=between(1, 0, 0.9), there=AXES[0])

    near = await index.nearest("anna", AXES[0], count=2, spiral=SPIRAL)

    assert [key for _, key in near] == ["there", "near"]
    assert [cosine for cosine, _ in near] == pytest.approx([1.0, 0.9], abs=1e-5)


async def test_nothing_is_found_where_nothing_is(index):
    assert await found(index, "anna", AXES[0]) == []
    assert not await index.holds("anna")


async def test_a_scope_is_never_crossed(index):
    await add(index, "anna", a=AXES[0], both=AXES[1])
    await add(index, "bo", b=AXES[0], both=AXES[0])

    assert await found(index, "anna", AXES[0]) == ["a", "both"]
    assert set(await found(index, "bo", AXES[0])) == {"b", "both"}
    assert await index.holds("bo") and not await index.holds("cia")

    await index.drop("bo", "both")

    assert set(await found(index, "anna", AXES[1])) == {"a", "both"}


async def test_a_new_vector_takes_the_place_of_the_old(index):
    await add(index, "anna", a=AXES[0], b=between(0, 1, 0.5))
    await add(index, "anna", a=AXES[2])

    near = await index.nearest("anna", AXES[2], count=5, spiral=SPIRAL)

    assert [key for _, key in near] == ["a", "b"]
    assert near[0][0] == pytest.approx(1.0, abs=1e-5)


async def test_what_is_dropped_is_never_found(index):
    await add(index, "anna", a=AXES[0], b=between(0, 1, 0.5))

    await index.drop("anna", "a")
    await index.drop("anna", "a")
    await index.drop("nobody", "a")

    assert await found(index, "anna", AXES[0]) == ["b"]

    await index.drop("anna", "b")

    assert await found(index, "anna", AXES[0]) == []
    assert not await index.holds("anna")


async def test_all_can_be_taken_away(index):
    await add(index, "anna", a=AXES[0])
    await add(index, "bo", b=AXES[0])

    await index.clear()

    assert not await index.holds("anna") and not await index.holds("bo")
    await add(index, "anna", a=AXES[1])
    assert await found(index, "anna", AXES[0]) == ["a"]


async def test_a_text_without_letters_lies_nowhere(index):
    nowhere = np.zeros(512, np.float32)
    await add(index, "anna", a=AXES[0], nowhere=nowhere)

    assert (await index.nearest("anna", AXES[0], count=1, spiral=SPIRAL))[0][1] == "a"
    assert all(
        cosine == 0 for cosine, _ in await index.nearest("anna", nowhere, count=5, spiral=SPIRAL)
    )


async def test_all_it_holds_is_told(index):
    await add(index, "anna", a=AXES[0], b=AXES[1])
    await add(index, "bo", a=AXES[0])

    told = sorted([pair async for pair in index.scan()])

    assert told == [("anna", "a"), ("anna", "b"), ("bo", "a")]


async def test_any_order_of_changes_leaves_what_a_table_would(index):
    random = np.random.default_rng(13)
    table: dict[tuple[str, str], int] = {}
    for _ in range(300):
        scope, key = str(random.choice(["anna", "bo"])), f"k{random.integers(20)}"
        if random.random() < 0.6:
            axis = int(random.integers(8))
            await add(index, scope, **{key: AXES[axis]})
            table[scope, key] = axis
        else:
            await index.drop(scope, key)
            table.pop((scope, key), None)

    for scope in ("anna", "bo"):
        for axis in range(8):
            near = await index.nearest(scope, AXES[axis], count=20, spiral=SPIRAL)
            there = {key for cosine, key in near if cosine > 0.99}
            assert there == {key for (s, key), a in table.items() if (s, a) == (scope, axis)}


async def test_it_tells_what_it_lacks(index):
    await add(index, "anna", a=AXES[0])

    pairs = [("anna", "a"), ("anna", "b"), ("bo", "a")]

    assert await index.lacks(pairs) == {("anna", "b"), ("bo", "a")}
