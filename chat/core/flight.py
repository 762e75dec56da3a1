"""One answer under way, for any number of turns that ask the same at once.

    lead ── alone ──────────────────────────────► Ended | error
       └─ somebody joins ── pump ── all follow ──► Ended | error

While its beginner is alone the words go straight from the speaker to the beginner, at hardly any
cost. When somebody joins, a task of the flight's own takes over the speaker: from then on no
listener holds up another, and whoever leaves takes nothing along. The speaker is closed when the
last listener has left.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing

from .errors import AliceError, ModelFailed, ModelSilent, Unexpected
from .events import Ended, Spoken
from .radio import OnAir
from .replaying import Recording, close
from .turn import Sharing


class Flight:
    """One answer under way.

    Args:
        key: of the question's address.
        source: the speaker; nothing was heard of it yet.
        sharing: tells whether others may hear it.
        silence_s: longest wait between two events, once nobody else keeps the time.
        gone: called when nobody more is to join.
        trouble: told of a bug in the speaker that strikes when no turn is there to log it.
        air: the speaker's way to other processes, if it has one.
    """

    def __init__(
        self,
        key: str,
        source: AsyncIterator[Spoken | Ended],
        sharing: Sharing,
        *,
        silence_s: float,
        gone: Callable[["Flight"], None],
        trouble: Callable[[BaseException], None],
        air: OnAir | None = None,
    ) -> None:
        self.key = key
        self.recording = Recording()
        self.sharing = sharing
        self.turns: set[str] = set()  # that heard it and have not landed
        self.keeper = ""  # the turn that keeps the answer for all
        self._source, self._silence_s = source, silence_s
        self._gone, self._trouble, self.air = gone, trouble, air
        self._listeners = 0
        self._busy = False  # somebody is at the speaker; only one can be
        self._wanted = air is not None  # by more than one, as far as is known
        self._pump: asyncio.Task[None] | None = None

    @property
    def private(self) -> bool:
        """Tell whether it turned out that nobody but the beginner may hear it."""
        if self.sharing.settled is not None:
            return not self.sharing.settled
        ended = self.recording.ended
        return ended is not None and ended.fleeting

    async def lead(self) -> AsyncGenerator[Spoken | Ended, None]:
        """Speak to the one who begins, alone until somebody joins."""
        self._listeners += 1
        try:
            heard = 0
            while self._pump is None:
                event = await self._next()
                heard += 1
                yield event
                if isinstance(event, Ended):
                    return
            async with aclosing(self.recording.follow(heard)) as rest:
                async for event in rest:
                    yield event
        except AliceError as error:
            self._end(error=error)
            raise
        finally:
            self._listeners -= 1
            if self._pump is None:
                await self._close()  # whoever waits to join was told nothing yet, and begins anew
            else:
                await self._stop_if_alone()

    async def join(self) -> AsyncGenerator[Spoken | Ended, None]:
        """Say all of it to one more, from the beginning; nothing where it can't be shared.

        Before anything is said, it is certain that this answer may be heard by others and does not
        depend on who stays.

        Raises:
            AliceError: what it broke on.
            BrokenOff: it was left off.
        """
        self._listeners += 1
        try:
            self._want()
            while not (self.recording.over or self.private or self._sure):
                await self.recording.news()
            if self.private:
                return
            # What broke before then was told to nobody else: only how it broke is of interest.
            told = len(self.recording.events) if self.recording.broke else 0
            async with aclosing(self.recording.follow(told)) as events:
                async for event in events:
                    yield event
        finally:
            self._listeners -= 1
            await self._stop_if_alone()

    @property
    def _sure(self) -> bool:
        return self._pump is not None and self.sharing.settled is True

    def _want(self) -> None:
        """Have the speaker taken over: at once, or by whoever is at it when it has spoken next."""
        self._wanted = True
        if not (self._busy or self._pump or self.recording.over):
            self._pump = asyncio.create_task(self._go_on())

    async def _next(self) -> Spoken | Ended:
        """Take the next event from the speaker and record it."""
        self._busy = True
        try:
            event = await anext(self._source)
        except StopAsyncIteration:
            raise ModelFailed() from None  # a speaker says `Ended` when it is done
        finally:
            self._busy = False
        if isinstance(event, Ended):
            self._end(event)
            return event
        if self.sharing.settled is False:
            self._gone(self)
        elif self._wanted and self._pump is None:
            self._pump = asyncio.create_task(self._go_on())
        self.recording.add(event)
        return event

    async def _go_on(self) -> None:
        """Pump the speaker dry."""
        error: AliceError | None = None
        try:
            while not (self.recording.over or await self._alone()):
                async with asyncio.timeout(self._silence_s):
                    await self._next()
        except TimeoutError:
            error = ModelSilent()
        except AliceError as known:
            error = known
        except Exception as bug:
            self._trouble(bug)
            error = Unexpected()
        finally:
            await self._close(error)

    async def _stop_if_alone(self) -> None:
        """Stop the pump when nobody listens any more."""
        if self._pump is None or self.recording.over or not await self._alone():
            return
        self._pump.cancel()
        await asyncio.wait({self._pump})
        await self._close()  # for a pump that never came to begin

    async def _alone(self) -> bool:
        """Tell whether nobody listens, here or in another process."""
        if self._listeners:
            return False
        elsewhere = self.air is not None and await self.air.listened()
        return not (elsewhere or self._listeners)  # somebody may have come meanwhile

    async def _close(self, error: AliceError | None = None) -> None:
        """Close the speaker, and only then say that it is over: one speaks at a time."""
        self._busy = True
        try:
            await close(self._source)
        finally:
            self._busy = False
            self._end(error=error)

    def _end(self, ended: Ended | None = None, error: AliceError | None = None) -> None:
        if self.recording.over:
            return
        self.recording.end(ended, error)  # wakes nobody before this step of the loop is over
        if ended is None or ended.finish != "stop" or self.private:
            self._gone(self)
