"""How strained this process is: the vitals it collects, and the state they lead to.

A turn reads one attribute, `STRAIN.state`. Everything else happens once a second beside the turns.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

import psutil
import structlog
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge

from chat import live
from chat.core.turn import Outcome
from guardian.core.queue import Queue
from guardian.core.recordings import Moment
from guardian.core.state import VITALS, Climber, Ladder, State, Vitals

log = structlog.get_logger("alice.strain")

LOOKS = 10  # at the event loop, between two judgements
LOOK_S = 0.1
LATELY_S = 34.0  # how far back the model's answers are looked at
FEW = 5  # answers that tell nothing yet
HOUR = 3600  # moments that a process keeps of itself, for the simulator: about 1 MB
FAILURES = frozenset({"model_failed", "model_silent", "overloaded"})


class Recent:
    """The model's answers lately: how long the first word took, and whether they failed.

    Only turns that were opened in the present state are looked at: what an earlier one let in does
    not tell whether the levers of this one are enough.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: deque[tuple[float, float | None, bool]] = deque(maxlen=987)
        self._state = State.NORMAL

    def begin(self, state: State) -> None:
        """Forget what was seen, and look at the turns of another state."""
        self._state = state
        self._seen.clear()

    def note(self, outcome: Outcome) -> None:
        """Note one answer of a model; the time in line for it is none of the model's."""
        if outcome.turn.state is not self._state or outcome.waited_ms is None:
            return
        error, first_ms = outcome.error, outcome.first_word_ms
        failed = error is not None and error.code in FAILURES
        wait_ms = None if first_ms is None else first_ms - outcome.waited_ms
        self._seen.append((self._clock(), wait_ms, failed))

    def figures(self) -> tuple[float, float]:
        """Give the 95th percentile to the first word, in ms, and how many percent failed."""
        since = self._clock() - LATELY_S
        while self._seen and self._seen[0][0] < since:
            self._seen.popleft()
        if len(self._seen) < FEW:
            return 0.0, 0.0
        waits = sorted(ms for _at, ms, _failed in self._seen if ms is not None)
        p95_ms = waits[int(0.95 * (len(waits) - 1))] if waits else 0.0
        failed = sum(failed for _at, _ms, failed in self._seen)
        return p95_ms, 100 * failed / len(self._seen)


class Strain:
    """Collects this process's vitals and stands on the ladder.

    Args:
        clock: monotonic seconds.
        now: the time of day, aware.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        registry: CollectorRegistry = REGISTRY,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._clock, self._now = clock, now
        self._forced = False
        self._climber = Climber(clock())
        self._process = psutil.Process()
        self.state = State.NORMAL
        self.vitals = Vitals()
        self.recent = Recent(clock)
        self.queue = Queue(clock)  # to the models
        self.felt: deque[Moment] = deque(maxlen=HOUR)
        self._gauge = Gauge(
            "alice_state",
            "How strained the process is: 0 normal, 1 brownout, 2 emergency, 3 lockdown.",
            registry=registry,
        )
        self._changes = Counter(
            "alice_state_changes", "Changes of that state.", ("to",), registry=registry
        )
        self._shown = Gauge(
            "alice_vital", "What the state is judged by.", ("vital",), registry=registry
        )

    @property
    def why(self) -> tuple[str, ...]:
        """Name the vitals that led to the state."""
        if self._forced:
            return ("forced",)
        return self._climber.why if self.state else ()

    def judge(self, vitals: Vitals, ladder: Ladder) -> State:
        """Take in new vitals; turns that are opened from now on go by the state they lead to."""
        before, self.vitals = self.state, vitals
        now_s = self._clock()
        self.felt.append(Moment(now_s, vitals))
        felt = self._climber.judge(vitals, ladder, now_s)
        forced = ladder.set_by_staff(self._now())
        self._forced = forced is not None
        self.state = felt if forced is None else forced
        if self.state:
            self.queue.open(ladder.at_once, ladder.queue)
        else:
            self.queue.open()
        for name in VITALS:
            self._shown.labels(name).set(getattr(vitals, name))
        self._gauge.set(self.state)
        if self.state is not before:
            self.recent.begin(self.state)
            self._changes.labels(self.state.told).inc()
            log.warning("state", to=self.state.told, was=before.told, why=self.why)
        return self.state

    async def feel(self) -> Vitals:
        """Take the vitals of the second to come."""
        lag_s = 0.0
        for _ in range(LOOKS):
            before = self._clock()
            await asyncio.sleep(LOOK_S)
            lag_s = max(lag_s, self._clock() - before - LOOK_S)
        p95_ms, errors_percent = self.recent.figures()
        return Vitals(
            cpu_percent=self._process.cpu_percent(),
            memory_percent=psutil.virtual_memory().percent,
            lag_ms=lag_s * 1000,
            answers=len(self.queue),
            first_word_p95_ms=p95_ms,
            errors_percent=errors_percent,
        )


STRAIN = Strain()


async def keep_watch(strain: Strain = STRAIN) -> None:
    """Judge this process every second, until cancelled."""
    while True:
        try:
            strain.judge(await strain.feel(), (await live.current()).ladder)
        except Exception as error:  # to be judged late is better than never again
            log.error("strain_unjudged", exc_info=error)
            await asyncio.sleep(1)
