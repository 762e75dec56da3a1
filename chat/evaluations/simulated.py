"""A kit without people, models and databases: the real cache, on a clock that is moved by hand."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from chat.core.events import Ended, Spoken, Token
from chat.core.flights import SingleFlight
from chat.core.kit import Cache, Kit
from chat.core.turn import Outcome, Reply, Said, Turn
from chat.reader import FirstReader
from guardian.core.buckets import Lack, Level
from guardian.core.limits import Holders

BEGINNING = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)  # an ordinary Monday


class MovedClock:
    """Tells the time that a replay has come to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        """Tell the time of day, aware, in UTC."""
        return BEGINNING + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """Count seconds since the replay began."""
        return self.seconds


class NameSpeaker:
    """Answers a question with the name that it has, so that a wrong answer tells whose it is."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    async def answer(self, turn: Turn) -> Reply | None:
        """Say the name."""
        return Reply("planner", "planner", self._say(self._names[turn.text]), keep=True)

    async def _say(self, name: str) -> AsyncIterator[Spoken | Ended]:
        yield Token(name)
        yield Ended()


class _NoLimit:
    async def enter(self, holders: Holders) -> Lack | None:
        return None

    async def begin(self, holders: Holders, turn_id: str, tokens: int) -> Lack | None:
        return None

    async def settle(self, turn_id: str, tokens: int) -> None:
        pass

    async def look(self, holders: Holders) -> tuple[Level, ...]:
        return ()

    def known(self, holders: Holders) -> tuple[Level, ...]:
        return ()


class _NoJournal:
    async def save_question(self, turn: Turn) -> Sequence[Said]:
        return turn.history

    async def save_reply(self, outcome: Outcome) -> None:
        pass


class _NoReplays:
    async def claim(self, turn: Turn) -> Reply | None:
        return None

    async def keep(self, outcome: Outcome) -> None:
        pass

    def tell(self, turn: Turn, event: Spoken) -> None:
        pass


class _NoChecks:
    def consider(self, outcome: Outcome) -> None:
        pass


class LastMeter:
    """Shows how the last turn went, and hides no trouble."""

    last: Outcome

    def turn(self, outcome: Outcome) -> None:
        """Note how a turn went."""
        self.last = outcome

    def trouble(self, where: str, turn_id: str, error: BaseException) -> None:
        """Stop the replay: its figures would be wrong."""
        raise error


def simulated(clock: MovedClock, cache: Cache, names: Mapping[str, str], meter: LastMeter) -> Kit:
    """Build a kit around a cache of its own; nothing that is in use is touched."""
    return Kit(
        clock=clock,
        limiter=_NoLimit(),
        cache=cache,
        replays=_NoReplays(),
        journal=_NoJournal(),
        reader=FirstReader(clock, ()),
        speakers={route: NameSpeaker(names) for route in ("micro", "tool", "planner")},
        tools=(),
        meter=meter,
        flights=SingleFlight(meter),
        checks=_NoChecks(),
    )
