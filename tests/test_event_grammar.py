"""Whatever happens in a turn, its events follow the grammar and its after-steps run once."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.core.converse import Pipeline, converse
from chat.core.errors import ModelFailed, TooFast
from chat.core.events import Done, Ended, Event, Failed, Noted, Started, Token, ToolCalled
from chat.core.policy import Bounds, Policy
from chat.core.turn import Caller, Outcome, Reply, Turn

GRAMMAR = re.compile(r"(S[TCN]*)?[DF]")
LETTERS = {Started: "S", Token: "T", ToolCalled: "C", Noted: "N", Done: "D", Failed: "F"}


class Hang:
    """The speaker says nothing more."""


SAYINGS = st.one_of(
    st.builds(Token, st.text(max_size=3)),
    st.just(ToolCalled("clock", {})),
    st.just(Noted("waiting", "…")),
)
ENDINGS = st.sampled_from([Ended(), None, ModelFailed(), ValueError("a bug"), Hang()])


@dataclass
class Speaker:
    """Says a script and notes how often it was closed."""

    script: list[object]
    closed: int = 0

    async def speak(self) -> AsyncIterator[object]:
        try:
            for line in self.script:
                await asyncio.sleep(0)
                if isinstance(line, Hang):
                    await asyncio.Event().wait()
                if isinstance(line, Exception):
                    raise line
                if line is not None:
                    yield line
        finally:
            self.closed += 1


@dataclass
class Parts:
    """Only what the runner itself asks of a kit."""

    troubles: list[BaseException] = field(default_factory=list)
    now_s: float = 0.0

    @property
    def clock(self) -> "Parts":
        return self

    @property
    def meter(self) -> "Parts":
        return self

    def monotonic(self) -> float:
        self.now_s += 0.001
        return self.now_s

    def trouble(self, where: str, turn_id: str, error: BaseException) -> None:
        self.troubles.append(error)


def a_turn(silence_s: float = 0.01) -> Turn:
    return Turn(
        id="t1",
        caller=Caller("acme", "user:1"),
        text="hej",
        policy=Policy(bounds=Bounds(silence_s=silence_s)),
        opened=datetime(2026, 11, 23, tzinfo=UTC),
    )


def a_pipeline(speaker: Speaker, outcomes: list[Outcome], refuse: Exception | None) -> Pipeline:
    async def generate(turn: Turn, kit: object) -> Reply:
        if refuse is not None:
            raise refuse
        return Reply("micro", "micro", speaker.speak())

    async def stumble(outcome: Outcome, kit: object) -> None:
        raise RuntimeError("an after-step never disturbs the answer")

    async def note(outcome: Outcome, kit: object) -> None:
        outcomes.append(outcome)

    return Pipeline(before=(generate,), during=(), after=(stumble, note))


def letters(events: list[Event]) -> str:
    return "".join(LETTERS[type(event)] for event in events)


@given(
    sayings=st.lists(SAYINGS, max_size=5),
    ending=ENDINGS,
    refuse=st.sampled_from([None, None, None, TooFast(), KeyError("a bug")]),
)
def test_a_turn_that_is_heard_out_follows_the_grammar(sayings, ending, refuse):
    speaker, outcomes, parts = Speaker([*sayings, ending]), [], Parts()

    async def hear() -> list[Event]:
        pipeline = a_pipeline(speaker, outcomes, refuse)
        return [event async for event in converse(a_turn(), parts, pipeline)]

    events = asyncio.run(hear())

    assert GRAMMAR.fullmatch(letters(events))
    assert isinstance(events[-1], Done) == (refuse is None and isinstance(ending, Ended))
    assert len(outcomes) == 1
    assert outcomes[0].complete == isinstance(events[-1], Done)
    assert speaker.closed == (0 if refuse else 1)
    assert [type(e) for e in outcomes[0].said] == [type(e) for e in events[1:-1]]


@given(
    sayings=st.lists(SAYINGS, min_size=1, max_size=5),
    ending=ENDINGS,
    heard=st.integers(0, 5),
    how=st.sampled_from(["close", "cancel", "cancel twice"]),
)
def test_a_caller_who_leaves_closes_the_speaker_and_the_after_steps_run_once(
    sayings, ending, heard, how
):
    speaker, outcomes, parts = Speaker([*sayings, ending]), [], Parts()
    heard = min(heard, len(sayings))  # so that the last event is still to come

    async def leave() -> None:
        stream = converse(a_turn(silence_s=5), parts, a_pipeline(speaker, outcomes, None))
        reached, events = asyncio.Event(), []

        async def listen() -> None:
            async for event in stream:
                events.append(event)
                if len(events) == heard + 1:
                    reached.set()
                    if how == "close":
                        return
                    await asyncio.Event().wait()

        task = asyncio.create_task(listen())
        await reached.wait()
        assert GRAMMAR.match(letters(events) + "F")
        if how == "close":
            await task
        else:
            task.cancel()
            await asyncio.sleep(0)
            if how == "cancel twice":
                task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        await stream.aclose()

    asyncio.run(leave())

    assert [outcome.cancelled for outcome in outcomes] == [True]
    assert not outcomes[0].complete
    assert speaker.closed == (1 if heard else 0)


def test_a_caller_who_is_cancelled_in_mid_word_closes_the_speaker():
    speaker, outcomes, parts = Speaker([Token("ett "), Hang()]), [], Parts()

    async def cancel() -> None:
        async def listen() -> None:
            async for _ in converse(a_turn(5), parts, a_pipeline(speaker, outcomes, None)):
                pass

        task = asyncio.create_task(listen())
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())

    assert speaker.closed == 1
    assert [outcome.cancelled for outcome in outcomes] == [True]
    assert outcomes[0].raw == [Token("ett ")]


def test_a_silent_speaker_is_given_up():
    speaker, outcomes = Speaker([Token("ett "), Hang()]), []

    async def hear() -> list[Event]:
        stream = converse(a_turn(0.01), Parts(), a_pipeline(speaker, outcomes, None))
        return [event async for event in stream]

    events = asyncio.run(hear())

    assert letters(events) == "STF"
    assert events[-1].code == "model_silent"


def test_a_bug_is_logged_once_and_told_without_details():
    parts, outcomes = Parts(), []

    async def hear() -> list[Event]:
        pipeline = a_pipeline(Speaker([]), outcomes, KeyError("secret detail"))
        return [event async for event in converse(a_turn(), parts, pipeline)]

    (failed,) = asyncio.run(hear())

    assert failed.code == "unexpected"
    assert "secret" not in failed.message
    assert [str(error) for error in parts.troubles if isinstance(error, KeyError)] == [
        "'secret detail'"
    ]
