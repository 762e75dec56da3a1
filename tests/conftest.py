"""What every test may lean on: a database of its own."""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from chat import db


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Give this process a test database of its own, so that runs side by side never meet.

    `ALICE_TEST_DB` names it; it is a file, not memory, because the tests open it from several
    threads as the server does.
    """
    database = settings.DATABASES["default"]
    on_sqlite = database["ENGINE"].endswith("sqlite3")
    own = settings.BASE_DIR / "var" / f"test-{os.getpid()}.sqlite3"
    default = str(own) if on_sqlite else f"alice_test_{os.getpid()}"
    database.setdefault("TEST", {})["NAME"] = os.environ.get("ALICE_TEST_DB", default)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Close the database threads before the test database is taken down."""
    yield
    db.close()


@pytest.fixture
def database_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the database away, in every thread, until `monkeypatch.undo()` brings it back."""

    def away(self: BaseDatabaseWrapper, *args: object) -> None:
        raise OperationalError("The database is away.")

    monkeypatch.setattr(BaseDatabaseWrapper, "_cursor", away)
