"""A step that staff may switch off never costs anybody an answer, whatever is wrong with it."""

from chat.core.errors import TooFast
from chat.core.events import Done, Failed, text_of
from tests.caching import a_cache
from tests.fakes import FreeLimiter, ScriptedSpeaker, StillMeter, a_kit, ask

WET, DRY = "Hur tvättar jag ull?", "Hur tvättar man ull?"


def broken_guard(one: str, other: str) -> None:
    raise IndexError("string index out of range")


def test_a_guard_that_breaks_makes_a_miss():
    meter = StillMeter()
    speaker = ScriptedSpeaker("För hand.", keep=True)
    kit = a_kit(speaker=speaker, meter=meter, cache=a_cache(guards=(broken_guard,)))
    ask(WET, kit)

    events = ask(DRY, kit)

    assert isinstance(events[-1], Done) and text_of(events) == "För hand."
    assert [where for where, _ in meter.troubles] == ["recall_similar"]


class BrokenCache:
    """A cache with a bug, or one that refuses."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def recall(self, key: str, **rules: object) -> None:
        raise self._error

    async def recall_similar(self, scope: str, question: str, **rules: object) -> None:
        raise self._error

    async def remember(self, entry: object, **rules: object) -> str:
        return ""


def test_both_ways_to_recall_may_break():
    meter = StillMeter()

    events = ask("hej", a_kit(meter=meter, cache=BrokenCache(RuntimeError())))

    assert isinstance(events[-1], Done)
    assert [where for where, _ in meter.troubles] == ["recall_exact", "recall_similar"]


def test_a_refusal_is_no_bug_and_is_told():
    events = ask("hej", a_kit(cache=BrokenCache(TooFast())))

    assert isinstance(events[-1], Failed) and events[-1].code == "too_fast"


class BrokenLimiter(FreeLimiter):
    async def enter(self, holders: object) -> None:
        raise RuntimeError


def test_a_step_that_is_not_optional_still_fails_the_turn():
    events = ask("hej", a_kit(limiter=BrokenLimiter()))

    assert isinstance(events[-1], Failed) and events[-1].code == "unexpected"
