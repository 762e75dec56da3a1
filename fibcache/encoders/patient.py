"""What every encoder that takes its time has in common: bounds, a breaker and a short memory."""

import asyncio
import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import numpy as np
import structlog
from cachetools import LRUCache
from numpy.typing import NDArray

from fibcache.core.breaker import FibonacciBreaker
from fibcache.core.encoder import EncoderAway, Spent, Vector
from fibcache.core.projection import DIMENSIONS, VERSION, projected

ALL_WITHIN_S = 34.0  # longest wait for a batch, which no turn waits for
BATCH = 34  # texts encoded at a time
LATELY = 987  # vectors remembered: what was not found is remembered a moment later

log = structlog.get_logger("alice.encoder")


class Trouble(Exception):
    """The encoder could not; says why."""


class PatientEncoder(ABC):
    """An encoder that may be slow, or away. A subclass makes `_raw` vectors of any length.

    Args:
        name: of the encoder and its model; the fingerprint says, too, how 512 floats are made.
        within_s: longest wait for the vector of one text.
        clock: monotonic seconds.
    """

    dimensions = DIMENSIONS
    at_once = False

    def __init__(self, name: str, *, within_s: float, clock: Callable[[], float]) -> None:
        self.fingerprint = f"{name}:{DIMENSIONS}-{VERSION}"
        self._within_s = within_s
        self._breaker = FibonacciBreaker(clock=clock, jitter=random.random)
        self._away = False
        self._lately: LRUCache[str, Vector] = LRUCache(LATELY)

    async def vector_of(self, text: str) -> Vector:
        """Give float32, shape (512,). Raises EncoderAway."""
        known = self._lately.get(text)
        if known is None:
            known = self._lately[text] = (await self._vectors([text], self._within_s))[0]
        return known

    async def vectors_of(self, texts: Sequence[str], spent: Spent | None = None) -> Vector:
        """Give float32, shape (len(texts), 512), batch by batch. Raises EncoderAway."""
        out = np.zeros((len(texts), DIMENSIONS), np.float32)
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            out[start : start + len(batch)] = await self._vectors(batch, ALL_WITHIN_S, spent)
        return out

    async def _vectors(
        self, texts: Sequence[str], within_s: float, spent: Spent | None = None
    ) -> Vector:
        # Servers refuse texts without a letter, and there is nothing to compare in them.
        said = [text for text in texts if any(letter.isalnum() for letter in text)]
        out = np.zeros((len(texts), DIMENSIONS), np.float32)
        if said:
            made = projected(await self._reached(said, within_s, spent or Spent()))
            out[[any(letter.isalnum() for letter in text) for text in texts]] = made
        return out

    async def _reached(
        self, texts: list[str], within_s: float, spent: Spent
    ) -> NDArray[np.floating]:
        if not self._breaker.allow():
            raise EncoderAway(f"{self.fingerprint} is left alone for a while")
        try:
            async with asyncio.timeout(within_s):
                raw = await self._raw(texts, spent)
            if raw.ndim != 2 or len(raw) != len(texts) or not np.isfinite(raw).all():
                raise Trouble(f"expected {len(texts)} vectors, got shape {raw.shape}")
        except (Trouble, TimeoutError) as error:
            why = str(error) or f"no answer within {within_s:g} s"
            self._breaker.failed()
            if not self._away:
                log.warning("encoder_away", encoder=self.fingerprint, why=why)
            self._away = True
            raise EncoderAway(why) from error
        self._breaker.succeeded()
        if self._away:
            log.info("encoder_back", encoder=self.fingerprint)
        self._away = False
        return raw

    @abstractmethod
    async def _raw(self, texts: list[str], spent: Spent) -> NDArray[np.floating]:
        """Give one row for each text. Raises Trouble."""

    def load(self) -> None:
        """Load what is slow to load. It may take minutes, and never raises."""
        return  # most have nothing to load

    async def aclose(self) -> None:
        """Let go of what the encoder holds."""
        return  # most hold nothing
