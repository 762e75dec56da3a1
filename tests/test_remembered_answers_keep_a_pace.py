"""A remembered answer is said at once, or at the pace that staff chose where words are streamed."""

import asyncio

import pytest

from chat.core.events import Done, Noted, Token, ToolCalled, ToolReturned, text_of
from chat.core.policy import Bounds, Policy
from fibcache.core.entry import Entry, Hit
from tests import virtual_time
from tests.doors import doors, post, sse
from tests.fakes import NoCache, ScriptedSpeaker, a_kit, a_turn, hear

ANSWER = (
    ToolCalled("units", {}),
    ToolReturned("units", "2 fot"),
    Token("Två "),
    Token("fot "),
    Token("är sex decimeter."),
    Noted("n", "…"),
    Token(" Ungefär."),
)


class Remembering(NoCache):
    async def recall(self, key, *, tiers):
        entry = Entry(key, "s", "?", ANSWER, "planner", 0)
        return Hit(entry, "L3")


def heard(words_per_s: float, *, streamed: bool, silence_s: float = 2.0, cache=None, answer=None):
    """Give what is heard, and when, in virtual seconds."""
    policy = Policy(bounds=Bounds(recalled_words_per_s=words_per_s, silence_s=silence_s))

    async def listen():
        loop = asyncio.get_running_loop()
        events = await hear(
            a_turn("Hur långt är två fot?", policy=policy, streamed=streamed),
            a_kit(cache=cache or Remembering(), speaker=ScriptedSpeaker("Nytt ", "svar.")),
        )
        return events, loop.time()

    return virtual_time.run(listen(), within_s=60)


@pytest.mark.parametrize(("words_per_s", "streamed"), [(0.0, True), (5.0, False)])
def test_it_comes_at_once_unless_staff_and_door_say_otherwise(words_per_s, streamed):
    events, took_s = heard(words_per_s, streamed=streamed)

    assert tuple(events[1:-1]) == ANSWER
    assert took_s == 0.0


def test_at_a_pace_the_events_are_the_same_and_in_their_order():
    events, took_s = heard(5.0, streamed=True)

    assert tuple(events[1:-1]) == ANSWER and isinstance(events[-1], Done)
    assert took_s == pytest.approx(5 / 5.0)  # nobody waits after the last word


def test_no_pause_is_so_long_that_it_looks_like_silence():
    events, took_s = heard(0.01, streamed=True)

    assert isinstance(events[-1], Done)
    assert took_s == pytest.approx(3.0)


def test_new_answers_keep_their_own_pace():
    events, took_s = heard(0.1, streamed=True, cache=NoCache())

    assert text_of(events) == "Nytt svar." and took_s == 0.0


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize("door", ["/api/chat", "/v1/chat/completions"])
async def test_the_doors_know_where_words_are_heard_as_they_come(door, streamed):
    speaker = ScriptedSpeaker("Hej!")
    question = (
        {"message": "hej"}
        if door == "/api/chat"
        else {"model": "alice", "messages": [{"role": "user", "content": "hej"}]}
    )
    with doors(a_kit(speaker=speaker)) as client:
        response = await post(client, door, {**question, "stream": streamed})
        if streamed:
            await sse(response)

    assert [turn.streamed for turn in speaker.turns] == [streamed]
