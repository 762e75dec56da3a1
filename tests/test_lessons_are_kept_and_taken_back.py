"""A lesson is learnt in the background, kept as a revision, heard everywhere, and taken back."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from structlog.testing import capture_logs

from chat import revisions
from chat.core.policy import Policy
from chat.core.turn import Turn
from chat.db import in_db
from chat.live import Live
from chat.models import Revision
from chat.reader import FirstReader
from chat.services import lessons
from chat.teaching import Teacher
from chat.wiring import understanding
from nlu.core.understanding import Understanding
from nlu.models import IntentExample, IntentLesson
from nlu.taught import Taught, packed, unpacked
from tests.fakes import MEMBER, FixedClock
from tests.lessons import ASKED, MEANT, PARCELS, learn, learnt, python, some_examples

pytestmark = pytest.mark.django_db(transaction=True)
State = IntentLesson.State


def shipped() -> Understanding:
    found = understanding()
    assert found is not None
    return found


@pytest.fixture
def row() -> IntentLesson:
    some_examples()
    return learnt()


class Process:
    """What reads messages in one of several processes."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.live = Live(lambda: self.seconds)
        self.taught = Taught(shipped(), in_db, lambda: self.seconds)

    async def intent(self, text: str, policy: Policy | None = None) -> str:
        """Take a turn as far as it is understood."""
        turn = Turn(
            id="t",
            caller=MEMBER,
            text=text,
            question=text,
            policy=policy or await self.live.current(),
            opened=timezone.now(),
        )
        found = await FirstReader(FixedClock(), taught=self.taught).read(turn)
        assert found.reading is not None
        return found.reading.intent


def test_what_was_learnt_waits_for_a_decision(row: IntentLesson) -> None:
    assert (row.state, row.done, row.examples, len(row.version)) == (State.READY, 1, 6, 12)
    assert row.report["own"]["count"] == 6 and row.report["own"]["before"] == 0
    assert row.report["shipped"]["count"] > 250
    assert len(row.packed) < 20_000
    assert lessons.version_in_force() == ""


async def test_every_process_hears_of_a_kept_lesson_and_of_the_way_back() -> None:
    await in_db(some_examples)
    row = await learn()
    here, there = Process(), Process()
    assert {await each.intent(ASKED) for each in (here, there)} == {shipped().read(ASKED).intent}
    opened = await here.live.current()

    await in_db(lessons.keep, pk=row.pk, author=None)
    for each in (here, there):
        each.seconds += 1
        assert await each.intent(ASKED) == MEANT
    assert await here.intent(ASKED, opened) != MEANT  # a turn keeps what it opened with

    first = await Revision.objects.aget(number=1)
    await in_db(revisions.roll_back, to=first, author=None)
    for each in (here, there):
        each.seconds += 1
        assert await each.intent(ASKED) != MEANT
    kept = await Revision.objects.aget(number=2)
    await in_db(revisions.roll_back, to=kept, author=None)
    here.seconds += 1
    assert await here.intent(ASKED) == MEANT


def test_a_revision_names_the_lesson(row: IntentLesson) -> None:
    revision = lessons.keep(pk=row.pk, author=None)

    assert revision.snapshot["understanding"]["lesson"] == row.version
    assert [change.path for change in revisions.changes_in(revision)] == ["understanding.lesson"]
    assert lessons.put_aside(author=None).snapshot["understanding"]["lesson"] == ""


def test_what_is_in_force_is_measured_as_what_is_new(row: IntentLesson) -> None:
    """The same examples again: each is read by models that had not met it, so nothing changes."""
    lessons.keep(pk=row.pk, author=None)

    again = learnt()

    assert again.version == row.version
    assert again.report["own"]["before"] == again.report["own"]["after"] > 0
    assert again.report["changed"] == []


def test_what_is_in_force_of_an_older_model_counts_for_nothing(row: IntentLesson) -> None:
    """Alice reads as she came then, and is measured so."""
    lessons.keep(pk=row.pk, author=None)
    told = {at: replace(one, model="older") for at, one in unpacked(bytes(row.packed)).items()}
    IntentLesson.objects.update(packed=packed(told))

    assert learnt().report["own"]["before"] == 0


def test_a_lesson_that_was_thrown_away_is_gone(row: IntentLesson) -> None:
    assert lessons.discard(pk=row.pk) and not lessons.discard(pk=row.pk)
    row.refresh_from_db()
    assert bytes(row.packed) == b"" and row.report["own"]["count"] == 6

    with pytest.raises(ValidationError, match="finns inte kvar"):
        lessons.keep(pk=row.pk, author=None)
    assert Revision.objects.count() == 1


def test_a_revision_whose_lesson_is_gone_is_not_gone_back_to(row: IntentLesson) -> None:
    revision = lessons.keep(pk=row.pk, author=None)
    lessons.put_aside(author=None)
    IntentLesson.objects.update(packed=b"")

    with pytest.raises(ValidationError, match=f"Lärdomen {row.version} finns inte kvar"):
        revisions.roll_back(to=revision, author=None)
    assert lessons.version_in_force() == ""


def test_only_so_many_are_kept_and_always_the_one_in_force(
    row: IntentLesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lessons, "LESSONS_KEPT", 2)
    lessons.keep(pk=row.pk, author=None)
    for text in PARCELS[1:4]:
        IntentExample.objects.filter(text=text).delete()
        learnt()

    left = IntentLesson.objects.exclude(packed=b"").order_by("id")
    assert [one.pk for one in left] == [row.pk, row.pk + 2, row.pk + 3]


def test_of_two_processes_one_learns() -> None:
    some_examples()
    lessons.begin()
    with pytest.raises(ValidationError, match="redan"):
        lessons.begin()
    until = timezone.now() + timedelta(seconds=34)

    won = [lessons.claim(holder=holder, until=until) for holder in ("a 1", "b 2")]

    assert [one is not None for one in won] == [True, False]


def test_a_dead_process_is_taken_over_from() -> None:
    some_examples()
    row = lessons.begin()
    lessons.claim(holder="a 1", until=timezone.now() - timedelta(seconds=1))

    assert lessons.claim(holder="b 2", until=timezone.now() + timedelta(seconds=34)) == row
    assert not lessons.note(pk=row.pk, holder="a 1", until=timezone.now(), done=0.5)


def test_without_examples_there_is_nothing_to_learn() -> None:
    with pytest.raises(ValidationError, match="inga exempel"):
        lessons.begin()


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("raise SystemExit('no room')", "no room"),
        ("print('no json')", "JSONDecodeError"),
        ("import time; time.sleep(60)", "TimeoutError"),
    ],
)
def test_what_fails_is_told(program: str, why: str) -> None:
    some_examples()
    with capture_logs() as logs:
        row = learnt(Teacher(command=python(program), within_s=2.0))

    assert (row.state, row.problem) == (State.FAILED, why)
    assert [one["event"] for one in logs] == ["lesson_failed"]
    lessons.begin()  # and it may be tried again


async def test_one_that_is_cancelled_stops_and_ends_its_process() -> None:
    await in_db(some_examples)
    asked = await in_db(lessons.begin)
    endless = """
import json, time
while True:
    print(json.dumps({"done": 0.1}), flush=True)
    time.sleep(0.05)
"""
    teacher = Teacher(command=python(endless))
    row = await teacher.claim()
    assert row is not None
    run = asyncio.create_task(teacher.run(row))
    while (await IntentLesson.objects.aget(pk=asked.pk)).done == 0:
        await asyncio.sleep(0.02)

    assert await in_db(lessons.cancel, pk=asked.pk)

    await asyncio.wait_for(run, 13)
    assert (await IntentLesson.objects.aget(pk=asked.pk)).state == State.DISCARDED


async def test_a_lesson_that_can_not_be_read_costs_no_turn(database_away: None) -> None:
    reader = Process()

    with capture_logs() as logs:
        found = [await reader.taught.of("0123456789ab") for _ in range(3)]

    assert found == [shipped()] * 3
    assert [one["event"] for one in logs] == ["lesson_out_of_reach"]


async def test_a_damaged_lesson_is_left_out_and_said_once() -> None:
    await IntentLesson.objects.acreate(version="0123456789ab", packed=b"x")
    reader = Process()

    with capture_logs() as logs:
        found = [await reader.taught.of(one) for one in ("0123456789ab",) * 2 + ("ba9876543210",)]

    assert found == [shipped()] * 3
    assert [one["event"] for one in logs] == ["lesson_left_out"] * 2
