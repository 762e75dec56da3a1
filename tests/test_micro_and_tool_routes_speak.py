"""The micro and tool routes say ready answers as ordinary events, and leave what is not theirs."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from chat.core.events import Ended, Spoken, Token, ToolCalled, ToolReturned, Usage, text_of
from chat.core.policy import Answer, Policy
from chat.core.turn import Intent, Reply, Turn
from chat.speakers.micro import MicroSpeaker
from chat.speakers.passages import passages_for
from chat.speakers.tool import ToolSpeaker
from tests.fakes import MEMBER

ANSWERS = (
    Answer("hello", ("hej",), "Hej  på\ndig!", "Hello there!"),
    Answer("who", ("vem är du",), "Jag är Alice."),
)


def a_turn(intent: Intent, question: str = "", answers: tuple[Answer, ...] = ANSWERS) -> Turn:
    return Turn(
        id="t",
        caller=MEMBER,
        text=question,
        policy=Policy(answers=answers),
        opened=datetime(2026, 11, 23, 14, 4, tzinfo=UTC),
        question=question,
        tools=("clock", "calculator"),
        intent=intent,
    )


def heard(reply: Reply | None) -> list[Spoken | Ended]:
    async def listen() -> list[Spoken | Ended]:
        assert reply is not None
        return [event async for event in reply.events]

    return asyncio.run(listen())


def answered(speaker: MicroSpeaker | ToolSpeaker, turn: Turn) -> Reply | None:
    return asyncio.run(speaker.answer(turn))


def test_a_curated_answer_is_said_word_by_word() -> None:
    reply = answered(MicroSpeaker(), a_turn(Intent("answer", 0.9, "sv", {"answer": "hello"})))

    events = heard(reply)
    assert events == [Token("Hej  "), Token("på\n"), Token("dig!"), Ended()]
    assert reply is not None
    assert (reply.source, reply.route, reply.keep) == ("micro", "micro", False)
    assert reply.why == {"answer": "hello", "confidence": 0.9}


def test_the_answer_is_in_the_messages_language_where_there_is_one() -> None:
    english = Intent("answer", 1.0, "en", {"answer": "hello"})
    assert text_of(heard(answered(MicroSpeaker(), a_turn(english)))) == "Hello there!"
    untranslated = replace(english, slots={"answer": "who"})
    assert text_of(heard(answered(MicroSpeaker(), a_turn(untranslated)))) == "Jag är Alice."
    other = replace(english, language="other")
    assert text_of(heard(answered(MicroSpeaker(), a_turn(other)))) == "Hej  på\ndig!"


def test_an_answer_that_is_gone_is_left_to_the_next_route() -> None:
    gone = Intent("answer", 1.0, "sv", {"answer": "gone"})
    assert answered(MicroSpeaker(), a_turn(gone)) is None
    assert answered(MicroSpeaker(), a_turn(Intent("open"))) is None


def test_a_tool_tells_what_it_does_and_says_the_result() -> None:
    reply = answered(ToolSpeaker(), a_turn(Intent("calculator", 1.0, "sv", {"expression": "6*7"})))

    assert reply is not None
    called, returned, *words, ended = heard(reply)
    assert called == ToolCalled("calculator", {"expression": "6*7"})
    assert returned == ToolReturned("calculator", "6 × 7 = 42", ok=True)
    assert text_of(words) == "6 × 7 = 42"
    assert isinstance(ended, Ended) and ended.usage == Usage()
    assert (reply.source, reply.route, reply.keep) == ("tool", "tool", True)


def test_an_answer_bound_to_its_moment_is_not_kept() -> None:
    reply = answered(ToolSpeaker(), a_turn(Intent("clock", 1.0, "en")))

    assert reply is not None and not reply.keep
    assert text_of(heard(reply)) == "It is 15:04."


def test_trouble_is_said_and_not_kept() -> None:
    reply = answered(ToolSpeaker(), a_turn(Intent("calculator", 1.0, "en", {"expression": "1/0"})))

    assert reply is not None and not reply.keep
    _, returned, *words, _ = heard(reply)
    assert isinstance(returned, ToolReturned) and not returned.ok
    assert text_of(words) == "Dividing by zero is not possible."


def test_a_tool_that_is_not_granted_is_left_to_the_next_route() -> None:
    assert answered(ToolSpeaker(), a_turn(Intent("units", 1.0))) is None
    assert answered(ToolSpeaker(), a_turn(Intent("dance", 1.0))) is None


SHELVES = (
    Answer("hours", ("vilka öppettider har biblioteket",), "Öppet 10–18.", "Open 10–18."),
    Answer("loan", ("hur lånar jag en bok på biblioteket",), "Med lånekort."),
    Answer("fine", ("vad kostar det att lämna en bok för sent",), "Två kronor om dagen."),
    Answer("bath", ("vad kostar badhuset",), "Femtio kronor."),
)


def passages(question: str, k_steps: tuple[int, ...] = (1, 2, 3, 5)) -> tuple[str, ...]:
    return passages_for(a_turn(Intent("open"), question, SHELVES), k_steps)


def test_one_passage_is_enough_when_it_is_plainly_the_one() -> None:
    assert passages("vilka öppettider har biblioteket") == ("Öppet 10–18.",)


def test_more_passages_are_shown_while_the_evidence_is_weak() -> None:
    found = passages("bok biblioteket pengar försenad")
    assert len(found) > 1
    assert found[0] == "Med lånekort."


def test_nothing_is_shown_when_nothing_relates() -> None:
    assert passages("skriv en dikt om havet") == ()
    assert passages("") == ()
    assert passages_for(a_turn(Intent("open"), "hej", ()), (1, 2)) == ()


def test_no_more_passages_are_shown_than_the_steps_allow() -> None:
    assert len(passages("bok biblioteket pengar försenad", (1,))) == 1
    assert passages("bok biblioteket", ()) == ()


def test_passages_are_in_the_messages_language_where_they_can_be() -> None:
    turn = a_turn(Intent("open", language="en"), "öppettider biblioteket", SHELVES)
    assert passages_for(turn, (1,)) == ("Open 10–18.",)
