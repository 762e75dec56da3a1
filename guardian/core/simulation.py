"""What would have happened: a recording played through the state machine that Alice stands on."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from .recordings import Recording
from .state import Climber, Ladder, State, Vitals


@dataclass(frozen=True, slots=True)
class Step:
    """Where a moment leads. `why`: the vitals that led to the state, or hold it."""

    at_s: float
    vitals: Vitals
    state: State
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Played:
    """How a ladder takes a recording. A state lasts until the next moment."""

    steps: tuple[Step, ...]

    @property
    def changes(self) -> Iterator[tuple[State, Step]]:
        """Give every change: the state that was left, and the step that left it."""
        was = State.NORMAL
        for step in self.steps:
            if step.state is not was:
                yield was, step
            was = step.state

    @property
    def seconds_in(self) -> dict[State, float]:
        """Sum up the time in each state."""
        spent = dict.fromkeys(State, 0.0)
        for step, following in pairwise(self.steps):
            spent[step.state] += following.at_s - step.at_s
        return spent

    @property
    def highest(self) -> State:
        """Name the highest state."""
        return max(step.state for step in self.steps)


def play(recording: Recording, ladder: Ladder) -> Played:
    """Judge every moment in order, from NORMAL. What staff have forced is left aside.

    The levers act on nothing here: a recording tells what was felt under the load and the levers
    of the day when it was made.
    """
    climber = Climber(recording[0].at_s)
    return Played(
        tuple(
            Step(
                moment.at_s,
                moment.vitals,
                climber.judge(moment.vitals, ladder, moment.at_s),
                climber.why if climber.state else (),
            )
            for moment in recording
        )
    )
