"""Saying recorded events again: at once, or along with those who hear them first."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator

from .errors import AliceError, BrokenOff
from .events import Ended, Spoken, Token

LONGEST_PAUSE_S = 1.0
"""Between two events of an answer that is said again at a pace."""


class SaidAgain(AsyncIterator[Spoken | Ended]):
    """Say recorded events again, at once."""

    def __init__(self, events: Iterable[Spoken | Ended]) -> None:
        self._events: Iterator[Spoken | Ended] = iter(events)

    async def __anext__(self) -> Spoken | Ended:
        for event in self._events:
            return event
        raise StopAsyncIteration


async def paced(
    events: Iterable[Spoken | Ended], *, words_per_s: float
) -> AsyncGenerator[Spoken | Ended, None]:
    """Say recorded events again, at a pace to read along with.

    The first word comes at once, and no pause is longer than `LONGEST_PAUSE_S`, however many words
    were said in one go.
    """
    pause_s = 0.0
    for event in events:
        if isinstance(event, Token):
            if pause_s:
                await asyncio.sleep(min(pause_s, LONGEST_PAUSE_S))
            pause_s = len(event.text.split()) / words_per_s
        yield event


async def close(stream: object) -> None:
    """Close a stream, if it is of a kind that can be closed."""
    aclose = getattr(stream, "aclose", None)
    if aclose is not None:
        await aclose()


class Recording:
    """What one turn says, kept as it is said, for any number who join in underway.

    Those who listen read one growing list, each from a place of their own. So nobody misses or
    hears anything twice, and a slow listener holds nobody up.
    """

    def __init__(self) -> None:
        self.events: list[Spoken] = []
        self.ended: Ended | None = None
        self.error: AliceError | None = None
        self.over = False
        self._news: asyncio.Event | None = None  # none while nobody waits: most turns are alone

    @property
    def broke(self) -> bool:
        """Tell whether it is over without having come to its end."""
        return self.over and self.ended is None

    def add(self, event: Spoken) -> None:
        """Record what is said."""
        self.events.append(event)
        self._wake()

    def end(self, ended: Ended | None = None, error: AliceError | None = None) -> None:
        """Say that no more comes: it `ended` well, broke on an `error`, or was just left off."""
        self.ended, self.error, self.over = ended, error, True
        self._wake()

    async def begun(self) -> None:
        """Wait for the first event or the end."""
        while not (self.events or self.over):
            await self.news()

    async def news(self) -> None:
        """Wait for the next event or the end."""
        if self._news is None:
            self._news = asyncio.Event()
        await self._news.wait()

    async def follow(self, heard: int = 0) -> AsyncGenerator[Spoken | Ended, None]:
        """Say all that was said so far, then along with the turn until it ends.

        Args:
            heard: events to leave out, for somebody who has heard that many.

        Raises:
            BrokenOff: the turn was left off.
            AliceError: what the turn broke on.
        """
        while True:
            while heard < len(self.events):
                yield self.events[heard]
                heard += 1
            if not self.over:
                await self.news()
            elif self.ended is not None:
                yield self.ended
                return
            elif self.error is not None:
                raise self.error.again()
            else:
                raise BrokenOff()

    def _wake(self) -> None:
        if self._news is not None:
            self._news.set()  # whoever waits is scheduled now …
            self._news = None  # … and waits for the next news on another
