"""What Alice checks about herself before she starts, beside Django's own checks."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning
from django.db import DEFAULT_DB_ALIAS, DatabaseError


def seed_variables_that_are_not_heeded(
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None = None,
    **kwargs: Any,
) -> list[CheckMessage]:
    """Say which environment variables ask for something else than the live settings."""
    from .revisions import seed_variables_ignored

    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    try:
        names = seed_variables_ignored()
    except DatabaseError:  # not migrated yet
        return []
    return [
        Warning(
            f"{name} is not heeded: the live settings say something else.",
            hint="It set the first revision only. Change the setting under /admin/ or unset it.",
            id="chat.W001",
        )
        for name in names
    ]
