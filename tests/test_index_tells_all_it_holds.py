"""An index goes through all it holds, on its shelves and in its cells, for whoever checks it."""

import asyncio

import numpy as np
import pytest

from fibcache.core import index as index_module
from fibcache.core.index import ScopedIndex
from fibcache.core.spiral import Spiral


async def everything(index: ScopedIndex) -> set[tuple[str, str]]:
    return {pair async for pair in index.scan()}


@pytest.mark.parametrize("cells_from", [5000, 13])
def test_every_vector_is_told_with_its_scope(monkeypatch, cells_from):
    monkeypatch.setattr(index_module, "SPIRAL_FROM_ENTRIES", cells_from)
    random = np.random.default_rng(5)
    vectors = random.standard_normal((34, 512)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    async def run() -> set[tuple[str, str]]:
        index = ScopedIndex()
        for number, vector in enumerate(vectors):
            await index.add("stor", f"k{number}", vector, spiral=Spiral(points=13))
        await index.add("liten", "k0", vectors[0], spiral=Spiral())
        await index.drop("stor", "k5")
        asked = [("stor", "k5"), ("stor", "k33"), ("liten", "k1"), ("ingen", "k0")]
        assert await index.lacks(asked) == {asked[0], asked[2], asked[3]}
        return await everything(index)

    wanted = {("stor", f"k{number}") for number in range(34) if number != 5} | {("liten", "k0")}
    assert asyncio.run(run()) == wanted


def test_what_leaves_while_it_is_told_does_no_harm():
    async def run() -> int:
        index = ScopedIndex()
        for scope in "abc":
            await index.add(scope, "k", np.eye(1, 512, dtype=np.float32)[0], spiral=Spiral())
        told = 0
        async for scope, _key in index.scan():
            told += 1
            for other in "abc":
                if other != scope:
                    await index.drop(other, "k")
        return told

    assert asyncio.run(run()) == 1
