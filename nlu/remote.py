"""Reading in another Alice process, at `NLU_URL`. Whoever asks reads by itself when that fails."""

import asyncio
from contextlib import suppress
from datetime import datetime

import msgspec
import structlog

from chat.llm.base import BackendTrouble
from chat.llm.line import Line, decoded
from fibcache.stores.breaker import SharedBreaker

from .core.slots import Slot
from .core.understanding import Reading

PATH = "/api/nlu/parse"
MEET_S = 1.0  # longest time that a starting server waits for it

log = structlog.get_logger("alice.nlu")


class _Likely(msgspec.Struct):
    intent: str
    confidence: float


class _Parsed(msgspec.Struct):
    """As much of `nlu.shapes.Parsed` as a reading holds."""

    language: str
    intent: str
    confidence: float
    alternatives: list[_Likely]
    slots: list[Slot]
    model: str


class RemoteReader:
    """Reads messages elsewhere.

    Args:
        url: of the other process.
        key: of its API, sent as a Bearer token; "" for none.
        within_s: longest wait for a reading.
        pool: readings that may be under way; more wait.
        breaker: tells when to leave it alone.
    """

    def __init__(
        self, url: str, *, key: str, within_s: float, pool: int, breaker: SharedBreaker
    ) -> None:
        self.url, self.breaker = url, breaker
        self.read_there = 0  # messages
        self.read_here = 0
        self.failures = 0  # of those tried there
        self._within_s, self._away = within_s, False
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._line = Line(url, headers=headers, pool=pool)

    async def read(
        self, text: str, *, now: datetime, timezone: str, language: str
    ) -> Reading | None:
        """Read `text` there; None where that can't be, soon."""
        if not await self.breaker.allow():
            self.read_here += 1
            return None
        sentence = {"text": text, "now": now, "timezone": timezone, "language": language}
        try:
            async with asyncio.timeout(self._within_s):
                reading = await self._asked(sentence)
        except (BackendTrouble, TimeoutError) as error:
            self.read_here += 1
            self.failures += 1
            await self.breaker.failed()
            why = str(error) or f"no answer within {self._within_s * 1000:g} ms"
            self._tell(away=True, why=why)
            return None
        self.read_there += 1
        await self.breaker.succeeded()
        self._tell(away=False)
        return reading

    async def meet(self) -> None:
        """Connect, so that the first turn need not. What comes of it counts for nothing."""
        with suppress(BackendTrouble, TimeoutError):
            async with asyncio.timeout(MEET_S):
                await self._asked({"text": "hej"})

    async def aclose(self) -> None:
        """Close this event loop's connections."""
        await self._line.aclose()

    async def _asked(self, sentence: dict[str, object]) -> Reading:
        async with self._line.post(PATH, sentence) as response:
            said = decoded(await response.aread(), _Parsed)
        return Reading(
            said.language,
            said.intent,
            said.confidence,
            tuple((one.intent, one.confidence) for one in said.alternatives),
            tuple(said.slots),
            said.model,
        )

    def _tell(self, *, away: bool, why: str = "") -> None:
        """Log, once, that it went, and once that it is back."""
        if away and not self._away:
            log.warning("nlu_away", url=self.url, why=why)
        elif self._away and not away:
            log.info("nlu_back", url=self.url)
        self._away = away
