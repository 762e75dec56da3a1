"""An event loop whose clock jumps: minutes of waiting pass at once, and a deadlock is an error."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any


class Deadlock(Exception):
    """Everybody waits, and nothing is to come."""


class _Jumping(selectors.DefaultSelector):
    """Waits for nothing: what the loop would have waited for has come to pass."""

    passed_s = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise Deadlock
        self.passed_s += timeout
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.passed_s


def run(work: Coroutine[Any, Any, Any], *, within_s: float) -> Any:
    """Run `work` in virtual time.

    Raises:
        Deadlock: everybody waits for each other.
        TimeoutError: it takes more than `within_s` virtual seconds.
    """

    async def bounded() -> Any:
        async with asyncio.timeout(within_s):
            return await work

    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(bounded())
