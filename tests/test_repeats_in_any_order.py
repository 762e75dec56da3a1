"""However repeated requests come and go, one answer is made at a time and all hear it alike."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.core.events import Done, Ended, Event, Failed, Token, text_of
from chat.core.turn import Reply, Turn
from chat.replays import DatabaseReplays
from tests.fakes import FixedClock, a_kit, a_turn, hear

pytestmark = pytest.mark.django_db(transaction=True)

STEPS = st.lists(st.sampled_from(["ask", "ask", "leave", "say", "wait"]), max_size=12)


class HaltingSpeaker:
    """Says three words, each when it is allowed, and counts how many answers are made at once."""

    def __init__(self) -> None:
        self.words = [asyncio.Event() for _ in range(3)]
        self.answers = self.at_once = self.most_at_once = 0

    async def answer(self, turn: Turn) -> Reply:
        self.answers += 1
        return Reply("planner", "planner", self._say())

    async def _say(self) -> AsyncIterator[Token | Ended]:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            for number, allowed in enumerate(self.words):
                await allowed.wait()
                yield Token(f"{number} ")
            yield Ended()
        finally:
            self.at_once -= 1


async def play(steps: list[str]) -> None:
    speaker, key = HaltingSpeaker(), str(uuid4())
    kit = a_kit(speaker=speaker, replays=DatabaseReplays(FixedClock()))

    def ask() -> asyncio.Task[list[Event]]:
        return asyncio.create_task(hear(a_turn(idempotency_key=key, fingerprint="f"), kit))

    asked, left, said = [], [], iter(speaker.words)
    for step in steps:
        if step == "ask":
            asked.append(ask())
        elif step == "leave" and asked:
            left.append(asked.pop(0))
            left[-1].cancel()
        elif step == "say":
            next(said, asyncio.Event()).set()
        else:
            await asyncio.sleep(0.003)
    for word in speaker.words:
        word.set()
    async with asyncio.timeout(5):
        told = await asyncio.gather(*asked)
        await asyncio.gather(*left, return_exceptions=True)
        last = await ask()

    assert text_of(last) == "0 1 2 " and isinstance(last[-1], Done)
    for events in told:
        whole = isinstance(events[-1], Done) and text_of(events) == "0 1 2 "
        cut = isinstance(events[-1], Failed) and events[-1].code == "broken_off"
        assert whole or (cut and left)
    assert speaker.most_at_once == 1
    assert speaker.answers <= 1 + len(left)


@settings(
    max_examples=55, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_repeats_come_and_go_as_they_like(steps: list[str]):
    asyncio.run(play(steps))
