"""Answers on the air: the `Radio` of the pipeline, over leases in Redis.

Whoever holds the lease of a question says its answer, and renews the lease while doing so. A holder
that is gone without a word is taken for dead when the lease has run out.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import Any, Literal

import msgspec

from chat.core.errors import AliceError, BrokenOff, error_named
from chat.core.events import Ended, Spoken, spoken_from
from chat.core.radio import NotForOthers
from fibcache.stores.lease import Lease, Leases
from fibcache.stores.link import RedisAway

PAUSE_S = 0.034
"""Between two looks at what is new, and between two times of saying it."""

RENEWALS = 3
"""A lease is renewed after a third of its time, so that one renewal may go astray."""

LAST_WORDS_S = 0.55
"""So long may a process that stops take to say that it does."""

FRAMES = 500
"""Events said at once, at most."""

_encode = msgspec.json.Encoder(enc_hook=str).encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class RedisRadio:
    """What the processes at one Redis are saying.

    Args:
        leases: of the questions.
        monotonic: seconds that never run backwards.
    """

    def __init__(self, leases: Leases, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._leases, self._monotonic = leases, monotonic

    async def tune(self, key: str) -> "Speaking | Listening | None":
        """Take the channel of a question, or find who has it; None when Redis is away."""
        try:
            lease = await self._leases.take(key)
        except RedisAway:
            return None
        return Speaking(lease) if lease.mine else Listening(lease, self._monotonic)


class Listening:
    """An answer that another process makes."""

    mine: Literal[False] = False

    def __init__(self, lease: Lease, monotonic: Callable[[], float]) -> None:
        self._lease, self._monotonic = lease, monotonic
        self.kept = False

    async def hear(self) -> AsyncGenerator[Spoken | Ended, None]:
        """Say what the other process says, from the beginning.

        Raises:
            NotForOthers: it is for its caller alone.
            BrokenOff: it was left off, its process is gone, or Redis is.
            AliceError: what it broke on.
        """
        heard, last = 0, self._monotonic()
        while True:
            try:
                news = await self._lease.hear(heard)
            except RedisAway:
                if self._monotonic() - last > self._lease.lease_s:
                    raise BrokenOff() from None
                await asyncio.sleep(PAUSE_S)
                continue
            last = self._monotonic()
            heard += len(news.frames)
            for frame in map(_decode, news.frames):
                match frame["type"]:
                    case "ended":
                        self.kept = frame["kept"]
                        yield Ended(finish=frame["finish"], model=frame["model"])
                        return
                    case "broke":
                        broke, retry_after_s = error_named(frame["code"]), frame["retry_after_s"]
                        raise broke(detail=frame["detail"], retry_after_s=retry_after_s)
                    case "left":
                        raise BrokenOff()
                    case "private":
                        raise NotForOthers()
                    case _:
                        yield spoken_from(frame)
            if not (news.held or news.frames):
                raise BrokenOff()
            await asyncio.sleep(PAUSE_S)


class Speaking:
    """An answer that this process makes.

    What is said is put in an outbox, and a task of its own takes it to Redis: a slow Redis slows no
    answer. The task goes on until the last word is told, or the lease is lost.
    """

    mine: Literal[True] = True

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._outbox: list[bytes] = []
        self._told = 0  # events that Redis has
        self._news, self._one_at_a_time = asyncio.Event(), asyncio.Lock()
        self._over = False  # nothing more will be said
        self._released = False
        self._listened = self._lost = False
        task = asyncio.create_task(self._tell())
        _telling.add(task)
        task.add_done_callback(_telling.discard)

    def say(self, event: Spoken) -> None:
        """Let others hear an event."""
        self._put(event)

    def end(self, ended: Ended, *, kept: bool) -> None:
        """Say that it is whole, and whether this process keeps it."""
        whole = {"type": "ended", "finish": ended.finish, "model": ended.model, "kept": kept}
        self._put(whole, last=True)

    def close(self, error: AliceError | None = None, *, private: bool = False) -> None:
        """Stop speaking. What has not ended by now broke on `error`, is private or was left off."""
        if self._over:
            return
        self._released = True
        if private:
            self._put({"type": "private"}, last=True)
        elif error is None:
            self._put({"type": "left"}, last=True)
        else:
            broke = {"code": error.code, "detail": error.detail}
            self._put({"type": "broke", "retry_after_s": error.retry_after_s, **broke}, last=True)

    def release(self) -> None:
        """Let the next one who asks begin anew."""
        self._released = True
        self._news.set()

    async def listened(self) -> bool:
        """Tell whether another process listens."""
        await self._say_some()
        return self._listened

    def _put(self, said: Any, *, last: bool = False) -> None:
        if not (self._over or self._lost):
            self._over = last
            self._outbox.append(_encode(said))
            self._news.set()

    async def _tell(self) -> None:
        """Tell Redis what is said, as it is said, and that this process is alive."""
        now = asyncio.get_running_loop().time
        heard_at = now()
        while not self._lost:
            # Whole: those who ask now join in, until the answer is stored; one lease at most.
            done = self._over and not self._outbox
            wait_s = self._lease.lease_s / (1 if done else RENEWALS)
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._news.wait()
            self._news.clear()
            last = done or (self._over and self._released)
            if await self._say_some(last=last):
                heard_at = now()
                if last and not self._outbox:
                    return
            elif self._over and now() - heard_at > self._lease.lease_s:
                return  # Redis is away, and the lease has run out by itself
            await asyncio.sleep(PAUSE_S)

    async def _say_some(self, *, last: bool = False) -> bool:
        """Say what is in the outbox, at most so much; False when Redis is away."""
        async with self._one_at_a_time:
            if self._lost:
                return True
            frames = tuple(self._outbox[:FRAMES])
            last = last and len(frames) == len(self._outbox)
            try:
                listens = await self._lease.say(self._told, frames, last=last)
            except RedisAway:
                return False
            del self._outbox[: len(frames)]
            self._told += len(frames)
            self._listened, self._lost = listens > 0, listens < 0
            return True


_telling: set[asyncio.Task[None]] = set()


async def last_words() -> None:
    """Let other processes hear what was said, and what was left off, before this one stops."""
    loop = asyncio.get_running_loop()
    telling = [task for task in _telling if task.get_loop() is loop]
    if telling:
        await asyncio.wait(telling, timeout=LAST_WORDS_S)
