"""What a process learns of entries that others put in a store they share: how to find them."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

from .cache import FibonacciCache
from .spiral import Spiral
from .tiers import Tier

LEARNT_BYTES = 2500  # of memory for an entry: 512 floats and its place in the tables
LEARN_AT_MOST = (64 << 20) // LEARNT_BYTES
STEP_ENTRIES = 8  # learnt at a time, so that turns under way hardly notice
STEP_S = 0.001  # pause between steps

Rules = Callable[[], Awaitable[tuple[Sequence[Tier], Spiral]]]


class Learner:
    """Keep this process's index in step with a shared store.

    Args:
        cache: whose index it is.
        rules: gives the tiers and the spiral in force.
        max_entries: that the index may hold; those learnt first make room.
    """

    def __init__(
        self, cache: FibonacciCache, rules: Rules, *, max_entries: int = LEARN_AT_MOST
    ) -> None:
        self._cache, self.rules, self._max_entries = cache, rules, max_entries
        self._scopes: OrderedDict[str, str] = OrderedDict()  # of each key known, oldest first

    def __len__(self) -> int:
        return len(self._scopes)

    async def note(self, scope: str, key: str) -> None:
        """Note an entry that this process has put in the index itself."""
        self._scopes[key] = scope
        while len(self._scopes) > self._max_entries:
            oldest, its_scope = self._scopes.popitem(last=False)
            await self._cache.index.drop(its_scope, oldest)

    async def note_cleared(self) -> None:
        """Note that this process has emptied the index itself."""
        self._scopes.clear()

    async def learn(self, scope: str, key: str, question: str) -> None:
        """Have an entry found by its like.

        One that was known before may have ended meanwhile and have been answered anew elsewhere.
        """
        _, spiral = await self.rules()
        await self._cache.learn(scope, key, question, spiral=spiral)
        await self.note(scope, key)

    async def forget(self, key: str) -> None:
        """Have an entry found no more."""
        scope = self._scopes.pop(key, None)
        if scope is not None:
            await self._cache.index.drop(scope, key)

    async def clear(self) -> None:
        """Have nothing found any more."""
        self._scopes.clear()
        await self._cache.index.clear()

    async def catch_up(self) -> None:
        """Go through the store, learn what is new and forget what is gone, in small steps."""
        store = self._cache.store
        tiers, _ = await self.rules()
        failures, known, seen = store.failures, set(self._scopes), 0
        async for kept in store.scan(tiers=tiers):
            entry = kept.entry
            known.discard(entry.key)
            if len(self) < self._max_entries:
                await self.learn(entry.scope, entry.key, entry.question)
            seen += 1
            if seen % STEP_ENTRIES == 0:
                await asyncio.sleep(STEP_S)
        if store.failures == failures and not store.away:  # else more may be there than was seen
            for key in known:
                await self.forget(key)
