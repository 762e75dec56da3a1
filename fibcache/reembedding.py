"""Giving every entry its vector, in the background: after a change of encoder, or when owed.

A walk goes through the store and encodes what the index lacks, so one that was broken off goes on
where it was, and one that has nothing to do costs a look-up for each entry.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

import structlog
from prometheus_client import REGISTRY, CollectorRegistry, Gauge

from .core.breaker import DELAYS_S
from .core.cache import FibonacciCache
from .core.encoder import EncoderAway
from .core.entry import Entry
from .core.index import IndexAway
from .core.spiral import Spiral
from .core.tiers import Tier

BATCH = 34  # entries looked up and encoded together
EVERY_S = 89.0  # between looks whether something is owed

Rules = Callable[[], Awaitable[tuple[Sequence[Tier], Spiral]]]

log = structlog.get_logger("alice.reembedding")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a walk has come. Counts entries, except for `removed`, which counts vectors."""

    encoder: str
    state: str = "idle"  # "walking", "away" (encoder, index or store), "done" or "owing"
    entries: int = 0  # there were when it began
    seen: int = 0
    added: int = 0
    left_out: int = 0  # could not be encoded; another walk tries again
    removed: int = 0  # of other encoders


class Reembedding:
    """Keep the index whole.

    Args:
        cache: whose index it is.
        rules: gives the tiers and the spiral in force.
        registry: where `alice_reembedding` is shown; a registry holds one.
        pause: sleeps so many seconds.
    """

    def __init__(
        self,
        cache: FibonacciCache,
        rules: Rules,
        *,
        registry: CollectorRegistry = REGISTRY,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._cache, self._rules, self._pause = cache, rules, pause
        self.progress = Progress(cache.matcher.encoder.fingerprint)
        self._gauge = Gauge(
            "alice_reembedding",
            "Entries that the last walk in this process has met, by what became of them.",
            ("what",),
            registry=registry,
        )

    async def keep_up(self, every_s: float = EVERY_S) -> None:
        """Walk now, and again whenever an entry is owed its vector, until cancelled."""
        while True:
            try:
                await self.walk()
            except Exception as error:  # whatever happens here, turns go on
                log.exception("reembedding_failed", why=type(error).__name__)
            await self._pause(every_s)
            while not self._cache.owes:
                await self._pause(every_s)

    async def walk(self) -> Progress:
        """Go through the store once. Vectors of other encoders go when every entry has its own."""
        cache, store = self._cache, self._cache.store
        tiers, spiral = await self._rules()
        cache.owes, failures = False, store.failures
        entries = (await store.sizes(tiers=tiers)).entries
        self._tell(Progress(self.progress.encoder, "walking", entries=entries))
        batch: list[Entry] = []
        async for kept in store.scan(tiers=tiers):
            batch.append(kept.entry)
            if len(batch) == BATCH:
                await self._try(batch, tiers, spiral)
                batch = []
        await self._try(batch, tiers, spiral)
        whole = not self.progress.left_out and not store.away and store.failures == failures
        if whole:
            await self._forget_others()
        else:
            cache.owes = True
            self._tell(replace(self.progress, state="owing"))
        now = self.progress
        if now.added or now.removed or now.left_out:
            log.info(
                "reembedded",
                encoder=now.encoder,
                seen=now.seen,
                added=now.added,
                left_out=now.left_out,
                removed=now.removed,
            )
        return now

    async def _try(self, entries: Sequence[Entry], tiers: Sequence[Tier], spiral: Spiral) -> None:
        """Give a batch its vectors; while that is out of reach, try again, but not for ever."""
        for delay_s in (*DELAYS_S, None):
            try:
                added = await self._give(entries, tiers, spiral)
            except (EncoderAway, IndexAway):
                if delay_s is None:
                    left_out = self.progress.left_out + len(entries)
                    self._tell(replace(self.progress, left_out=left_out))
                    break
                self._tell(replace(self.progress, state="away"))
                await self._pause(delay_s)
            else:
                self._tell(replace(self.progress, added=self.progress.added + added))
                break
        seen = self.progress.seen + len(entries)
        self._tell(replace(self.progress, state="walking", seen=seen))
        await self._pause(0)  # turns under way get their time

    async def _give(self, entries: Sequence[Entry], tiers: Sequence[Tier], spiral: Spiral) -> int:
        index, matcher = self._cache.index, self._cache.matcher
        able = {(one.scope, one.key): one for one in entries if matcher.takes(one.question)}
        lacking = [able[pair] for pair in await index.lacks(list(able))] if able else []
        if not lacking:
            return 0
        vectors = await matcher.vectors([entry.question for entry in lacking])
        added = []
        for entry, vector in zip(lacking, vectors, strict=True):
            if await self._cache.store.get(entry.key, tiers=tiers) is not None:  # it may be gone
                await index.add(entry.scope, entry.key, vector, spiral=spiral)
                added.append((entry.scope, entry.key))
        if added and await index.lacks(added):
            raise IndexAway()  # which an index does not say when it is given something
        return len(added)

    async def _forget_others(self) -> None:
        try:
            removed = await self._cache.index.forget_others()
        except IndexAway:
            self._cache.owes = True
            self._tell(replace(self.progress, state="owing"))
        else:
            self._tell(replace(self.progress, state="done", removed=removed))

    def _tell(self, progress: Progress) -> None:
        self.progress = progress
        for what in ("entries", "seen", "added", "left_out"):
            self._gauge.labels(what).set(getattr(progress, what))
