"""Processes that share a Redis make one answer for the same question, whichever of them dies."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chat.core.events import Done, Failed, text_of
from chat.core.flights import SingleFlight
from chat.core.policy import Bounds, Policy
from chat.radio import RedisRadio
from fibcache.stores.lease import Heard
from fibcache.stores.link import RedisAway
from tests import virtual_time
from tests.fakes import StillMeter, a_kit, a_turn, hear
from tests.test_flights_come_and_go import (
    SCRIPTS,
    SILENCE_S,
    WORDS,
    Asker,
    Script,
    Shelf,
    Stage,
    listen,
    whole,
)
from tests.test_flights_come_and_go import (
    Heard as Told,
)

LEASE_S = 3.0


def now() -> float:
    return asyncio.get_running_loop().time()


@dataclass
class Board:
    """What Redis would hold."""

    holders: dict[str, tuple[str, float]] = field(default_factory=dict)  # and until when
    frames: dict[str, list[bytes]] = field(default_factory=dict)
    ears: dict[str, float] = field(default_factory=dict)
    claims: int = 0

    def holder(self, key: str) -> str | None:
        holder, until = self.holders.get(key, ("", 0.0))
        return holder if now() < until else None


@dataclass
class BoardLeases:
    """One process's view of the board. `away` from then on, and for as long: killed, or cut off."""

    board: Board
    away_s: float | None = None
    back_s: float = 1e9
    lease_s: float = LEASE_S

    async def _reach(self) -> None:
        await asyncio.sleep(0.001)
        if self.away_s is not None and self.away_s <= now() < self.back_s:
            raise RedisAway

    async def take(self, key: str) -> Any:
        await self._reach()
        holder = self.board.holder(key)
        if holder is not None:
            return BoardLease(self, key, holder, mine=False)
        self.board.claims += 1
        me = f"holder{self.board.claims}"
        self.board.holders[key] = me, now() + self.lease_s
        self.board.frames[me] = []
        return BoardLease(self, key, me, mine=True)


class BoardLease:
    def __init__(self, leases: BoardLeases, key: str, holder: str, *, mine: bool) -> None:
        self.leases, self.key, self.holder, self.mine = leases, key, holder, mine
        self.lease_s = leases.lease_s

    async def say(self, since: int, frames: Sequence[bytes], *, last: bool = False) -> int:
        await self.leases._reach()
        board = self.leases.board
        if board.holder(self.key) != self.holder:
            return -1
        said = board.frames[self.holder]
        said += frames[len(said) - since :]
        board.holders[self.key] = self.holder, 0.0 if last else now() + self.lease_s
        return int(board.ears.get(self.key, 0.0) > now())

    async def hear(self, since: int) -> Heard:
        await self.leases._reach()
        board = self.leases.board
        board.ears[self.key] = now() + self.lease_s
        said = board.frames[self.holder][since:]
        return Heard(said, board.holder(self.key) == self.holder)


@dataclass
class House:
    """Processes that share a board."""

    count: int = 2
    stage: Stage = field(default_factory=Stage)
    board: Board = field(default_factory=Board)
    shelf: Shelf = field(default_factory=Shelf)
    meter: StillMeter = field(default_factory=StillMeter)

    def __post_init__(self) -> None:
        self.leases = [BoardLeases(self.board) for _ in range(self.count)]
        self.flights = [SingleFlight(self.meter, self.radio(n)) for n in range(self.count)]
        self.kits = [
            a_kit(speaker=self.stage, cache=self.shelf, meter=self.meter, flights=flights)
            for flights in self.flights
        ]

    def radio(self, process: int) -> RedisRadio:
        return RedisRadio(self.leases[process], monotonic=now)

    async def ask(self, number: int, process: int, asker: Asker) -> Told:
        policy = Policy(bounds=Bounds(silence_s=SILENCE_S))
        turn = a_turn("Hur tvättar jag ull?", id=f"t{number}", policy=policy)
        self.stage.scripts[turn.id] = asker.script
        told = Told(turn.id, asker)
        await asyncio.sleep(asker.comes_s)
        try:
            async with asyncio.timeout(asker.stays_s):
                await listen(turn, self.kits[process], told)
        except TimeoutError:
            told.left = True
        return told


def an_asker(comes_s: float, *, stays_s: float | None = None, **script: Any) -> Asker:
    return Asker(
        comes_s, 0.0, stays_s, Script(**{"pace_s": 1.0, "ends": "whole", "at": 0, **script})
    )


def play(house: House, *asked: tuple[int, Asker], within_s: float = 300) -> list[Told]:
    async def all_of_them() -> list[Told]:
        asks = (house.ask(n, process, asker) for n, (process, asker) in enumerate(asked))
        told = await asyncio.gather(*asks)
        await asyncio.sleep(2 * LEASE_S)  # let go of what is held
        return told

    result: list[Told] = virtual_time.run(all_of_them(), within_s=within_s)
    return result


def test_one_process_speaks_and_the_other_listens_along():
    house = House()

    first, second, late = play(house, (0, an_asker(0.0)), (1, an_asker(0.1)), (1, an_asker(2.5)))

    assert [text_of(told.events) for told in (first, second, late)] == [whole("t0")] * 3
    assert house.stage.spoke == 1
    joined = {outcome.turn.id: "joined" in outcome.reply.why for outcome in house.meter.outcomes}
    assert joined == {"t0": False, "t1": True, "t2": True}
    assert house.shelf.kept == [whole("t0")]


def test_words_come_along_as_they_are_said():
    house = House()

    async def timed() -> float:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(house.ask(0, 0, an_asker(0.0)))
            second = house.ask(1, 1, an_asker(0.1, stays_s=1.5))
            told = await second
        return len(text_of(told.events).split())

    assert virtual_time.run(timed(), within_s=60) == 1


def test_a_beginner_who_leaves_while_another_process_listens_takes_nothing_along():
    house = House()

    first, second = play(house, (0, an_asker(0.0, stays_s=1.9)), (1, an_asker(0.1)))

    assert first.left and text_of(second.events) == whole("t0")
    assert house.stage.spoke == 1
    assert house.shelf.kept == [whole("t0")]


def test_when_nobody_listens_in_any_process_the_speaker_is_closed():
    house = House()

    play(house, (0, an_asker(0.0, stays_s=1.5)), (1, an_asker(0.1, stays_s=1.3)), within_s=30)

    assert house.stage.speaking == set() and house.stage.spoke == 1
    assert house.shelf.kept == []


def test_a_process_that_dies_before_its_first_word_is_replaced_when_the_lease_has_run_out():
    house = House()
    house.leases[0].away_s = 0.5

    _, second = play(house, (0, an_asker(0.0, pace_s=200.0)), (1, an_asker(0.1)), within_s=900)

    assert text_of(second.events) == whole("t1")
    (outcome,) = [o for o in house.meter.outcomes if o.turn.id == "t1"]
    assert "joined" not in outcome.reply.why
    assert outcome.elapsed_ms >= 0


def test_a_process_that_dies_in_mid_answer_breaks_it_off_for_those_who_heard_words():
    house = House()
    house.leases[0].away_s = 1.5

    _, second, third = play(house, (0, an_asker(0.0)), (1, an_asker(0.1)), (1, an_asker(40.0)))

    assert text_of(second.events) == "t0:0 "
    assert isinstance(second.events[-1], Failed) and second.events[-1].code == "broken_off"
    assert text_of(third.events) == whole("t2")


def test_a_hiccup_of_redis_is_waited_out():
    house = House()
    house.leases[1].away_s, house.leases[1].back_s = 1.5, 2.5

    _, second = play(house, (0, an_asker(0.0)), (1, an_asker(0.1)))

    assert text_of(second.events) == whole("t0")
    assert house.stage.spoke == 1


def test_without_redis_each_process_flies_alone():
    house = House()
    for leases in house.leases:
        leases.away_s = 0.0

    told = play(house, *((n % 2, an_asker(0.1 * n)) for n in range(4)))

    assert [text_of(each.events) for each in told] == [whole("t0"), whole("t1")] * 2
    assert house.stage.spoke == 2


def test_an_answer_of_the_moment_is_not_told_on_the_air():
    house = House()

    told = play(house, *((n % 2, an_asker(0.1 * n, ends="fleeting")) for n in range(4)))

    assert [text_of(each.events) for each in told] == [whole(f"t{n}") for n in range(4)]
    assert house.shelf.kept == []


def test_an_answer_that_failed_unheard_is_tried_by_the_other_process():
    house = House()

    first, second = play(house, (0, an_asker(0.0, ends="fail")), (1, an_asker(0.1)))

    assert isinstance(first.events[-1], Failed) and first.events[-1].code == "model_failed"
    assert text_of(second.events) == whole("t1")


ASKED = st.tuples(
    st.integers(0, 1),
    st.builds(
        Asker,
        comes_s=st.sampled_from([0.0, 0.0, 0.5, 1.0, 2.5, 14.0, 40.0]),
        slow_s=st.sampled_from([0.0, 0.0, 0.25, 8.0]),
        stays_s=st.sampled_from([None, None, 0.0, 0.5, 1.25, 20.0]),
        script=SCRIPTS,
    ),
)


@settings(max_examples=150, deadline=None)
@given(
    asked=st.lists(ASKED, min_size=1, max_size=6),
    away=st.sampled_from([None, None, 0.0, 0.7, 1.5, 3.0]),
    away_for=st.sampled_from([0.2, 2.0, 100.0]),
)
def test_turns_and_processes_come_and_go_as_they_like(
    asked: list[tuple[int, Asker]], away: float | None, away_for: float
):
    house = House()
    if away is not None:
        house.leases[0].away_s, house.leases[0].back_s = away, away + away_for

    told = play(house, *asked, within_s=900)

    for each in told:
        words = text_of(each.events).split()
        assert len({word.split(":")[0] for word in words}) <= 1
        assert [word.split(":")[1] for word in words] == [str(n) for n in range(len(words))]
        if not each.left:
            assert isinstance(each.events[-1], Done | Failed)
            assert isinstance(each.events[-1], Failed) or len(words) == WORDS
    if away is None and all(asker.script.ends != "fleeting" for _, asker in asked):
        assert house.stage.most_at_once <= 1
    assert house.stage.speaking == set()
    for text in house.shelf.kept:
        (me,) = {word.split(":")[0] for word in text.split()}
        assert text == whole(me) and house.stage.scripts[me].ends != "fleeting"
    assert all(flights.under_way == 0 for flights in house.flights)
    assert [
        type(error) for _, error in house.meter.troubles if not isinstance(error, KeyError)
    ] == []


def test_nothing_is_left_in_the_way():
    house = House()
    play(house, (0, an_asker(0.0, stays_s=1.5)), (1, an_asker(0.1, ends="bug")))

    async def again() -> str:
        house.stage.scripts["last"] = Script(0.0, "whole", 0)
        return text_of(await hear(a_turn("Hur tvättar jag ull?", id="last"), house.kits[1]))

    assert virtual_time.run(again(), within_s=60) == whole("last")
