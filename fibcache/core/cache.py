"""The Fibonacci cache: what was asked before, word for word or in other words."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from .budget import Evidence, MemoryEvidence
from .encoder import EncoderAway
from .entry import Entry, Hit
from .index import Index, IndexAway
from .matching import Match, Matcher, digest_of
from .quarantine import MemoryQuarantine, Quarantine
from .spiral import Spiral
from .store import Kept, Store
from .tiers import Tier, tier_for

CANDIDATES = 5  # nearest questions that the guards get to see
LATE_AT_MOST = 144  # questions being encoded beside their turns; more than that can wait


class FibonacciCache:
    """Recall answers in one look-up, whatever the number of tiers.

    Args:
        store: keeps the entries.
        index: finds the questions that lie nearest.
        matcher: decides whether two questions may share an answer.
        clock: seconds, the same as the store's.
        quarantine: holds pairs of questions that must not share an answer.
        evidence: tells which similar hits were right, so that the false-hit budget is kept.
    """

    def __init__(
        self,
        store: Store,
        index: Index,
        matcher: Matcher,
        *,
        clock: Callable[[], float],
        quarantine: Quarantine | None = None,
        evidence: Evidence | None = None,
    ) -> None:
        if index.fingerprint != matcher.encoder.fingerprint:
            raise ValueError(f"{index.fingerprint} is not {matcher.encoder.fingerprint}")
        self.store, self.index, self.matcher = store, index, matcher
        self.owes = False  # a place in the index to entries that could not be encoded
        self._late: set[asyncio.Task[None]] = set()
        self.clock = clock
        self.quarantine = quarantine or MemoryQuarantine()
        self.evidence = evidence or MemoryEvidence()
        self._gone: deque[tuple[str, str]] = deque()  # left the store, still in the index
        store.tell_gone(lambda entry: self._gone.append((entry.scope, entry.key)))

    async def recall(self, key: str, *, tiers: Sequence[Tier]) -> Hit | None:
        """Find the answer under exactly this key."""
        kept = await self.store.hit(key, tiers=tiers)
        return None if kept is None else self._hit(kept, tiers)

    async def recall_similar(
        self, scope: str, question: str, *, tiers: Sequence[Tier], spiral: Spiral
    ) -> Hit | None:
        """Find the answer to a question that means the same, if every guard agrees.

        Where the false-hit budget has no room for any such answer, the best one is given with a
        `doubt`: it must not be said, but may be compared with what is said instead.
        """
        doubted: Hit | None = None
        await self._forget()
        if not self.matcher.takes(question) or not await self.index.holds(scope):
            return None
        try:
            vector = await self.matcher.vector(question)
        except EncoderAway:
            return None
        for cosine, key in await self.index.nearest(scope, vector, count=CANDIDATES, spiral=spiral):
            failures = self.store.failures
            kept = await self.store.get(key, tiers=tiers)
            if kept is None and (self.store.away or self.store.failures != failures):
                break  # it may be there all the same
            if kept is None or kept.entry.scope != scope:
                await self.index.drop(scope, key)  # a shared store does not tell of all that goes
                continue
            match = self.matcher.match(
                question,
                kept.entry.question,
                cosine=cosine,
                at_least=spiral.similar_at_least,
                calibration=spiral.calibration,
            )
            if match.score < spiral.similar_at_least:
                break
            if match.agrees and not await self._kept_apart(kept.entry, question):
                allowance = (await self.evidence.known()).allows(
                    key,
                    match.score,
                    spiral=spiral,
                    calibration=self.matcher.calibration(spiral.calibration),
                )
                if not allowance.allowed:
                    hit = self._hit(kept, tiers, match=match, asked=question)
                    doubted = doubted or replace(hit, doubt=allowance.reason)
                    continue
                used = await self.store.hit(key, tiers=tiers, verified=False)
                if used is not None:
                    return self._hit(used, tiers, match=match, asked=question)
        return doubted

    async def remember(self, entry: Entry, *, tiers: Sequence[Tier], spiral: Spiral) -> str:
        """Keep an answer. Give the name of its tier, or "" where it found no room."""
        kept = await self.store.put(entry, tiers=tiers)
        await self._forget()
        if kept is None:
            return ""
        if self.matcher.takes(entry.question):
            if self.matcher.encoder.at_once:
                await self.place(entry, spiral=spiral)
            else:
                self._place_later(entry, tiers, spiral)
        return tier_for(kept.standing.verified, tiers).name

    async def learn(self, scope: str, key: str, question: str, *, spiral: Spiral) -> None:
        """Have an entry found by its like that another process put in a store they share.

        Where the index is shared too there may be nothing left to do.
        """
        if not self.matcher.takes(question):
            return
        await self._forget()  # it may have left and come back
        with suppress(IndexAway):
            if await self.index.lacks([(scope, key)]):
                await self._place(scope, key, question, spiral)

    async def judge(self, why: Mapping[str, Any], *, up: bool, tiers: Sequence[Tier]) -> None:
        """Learn what a person thought of the answer that came with this `why` of a hit.

        Where a similar question was answered, a thumb down speaks against the pair, not the entry.
        """
        if up or "score" not in why:
            await self.store.thumb(why["entry"], tiers=tiers, up=up)

    async def forget(self, entries: Iterable[Entry]) -> int:
        """Forget some answers. Give how many there were."""
        chosen = list(entries)
        gone = await self.store.drop([entry.key for entry in chosen])
        for entry in chosen:  # a shared store does not tell of all that goes
            await self.index.drop(entry.scope, entry.key)
        await self._forget()
        return gone

    async def forget_all(self) -> None:
        """Forget every answer."""
        # The index first: what is remembered meanwhile and stays in the store keeps its vector. A
        # vector whose entry went is dropped by the first question that finds it.
        self._gone.clear()
        await self.index.clear()
        await self.store.clear()

    async def _kept_apart(self, entry: Entry, question: str) -> bool:
        """Tell whether somebody said that this answer was wrong for that question."""
        return await self.quarantine.holds(
            entry.tenant, digest_of(question), digest_of(entry.question)
        )

    async def settle(self) -> None:
        """Wait until the questions that are being encoded have their place in the index."""
        while self._late:
            await asyncio.wait(self._late)

    async def place(self, entry: Entry, *, spiral: Spiral) -> None:
        """Give an entry its place in the index; while the encoder is away, owe it one."""
        await self._place(entry.scope, entry.key, entry.question, spiral)

    async def _place(self, scope: str, key: str, question: str, spiral: Spiral) -> None:
        try:
            vector = await self.matcher.vector(question)
        except EncoderAway:
            self.owes = True
        else:
            await self._forget()  # first, or what left under this key would take it along
            await self.index.add(scope, key, vector, spiral=spiral)

    def _place_later(self, entry: Entry, tiers: Sequence[Tier], spiral: Spiral) -> None:
        """Do so beside the turn, which would otherwise wait for the encoder before it ends."""
        if len(self._late) >= LATE_AT_MOST:
            self.owes = True
            return

        async def place() -> None:
            await self.place(entry, spiral=spiral)
            if await self.store.get(entry.key, tiers=tiers) is None:  # gone meanwhile
                await self.index.drop(entry.scope, entry.key)

        task = asyncio.get_running_loop().create_task(place())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _forget(self) -> None:
        """Take out of the index what has left the store since."""
        while self._gone:
            await self.index.drop(*self._gone.popleft())

    def _hit(
        self, kept: Kept, tiers: Sequence[Tier], *, match: Match | None = None, asked: str = ""
    ) -> Hit:
        entry, standing = kept.entry, kept.standing
        tier = tier_for(standing.verified, tiers).name
        why: dict[str, Any] = {
            "entry": entry.key,
            "question": entry.question,
            "tier": tier,
            "hits": standing.hits,
            "age_s": max(0.0, self.clock() - standing.made_s),
        }
        if match is not None:
            why["asked"] = digest_of(asked)
            why["score"] = match.score
            why["verdicts"] = [
                {"guard": verdict.guard, "agrees": verdict.agrees, "reason": verdict.reason}
                for verdict in match.verdicts
            ]
        return Hit(entry, tier, similar=match is not None, why=why)
