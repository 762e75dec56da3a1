"""Vectors in PostgreSQL, for processes that share their answers.

A small scope is compared exactly. In a large one pgvector's graph is walked, on and on until it has
met enough of that scope's own. A database that is away holds nothing, for all this index can tell:
that costs hits and nothing else. What could not be taken away meanwhile does no harm either, for
the store no longer has its answer.

Source:
    https://github.com/pgvector/pgvector#filtering and #iterative-index-scans
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from math import isnan
from typing import Any, TypeVar

import structlog
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import Q, QuerySet
from django.db.utils import Error as AnyDatabaseError
from pgvector.django import CosineDistance

from fibcache.core.breaker import FibonacciBreaker
from fibcache.core.encoder import Vector
from fibcache.core.index import IndexAway
from fibcache.core.spiral import Spiral

from .models import VectorRow

WITHIN_S = 0.5  # longest wait for the database, of a turn that may go on without
ALL_WITHIN_S = 89.0  # longest wait where every vector is touched; no turn waits for that
EXACT_UP_TO = 987  # vectors of a scope that are compared one by one
PAGE = 1000  # rows fetched at a time when all are gone through

T = TypeVar("T")
InDb = Callable[..., Awaitable[Any]]
"""Runs a plain function in a database thread: `chat.db.in_db`."""

log = structlog.get_logger("alice.vectors")


class PgvectorIndex:
    """Keep vectors of one encoder in the database `using`.

    Args:
        fingerprint: of the encoder.
        in_db: runs a plain function in a database thread.
        clock: monotonic seconds.
        within_s: longest wait for the database.
        using: Django's name for the database.
    """

    def __init__(
        self,
        fingerprint: str,
        in_db: InDb,
        *,
        clock: Callable[[], float],
        within_s: float = WITHIN_S,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        self.fingerprint = fingerprint
        self._in_db, self._within_s, self._using = in_db, within_s, using
        self._breaker = FibonacciBreaker(clock=clock, jitter=random.random)
        self._away = False
        self._walks_on: bool | None = None  # since pgvector 0.8

    async def add(self, scope: str, key: str, vector: Vector, *, spiral: Spiral) -> None:
        """Put a vector under its key, in place of any there."""
        row = VectorRow(fingerprint=self.fingerprint, scope=scope, key=key, vector=vector)
        await self._ask(self._put, row, otherwise=None)

    async def drop(self, scope: str, key: str) -> None:
        """Take a vector away, if it is there."""
        await self._ask(self._rows(scope=scope, key=key).delete, otherwise=None)

    async def clear(self) -> None:
        """Take all vectors away, those of other encoders too."""
        everything = VectorRow.objects.using(self._using).all()
        await self._ask(everything.delete, otherwise=None, within_s=ALL_WITHIN_S)

    async def holds(self, scope: str) -> bool:
        """Tell whether there is anything in a scope."""
        held: bool = await self._ask(self._rows(scope=scope).exists, otherwise=False)
        return held

    async def nearest(
        self, scope: str, vector: Vector, *, count: int, spiral: Spiral
    ) -> list[tuple[float, str]]:
        """Find the nearest, best first: (cosine, key)."""
        return await self._ask(self._nearest, scope, vector, count, otherwise=[])

    async def lacks(self, pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        """Tell which (scope, key) have no vector. Raises IndexAway."""
        lacking = await self._ask(self._lacks, pairs, otherwise=None)
        if lacking is None:
            raise IndexAway()
        return lacking

    async def scan(self) -> AsyncIterator[tuple[str, str]]:
        """Go through all there is, (scope, key), a page at a time; less of it while it is away."""
        last = 0
        while True:
            rows = self._rows(pk__gt=last).order_by("pk").values_list("pk", "scope", "key")[:PAGE]
            page = await self._ask(list, rows, otherwise=[])
            for _pk, scope, key in page:
                yield scope, key
            if len(page) < PAGE:
                return
            last = page[-1][0]

    async def forget_others(self) -> int:
        """Take away what other encoders made. Give how many there were. Raises IndexAway."""
        others = VectorRow.objects.using(self._using).exclude(fingerprint=self.fingerprint)
        deleted = await self._ask(others.delete, otherwise=None, within_s=ALL_WITHIN_S)
        if deleted is None:
            raise IndexAway()
        return deleted[0]

    async def _ask(
        self, fn: Callable[..., T], *args: Any, otherwise: T, within_s: float = 0.0
    ) -> T:
        """Do it in the database, or give `otherwise` where it is away."""
        if not self._breaker.allow():
            return otherwise
        try:
            async with asyncio.timeout(within_s or self._within_s):
                answer: T = await self._in_db(fn, *args)
        except (AnyDatabaseError, TimeoutError) as error:
            self._breaker.failed()
            if not self._away:
                why = str(error).partition("\n")[0] or type(error).__name__
                log.warning("vectors_unreachable", why=why)
            self._away = True
            return otherwise
        self._breaker.succeeded()
        if self._away:
            log.info("vectors_reachable")
        self._away = False
        return answer

    # The rest runs in a database thread.

    def _rows(self, **which: Any) -> QuerySet[VectorRow]:
        return VectorRow.objects.using(self._using).filter(fingerprint=self.fingerprint, **which)

    def _put(self, row: VectorRow) -> None:
        VectorRow.objects.using(self._using).bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["fingerprint", "scope", "key"],
            update_fields=["vector"],
        )

    def _lacks(self, pairs: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
        wanted = Q()
        for scope, key in pairs:
            wanted |= Q(scope=scope, key=key)
        return set(pairs) - set(self._rows().filter(wanted).values_list("scope", "key"))

    def _nearest(self, scope: str, vector: Vector, count: int) -> list[tuple[float, str]]:
        far = CosineDistance("vector", vector)
        with transaction.atomic(using=self._using):
            self._prepare(scope)
            found = self._rows(scope=scope).annotate(far=far).order_by("far")[:count]
            near = [(_cosine(row_far), key) for key, row_far in found.values_list("key", "far")]
        return sorted(near, reverse=True)  # the walk gives a nearly sorted list

    def _prepare(self, scope: str) -> None:
        """Choose how this transaction searches, in one question to the server.

        Without plain index scans the planner is left with those of the scope's own rows, all of
        which it compares: right for a small scope, and before 0.8 for any, since the walk through
        the graph ended there with the first few rows of whatever scope.
        """
        table = connections[self._using].ops.quote_name(VectorRow._meta.db_table)
        most = EXACT_UP_TO
        with connections[self._using].cursor() as cursor:
            if self._walks_on is None:
                cursor.execute("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
                found = cursor.fetchone()
                self._walks_on = found is not None and _version(found[0]) >= (0, 8)
            if not self._walks_on:
                cursor.execute("SET LOCAL enable_indexscan = off")
                return
            cursor.execute(
                "SELECT set_config('statement_timeout', %s, true),"
                " set_config('hnsw.iterative_scan', 'relaxed_order', true),"
                " set_config('enable_indexscan', CASE WHEN (SELECT count(*) FROM (SELECT 1 FROM"
                f" {table} WHERE fingerprint = %s AND scope = %s LIMIT %s) own) > %s"
                " THEN 'on' ELSE 'off' END, true)",
                [str(int(self._within_s * 1000)), self.fingerprint, scope, most + 1, most],
            )


def _cosine(far: float) -> float:
    return 0.0 if isnan(far) else 1.0 - far  # a vector of zeros lies nowhere


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2] if part.isdigit())
