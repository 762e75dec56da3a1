"""What was learnt of intents shortens an answer's life, and routes nothing."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chat.core.policy import Answer, Policy
from chat.core.steps.answering import choose_route
from chat.core.turn import Intent, Turn
from chat.reader import FirstReader
from nlu.core.encoder import SwedishEncoder
from nlu.core.traits import life_of
from nlu.core.understanding import Reading, Understanding
from tests.fakes import MEMBER, FixedClock, NoCache, ScriptedSpeaker, a_kit, ask

POLICY = Policy(answers=(Answer("hello", ("hej", "hejsan"), "Hej på dig!"),))


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return Understanding.load(SwedishEncoder.load())


def a_turn(text: str, tools: Sequence[str] = ("clock", "calculator", "units")) -> Turn:
    return Turn(
        id="t",
        caller=MEMBER,
        text=text,
        policy=POLICY,
        opened=datetime(2026, 11, 23, 14, 4, tzinfo=UTC),
        question=text,
        tools=tuple(tools),
    )


class Untaught:
    """Understands as Alice came, whatever is asked for."""

    def __init__(self, understanding: Understanding) -> None:
        self._understanding = understanding

    async def of(self, version: str) -> Understanding:
        return self._understanding


def read(turn: Turn, understanding: Understanding) -> Intent:
    return asyncio.run(FirstReader(FixedClock(), taught=Untaught(understanding)).read(turn))


@pytest.mark.parametrize("text", ["hej", "vad är klockan?", "12*12", "hur många dl är 2 liter"])
def test_certain_readings_stay_as_they_were(text: str, understanding: Understanding) -> None:
    turn = a_turn(text)
    before = asyncio.run(FirstReader(FixedClock()).read(turn))
    assert before.confidence == 1
    assert read(turn, understanding) == before


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("hur blir vädret i Kiruna på lördag", "weather_query"),
        ("räkna ut hur mycket färg jag behöver till mitt hus", None),
        ("hur många liter rymmer en badtunna egentligen", None),
    ],
)
def test_a_known_intent_still_goes_to_the_planner(
    text: str, intent: str | None, understanding: Understanding
) -> None:
    turn = a_turn(text)
    found = read(turn, understanding)
    routed = asyncio.run(choose_route(replace(turn, intent=found), None))  # type: ignore[arg-type]
    assert (found.name, routed.routes) == ("open", ("planner",))
    assert found.reading is not None
    assert intent in (None, found.reading.intent)


class NotingCache(NoCache):
    """Notes what it is to remember."""

    def __init__(self):
        self.entries = []

    async def remember(self, entry, *, tiers, spiral):
        self.entries.append(entry)
        return "L1"


class SaidReader:
    """Understands every message in the same way."""

    def __init__(self, reading: Reading | None) -> None:
        self._intent = Intent("open", reading=reading)

    async def read(self, turn: Turn) -> Intent:
        return self._intent


@pytest.mark.parametrize(
    ("question", "intent", "confidence", "freshness"),
    [
        ("berätta om något gott", "qa_definition", 0.9, ["stable"]),
        ("berätta om något gott", "weather_query", 0.9, ["hours"]),
        ("berätta om något gott", "weather_query", 0.5, ["stable"]),
        ("vad är det senaste nu", "qa_definition", 0.9, ["minutes"]),
        ("berätta om något gott", "calendar_query", 0.9, []),
        ("berätta om något gott", "calendar_query", 0.5, ["stable"]),
        ("berätta om något gott", "an_intent_without_traits", 0.9, ["stable"]),
    ],
)
def test_the_shorter_life_wins(question, intent, confidence, freshness) -> None:
    cache = NotingCache()
    reader = SaidReader(Reading("sv", intent, confidence))
    kit = a_kit(speaker=ScriptedSpeaker("Så här.", keep=True), cache=cache, reader=reader)

    ask(question, kit)

    assert [entry.freshness for entry in cache.entries] == freshness


@pytest.mark.parametrize(
    ("question", "life"),
    [
        ("Töm dammsugaren", "never"),
        ("Kan du tömma dammsugaren?", "never"),
        ("Hur tömmer jag dammsugaren?", "stable"),
        ("hur kan man tömma dammsugaren", "stable"),
        ("How do I empty the vacuum cleaner?", "stable"),
        ("How to empty the vacuum cleaner", "stable"),
        ("Hur många dammsugare har jag på gång?", "never"),
    ],
)
def test_how_one_does_a_thing_holds_longer_than_doing_it(question, life):
    assert life_of("iot_cleaning", question) == life
