"""Naming callers without asking the database each time.

A key's caller is remembered for a second at most, so that revoking a key takes effect within a
second in every process, and a busy program costs a look in a dictionary.
"""

import asyncio
import time
from collections.abc import Callable
from hashlib import sha256

from cachetools import TTLCache

from chat.core.errors import BadKey
from chat.core.turn import Caller
from chat.models.accounts import KEY_MARK
from chat.reach import reach
from chat.services.callers import caller_for_guest, caller_for_key

REMEMBERED_S = 1.0
REMEMBERED_KEYS = 1597  # of each kind; flooding with false keys must not push the true ones out
KEY_CHARS = 100  # a true key is shorter; a longer one is not worth hashing


class KeyRing:
    """Callers by API key. Remembers digests of keys, never a key."""

    def __init__(self, *, timer: Callable[[], float] = time.monotonic) -> None:
        self._true: TTLCache[bytes, Caller] = TTLCache(REMEMBERED_KEYS, REMEMBERED_S, timer)
        self._false: TTLCache[bytes, None] = TTLCache(REMEMBERED_KEYS, REMEMBERED_S, timer)
        self._asking: dict[bytes, asyncio.Future[Caller]] = {}

    async def caller(self, key: str) -> Caller:
        """Name the caller whose key this is.

        Raises:
            BadKey: unknown, expired or revoked.
            OutOfReach: the key can't be looked up right now.
        """
        digest = sha256(key.encode("utf-8", "surrogatepass")).digest()
        caller = self._true.get(digest)
        if caller is not None:
            return caller
        if digest in self._false or not key.startswith(KEY_MARK) or len(key) > KEY_CHARS:
            raise BadKey()
        asking = self._asking.get(digest)
        if asking is None:  # one asks the database for all who wait
            asking = self._asking[digest] = asyncio.ensure_future(self._look_up(key, digest))
        return await asyncio.shield(asking)

    async def _look_up(self, key: str, digest: bytes) -> Caller:
        try:
            caller = self._true[digest] = await reach(caller_for_key, key=key)
            return caller
        except BadKey:
            self._false[digest] = None
            raise
        finally:
            del self._asking[digest]


_ring = KeyRing()


async def by_key(key: str) -> Caller:
    """Name the caller whose API key this is, from this process's key ring.

    Raises:
        BadKey: unknown, expired or revoked.
        OutOfReach: the key can't be looked up right now.
    """
    return await _ring.caller(key)


def guest(mark: str) -> Caller:
    """Name a caller who is not signed in, by what tells guests apart (an address, a session)."""
    return caller_for_guest(mark=mark)
