"""Saying recorded events again."""

from collections.abc import AsyncIterator, Iterable, Iterator

from .events import Ended, Spoken


class SaidAgain(AsyncIterator[Spoken | Ended]):
    """Say recorded events again, at once."""

    def __init__(self, events: Iterable[Spoken | Ended]) -> None:
        self._events: Iterator[Spoken | Ended] = iter(events)

    async def __anext__(self) -> Spoken | Ended:
        for event in self._events:
            return event
        raise StopAsyncIteration
