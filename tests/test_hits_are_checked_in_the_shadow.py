"""On a few similar hits the model is asked anyway, afterwards, and the answers are compared."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from chat.core.address import address_of
from chat.core.events import Ended, Noted, Token, text_of
from chat.core.policy import Policy
from chat.shadow import ShadowChecks
from fibcache.core.budget import THUMB, MemoryEvidence, Outcome
from fibcache.core.shadow import ANSWER_CHARS, agree
from fibcache.core.spiral import Spiral
from tests.caching import LAKE, a_cache
from tests.fakes import FreeLimiter, ScriptedSpeaker, StillMeter, a_kit, a_turn, hear
from tests.test_wrong_pairs_are_kept_apart import ASKED

SAME = [
    ("Stockholm.", "stockholm."),
    ("Storsjön är 67 km lång.", "Storsjön är ungefär 67 km lång."),
    ("Ja, det går bra att frysa smör.", "Ja, det går bra att frysa smör i bitar."),
]
DIFFERENT = [
    ("Ja, det får man.", "Nej, det får man inte."),
    ("Den är 67 km lång.", "Den är 42 km lång."),
    ("På måndag.", "På torsdag."),
    ("Det är Stockholm.", "Det är Göteborg."),
    ("Yes, you may.", "No, you may not."),
]
UNSURE = [
    ("Koka äggen i sju minuter.", "Lägg dem i kokande vatten en stund."),
    ("Man kan frysa smör.", "Man kan inte frysa smör."),  # as likely a slip of the model's
    ("Den är 67 km lång.", "Den är 67 km lång och 42 m djup."),
    ("Först 1. Koka. 2. Häll. " * 9, "Det tar 30 minuter. " * 9),
    ("", "Hej."),
    ("a" * (ANSWER_CHARS + 1), "a" * (ANSWER_CHARS + 1)),
]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        *((*pair, True) for pair in SAME),
        *((*pair, False) for pair in DIFFERENT),
        *((*pair, None) for pair in UNSURE),
    ],
)
def test_answers_are_told_alike_or_apart_only_where_it_is_plain(one, other, expected):
    assert agree(one, other) is agree(other, one) is expected


class Full:
    """Has no room."""

    def take(self, caller: str, *, per_minute: int, burst: int) -> float:
        return 1.0


class Watched:
    """A pipeline with real checks around a cache that has one answer, and what came of them."""

    def __init__(self, speaker: Any, *, evidence: Any = None, limiter: Any = None) -> None:
        self.noted: list[Outcome] = []
        self.counted: list[str] = []
        self.meter = StillMeter()
        self.cache = a_cache(guards=(), evidence=evidence)
        self.speaker = speaker
        self.checks = ShadowChecks(
            speaker,
            self._note,
            limiter or FreeLimiter(),
            self.counted.append,
            self.meter,
            lambda: 0.5,
        )
        self.kit = a_kit(
            speaker=ScriptedSpeaker("Den är 67 km lång.", keep=True),
            cache=self.cache,
            checks=self.checks,
            meter=self.meter,
        )

    async def _note(self, *, outcome: Outcome, tenant: str, turn_id: Any) -> None:
        self.noted.append(outcome)

    async def ask(self, question: str, **spiral: Any) -> str:
        policy = Policy(spiral=replace(Spiral(shadow_share=1.0), **spiral))
        events = await hear(a_turn(question, policy=policy), self.kit)
        return text_of(events)

    async def settle(self) -> None:
        while self.checks._under_way:
            await asyncio.gather(*self.checks._under_way)


async def asked_twice(speaker: Any, **how: Any) -> Watched:
    spiral = how.pop("spiral", {})
    watched = Watched(speaker, **how)
    await watched.ask(LAKE, **spiral)
    assert await watched.ask(ASKED, **spiral) == "Den är 67 km lång."
    await watched.settle()
    return watched


async def test_a_model_that_agrees_makes_a_right_outcome():
    watched = await asked_twice(ScriptedSpeaker("Den är ungefär 67 km lång."))

    (outcome,) = watched.noted
    assert (outcome.right, outcome.given, outcome.source) == (True, True, "check")
    assert outcome.score >= 0.618
    assert watched.counted == ["right"]
    assert watched.speaker.turns[0].options.temperature == 0


async def test_a_model_that_contradicts_makes_a_wrong_one():
    watched = await asked_twice(ScriptedSpeaker("Den är 42 km lång."))

    assert [outcome.right for outcome in watched.noted] == [False]
    assert watched.counted == ["wrong"]


async def test_what_can_not_be_told_is_no_evidence():
    watched = await asked_twice(ScriptedSpeaker("Det beror på hur man mäter."))

    assert (watched.noted, watched.counted) == ([], ["unsure"])


async def test_the_answer_never_waits_for_its_check():
    gate = asyncio.Event()
    watched = Watched(ScriptedSpeaker(gate, "Den är 67 km lång."))
    await watched.ask(LAKE)

    assert await watched.ask(ASKED) == "Den är 67 km lång."  # and is whole, before the gate opens
    assert watched.noted == []

    gate.set()
    await watched.settle()
    assert len(watched.noted) == 1


@pytest.mark.parametrize(
    "script",
    [
        (Noted("no_model", "Ingen."), Token("Ingen modell."), Ended(fleeting=True)),
        ("Den är 67", Ended(finish="length")),
        (RuntimeError("gone"),),
    ],
)
async def test_a_model_that_is_away_or_breaks_off_teaches_nothing(script):
    watched = await asked_twice(ScriptedSpeaker(*script))

    assert (watched.noted, watched.counted) == ([], ["failed"])


async def test_an_error_is_told_to_the_meter_alone():
    watched = await asked_twice(ScriptedSpeaker(RuntimeError("gone")))

    assert [where for where, _ in watched.meter.troubles] == ["check_in_shadow"]


@pytest.mark.parametrize(
    ("spiral", "limiter"),
    [({"shadow_share": 0.5}, None), ({"checks_per_minute": 0}, None), ({}, Full())],
)
async def test_a_hit_that_is_not_drawn_or_has_no_room_is_not_checked(spiral, limiter):
    watched = await asked_twice(ScriptedSpeaker("Hej."), spiral=spiral, limiter=limiter)

    assert watched.speaker.turns == [] and watched.counted == []


async def test_only_so_many_are_checked_at_once():
    gate = asyncio.Event()
    watched = Watched(ScriptedSpeaker(gate, "Den är 67 km lång."))
    await watched.ask(LAKE)

    for _ in range(5):
        await watched.ask(ASKED, checks_at_once=2)
    await asyncio.sleep(0)

    assert len(watched.speaker.turns) == 2
    await watched.checks.aclose()
    assert not watched.checks._under_way


async def test_an_answer_that_is_no_similar_hit_is_not_checked():
    watched = Watched(ScriptedSpeaker("Den är 67 km lång."))
    for _ in range(2):  # made, then found word for word
        await watched.ask(LAKE)
    await watched.settle()

    assert watched.speaker.turns == []


async def test_a_refused_hit_is_compared_without_asking_again():
    evidence = MemoryEvidence()
    watched = Watched(ScriptedSpeaker("never asked"), evidence=evidence)
    await watched.ask(LAKE)
    first = watched.meter.outcomes[-1]
    assert first.reply.source == "planner"
    key = address_of(first.turn).key
    evidence.tally.learn(Outcome(key, 1.0, False, THUMB))

    assert await watched.ask(ASKED) == "Den är 67 km lång."
    await watched.settle()

    assert watched.meter.outcomes[-1].reply.source == "planner"
    (outcome,) = watched.noted
    assert (outcome.entry, outcome.right, outcome.given) == (key, True, False)
    assert watched.speaker.turns == []
