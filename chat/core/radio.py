"""Sharing an answer between processes: listening to another's, or letting others hear one's own."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any, Literal, Protocol

from .errors import AliceError, BrokenOff
from .events import Ended, Spoken
from .replaying import close
from .turn import Reply, Sharing

FAILURES = 2
"""Of others' speakers that a turn waits out before it tells of the error itself."""


class NotForOthers(Exception):
    """The answer turned out to be for its caller alone; nothing of it was told."""


class Listening(Protocol):
    """An answer that another process makes."""

    mine: Literal[False]
    kept: bool  # by that process; known when it is whole

    def hear(self) -> AsyncGenerator[Spoken | Ended, None]:
        """Say what the other process says, from the beginning.

        Raises:
            NotForOthers: it is for its caller alone.
            BrokenOff: it was left off, or its process is gone.
            AliceError: what it broke on.
        """


class Speaking(Protocol):
    """An answer that this process makes, and that others may hear. Only `listened` ever waits."""

    mine: Literal[True]

    def say(self, event: Spoken) -> None:
        """Let others hear an event."""

    def end(self, ended: Ended, *, kept: bool) -> None:
        """Say that it is whole, and whether this process keeps it."""

    def close(self, error: AliceError | None = None, *, private: bool = False) -> None:
        """Stop speaking. What has not ended by now broke on `error`, is private or was left off.

        Doing it twice is doing it once.
        """

    def release(self) -> None:
        """Let the next one who asks begin anew."""

    async def listened(self) -> bool:
        """Tell whether another process listens."""


class Radio(Protocol):
    """What other processes are saying."""

    async def tune(self, key: str) -> Speaking | Listening | None:
        """Take the channel of a question, or find who has it; None when out of reach."""


class OnAir:
    """A speaker that is heard by other processes, or makes way for one of theirs.

    Args:
        reply: with a speaker of its own, which may come to speak or not.
        why: is told `joined` while another process's answer is heard.
        kept: tells whether somebody here is to keep the answer.
    """

    def __init__(
        self, radio: Radio, key: str, reply: Reply, why: dict[str, Any], kept: Callable[[], bool]
    ) -> None:
        assert reply.sharing is not None
        self.sharing = Sharing()  # of what is heard here, whoever says it
        self._radio, self._key, self._why, self._kept = radio, key, why, kept
        self._own, self._owns_sharing = reply.events, reply.sharing
        self._channel: Speaking | Listening | None = None

    async def listened(self) -> bool:
        """Tell whether another process listens to this one."""
        channel = self._channel
        return channel is not None and channel.mine and await channel.listened()

    @property
    def kept_elsewhere(self) -> bool:
        """Tell whether another process made the answer and keeps it."""
        return self._channel is not None and not self._channel.mine and self._channel.kept

    def release(self) -> None:
        """Let the next one who asks begin anew."""
        if self._channel is not None and self._channel.mine:
            self._channel.release()

    async def speak(self) -> AsyncGenerator[Spoken | Ended, None]:
        """Say the answer that is on the air, or this turn's own."""
        failures, told = 0, False
        while True:
            channel = self._channel = await self._radio.tune(self._key)
            if channel is None or channel.mine:
                break
            self._why["joined"] = True
            try:
                async with aclosing(channel.hear()) as events:
                    async for event in events:
                        told = self.sharing.settled = True
                        yield event
                return
            except NotForOthers:
                channel = self._channel = None
                break
            except BrokenOff:
                if told:
                    raise
            except AliceError:
                failures += 1
                if told or failures == FAILURES:
                    raise
            finally:
                if not told:
                    self._why.pop("joined", None)
        own = self._heard_here() if channel is None else self._heard_by_all(channel)
        async with aclosing(own):
            async for event in own:
                yield event

    async def _heard_here(self) -> AsyncGenerator[Spoken | Ended, None]:
        try:
            async for event in self._own:
                self.sharing.settled = self._owns_sharing.settled
                yield event
        finally:
            await close(self._own)

    async def _heard_by_all(self, channel: Speaking) -> AsyncGenerator[Spoken | Ended, None]:
        """Say it on the air too, from the moment when others may hear it."""
        error: AliceError | None = None
        held: list[Spoken] = []
        try:
            async with aclosing(self._heard_here()) as own:
                async for event in own:
                    if not isinstance(event, Ended):
                        held.append(event)
                    elif self.sharing.settled is None:
                        self.sharing.settled = not event.fleeting
                    if self.sharing.settled:
                        for each in held:
                            channel.say(each)
                        held.clear()
                        if isinstance(event, Ended):
                            channel.end(event, kept=self._kept())
                    elif self.sharing.settled is False:
                        channel.close(private=True)  # nobody is to wait for nothing
                    yield event
        except AliceError as broke:
            error = broke
            raise
        finally:
            channel.close(error)
