"""Whoever joins a turn underway hears every event once and in order, whatever the interleaving."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.core.errors import BrokenOff, ModelSilent
from chat.core.events import Ended, Token
from chat.core.replaying import Recording

STEPS = st.lists(st.sampled_from(["say", "join", "breathe"]), max_size=30)


async def listen(recording: Recording, pace: int) -> list[object]:
    heard: list[object] = []
    async for event in recording.follow():
        heard.append(event)
        for _ in range(pace):
            await asyncio.sleep(0)
    return heard


@given(steps=STEPS, pace=st.integers(0, 3))
def test_every_joiner_hears_all_of_it_once(steps: list[str], pace: int):
    async def play() -> None:
        recording, said, joined = Recording(), [], []
        for number, step in enumerate(steps):
            if step == "say":
                said.append(Token(str(number)))
                recording.add(said[-1])
            elif step == "join":
                joined.append(asyncio.ensure_future(listen(recording, pace)))
            else:
                await asyncio.sleep(0)
        recording.end(Ended())
        joined.append(asyncio.ensure_future(listen(recording, pace)))
        async with asyncio.timeout(1):
            for heard in await asyncio.gather(*joined):
                assert heard == [*said, Ended()]

    asyncio.run(play())


async def test_a_slow_joiner_holds_nobody_up():
    recording = Recording()
    slow, quick = recording.follow(), recording.follow()
    recording.add(Token("a"))
    assert await anext(slow) == Token("a")

    recording.add(Token("b"))
    recording.end(Ended())

    assert [event async for event in quick] == [Token("a"), Token("b"), Ended()]
    assert [event async for event in slow] == [Token("b"), Ended()]


async def test_a_turn_left_off_is_told_as_broken_off():
    recording = Recording()
    recording.add(Token("a"))
    recording.end()

    with pytest.raises(BrokenOff):
        await listen(recording, 0)


async def test_joiners_hear_what_the_turn_broke_on():
    recording = Recording()
    recording.end(error=ModelSilent(detail="tyst"))

    with pytest.raises(ModelSilent, match="tyst"):
        await listen(recording, 0)
