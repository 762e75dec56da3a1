"""Small stand-ins of the same shape as the real parts, for tests that call the core.

events = ask("hej", a_kit(speaker=ScriptedSpeaker("Hej ", "på dig!")))
assert text_of(events) == "Hej på dig!"
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from chat.core.converse import Pipeline, converse
from chat.core.events import Ended, Event, Spoken, Token
from chat.core.events import text_of as text_of
from chat.core.flights import SingleFlight
from chat.core.kit import Kit, Speaker
from chat.core.policy import Policy
from chat.core.turn import OPEN, Caller, Intent, Outcome, Reply, Said, Turn
from fibcache.core.entry import Entry, Hit
from fibcache.core.spiral import Spiral
from fibcache.core.tiers import Tier
from guardian.core.buckets import Lack, Level
from guardian.core.limits import Holders

MEMBER = Caller(
    tenant="alice", person="user:1", role="member", scopes=frozenset({"chat"}), user_id=1
)


class FixedClock:
    """Stands still until it is told to move."""

    def __init__(self, now: datetime = datetime(2026, 6, 19, 12, 0, tzinfo=UTC)) -> None:
        self.time = now
        self.seconds = 0.0

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.seconds

    def forward(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        self.seconds += seconds


class ScriptedSpeaker:
    """Says its script: words, events, errors to raise, and `asyncio.Event`s to wait for."""

    def __init__(
        self,
        *script: str | Spoken | Ended | BaseException | asyncio.Event,
        route: str = "planner",
        keep: bool = False,
        why: Mapping[str, Any] | None = None,
    ) -> None:
        self.script, self.route, self.keep, self.why = script, route, keep, why or {}
        self.turns: list[Turn] = []  # that it was asked to answer
        self.closed = 0  # streams that were ended or closed

    async def answer(self, turn: Turn) -> Reply | None:
        self.turns.append(turn)
        return Reply(self.route, self.route, self._say(), keep=self.keep, why=self.why)

    async def _say(self) -> AsyncIterator[Spoken | Ended]:
        try:
            for item in self.script:
                if isinstance(item, asyncio.Event):
                    await item.wait()
                elif isinstance(item, BaseException):
                    raise item
                else:
                    yield Token(item) if isinstance(item, str) else item
            if not any(isinstance(item, Ended) for item in self.script):
                yield Ended()
        finally:
            self.closed += 1


class FreeLimiter:
    """Has room for everybody; notes what was reserved and what was spent."""

    def __init__(self) -> None:
        self.reserved: dict[str, int] = {}  # by turn
        self.spent: list[int] = []

    async def enter(self, holders: Holders) -> Lack | None:
        return None

    async def begin(self, holders: Holders, turn_id: str, tokens: int) -> Lack | None:
        self.reserved[turn_id] = tokens
        return None

    async def settle(self, turn_id: str, tokens: int) -> None:
        if self.reserved.pop(turn_id, None) is not None:
            self.spent.append(tokens)

    async def look(self, holders: Holders) -> tuple[Level, ...]:
        return ()

    def known(self, holders: Holders) -> tuple[Level, ...]:
        return ()

    def take(self, caller: str, *, per_minute: int, burst: int) -> float:
        return 0.0


class FullLimiter(FreeLimiter):
    """Has no room for another turn."""

    async def enter(self, holders: Holders) -> Lack | None:
        return Lack("turns", "user", 3.0)


class NoCache:
    """Remembers nothing."""

    async def recall(self, key: str, *, tiers: Sequence[Tier]) -> Hit | None:
        return None

    async def recall_similar(
        self, scope: str, question: str, *, tiers: Sequence[Tier], spiral: Spiral
    ) -> Hit | None:
        return None

    async def remember(self, entry: Entry, *, tiers: Sequence[Tier], spiral: Spiral) -> str:
        return ""

    async def judge(self, why: Mapping[str, Any], *, up: bool, tiers: Sequence[Tier]) -> None:
        pass


class MemoryJournal:
    """Keeps conversations in lists."""

    def __init__(self) -> None:
        self.questions: list[Turn] = []
        self.replies: list[Outcome] = []

    async def save_question(self, turn: Turn) -> Sequence[Said]:
        self.questions.append(turn)
        return turn.history

    async def save_reply(self, outcome: Outcome) -> None:
        self.replies.append(outcome)


class NoReplays:
    """Has never heard of any Idempotency-Key."""

    async def claim(self, turn: Turn) -> Reply | None:
        return None

    async def keep(self, outcome: Outcome) -> None:
        pass

    def tell(self, turn: Turn, event: Spoken) -> None:
        pass


class NoChecks:
    """Checks nothing; knows what it was asked to consider."""

    def __init__(self) -> None:
        self.considered: list[Outcome] = []

    def consider(self, outcome: Outcome) -> None:
        self.considered.append(outcome)


class OpenReader:
    """Understands every message in the same way; as an open question unless told otherwise."""

    def __init__(self, intent: Intent = OPEN) -> None:
        self.intent = intent

    async def read(self, turn: Turn) -> Intent:
        return self.intent


class StillMeter:
    """Notes what it was told, where a test can look."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.troubles: list[tuple[str, BaseException]] = []

    def turn(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    def trouble(self, where: str, turn_id: str, error: BaseException) -> None:
        self.troubles.append((where, error))


def a_kit(*, speaker: Speaker | None = None, **parts: Any) -> Kit:
    """Build a kit of fakes; name the parts that matter. `speaker` answers along every route."""
    if speaker is None:
        speaker = ScriptedSpeaker("Hej på dig!")
    meter = parts.get("meter", StillMeter())
    fakes = {
        "clock": FixedClock(),
        "limiter": FreeLimiter(),
        "cache": NoCache(),
        "replays": NoReplays(),
        "journal": MemoryJournal(),
        "reader": OpenReader(),
        "speakers": {"micro": speaker, "tool": speaker, "planner": speaker},
        "flights": SingleFlight(meter),
        "checks": NoChecks(),
        "tools": (),
        "meter": meter,
    }
    return Kit(**{**fakes, **parts})


def a_turn(text: str = "hej", **fields: Any) -> Turn:
    """Open a turn of a member's; name the fields that matter."""
    fresh = Turn(
        id=str(uuid4()),
        caller=MEMBER,
        text=text,
        policy=Policy(),
        opened=datetime(2026, 6, 19, 12, 0, tzinfo=UTC),
    )
    return replace(fresh, **fields)


async def hear(turn: Turn, kit: Kit, pipeline: Pipeline | None = None) -> list[Event]:
    """Take a whole turn and give all that was told of it."""
    if pipeline is None:
        from chat.pipeline import CHAT

        pipeline = CHAT
    return [event async for event in converse(turn, kit, pipeline)]


def ask(text: str, kit: Kit | None = None, **fields: Any) -> list[Event]:
    """Take a whole turn from ordinary sync code."""
    return asyncio.run(hear(a_turn(text, **fields), kit or a_kit()))
