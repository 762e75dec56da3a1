"""The Fibonacci cache: what was asked before, word for word or in other words."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from .calibration import calibrated
from .encoder import Encoder
from .entry import Entry, Hit
from .guards import Guard, Verdict
from .index import Index
from .reading import essence
from .spiral import Spiral
from .store import Kept, Store
from .tiers import Tier, tier_for

CANDIDATES = 5  # nearest questions that the guards get to see
SIMILAR_CHARS = 377  # a longer message is a text of its own, and only found word for word


class FibonacciCache:
    """Recall answers in one look-up, whatever the number of tiers.

    Args:
        store: keeps the entries.
        index: finds the questions that lie nearest.
        encoder: turns questions into vectors.
        clock: seconds, the same as the store's.
        guards: must all agree before the answer to one question is given to another.
    """

    def __init__(
        self,
        store: Store,
        index: Index,
        encoder: Encoder,
        *,
        clock: Callable[[], float],
        guards: Sequence[Guard],
    ) -> None:
        self.store, self.index, self.encoder = store, index, encoder
        self._clock, self._guards = clock, tuple(guards)
        self._gone: deque[tuple[str, str]] = deque()  # left the store, still in the index
        store.tell_gone(lambda entry: self._gone.append((entry.scope, entry.key)))

    async def recall(self, key: str, *, tiers: Sequence[Tier]) -> Hit | None:
        """Find the answer under exactly this key."""
        kept = await self.store.hit(key, tiers=tiers)
        return None if kept is None else self._hit(kept, tiers)

    async def recall_similar(
        self, scope: str, question: str, *, tiers: Sequence[Tier], spiral: Spiral
    ) -> Hit | None:
        """Find the answer to a question that means the same, if every guard agrees."""
        await self._forget()
        if len(question) > SIMILAR_CHARS or not await self.index.holds(scope):
            return None
        vector = self.encoder.encode(essence(question))
        for cosine, key in await self.index.nearest(scope, vector, count=CANDIDATES, spiral=spiral):
            score = calibrated(cosine)
            if score < spiral.similar_at_least:
                return None
            kept = await self.store.get(key, tiers=tiers)
            if kept is None or kept.entry.scope != scope:
                await self.index.drop(scope, key)  # a shared store does not tell of all that goes
                continue
            verdicts = [guard(question, kept.entry.question) for guard in self._guards]
            if all(verdict.agrees for verdict in verdicts):
                used = await self.store.hit(key, tiers=tiers)
                if used is not None:
                    return self._hit(used, tiers, score=score, verdicts=verdicts)
        return None

    async def remember(self, entry: Entry, *, tiers: Sequence[Tier], spiral: Spiral) -> str:
        """Keep an answer. Give the name of its tier, or "" where it found no room."""
        kept = await self.store.put(entry, tiers=tiers)
        await self._forget()
        if kept is None:
            return ""
        if len(entry.question) <= SIMILAR_CHARS:
            vector = self.encoder.encode(essence(entry.question))
            await self.index.add(entry.scope, entry.key, vector, spiral=spiral)
        return tier_for(kept.standing.hits, tiers).name

    async def forget_all(self) -> None:
        """Forget every answer."""
        await self.store.clear()
        self._gone.clear()
        await self.index.clear()

    async def _forget(self) -> None:
        """Take out of the index what has left the store since."""
        while self._gone:
            await self.index.drop(*self._gone.popleft())

    def _hit(
        self,
        kept: Kept,
        tiers: Sequence[Tier],
        *,
        score: float | None = None,
        verdicts: Sequence[Verdict] = (),
    ) -> Hit:
        entry, standing = kept.entry, kept.standing
        tier = tier_for(standing.hits, tiers).name
        why: dict[str, Any] = {
            "entry": entry.key,
            "question": entry.question,
            "tier": tier,
            "hits": standing.hits,
            "age_s": max(0.0, self._clock() - standing.made_s),
        }
        if score is not None:
            why["score"] = score
            why["verdicts"] = [
                {"guard": verdict.guard, "agrees": verdict.agrees, "reason": verdict.reason}
                for verdict in verdicts
            ]
        return Hit(entry, tier, similar=score is not None, why=why)
