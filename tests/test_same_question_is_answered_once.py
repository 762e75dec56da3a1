"""The same question asked twice at once is answered once, and both hear every word."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from chat.core.errors import ModelFailed
from chat.core.events import Done, Ended, Failed, Noted, Token, Usage, text_of
from chat.core.turn import Reply, Sharing, Turn
from tests.fakes import MEMBER, NoCache, a_kit, a_turn, hear

OTHER = replace(MEMBER, person="user:2", user_id=2)
SPENT = Usage(prompt_tokens=8, completion_tokens=2)


class OpenSpeaker:
    """Says two words that others may hear, each when it is allowed; one script for each answer."""

    def __init__(self, *scripts: list[object], settled: bool | None = True) -> None:
        self.scripts, self.settled = list(scripts), settled
        self.first, self.second = asyncio.Event(), asyncio.Event()
        self.speaking = 0  # that began to speak
        self.closed = 0

    async def answer(self, turn: Turn) -> Reply:
        sharing = Sharing()
        events = self._say(sharing, turn)
        why = {"model": "m"}
        return Reply("planner", "planner", events, keep=True, sharing=sharing, why=why)

    async def _say(self, sharing: Sharing, turn: Turn) -> AsyncIterator[object]:
        self.speaking += 1
        script = self.scripts.pop(0) if self.scripts else ["ett ", "två", Ended(usage=SPENT)]
        try:
            for number, line in enumerate(script):
                await (self.first, self.second, self.second)[min(number, 2)].wait()
                if number == 0:
                    sharing.settled = self.settled
                if isinstance(line, Exception):
                    await asyncio.sleep(0)  # as a model server would need some time
                    raise line
                yield Token(line) if isinstance(line, str) else line
        finally:
            self.closed += 1


class NotingCache(NoCache):
    def __init__(self) -> None:
        self.entries = []

    async def remember(self, entry, *, tiers, spiral):
        self.entries.append(entry)
        return "L1"


@pytest.fixture
def cache():
    return NotingCache()


def asking(kit, text="Hur tvättar jag ull?", **fields):
    return asyncio.create_task(hear(a_turn(text, **fields), kit))


async def a_while():
    for _ in range(40):
        await asyncio.sleep(0)


async def test_one_speaks_and_all_hear_it_from_the_beginning(cache):
    speaker = OpenSpeaker()
    kit = a_kit(speaker=speaker, cache=cache)
    early, also = asking(kit), asking(kit, caller=OTHER)
    await a_while()
    speaker.first.set()
    await a_while()
    late = asking(kit)
    await a_while()
    speaker.second.set()

    for task in (early, also, late):
        events = await task
        assert text_of(events) == "ett två"
        assert isinstance(events[-1], Done) and events[-1].source == "planner"
    assert speaker.speaking == speaker.closed == 1
    assert [text_of(entry.events) for entry in cache.entries] == ["ett två"]


async def test_the_tokens_are_counted_once_and_the_joiner_says_that_it_joined():
    speaker = OpenSpeaker()
    kit = a_kit(speaker=speaker)
    first, second = asking(kit), asking(kit)
    speaker.first.set()
    speaker.second.set()
    told = await asyncio.gather(first, second)

    assert sorted(events[-1].joined for events in told) == [False, True]
    lead, joined = sorted(kit.meter.outcomes, key=lambda outcome: "joined" in outcome.reply.why)

    assert lead.reply.why == {"model": "m"} and lead.ended.usage == SPENT
    assert joined.reply.why == {"model": "m", "joined": True} and joined.ended.usage == Usage()


@pytest.mark.parametrize(
    "other",
    [
        {"text": "Hur tvättar jag siden?"},
        {"language": "en"},
        {"caller": replace(OTHER, tenant="other")},
    ],
)
async def test_another_address_is_another_flight(other):
    speaker = OpenSpeaker()
    kit = a_kit(speaker=speaker)
    speaker.first.set()
    speaker.second.set()

    await asyncio.gather(asking(kit), asking(kit, **other))

    assert speaker.speaking == 2


async def test_everybody_gets_their_own_personal_data_back():
    speaker = OpenSpeaker(["Ring ", "[TEL_1]", Ended()])
    kit = a_kit(speaker=speaker)
    speaker.first.set()
    speaker.second.set()

    mine, yours = await asyncio.gather(
        asking(kit, "Vems är 070-123 45 67?"), asking(kit, "Vems är 070-765 43 21?", caller=OTHER)
    )

    assert speaker.speaking == 1
    assert text_of(mine) == "Ring 070-123 45 67"
    assert text_of(yours) == "Ring 070-765 43 21"


async def test_whoever_began_may_leave_and_the_words_go_on(cache):
    speaker = OpenSpeaker()
    kit = a_kit(speaker=speaker, cache=cache)
    first = asking(kit)
    await a_while()
    second = asking(kit)
    await a_while()
    speaker.first.set()
    await a_while()
    first.cancel()
    await asyncio.wait({first})
    speaker.second.set()

    events = await second

    assert text_of(events) == "ett två" and isinstance(events[-1], Done)
    assert speaker.speaking == speaker.closed == 1
    assert len(cache.entries) == 1


async def test_a_beginner_who_leaves_before_the_first_word_hands_over():
    speaker = OpenSpeaker()
    kit = a_kit(speaker=speaker)
    first = asking(kit)
    await a_while()
    second, third = asking(kit), asking(kit)
    await a_while()
    first.cancel()
    await asyncio.wait({first})
    speaker.first.set()
    speaker.second.set()

    assert [text_of(events) for events in await asyncio.gather(second, third)] == ["ett två"] * 2
    assert speaker.speaking == 2
    begun, joined = kit.meter.outcomes[-2:]
    assert {"joined" in begun.reply.why, "joined" in joined.reply.why} == {True, False}


async def test_a_beginner_who_leaves_in_mid_word_takes_that_speaker_along():
    speaker = OpenSpeaker()
    kit = a_kit(speaker=speaker)
    speaker.first.set()
    first = asking(kit)
    await a_while()
    second = asking(kit)
    await a_while()
    first.cancel()
    await asyncio.wait({first})
    speaker.second.set()

    assert text_of(await second) == "ett två"
    assert speaker.speaking == speaker.closed == 2


async def test_the_speaker_is_closed_when_the_last_has_left(cache):
    speaker = OpenSpeaker()
    kit = a_kit(speaker=speaker, cache=cache)
    tasks = [asking(kit) for _ in range(3)]
    await a_while()
    speaker.first.set()
    await a_while()
    for task in tasks:
        task.cancel()
        await asyncio.wait({task})

    assert speaker.speaking == speaker.closed == 1
    assert cache.entries == []
    assert [outcome.cancelled for outcome in kit.meter.outcomes] == [True] * 3
    speaker.second.set()
    assert text_of(await asking(kit)) == "ett två"


async def test_an_answer_that_fails_unheard_is_tried_by_another():
    speaker = OpenSpeaker([ModelFailed()])
    kit = a_kit(speaker=speaker)
    tasks = [asking(kit) for _ in range(3)]
    await a_while()
    speaker.first.set()
    speaker.second.set()
    failed, *whole = [events[-1] for events in await asyncio.gather(*tasks)]

    assert isinstance(failed, Failed) and failed.code == "model_failed"
    assert all(isinstance(last, Done) for last in whole)
    assert speaker.speaking == 2


async def test_an_answer_that_goes_on_failing_is_not_tried_by_all_of_them():
    speaker = OpenSpeaker(*[[ModelFailed()] for _ in range(8)])
    kit = a_kit(speaker=speaker)
    tasks = [asking(kit) for _ in range(8)]
    await a_while()
    speaker.first.set()

    for events in await asyncio.gather(*tasks):
        assert isinstance(events[-1], Failed) and events[-1].code == "model_failed"
    assert speaker.speaking == 2


async def test_words_that_were_heard_are_never_followed_by_another_speakers(cache):
    speaker = OpenSpeaker(["ett ", ModelFailed()])
    kit = a_kit(speaker=speaker, cache=cache)
    tasks = [asking(kit) for _ in range(2)]
    await a_while()
    speaker.first.set()
    await a_while()
    speaker.second.set()

    for events in await asyncio.gather(*tasks):
        assert text_of(events) == "ett " and isinstance(events[-1], Failed)
    assert speaker.speaking == 1
    assert cache.entries == []


@pytest.mark.parametrize("settled", [False, None])
async def test_an_answer_of_the_moment_is_told_to_nobody_else(settled, cache):
    fleeting = [["tolv ", "noll-noll", Ended(fleeting=True)] for _ in range(3)]
    speaker = OpenSpeaker(*fleeting, settled=settled)
    kit = a_kit(speaker=speaker, cache=cache)
    tasks = [asking(kit) for _ in range(3)]
    await a_while()
    speaker.first.set()
    await a_while()
    speaker.second.set()

    for events in await asyncio.gather(*tasks):
        assert text_of(events) == "tolv noll-noll"
    assert speaker.speaking == 3
    assert cache.entries == []
    assert not any("joined" in outcome.reply.why for outcome in kit.meter.outcomes)


async def test_an_answer_that_settles_late_is_told_when_it_is_whole():
    speaker = OpenSpeaker(settled=None)
    kit = a_kit(speaker=speaker)
    tasks = [asking(kit) for _ in range(2)]
    speaker.first.set()
    speaker.second.set()

    assert [text_of(events) for events in await asyncio.gather(*tasks)] == ["ett två"] * 2
    assert speaker.speaking == 1


async def test_a_reader_who_is_slow_holds_nobody_up():
    from chat.core.converse import converse
    from chat.pipeline import CHAT

    speaker = OpenSpeaker()
    kit = a_kit(speaker=speaker)
    slow = converse(a_turn("Hur tvättar jag ull?"), kit, CHAT)
    speaker.first.set()
    heard = [await anext(slow), await anext(slow)]
    speaker.second.set()

    assert text_of(await asking(kit)) == "ett två"
    assert text_of(heard + [event async for event in slow]) == "ett två"
    assert speaker.speaking == 1


async def test_whoever_asks_while_the_answer_is_being_stored_joins_in():
    storing, stored = asyncio.Event(), asyncio.Event()

    class SlowCache(NoCache):
        async def remember(self, entry, *, tiers, spiral):
            storing.set()
            await stored.wait()
            return "L1"

    speaker = OpenSpeaker()
    kit = a_kit(speaker=speaker, cache=SlowCache())
    speaker.first.set()
    speaker.second.set()
    first = asking(kit)
    await storing.wait()

    assert text_of(await asking(kit)) == "ett två"
    stored.set()
    assert text_of(await first) == "ett två"
    assert speaker.speaking == 1
    await asking(kit)
    assert speaker.speaking == 2  # landed: this cache forgets


async def test_a_bug_is_logged_once_and_told_to_all():
    speaker = OpenSpeaker(["ett ", KeyError("a bug")])
    kit = a_kit(speaker=speaker)
    tasks = [asking(kit) for _ in range(2)]
    await a_while()
    speaker.first.set()
    await a_while()
    speaker.second.set()

    assert [events[-1].code for events in await asyncio.gather(*tasks)] == ["unexpected"] * 2
    assert [type(error) for _, error in kit.meter.troubles] == [KeyError]


async def test_notes_on_the_way_are_heard_by_all():
    note = Noted("other_model", "…")
    speaker = OpenSpeaker([note, "två", Ended()])
    kit = a_kit(speaker=speaker)
    tasks = [asking(kit) for _ in range(2)]
    speaker.first.set()
    speaker.second.set()

    for events in await asyncio.gather(*tasks):
        assert note in events
