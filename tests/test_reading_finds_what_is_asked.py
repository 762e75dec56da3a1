"""The reader finds curated answers and tools, surest first, within the micro route's budgets."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chat.core.policy import Answer, Policy, Routing
from chat.core.turn import Intent, Turn
from chat.curated import curated_in
from chat.reader import FirstReader
from tests.fakes import MEMBER, FixedClock

ANSWERS = (
    Answer("hello", ("hej", "hejsan", "god morgon", "hello"), "Hej på dig!", "Hello there!"),
    Answer("who", ("vem är du", "vad är du", "who are you"), "Jag är Alice."),
    Answer("mood", ("hur mår du",), "Bara bra!"),
    Answer("hours", ("vilka öppettider har biblioteket", "när öppnar biblioteket"), "10–18."),
    Answer("return", ("kan jag lämna tillbaka en vara",), "Ja, inom 30 dagar."),
    Answer("no_return", ("kan jag inte lämna tillbaka en vara",), "Jo, inom 30 dagar."),
    Answer("form_3", ("hur fyller jag i blankett 3",), "Med blå penna."),
)
POLICY = Policy(answers=ANSWERS)
TOOLS = ("clock", "calendar", "calculator", "units")


def read(text: str, *, policy: Policy = POLICY, tools: tuple[str, ...] = TOOLS) -> Intent:
    turn = Turn(
        id="t",
        caller=MEMBER,
        text=text,
        policy=policy,
        opened=datetime(2026, 11, 23, 14, 4, tzinfo=UTC),
        question=text,
        tools=tools,
    )
    return asyncio.run(FirstReader(FixedClock()).read(turn))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hej", "hello"),
        ("Heeej!", "hello"),
        ("godmorgon", "hello"),
        ("VEM AR DU???", "who"),
        ("när öppnar biblioteket?", "hours"),
    ],
)
def test_a_curated_question_is_found_however_it_is_typed(text: str, name: str) -> None:
    intent = read(text)
    assert (intent.name, intent.confidence, intent.slots) == ("answer", 1.0, {"answer": name})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("när öpnar biblioteket", "hours"),
        ("när öppnar bibloteket", "hours"),
        ("när öppnar biblitoeket", "hours"),
        ("hejsann", "hello"),
        ("kan jag lämna tilbaka en vara", "return"),
        ("kan jag lämna tillbaka en vara tack", "return"),
        ("biblioteket öppettider", "hours"),
    ],
)
def test_a_slip_or_another_order_is_understood_with_less_confidence(text: str, name: str) -> None:
    intent = read(text)
    assert (intent.name, intent.slots) == ("answer", {"answer": name})
    assert POLICY.understanding.sure_at_least <= intent.confidence < 1


@pytest.mark.parametrize(
    "text",
    [
        "nej",
        "var är du",
        "hur går du",
        "kan jag aldrig lämna tillbaka en vara",
        "hur fyller jag i blankett 4",
        "vad är meningen med livet",
        "vilka öppettider har badhuset",
        "vem öppnar biblioteket",
        "",
        "?",
    ],
)
def test_another_question_is_not_taken_for_a_curated_one(text: str) -> None:
    intent = read(text)
    assert intent.confidence < POLICY.understanding.sure_at_least


def test_a_negation_finds_its_own_answer() -> None:
    assert read("kan jag inte lämna tillbaka en vara").slots == {"answer": "no_return"}


def test_a_tool_is_found_with_its_arguments_in_the_messages_language() -> None:
    assert read("vad är klockan i Tokyo") == Intent("clock", 1.0, "sv", {"place": "Tokyo"})
    assert read("what time is it in Tokyo") == Intent("clock", 1.0, "en", {"place": "Tokyo"})


def test_a_tool_that_is_not_granted_is_not_read() -> None:
    assert read("vad är klockan", tools=("calculator",)).name == "open"


def test_a_curated_answer_goes_before_a_tool() -> None:
    policy = Policy(answers=(Answer("clock_joke", ("vad är klockan",), "Dags att fika!"),))
    assert read("vad är klockan", policy=policy).slots == {"answer": "clock_joke"}


def test_the_language_falls_back_to_the_callers() -> None:
    assert read("tokyo").language == "sv"
    assert read("mikä kello on").language == "other"


def test_a_search_that_runs_out_of_time_gives_up() -> None:
    """Each look at the clock takes 30 ms here: tries of 13 and 21 ms give up, one of 34 goes on."""

    class Hurried(FixedClock):
        def monotonic(self) -> float:
            self.forward(0.030)
            return self.seconds

    async def hurried(text: str, budgets: tuple[int, ...]) -> Intent:
        policy = replace(POLICY, routing=Routing(micro_budget_ms=budgets))
        turn = Turn("t", MEMBER, text, policy, Hurried().now(), question=text)
        return await FirstReader(Hurried()).read(turn)

    slip = "när öppnar bibloteket"
    assert asyncio.run(hurried(slip, (13, 21))).name == "open"
    assert asyncio.run(hurried(slip, (13, 34))).name == "answer"
    assert asyncio.run(hurried(slip, (13,))).name == "open"
    assert asyncio.run(hurried("hej", (13,))).name == "answer"


def test_the_index_is_built_once_per_revision() -> None:
    assert curated_in(ANSWERS) is curated_in(ANSWERS)
    copy = (*ANSWERS[:1], *ANSWERS[1:])
    assert curated_in(copy) is not curated_in(ANSWERS)
    assert curated_in(ANSWERS) is curated_in(ANSWERS)
