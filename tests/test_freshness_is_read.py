"""How long an answer may be kept is read from the question's words about time."""

import pytest

from chat.core.events import Done
from fibcache.core.cache import FibonacciCache
from fibcache.core.encoder import HashedNgrams
from fibcache.core.guards import GUARDS
from fibcache.core.index import ScopedIndex
from fibcache.core.matching import Matcher
from fibcache.core.tiers import HOUR_S, LONGEST_H
from fibcache.stores.memory import MemoryStore
from nlu.core.freshness import CLASSES, freshness_of
from tests.fakes import FixedClock, ScriptedSpeaker, StillMeter, a_kit, ask

TABLE = {
    "minutes": """
        Vad händer just nu i Lund?
        Vilka är de senaste nyheterna?
        Hur många står i kön nu?
        Vad är den aktuella växelkursen?
        What is the latest version of Python?
        Who is winning right now?
        What's happening at the moment?
        """,
    "hours": """
        Vad händer idag?
        Vad blir det för mat i kväll?
        Vad är dagens rätt?
        Är det rea på lördag?
        Vad gör man i helgen i Lund?
        Behöver jag paraply i morgon?
        Hur blir vädret?
        What's on tonight?
        Is the shop closed on Sunday?
        Will it rain tomorrow?
        """,
    "days": """
        Vad händer den här veckan?
        När infaller påsken i år?
        Vad kostar ett pass?
        Vilka öppettider har biblioteket?
        När öppnar badhuset?
        Har apoteket öppet på kvällar?
        Vem är statsminister?
        Hur gammal är kungen?
        Finns det fortfarande biljetter?
        What is the price of a stamp?
        Who is the prime minister of Sweden?
        What changed this year?
        When does the library open?
        """,
    "stable": """
        Hur tvättar jag ull?
        Vad är Sveriges huvudstad?
        När föddes Selma Lagerlöf?
        Vad är nunnor och munkar?
        Hur stavas bidrag?
        Vad betyder idaho?
        Vad är en dagslända?
        Vem skrev Kallocain?
        Hur många dagar har en vecka?
        How do I wash wool?
        What is a recording studio?
        Why is the sky blue?
        """,
}


@pytest.mark.parametrize(
    ("question", "expected"),
    [(line.strip(), name) for name, lines in TABLE.items() for line in lines.strip().splitlines()],
)
def test_the_words_tell_the_class(question, expected):
    assert freshness_of(question) == expected


def test_capitals_and_line_breaks_do_not_hide_a_word():
    assert freshness_of("VAD HÄNDER JUST\nNU?") == "minutes"


def test_the_cache_knows_every_class_and_how_long():
    assert set(LONGEST_H) == set(CLASSES)
    lives = [LONGEST_H[name] for name in CLASSES]
    assert lives == sorted(lives)


def a_cached_kit(clock: FixedClock):
    return a_kit(
        clock=clock,
        speaker=ScriptedSpeaker("Tio kronor.", keep=True),
        meter=StillMeter(),
        cache=FibonacciCache(
            MemoryStore(clock.monotonic),
            ScopedIndex(),
            Matcher(HashedNgrams(), GUARDS),
            clock=clock.monotonic,
        ),
    )


def asked(question: str, kit) -> Done:
    return ask(question, kit)[-1]


@pytest.mark.parametrize(
    ("question", "lives_h"),
    [("Vad kostar ett pass?", 55), ("Är det rea på lördag?", 5), ("Hur tvättar jag ull?", None)],
)
def test_use_never_carries_an_answer_beyond_its_freshness(question, lives_h):
    clock = FixedClock()
    kit = a_cached_kit(clock)
    for _ in range(100):
        asked(question, kit)
    assert kit.meter.outcomes[-1].tier == "L10"  # 89 hours

    clock.forward(50 * HOUR_S if lives_h in (None, 55) else 4.9 * HOUR_S)
    assert asked(question, kit).source == "L10"
    clock.forward(6 * HOUR_S)
    assert (asked(question, kit).source == "L10") is (lives_h is None)


def test_the_reason_for_a_hit_tells_its_freshness():
    kit = a_cached_kit(FixedClock())
    asked("Vad kostar ett pass?", kit)
    asked("Vad kostar ett pass?", kit)

    assert kit.meter.outcomes[-1].reply.why["freshness"] == "days"
