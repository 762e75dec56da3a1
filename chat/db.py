"""The one way from async code to the database: a small pool of threads.

    await in_db(services.save_question, turn=turn)

A thread keeps its connection between calls, so a call costs a hop to a thread and its queries.
"""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from threading import Barrier
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import close_old_connections, connections

P = ParamSpec("P")
R = TypeVar("R")


async def in_db(fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run the plain function `fn` in a database thread and give what it returns.

    Context variables (language, request id) are those of the caller. Whoever is cancelled while
    waiting stops waiting; the function itself runs to its end, so a save is never cut in two.

    Raises:
        Whatever `fn` raises.
    """
    context = contextvars.copy_context()
    call = partial(context.run, _looked_after, partial(fn, *args, **kwargs))
    return await asyncio.get_running_loop().run_in_executor(_threads(), call)


def close() -> None:
    """Let the threads finish what they do, close their connections and end them.

    The next `in_db` starts new ones.
    """
    if not _threads.cache_info().currsize:
        return
    threads = _threads()
    _threads.cache_clear()
    # A connection can be closed only by its own thread: have all of them meet, then close.
    everyone = Barrier(settings.ALICE_DB_POOL)
    for _ in range(settings.ALICE_DB_POOL):
        threads.submit(_close_own, everyone)
    threads.shutdown()


def _close_own(everyone: Barrier) -> None:
    everyone.wait()
    connections.close_all()


def _looked_after(call: Callable[[], R]) -> R:
    close_old_connections()
    try:
        return call()
    finally:
        close_old_connections()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(settings.ALICE_DB_POOL, thread_name_prefix="alice-db")
