"""Seeded traffic through the real pipeline, each query at its moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chat.core.address import address_of
from chat.core.converse import converse
from chat.core.events import Done, Failed, text_of
from chat.core.policy import Policy
from chat.core.turn import Caller, Turn
from chat.pipeline import CHAT
from fibcache.core.cache import FibonacciCache
from fibcache.core.index import ScopedIndex
from fibcache.core.matching import Matcher
from fibcache.core.store import Sizes
from fibcache.core.tiers import Tier
from fibcache.stores.memory import MAX_BYTES, MemoryStore

from .families import Families
from .ladders import LOOK_EVERY
from .simulated import LastMeter, MovedClock, simulated
from .stream import Asked

SOMEBODY = Caller(tenant="evaluation", person="evaluation:1", role="member")


@dataclass(frozen=True, slots=True)
class Heard:
    """A query, and what came of it."""

    asked: Asked
    answer: str = ""  # the name that was said
    tier: str = ""  # of a hit, after it
    matched: str = ""  # the question along the spiral that was answered
    missed: tuple[str, ...] = ()  # why an answer that was given before was not found
    refused: str = ""  # the error's code, where nothing was said

    @property
    def hit(self) -> bool:
        """Tell whether the cache answered."""
        return self.tier != ""

    @property
    def wrong(self) -> bool:
        """Tell whether the cache answered with another question's answer."""
        return self.hit and self.answer != self.asked.name


@dataclass(frozen=True, slots=True)
class Replayed:
    """A whole stream's outcome, and what it took to keep its answers."""

    heard: list[Heard]
    sizes: list[Sizes]  # of the store, every `LOOK_EVERY` queries and at the end


async def replay(
    asked: Iterable[Asked],
    families: Families,
    policy: Policy,
    matcher: Matcher,
    tiers: Sequence[Tier],
    *,
    max_bytes: int = MAX_BYTES,
) -> Replayed:
    """Ask every query of a stream at its moment, through the pipeline that answers people."""
    run = _Run(families, replace(policy, tiers=tuple(tiers)), matcher, max_bytes)
    heard, sizes = [], []
    for number, query in enumerate(asked, start=1):
        heard.append(await run.ask(number, query))
        if number % LOOK_EVERY == 0:
            sizes.append(await run.sizes())
    return Replayed(heard, [*sizes, await run.sizes()])


class _Run:
    """One replay under way."""

    def __init__(
        self, families: Families, policy: Policy, matcher: Matcher, max_bytes: int
    ) -> None:
        self._policy, self._matcher = policy, matcher
        self._clock, self._meter = MovedClock(), LastMeter()
        self._store = MemoryStore(self._clock.monotonic, max_bytes=max_bytes)
        cache = FibonacciCache(
            self._store,
            ScopedIndex(matcher.encoder.fingerprint),
            matcher,
            clock=self._clock.monotonic,
        )
        self._kit = simulated(self._clock, cache, families.names, self._meter)
        self._keys: dict[str, set[str]] = {}  # that answers were remembered under, by name

    async def ask(self, number: int, query: Asked) -> Heard:
        self._clock.seconds = query.at_s
        turn = Turn(
            id=str(number),
            caller=SOMEBODY,
            text=query.text,
            policy=self._policy,
            opened=self._clock.now(),
            channel="shell",
        )
        events = [event async for event in converse(turn, self._kit, CHAT)]
        last = events[-1]
        if isinstance(last, Failed):
            return Heard(query, refused=last.code)
        assert isinstance(last, Done)
        answer = text_of(events)
        if last.source == "spiral":
            reply = self._meter.last.reply
            assert reply is not None
            return Heard(query, answer, tier=last.tier, matched=reply.why["question"])
        if last.source == last.tier:
            return Heard(query, answer, tier=last.tier)
        return Heard(query, answer, missed=await self._why_missed(query))

    async def sizes(self) -> Sizes:
        return await self._store.sizes(tiers=self._policy.tiers)

    async def _why_missed(self, query: Asked) -> tuple[str, ...]:
        """Tell what kept the answer to a question that was answered before from being found.

        "expired"; "score", when no wording was near enough; the names of the guards that objected
        to the one they objected least to; "candidates", when none did and it still was not seen.
        """
        turn = self._meter.last.turn
        own = address_of(turn).key
        keys = self._keys.setdefault(query.name, set())
        before = keys - {own}
        known = bool(keys)
        keys.add(own)
        if not known:
            return ()
        matcher, spiral = self._matcher, self._policy.spiral
        vector, near, alive = await matcher.vector(turn.question), [], False
        for key in sorted(before):
            kept = await self._store.get(key, tiers=self._policy.tiers)
            if kept is None:
                continue
            alive = True
            other = kept.entry.question
            cosine = float(vector @ await matcher.vector(other))
            match = matcher.match(
                turn.question,
                other,
                cosine=cosine,
                at_least=spiral.similar_at_least,
                calibration=spiral.calibration,
            )
            if match.score >= spiral.similar_at_least:
                verdicts = matcher.verdicts(turn.question, other)
                near.append(tuple(v.guard for v in verdicts if not v.agrees))
        if not alive:
            return ("expired",)
        return (min(near, key=len) or ("candidates",)) if near else ("score",)
