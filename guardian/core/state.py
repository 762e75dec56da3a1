"""The brownout ladder: how strained Alice is, judged from what a process can feel of itself.

    NORMAL → BROWNOUT → EMERGENCY → LOCKDOWN

Every vital has an enter mark for each strained state. A state is entered when a vital has stood at
its mark for a while, one step at a time; two vitals at the mark of a higher state lead straight
there. It is left, one step down, when it has lasted its time and every vital is below the leave
mark. The leave mark is lower than the enter mark, so that no figure makes the state flutter.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import IntEnum

FAR_OVER = 2
"""So many vitals at the mark of a state lead straight to it."""


class State(IntEnum):
    """How strained Alice is. `told` is its name everywhere."""

    NORMAL = 0
    BROWNOUT = 1
    EMERGENCY = 2
    LOCKDOWN = 3

    @property
    def told(self) -> str:
        """Name the state as figures and doors do."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Vitals:
    """What a process feels of itself and its surroundings at one moment."""

    cpu_percent: float = 0.0  # of one core, by this process: an event loop has no more
    memory_percent: float = 0.0  # of the machine's
    lag_ms: float = 0.0  # longest that the event loop was late since the last look
    answers: float = 0.0  # that models are making right now, or that wait for one
    first_word_p95_ms: float = 0.0  # of the model's answers lately
    errors_percent: float = 0.0  # of the model's answers lately that failed


@dataclass(frozen=True, slots=True)
class Ladder:
    """Marks, stays and levers. A mark out of reach (101 %) never leads to its state."""

    cpu_percent: tuple[float, ...] = (89, 144, 233)  # the upper two: only with busy threads
    memory_percent: tuple[float, ...] = (89, 95, 98)
    lag_ms: tuple[float, ...] = (144, 377, 1597)
    answers: tuple[float, ...] = (34, 89, 233)
    first_word_p95_ms: tuple[float, ...] = (5000, 13_000, 34_000)
    errors_percent: tuple[float, ...] = (21, 55, 101)  # a failing model is no reason to lock up
    leave_at: float = 0.8  # of the enter mark
    climb_s: float = 3.0  # how long a vital stands at its mark before it counts
    stay_s: float = 21.0  # shortest stay in a strained state
    small_model: bool = True  # in every strained state
    tool_rounds: int = 1  # of the model, in BROWNOUT; none above it
    passages: int = 1  # shown to the model, in BROWNOUT; none above it
    max_tokens: int = 233  # longest answer of a model, in every strained state
    at_once: int = 21  # answers that models make at once, in every strained state
    queue: int = 55  # turns that wait for one of these places; more are turned away
    model_in_emergency: tuple[str, ...] = ("staff",)  # roles that a model still answers
    forced: str = ""  # a state that staff have set, whatever the vitals say
    forced_until: datetime | None = None  # aware; nothing is forced without it
    forced_why: str = ""

    def set_by_staff(self, now: datetime) -> State | None:
        """Give the state that staff have set, as long as it holds."""
        if not self.forced or self.forced_until is None or now >= self.forced_until:
            return None
        return State[self.forced.upper()]


VITALS = tuple(field.name for field in fields(Vitals))


def reached(vitals: Vitals, ladder: Ladder, share: float = 1.0) -> dict[str, State]:
    """Tell which state each vital calls for, with every mark at `share` of what it is."""
    return {
        name: State(sum(getattr(vitals, name) >= share * mark for mark in getattr(ladder, name)))
        for name in VITALS
    }


def called_for(levels: dict[str, State], state: State) -> State:
    """Give the state to climb to: the next one, or higher where several vitals agree."""
    if max(levels.values()) <= state:
        return state
    agreed = sorted(levels.values(), reverse=True)[FAR_OVER - 1]
    return max(State(state + 1), agreed)


class Climber:
    """Stands on the ladder and judges, as often as it is asked to.

    Args:
        now_s: monotonic seconds.
    """

    def __init__(self, now_s: float = 0.0) -> None:
        self.state = State.NORMAL
        self.since_s = now_s
        self.why: tuple[str, ...] = ()  # the vitals that led to the state, or hold it
        self._over_since: dict[tuple[str, State], float] = {}

    def judge(self, vitals: Vitals, ladder: Ladder, now_s: float) -> State:
        """Climb, stay or step down, and tell where that leads."""
        levels = self._lasting(reached(vitals, ladder), ladder, now_s)
        goal = called_for(levels, self.state)
        if goal > self.state:
            self.why = tuple(name for name, level in levels.items() if level > self.state)
            self._move(goal, now_s)
        elif self.state > State.NORMAL:
            held = reached(vitals, ladder, ladder.leave_at)
            holding = tuple(name for name, level in held.items() if level >= self.state)
            if holding:
                self.why = holding
            elif now_s - self.since_s >= ladder.stay_s:
                self._move(State(self.state - 1), now_s)
                self.why = tuple(name for name, level in held.items() if level >= self.state > 0)
        return self.state

    def _lasting(self, levels: dict[str, State], ladder: Ladder, now_s: float) -> dict[str, State]:
        """Lower each vital to the state that it has called for long enough."""
        lasting = {}
        for name, level in levels.items():
            lasting[name] = State.NORMAL
            for state in (State.BROWNOUT, State.EMERGENCY, State.LOCKDOWN):
                if level < state:
                    self._over_since.pop((name, state), None)
                elif now_s - self._over_since.setdefault((name, state), now_s) >= ladder.climb_s:
                    lasting[name] = state
        return lasting

    def _move(self, state: State, now_s: float) -> None:
        self.state, self.since_s = state, now_s
