"""Who waits for a model waits in order, is told how long, and holds no place after leaving."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from guardian.core.queue import BACKGROUND, RANKS, Full, Queue
from tests.fakes import FixedClock


def a_queue(room: float, places: float = 3) -> tuple[Queue, FixedClock]:
    clock = FixedClock()
    queue = Queue(clock.monotonic)
    queue.open(room, places)
    return queue, clock


def test_nobody_waits_while_there_is_room():
    queue, _clock = a_queue(2)

    assert [queue.position(queue.enter("guest")) for _ in range(2)] == [0, 0]
    assert (queue.inside, queue.waiting) == (2, 0)


def test_the_next_in_line_is_let_in_when_one_leaves():
    queue, _clock = a_queue(1)
    first, second, third = (queue.enter("guest") for _ in range(3))

    queue.leave(first)

    assert second.called.is_set() and not third.called.is_set()
    assert queue.position(third) == 1


def test_staff_go_before_programs_but_nobody_is_thrown_out_from_inside():
    queue, _clock = a_queue(1)
    inside, program, staff = queue.enter("program"), queue.enter("program"), queue.enter("staff")

    assert inside.called.is_set()
    assert (queue.position(staff), queue.position(program)) == (1, 2)


def test_a_full_queue_turns_the_newcomer_away():
    queue, _clock = a_queue(1, 1)
    queue.enter("guest")
    queue.enter("guest")

    with pytest.raises(Full):
        queue.enter("guest")


def test_a_full_queue_turns_away_the_last_of_a_lower_rank_for_a_higher():
    queue, _clock = a_queue(1, 1)
    queue.enter("guest")
    program = queue.enter(BACKGROUND)

    member = queue.enter("member")

    assert program.turned_away and program.called.is_set()
    assert queue.position(member) == 1


def test_the_wait_is_position_times_mean_time_shared_by_the_room():
    queue, clock = a_queue(2)
    first, _second = queue.enter("guest"), queue.enter("guest")
    clock.forward(8)
    queue.leave(first, whole=True)
    queue.enter("guest")

    places = [queue.enter("guest") for _ in range(3)]

    assert [queue.wait_s(place) for place in places] == [4, 8, 12]
    with pytest.raises(Full) as full:
        queue.enter("guest")
    assert full.value.wait_s == 16


def test_before_any_answer_nobody_knows_how_long_it_takes():
    queue, _clock = a_queue(1)
    queue.enter("guest")

    assert queue.wait_s(queue.enter("guest")) == 0


def test_a_broken_answer_says_nothing_of_how_long_one_takes():
    queue, clock = a_queue(1)
    place = queue.enter("guest")
    clock.forward(100)
    queue.leave(place)
    queue.enter("guest")

    assert queue.wait_s(queue.enter("guest")) == 0


def test_all_are_let_in_when_the_strain_is_over():
    queue, _clock = a_queue(1)
    places = [queue.enter("guest") for _ in range(4)]

    queue.open()

    assert all(place.called.is_set() for place in places)


class Crowd(RuleBasedStateMachine):
    """Whoever comes and goes, and however the room changes."""

    def __init__(self):
        super().__init__()
        self.queue, self.clock = a_queue(2)
        self.room, self.places = 2.0, 3.0
        self.here = []

    @rule(rank=st.sampled_from(RANKS))
    def come(self, rank):
        try:
            self.here.append(self.queue.enter(rank))
        except Full:
            assert self.queue.waiting >= self.places
        self.here = [place for place in self.here if not place.turned_away]

    @precondition(lambda self: self.here)
    @rule(data=st.data(), whole=st.booleans())
    def go(self, data, whole):
        place = data.draw(st.sampled_from(self.here))
        self.clock.forward(1)
        self.queue.leave(place, whole=whole)
        self.here.remove(place)

    @rule(room=st.integers(1, 5), places=st.integers(0, 4))
    def change(self, room, places):
        self.room, self.places = room, places
        self.queue.open(room, places)

    @invariant()
    def nobody_is_lost_and_nobody_waits_beside_free_room(self):
        assert len(self.queue) == len(self.here)
        assert not (self.queue.waiting and self.queue.inside < self.room)

    @invariant()
    def the_line_is_in_order_of_rank(self):
        waiting = [place for place in self.here if self.queue.position(place)]
        in_line = sorted(waiting, key=self.queue.position)
        assert [place.rank for place in in_line] == sorted(place.rank for place in in_line)
        assert [self.queue.position(place) for place in in_line] == [
            number + 1 for number in range(len(in_line))
        ]


Crowd.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestCrowd = Crowd.TestCase
