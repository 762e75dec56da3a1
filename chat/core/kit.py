"""The real parts that the steps use. Tests hand in fakes of the same shape."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from fibcache.core.entry import Entry, Hit
from fibcache.core.spiral import Spiral
from fibcache.core.tiers import Tier
from guardian.core.buckets import Lack, Level
from guardian.core.limits import Holders

from .events import Spoken
from .turn import Intent, Outcome, Reply, Said, Turn


class OutOfReach(Exception):
    """A store that can't be reached right now."""


class Clock(Protocol):
    """Time, handed in so that tests can stand still."""

    def now(self) -> datetime:
        """Tell the time of day, aware, in UTC."""

    def monotonic(self) -> float:
        """Count seconds that never run backwards."""


class Limiter(Protocol):
    """Counts what callers ask for, against the budgets of all whom a caller draws on."""

    async def enter(self, holders: Holders) -> Lack | None:
        """Take one turn of every holder, or none and say what there is too little of."""

    async def begin(self, holders: Holders, turn_id: str, tokens: int) -> Lack | None:
        """Reserve tokens and let a turn be under way, or say what there is too little of."""

    async def settle(self, turn_id: str, tokens: int) -> None:
        """Let a turn go, and count the tokens that it really spent; nothing if none had begun."""

    async def look(self, holders: Holders) -> tuple[Level, ...]:
        """Tell how every limit stands."""

    def known(self, holders: Holders) -> tuple[Level, ...]:
        """Tell how every limit stands, as far as it is known at hand; nothing if it is not."""


class Cache(Protocol):
    """Answers that were given before. A cache that is out of reach is a miss, never an error."""

    async def recall(self, key: str, *, tiers: Sequence[Tier]) -> Hit | None:
        """Find the answer under exactly this key."""

    async def recall_similar(
        self, scope: str, question: str, *, tiers: Sequence[Tier], spiral: Spiral
    ) -> Hit | None:
        """Find the answer to a question that means the same, if every guard agrees."""

    async def remember(self, entry: Entry, *, tiers: Sequence[Tier], spiral: Spiral) -> str:
        """Keep an answer. Give the name of its tier."""

    async def judge(self, why: Mapping[str, Any], *, up: bool, tiers: Sequence[Tier]) -> None:
        """Learn what a person thought of the answer that came with this `why` of a hit."""


class Replays(Protocol):
    """What was answered under an Idempotency-Key, so that a repeated request hears the same."""

    async def claim(self, turn: Turn) -> Reply | None:
        """Claim the turn's key, or give the reply that it already has (finished or under way).

        Raises:
            SameKeyOtherBody: the key came with another request before.
            TurnInFlight: the same request is being answered in another process.
        """

    async def keep(self, outcome: Outcome) -> None:
        """Keep a complete answer under its key; let go of the key when the answer is not."""

    def tell(self, turn: Turn, event: Spoken) -> None:
        """Pass an event on to those who asked the same while it was under way."""


class Flights(Protocol):
    """Answers that are being made right now, so that the same question is answered once."""

    def share(self, reply: Reply, turn: Turn) -> Reply:
        """Let the same question share this answer, or this turn the answer that is under way."""

    def first_home(self, turn: Turn) -> bool:
        """Tell one of those who shared an answer, the first to ask, to keep it for all."""

    async def land(self, outcome: Outcome) -> None:
        """Let go of the flight: from here on the cache answers."""


class Checks(Protocol):
    """Checks some similar hits after the answer was given."""

    def consider(self, outcome: Outcome) -> None:
        """Check this turn's hit, if it had one and is drawn. Returns at once."""


class Journal(Protocol):
    """Conversations on disk."""

    async def save_question(self, turn: Turn) -> Sequence[Said]:
        """Save the message as written and give what was said before it, oldest first.

        When this returns, the message survives a crash.

        Raises:
            NoSuchConversation: the conversation is deleted or somebody else's.
            OutOfReach: nothing can be saved right now.
        """

    async def save_reply(self, outcome: Outcome) -> None:
        """Save what was answered, complete or not, and the message too if that was not saved.

        Raises:
            OutOfReach: nothing can be saved right now.
        """


class Reader(Protocol):
    """Understands a message."""

    async def read(self, turn: Turn) -> Intent:
        """Give the language of the message, what it asks for and with what arguments."""


Scorer = Callable[[str, str], float]
"""Scores a masked text from a source ("user", "document" or "tool"), 0..1. Quick: no waiting."""


class Speaker(Protocol):
    """Answers along one route."""

    async def answer(self, turn: Turn) -> Reply | None:
        """Give a reply, or None to leave the turn to the next route."""


class Meter(Protocol):
    """Counts and times turns for /metrics, and writes the turn's one log line."""

    def turn(self, outcome: Outcome) -> None:
        """Note how a turn went. Never sees what was said."""

    def trouble(self, where: str, turn_id: str, error: BaseException) -> None:
        """Log, once, something that should not have happened."""


@dataclass(frozen=True, slots=True)
class Kit:
    """One of each; built in `chat/wiring.py`, nowhere else."""

    clock: Clock
    limiter: Limiter
    cache: Cache
    replays: Replays
    journal: Journal
    reader: Reader
    speakers: Mapping[str, Speaker]  # by route
    flights: Flights
    checks: Checks
    tools: Sequence[str]  # names of all tools there are
    meter: Meter
    scorers: Mapping[str, Scorer] = field(default_factory=dict)  # by the name that rules ask for
