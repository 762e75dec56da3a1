"""A warm-up asks its questions like anybody's, and leaves behind what a person's turn would."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from chat.core.address import address_of
from chat.core.errors import ModelFailed, Overloaded, TooFast
from chat.core.events import Ended
from chat.core.turn import Caller
from chat.live import current
from chat.models import Conversation, Tenant, TurnRecord
from chat.opening import open_turn
from chat.pipeline import CHAT
from chat.services import warm_ups
from chat.warming import runner
from chat.warming.questions import Wanted
from chat.warming.runner import Warmer, keep_warm
from fibcache.models import WarmUp
from tests.caching import a_cache
from tests.fakes import MemoryJournal, ScriptedSpeaker, a_kit, hear

pytestmark = pytest.mark.django_db(transaction=True)

ANNA = Caller(tenant="alice", person="user:1", role="member")


class Clockwork:
    """Seconds that pass by sleeping."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class Kitchen:
    """A kit, and what a warm-up makes of it."""

    def __init__(self, speaker: Any = None, **parts: Any) -> None:
        self.speaker = speaker or ScriptedSpeaker("Svar.", keep=True)
        self.cache, self.journal = a_cache(), MemoryJournal()
        self.kit = a_kit(speaker=self.speaker, cache=self.cache, journal=self.journal, **parts)
        self.time = Clockwork()

    def warmer(self, holder: str = "a 1") -> Warmer:
        return Warmer(self.kit, CHAT, holder=holder, monotonic=self.time, sleep=self.time.sleep)

    def warm(self, *texts: str, tiers: dict[str, int] | None = None, **begun: Any) -> WarmUp:
        wanted = [
            Wanted(text, line=line, tier=(tiers or {}).get(text, 0))
            for line, text in enumerate(texts, 1)
        ]
        row = begin(wanted, **begun)
        asyncio.run(self.work(row.pk))
        return WarmUp.objects.get(pk=row.pk)

    async def work(self, pk: int | None = None, holder: str = "a 1") -> None:
        warmer = self.warmer(holder)
        row = await warmer.claim(pk)
        assert row is not None
        await warmer.run(row)

    def asked(self) -> list[str]:
        return [turn.text for turn in self.speaker.turns]


def begin(wanted: list[Wanted], **begun: Any) -> WarmUp:
    return warm_ups.begin(**{"source": "file", "tenant": "alice", "questions": wanted, **begun})


def counts(row: WarmUp) -> tuple[int, int, int, int]:
    return row.stored, row.already, row.unkept, row.failed


def test_what_was_warmed_is_given_to_whoever_asks():
    kitchen = Kitchen()

    row = kitchen.warm("Hur lång är Storsjön?", "Vad väger en älg?")

    assert (row.state, row.position, counts(row)) == ("done", 2, (2, 0, 0, 0))
    events = asyncio.run(anna_asks(kitchen, "Hur lång är Storsjön?"))
    assert events[-1].source == "L2"  # L1, lifted by this very hit
    assert kitchen.asked() == ["Hur lång är Storsjön?", "Vad väger en älg?"]


async def anna_asks(kitchen: Kitchen, text: str):
    return await hear(await open_turn(ANNA, text, channel="web"), kitchen.kit)


def test_nothing_is_saved_as_a_conversation():
    kitchen = Kitchen()

    kitchen.warm("Hur lång är Storsjön?")

    assert kitchen.journal.questions == [] and kitchen.journal.replies == []
    assert not Conversation.objects.exists() and not TurnRecord.objects.exists()
    assert kitchen.kit.meter.outcomes[0].turn.channel == "warm"


def test_what_is_there_already_is_neither_asked_nor_counted_as_used():
    kitchen = Kitchen()
    kitchen.warm("Hur lång är Storsjön?")

    row = kitchen.warm("Hur lång är Storsjön?", " hur  lång är Storsjön?")

    assert counts(row) == (0, 2, 0, 0) and len(kitchen.asked()) == 1
    (kept,) = asyncio.run(everything(kitchen))
    assert kept.standing.hits == 0


async def everything(kitchen: Kitchen):
    tiers = (await current()).tiers
    return [kept async for kept in kitchen.cache.store.scan(tiers=tiers)]


@pytest.mark.parametrize(
    "speaker",
    [
        ScriptedSpeaker("Klockan är tolv."),  # bound to a moment
        ScriptedSpeaker("Kl", Ended("length"), keep=True),
        ScriptedSpeaker("Tolv.", Ended(fleeting=True), keep=True),
    ],
)
def test_what_a_turn_would_not_leave_behind_is_not_left_behind(speaker):
    kitchen = Kitchen(speaker)

    assert counts(kitchen.warm("Vad är klockan?")) == (0, 0, 1, 0)
    assert asyncio.run(everything(kitchen)) == []


def test_failures_are_told_by_line_and_the_others_go_on():
    class Moody(ScriptedSpeaker):
        async def answer(self, turn):
            if "älg" in turn.text:
                raise ModelFailed()
            return await super().answer(turn)

    kitchen = Kitchen(Moody("Svar.", keep=True))
    row = kitchen.warm("En fråga?", "En älg?", "Ring 070-123 45 67?", "a" * 9999, "En till?")

    assert counts(row) == (2, 0, 0, 3) and row.state == "done"
    assert row.problems == [
        {"line": 2, "code": "model_failed"},
        {"line": 3, "code": "personal_data"},
        {"line": 4, "code": "too_long"},
    ]
    assert "070" not in "".join(kitchen.asked())


def test_no_personal_data_is_kept_with_the_questions_and_no_questions_when_it_is_done():
    kitchen = Kitchen()
    row = begin([Wanted("Ring 070-123 45 67?")])
    assert row.questions[0]["text"] == "Ring [TEL_1]?"

    asyncio.run(kitchen.work(row.pk))
    row.refresh_from_db()
    assert row.questions == [] and row.problems == [{"line": 0, "code": "personal_data"}]


def test_the_back_end_is_asked_no_faster_than_it_was_said():
    kitchen = Kitchen()

    kitchen.warm("En?", "Två?", "Tre?", "Två?", per_minute=6)

    assert kitchen.time.seconds == 20.0


@pytest.mark.parametrize(("error", "tries"), [(TooFast, 3), (Overloaded, 3), (ModelFailed, 1)])
def test_who_is_asked_to_wait_waits_and_tries_again(error, tries):
    class Busy(ScriptedSpeaker):
        async def answer(self, turn):
            self.turns.append(turn)
            raise error(retry_after_s=None if error is ModelFailed else 8.0)

    kitchen = Kitchen(Busy())
    row = kitchen.warm("En?", per_minute=60)

    assert len(kitchen.asked()) == tries and counts(row) == (0, 0, 0, 1)
    assert kitchen.time.seconds == (24.0 if tries == 3 else 0.0)


def test_the_most_asked_are_lifted_as_if_they_had_been_used():
    kitchen = Kitchen()
    kitchen.warm("Redan?")
    kitchen.warm("Redan?", "Tvåa?", "Etta?", tiers={"Redan?": 3, "Tvåa?": 2, "Etta?": 1})

    found = {
        kept.entry.question: kept.standing.verified for kept in asyncio.run(everything(kitchen))
    }
    assert found == {"Redan?": 2, "Tvåa?": 1, "Etta?": 0}  # hits to enter L3, L2, L1


def test_a_tenant_is_warmed_for_its_own():
    Tenant.objects.create(slug="grannen", name="Grannen")
    kitchen = Kitchen()

    kitchen.warm("Hur lång är Storsjön?", tenant="grannen")

    (kept,) = asyncio.run(everything(kitchen))
    assert (kept.entry.tenant, kept.entry.person) == ("grannen", "")
    assert asyncio.run(anna_asks(kitchen, "Hur lång är Storsjön?"))[-1].source == "planner"


def test_who_speaks_english_is_warmed_for_in_english():
    kitchen = Kitchen()
    row = begin([Wanted("How long?", "en", 1)])
    asyncio.run(kitchen.work(row.pk))

    async def key() -> str:
        turn = await open_turn(ANNA, "How long?", channel="web", language="en")
        return address_of(replace(turn, question=turn.text)).key

    (kept,) = asyncio.run(everything(kitchen))
    assert kept.entry.key == asyncio.run(key())


# Cancelled, resumed, taken over


def test_a_cancelled_warm_up_stops_and_goes_on_where_it_was():
    class Cancelling(ScriptedSpeaker):
        async def answer(self, turn):
            if turn.text == "Två?":
                await asyncio.to_thread(warm_ups.cancel, pk=row.pk)
            return await super().answer(turn)

    kitchen = Kitchen(Cancelling("Svar.", keep=True))
    row = begin([Wanted(text) for text in ("En?", "Två?", "Tre?")])
    asyncio.run(kitchen.work(row.pk))
    row.refresh_from_db()
    assert (row.state, row.position) == ("cancelled", 1)
    assert asyncio.run(kitchen.warmer().claim()) is None

    assert warm_ups.resume(pk=row.pk) and not warm_ups.resume(pk=row.pk)
    kitchen.speaker = None
    asyncio.run(kitchen.work(row.pk))
    row.refresh_from_db()
    assert (row.state, row.position, row.already, row.stored) == ("done", 3, 1, 2)


def test_one_process_at_a_time_works_on_it_and_another_takes_over_from_the_dead():
    row = begin([Wanted("En?")])
    until = timezone.now() + timedelta(minutes=1)
    assert warm_ups.claim(holder="elsewhere 1", until=until).pk == row.pk
    assert warm_ups.claim(holder="here 2", until=until) is None

    WarmUp.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert warm_ups.claim(holder="here 2", until=until).pk == row.pk
    late = {"until": until, "result": "stored", "line": 1}
    assert not warm_ups.note(pk=row.pk, holder="elsewhere 1", **late)
    assert warm_ups.note(pk=row.pk, holder="here 2", **late)


def test_a_server_takes_on_what_was_asked_for(monkeypatch):
    monkeypatch.setattr(runner, "LOOK_EVERY_S", 0.01)
    kitchen = Kitchen()
    first, second = begin([Wanted("En?")]), begin([Wanted("Två?")], per_minute=987)

    async def a_while() -> None:
        chore = asyncio.create_task(keep_warm(lambda: kitchen.kit, CHAT))
        for _ in range(500):
            await asyncio.sleep(0.01)
            if not await WarmUp.objects.exclude(state="done").aexists():
                break
        chore.cancel()

    asyncio.run(a_while())

    assert set(WarmUp.objects.values_list("pk", "state")) == {
        (first.pk, "done"),
        (second.pk, "done"),
    }
    assert kitchen.asked() == ["En?", "Två?"]
