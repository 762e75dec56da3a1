"""The database as something that may be away for a while."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError

from chat.core.kit import OutOfReach
from chat.db import in_db

P = ParamSpec("P")
R = TypeVar("R")


async def reach(fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run `fn` in a database thread, as `in_db` does.

    Raises:
        OutOfReach: the database is down, locked for too long, full or read-only.
    """
    try:
        return await in_db(fn, *args, **kwargs)
    except (OperationalError, InterfaceError) as error:
        raise OutOfReach() from error
