"""What Alice looks for in a database that is to keep vectors."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import Error as AnyDatabaseError

EXTENSION = "vector"


def check_extension(
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None = None,
    using: str = DEFAULT_DB_ALIAS,
    **kwargs: Any,
) -> list[CheckMessage]:
    """The server has pgvector; `migrate` puts it to use."""
    if using not in (databases or ()):
        return []
    try:
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = %s", [EXTENSION])
            if cursor.fetchone():
                return []
    except AnyDatabaseError:  # out of reach: others tell of that
        return []
    return [
        Error(
            "ALICE_VECTORS is pgvector, but the PostgreSQL server does not have that extension.",
            hint=(
                "Install it on the server (package postgresql-NN-pgvector, or the image"
                " pgvector/pgvector), or unset ALICE_VECTORS."
            ),
            id="vectors.E001",
        )
    ]
