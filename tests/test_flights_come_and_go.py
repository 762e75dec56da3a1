"""However turns that ask the same come, leave and fail: each hears one answer, or why not."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from chat.core.converse import converse
from chat.core.errors import ModelFailed
from chat.core.events import Done, Ended, Event, Failed, Started, Token, text_of
from chat.core.flights import SingleFlight
from chat.core.kit import Kit
from chat.core.policy import Bounds, Policy
from chat.core.turn import Reply, Sharing, Turn
from chat.pipeline import CHAT
from tests import virtual_time
from tests.fakes import NoCache, StillMeter, a_kit, a_turn, hear

SILENCE_S = 21.0
WORDS = 3


@dataclass(frozen=True)
class Script:
    """How one speaker would speak: a word each `pace_s`, until `ends` strikes at word `at`."""

    pace_s: float
    ends: str  # whole, fail, bug, silent, fleeting
    at: int


SCRIPTS = st.builds(
    Script,
    pace_s=st.sampled_from([0.0, 0.5, 1.0, 13.0]),
    ends=st.sampled_from(["whole", "whole", "fail", "bug", "silent", "fleeting"]),
    at=st.integers(0, WORDS - 1),
)


@dataclass(frozen=True)
class Asker:
    """When somebody asks, how long they wait between events, and when they leave."""

    comes_s: float
    slow_s: float
    stays_s: float | None
    script: Script


ASKERS = st.builds(
    Asker,
    comes_s=st.sampled_from([0.0, 0.0, 0.5, 1.0, 2.5, 14.0, 40.0]),
    slow_s=st.sampled_from([0.0, 0.0, 0.25, 8.0]),
    stays_s=st.sampled_from([None, None, 0.0, 0.5, 1.25, 20.0]),
    script=SCRIPTS,
)


@dataclass
class Stage:
    """Where each turn has a speaker of its own; says of each word which speaker says it."""

    scripts: dict[str, Script] = field(default_factory=dict)
    speaking: set[str] = field(default_factory=set)
    most_at_once: int = 0
    spoke: int = 0

    async def answer(self, turn: Turn) -> Reply:
        sharing = Sharing()
        events = self._say(turn.id, self.scripts[turn.id], sharing)
        return Reply("planner", "planner", events, keep=True, sharing=sharing)

    async def _say(self, me: str, script: Script, sharing: Sharing) -> AsyncIterator[Token | Ended]:
        self.spoke += 1
        self.speaking.add(me)
        self.most_at_once = max(self.most_at_once, len(self.speaking))
        try:
            for number in range(WORDS):
                await asyncio.sleep(script.pace_s)
                sharing.settled = script.ends != "fleeting"
                if number == script.at:
                    if script.ends == "fail":
                        raise ModelFailed()
                    if script.ends == "bug":
                        raise KeyError(me)
                    if script.ends == "silent":
                        await asyncio.sleep(1000)
                yield Token(f"{me}:{number} ")
            yield Ended(fleeting=script.ends == "fleeting")
        finally:
            self.speaking.discard(me)


class Shelf(NoCache):
    """Notes what it is to remember."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    async def remember(self, entry, *, tiers, spiral):
        await asyncio.sleep(0.1)
        self.kept.append(text_of(entry.events))
        return "L1"


@dataclass
class Heard:
    me: str
    asker: Asker
    events: list[Event] = field(default_factory=list)
    left: bool = False


async def listen(turn: Turn, kit: Kit, heard: Heard) -> None:
    async with aclosing(converse(turn, kit, CHAT)) as events:
        async for event in events:
            heard.events.append(event)
            await asyncio.sleep(heard.asker.slow_s)


async def play(askers: Sequence[Asker]) -> None:
    stage, shelf, meter = Stage(), Shelf(), StillMeter()
    flights = SingleFlight(meter)
    kit = a_kit(speaker=stage, cache=shelf, meter=meter, flights=flights)
    policy = Policy(bounds=Bounds(silence_s=SILENCE_S))

    async def ask(number: int, asker: Asker) -> Heard:
        turn = a_turn("Hur tvättar jag ull?", id=f"t{number}", policy=policy)
        stage.scripts[turn.id] = asker.script
        heard = Heard(turn.id, asker)
        await asyncio.sleep(asker.comes_s)
        try:
            async with asyncio.timeout(asker.stays_s):
                await listen(turn, kit, heard)
        except TimeoutError:
            heard.left = True
        return heard

    told = await asyncio.gather(*(ask(number, asker) for number, asker in enumerate(askers)))
    for heard in told:
        check(heard, askers)
    if all(asker.script.ends != "fleeting" for asker in askers):
        assert stage.most_at_once <= 1  # else those who waited in vain speak for themselves
    assert stage.speaking == set()
    for text in shelf.kept:
        (me,) = {word.split(":")[0] for word in text.split()}
        assert text == whole(me)
        assert stage.scripts[me].ends != "fleeting"
    assert len(shelf.kept) <= stage.spoke
    assert flights.under_way == 0
    assert len(meter.outcomes) == len(askers)

    stage.scripts["last"] = Script(0.0, "whole", 0)
    last = await hear(a_turn("Hur tvättar jag ull?", id="last", policy=policy), kit)
    assert text_of(last) == whole("last")  # nothing is left in the way


def check(heard: Heard, askers: Sequence[Asker]) -> None:
    """One answer from one speaker, in order and from its first word, and one ending."""
    words = text_of(heard.events).split()
    speakers = {word.split(":")[0] for word in words}
    assert len(speakers) <= 1
    assert [word.split(":")[1] for word in words] == [str(n) for n in range(len(words))]
    for me in speakers - {heard.me}:
        assert askers[int(me[1:])].script.ends != "fleeting"
    if heard.left:
        return
    kinds = [type(event) for event in heard.events]
    assert kinds[-1] in (Done, Failed)
    assert kinds.count(Done) + kinds.count(Failed) == 1
    if kinds[-1] is Done:
        assert kinds[0] is Started and len(words) == WORDS


def whole(me: str) -> str:
    return "".join(f"{me}:{number} " for number in range(WORDS))


@settings(max_examples=200, deadline=None)
@given(askers=st.lists(ASKERS, min_size=1, max_size=6))
def test_turns_come_and_go_as_they_like(askers: list[Asker]):
    virtual_time.run(play(askers), within_s=600)


def test_nothing_goes_wrong_when_nothing_goes_wrong():
    """And the stage is able to show it: one speaker for all six."""
    askers = [Asker(n / 4, 0.0, None, Script(1.0, "whole", 0)) for n in range(6)]
    stage_spoke: list[int] = []

    async def one() -> None:
        stage = Stage({f"t{n}": asker.script for n, asker in enumerate(askers)})
        kit = a_kit(speaker=stage)
        await asyncio.gather(*(hear(a_turn("Ull?", id=f"t{n}"), kit) for n in range(6)))
        stage_spoke.append(stage.spoke)

    virtual_time.run(one(), within_s=60)
    assert stage_spoke == [1]
