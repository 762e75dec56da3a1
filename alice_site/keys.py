"""The key that signs sessions: given in production, made once in development."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def secret_key(given: str, kept: Path, *, production: bool) -> str:
    """Give the secret key.

    Args:
        given: from the environment; empty when there is none.
        kept: where a key made here is kept, readable by nobody else.
    Raises:
        ImproperlyConfigured: there is none, and production makes none of its own.
    """
    if given:
        return given
    if production:
        raise ImproperlyConfigured(
            "Ange SECRET_KEY. En ny: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    try:
        # Two processes may start at once: only one of them makes the file.
        handle = os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return kept.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(key := secrets.token_urlsafe(50))
    return key
