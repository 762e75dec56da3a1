"""Vectors in PostgreSQL: of one encoder at a time, found among many, and never in the way."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import numpy as np
import psycopg
import pytest
from django.core.checks import Error
from django.db import OperationalError, connections
from structlog.testing import capture_logs

from alice_site.checks import check_vectors
from chat import db
from fibcache.core.index import IndexAway
from fibcache.core.spiral import Spiral
from fibcache.vectors import checks
from fibcache.vectors.models import VectorRow
from fibcache.vectors.pgvector import EXACT_UP_TO, PgvectorIndex
from nlu.core.encoder import SwedishEncoder
from tests.fakes import FixedClock
from tests.real_server import RealServer

pytestmark = pytest.mark.needs_postgres
SPIRAL = Spiral()
ROOT = Path(__file__).resolve().parents[1]


def some(count: int, seed: int = 0) -> np.ndarray:
    vectors = np.random.default_rng(seed).standard_normal((count, 512)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
async def an_index(vectors_db):
    def make(fingerprint: str = "one", **more: object) -> PgvectorIndex:
        parts = {"clock": FixedClock().monotonic, "within_s": 30.0, "using": vectors_db, **more}
        return PgvectorIndex(fingerprint, parts.pop("in_db", db.in_db), **parts)

    yield make
    await make().clear()


async def test_vectors_of_two_encoders_are_never_compared(an_index):
    one, two = an_index("one"), an_index("two")
    vector = some(1)[0]
    await one.add("anna", "a", vector, spiral=SPIRAL)
    await two.add("anna", "b", vector, spiral=SPIRAL)

    assert [key for _, key in await one.nearest("anna", vector, count=5, spiral=SPIRAL)] == ["a"]
    assert [key for _, key in await two.nearest("anna", vector, count=5, spiral=SPIRAL)] == ["b"]

    assert await two.forget_others() == 1

    assert not await one.holds("anna") and await two.holds("anna")


async def walking(fn, *args):
    """Have the planner walk the graph, as it would by itself in a table of millions."""

    def walk():
        with connections["vectors"].cursor() as cursor:
            cursor.execute("SET enable_sort = off")
            try:
                return fn(*args)
            finally:
                cursor.execute("RESET enable_sort")

    return await db.in_db(walk)


@pytest.mark.parametrize(("of_the_scope", "exact"), [(30, True), (EXACT_UP_TO + 13, False)])
async def test_a_scope_is_searched_well_among_nearer_strangers(
    an_index, vectors_db, of_the_scope, exact
):
    """A walk that ended early would meet nothing but the strangers."""
    wanted = some(1)[0]
    strangers = wanted + 0.02 * some(300, 1)
    strangers /= np.linalg.norm(strangers, axis=1, keepdims=True)
    own = some(of_the_scope, 2)
    rows = [("stranger", f"s{n}", v) for n, v in enumerate(strangers)]
    rows += [("anna", f"a{n}", v) for n, v in enumerate(own)]
    await db.in_db(
        VectorRow.objects.using(vectors_db).bulk_create,
        [VectorRow(fingerprint="one", scope=s, key=k, vector=v) for s, k, v in rows],
    )

    near = await an_index(in_db=walking).nearest("anna", wanted, count=5, spiral=SPIRAL)

    best = {f"a{n}" for n in np.argsort(-(own @ wanted))[:5]}
    assert len(near) == 5 and near == sorted(near, reverse=True)
    assert len({key for _, key in near} & best) >= (5 if exact else 2)


async def test_before_0_8_all_of_a_scope_is_compared(an_index):
    index = an_index()
    index._walks_on = False
    vectors = some(5)
    for number, vector in enumerate(vectors):
        await index.add("anna", str(number), vector, spiral=SPIRAL)

    ((cosine, key),) = await index.nearest("anna", vectors[3], count=1, spiral=SPIRAL)

    assert key == "3" and cosine == pytest.approx(1, abs=1e-5)


class Base:
    """A database that is away when told so, and counts who came."""

    def __init__(self) -> None:
        self.away, self.asked = False, 0

    async def __call__(self, fn, *args):
        self.asked += 1
        if self.away:
            raise OperationalError("away")
        return await db.in_db(fn, *args)


async def test_a_database_that_is_away_is_a_miss_told_of_once(an_index):
    base, clock = Base(), FixedClock()
    index = an_index(in_db=base, clock=clock.monotonic)
    vector = some(1)[0]
    await index.add("anna", "a", vector, spiral=SPIRAL)
    base.away = True

    with capture_logs() as logs:
        for _ in range(5):
            assert await index.nearest("anna", vector, count=5, spiral=SPIRAL) == []
            assert not await index.holds("anna")
            await index.add("anna", "b", vector, spiral=SPIRAL)
            await index.drop("anna", "a")
            await index.clear()
            assert [pair async for pair in index.scan()] == []
            with pytest.raises(IndexAway):
                await index.lacks([("anna", "b")])
            with pytest.raises(IndexAway):
                await index.forget_others()
        assert base.asked == 1 + 3  # the breaker is open

        base.away = False
        clock.forward(2)
        assert await index.holds("anna")

    assert [line["event"] for line in logs] == ["vectors_unreachable", "vectors_reachable"]


async def test_a_slow_database_holds_no_turn_up(an_index):
    patient = threading.Event()

    async def slow(fn, *args):
        return await db.in_db(patient.wait, 5)

    index = an_index(in_db=slow, within_s=0.02)
    try:
        assert await index.nearest("anna", some(1)[0], count=5, spiral=SPIRAL) == []
    finally:
        patient.set()


@pytest.fixture
def database(postgres_url: str):
    """Make an empty database; give what an operator would set to use it."""
    name = f"alice_empty_{os.getpid()}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
        path, _, query = postgres_url.partition("?")
        url = f"{path.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
        yield {"DATABASE_URL": url}
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(environ: dict[str, str], tmp_path: Path, *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "ALICE_VAR": str(tmp_path), **environ},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_extension_is_put_to_use_when_it_is_asked_for_and_not_before(database, tmp_path):
    def extension_and_table() -> tuple[object, object]:
        with psycopg.connect(database["DATABASE_URL"]) as connection:
            return connection.execute(
                "SELECT (SELECT count(*) FROM pg_extension WHERE extname = 'vector'),"
                " to_regclass('vectors_vectorrow')"
            ).fetchone()

    manage(database, tmp_path, "migrate", "-v0")
    assert extension_and_table() == (0, None)

    manage({**database, "ALICE_VECTORS": "pgvector"}, tmp_path, "migrate", "-v0")
    assert extension_and_table() == (1, "vectors_vectorrow")

    chosen = {**database, "ALICE_VECTORS": "pgvector", "REDIS_URL": "redis://127.0.0.1"}
    manage(chosen, tmp_path, "makemigrations", "--check", "--dry-run")
    manage(chosen, tmp_path, "check", "--database=default", "--fail-level=WARNING")


def test_a_server_without_the_extension_is_told_of(vectors_db, monkeypatch):
    assert checks.check_extension(None, [vectors_db], using=vectors_db) == []

    monkeypatch.setattr(checks, "EXTENSION", "no_such_extension")
    (found,) = checks.check_extension(None, [vectors_db], using=vectors_db)

    assert isinstance(found, Error) and "postgresql-NN-pgvector" in found.hint
    assert checks.check_extension(None, []) == []


@pytest.mark.parametrize(
    ("vectors", "engine", "redis", "said"),
    [
        ("memory", "sqlite3", "", []),
        ("faiss", "sqlite3", "", ["alice.E004"]),
        ("pgvector", "sqlite3", "", ["alice.E005"]),
        ("pgvector", "postgresql", "", ["alice.W004"]),
        ("pgvector", "postgresql", "redis://127.0.0.1", []),
    ],
)
def test_settings_that_do_not_fit_are_told_of(settings, monkeypatch, vectors, engine, redis, said):
    settings.ALICE_VECTORS, settings.REDIS_URL = vectors, redis
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", f"django.db.backends.{engine}")

    found = check_vectors(None)

    assert [message.id for message in found] == said
    assert all(message.hint for message in found)


def test_the_real_server_finds_its_questions_there(database, tmp_path, model):
    environ = {**database, "ALICE_VECTORS": "pgvector", "ALICE_VECTORS_S": "8"}
    with RealServer(tmp_path, OLLAMA_HOST=model.ollama_url, REDIS_URL="", **environ) as alice:

        def ask(question: str) -> dict[str, str]:
            headers = {"Authorization": f"Bearer {alice.key}"}
            body = {"message": question}
            return httpx.post(f"{alice.url}/api/chat", json=body, headers=headers).json()

        first = ask("Hur tvättar man en tröja av ull?")
        again = ask("hur tvättar man en tröja av ull ?!")

    assert (first["source"], again["source"]) == ("planner", "spiral")
    assert again["reply"] == first["reply"]
    with psycopg.connect(database["DATABASE_URL"]) as connection:
        rows = connection.execute("SELECT fingerprint FROM vectors_vectorrow").fetchall()
    assert rows == [(SwedishEncoder.load().fingerprint,)]
