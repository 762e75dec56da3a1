"""The ladder is climbed when vitals stay high, and left only when they are low again."""

from dataclasses import fields, replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from guardian.core.state import VITALS, Climber, Ladder, State, Vitals, reached

LADDER = Ladder()
CALM = Vitals()


def at(state: State, *names: str) -> Vitals:
    """Stand exactly at the marks of a state."""
    return replace(CALM, **{name: getattr(LADDER, name)[state - 1] for name in names})


def after(climber: Climber, vitals: Vitals, *, begin_s: float, for_s: int) -> State:
    for second in range(for_s + 1):
        climber.judge(vitals, LADDER, begin_s + second)
    return climber.state


def test_every_vital_has_a_mark_for_every_strained_state():
    names = {field.name for field in fields(Ladder)}

    assert set(VITALS) <= names
    assert all(len(getattr(LADDER, name)) == 3 for name in VITALS)


@pytest.mark.parametrize("name", VITALS)
def test_each_vital_alone_can_lead_out_of_normal(name):
    assert after(Climber(), at(State.BROWNOUT, name), begin_s=0, for_s=4) is State.BROWNOUT


@pytest.mark.parametrize("name", VITALS)
def test_each_vital_alone_can_lead_to_lockdown(name):
    assert after(Climber(), at(State.LOCKDOWN, name), begin_s=0, for_s=8) is State.LOCKDOWN


def test_a_spike_changes_nothing():
    climber = Climber()

    climber.judge(at(State.LOCKDOWN, *VITALS), LADDER, 0)
    climber.judge(CALM, LADDER, 1)

    assert after(climber, CALM, begin_s=2, for_s=60) is State.NORMAL


def test_one_vital_climbs_a_step_at_a_time():
    climber, found = Climber(), []

    for second in range(7):
        found.append(climber.judge(at(State.LOCKDOWN, "lag_ms"), LADDER, second))

    assert found[3:6] == [State.BROWNOUT, State.EMERGENCY, State.LOCKDOWN]


def test_two_vitals_far_over_lead_straight_up():
    climber = Climber()

    for second in range(3):
        climber.judge(at(State.LOCKDOWN, "lag_ms", "answers"), LADDER, second)

    assert climber.state is State.NORMAL
    assert climber.judge(at(State.LOCKDOWN, "lag_ms", "answers"), LADDER, 3) is State.LOCKDOWN


def test_a_vital_between_the_marks_holds_the_state():
    climber = Climber()
    after(climber, at(State.BROWNOUT, "answers"), begin_s=0, for_s=4)
    between = replace(CALM, answers=LADDER.answers[0] * 0.9)

    assert after(climber, between, begin_s=5, for_s=600) is State.BROWNOUT
    assert climber.why == ("answers",)


def test_lockdown_is_left_step_by_step_and_each_step_lasts():
    climber, changes = Climber(), []
    after(climber, at(State.LOCKDOWN, "lag_ms", "answers"), begin_s=0, for_s=3)

    for second in range(4, 100):
        before = climber.state
        if climber.judge(CALM, LADDER, second) is not before:
            changes.append((second, climber.state))

    assert changes == [(24, State.EMERGENCY), (45, State.BROWNOUT), (66, State.NORMAL)]


class RandomVitals(RuleBasedStateMachine):
    """Whatever the vitals do, the ladder keeps its promises."""

    def __init__(self):
        super().__init__()
        self.climber, self.now_s = Climber(), 0.0
        self.looks: list[tuple[float, Vitals]] = []

    @rule(
        shares=st.lists(st.floats(0, 1.5), min_size=len(VITALS), max_size=len(VITALS)),
        step=st.sampled_from((0.5, 1.0, 3.0, 30.0)),
        times=st.integers(1, 5),
    )
    def look(self, shares, step, times):
        told = {
            name: share * getattr(LADDER, name)[-1]
            for name, share in zip(VITALS, shares, strict=True)
        }
        for _ in range(times):
            self.judge(Vitals(**told), step)

    @rule(step=st.sampled_from((1.0, 25.0)))
    def calm(self, step):
        self.judge(CALM, step)

    @rule()
    def a_long_rest_always_leads_home(self):
        for _ in range(4):
            self.judge(CALM, LADDER.stay_s)
        assert self.climber.state is State.NORMAL

    @rule()
    def lasting_overload_always_leads_to_lockdown(self):
        worst = at(State.LOCKDOWN, *VITALS)
        for _ in range(2):
            self.judge(worst, LADDER.climb_s)
        assert self.climber.state is State.LOCKDOWN

    def judge(self, vitals, step):
        before, since_s = self.climber.state, self.climber.since_s
        self.now_s += step
        self.looks.append((self.now_s, vitals))
        state = self.climber.judge(vitals, LADDER, self.now_s)
        if state > before:
            lately = [v for at_s, v in self.looks if at_s > self.now_s - LADDER.climb_s]
            assert all(max(reached(v, LADDER).values()) > before for v in lately)
            assert max(reached(vitals, LADDER).values()) >= state
        if state < before:
            assert state == before - 1
            assert self.now_s - since_s >= LADDER.stay_s
            held = reached(vitals, LADDER, LADDER.leave_at)
            assert max(held.values()) < before


RandomVitals.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestRandomVitals = RandomVitals.TestCase
