"""Time the index of vectors in PostgreSQL.

    python -m tests.with_postgres env ALICE_VECTORS=pgvector python -m benchmarks.pgvector

It migrates the database that DATABASE_URL names and fills it; take one that may be thrown away.
"""

import argparse
import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from functools import partial
from statistics import median

import django
import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alice_site.settings")
django.setup()

from django.core.management import call_command
from django.db import connection, connections

from chat import db
from fibcache.core.spiral import Spiral
from fibcache.vectors.models import VectorRow
from fibcache.vectors.pgvector import PgvectorIndex

QUERIES = 150
CLUSTERS = 200
PAGE = 1000
random = np.random.default_rng(13)
centres = random.standard_normal((CLUSTERS, 512))


def some(count: int) -> np.ndarray:
    """Make unit vectors that lie in clusters, as questions do."""
    spread = 0.8 * random.standard_normal((count, 512))
    return unit(centres[random.integers(CLUSTERS, size=count)] + spread)


def unit(vectors: np.ndarray) -> np.ndarray:
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


async def timed(ask: Callable[[int], Awaitable[object]]) -> float:
    """Give the median in ms."""
    spent = []
    for number in range(QUERIES):
        begun = time.perf_counter()
        await ask(number)
        spent.append(time.perf_counter() - begun)
    return median(spent) * 1000


async def search(
    index: PgvectorIndex, scope: str, asked: np.ndarray, found: list[str], number: int
) -> None:
    best = await index.nearest(scope, asked[number], count=5, spiral=Spiral())
    found.append(best[0][1])


async def measure(sizes: list[int]) -> None:
    index = PgvectorIndex("benchmark", db.in_db, clock=time.monotonic, within_s=13.0)
    spiral = Spiral()
    for size in sizes:
        scope, vectors = f"{size}", some(size)
        for start in range(0, size, PAGE):
            page = enumerate(vectors[start : start + PAGE], start)
            rows = [
                VectorRow(fingerprint="benchmark", scope=scope, key=f"{n}", vector=v)
                for n, v in page
            ]
            await db.in_db(VectorRow.objects.bulk_create, rows)
        await db.in_db(analyse)
        near = random.integers(size, size=QUERIES)
        asked = unit(vectors[near] + 0.02 * random.standard_normal((QUERIES, 512)))
        found: list[str] = []
        spent_ms = await timed(partial(search, index, scope, asked, found))
        exact = [f"{n}" for n in np.argmax(asked @ vectors.T, axis=1)]
        recall = np.mean([one == other for one, other in zip(found, exact, strict=True)])
        print(f"{size:>9} in scope   nearest {spent_ms:6.2f} ms   recall@1 {recall:.3f}")
    fresh = some(QUERIES)
    add_ms = await timed(lambda n: index.add("new", f"{n}", fresh[n], spiral=spiral))
    holds_ms = await timed(lambda n: index.holds("new"))
    print(f"add {add_ms:.2f} ms   holds {holds_ms:.2f} ms")
    await index.clear()


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE vectors_vectorrow")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Time the index of vectors in PostgreSQL.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 8000])
    chosen = parser.parse_args()
    call_command("migrate", verbosity=0, skip_checks=True)
    asyncio.run(measure(chosen.sizes))
    db.close()
    connections.close_all()
