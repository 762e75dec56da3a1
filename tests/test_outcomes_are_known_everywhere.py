"""What is known of similar hits is kept, reaches every process within a second, and ages out."""

import asyncio
import threading
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone
from structlog.testing import capture_logs

from chat.db import in_db
from chat.housekeeping import purge
from chat.models import TurnRecord
from chat.wiring import kit
from fibcache import evidence
from fibcache.core.budget import Outcome, Tally
from fibcache.core.spiral import Spiral
from fibcache.evidence import DatabaseEvidence, note
from fibcache.models import HitOutcome
from tests.test_conversations_are_ones_own import Api
from tests.test_live_settings_reach_every_process import Hand

pytestmark = pytest.mark.django_db(transaction=True)

RIGHT, WRONG = Outcome("e", 0.8, True), Outcome("e", 0.9, False)


def noted(outcome: Outcome, turn_id: UUID | None = None) -> UUID:
    turn_id = turn_id or uuid4()
    note(outcome=outcome, tenant="alice", turn_id=turn_id)
    return turn_id


async def test_another_process_knows_within_a_second():
    hand = Hand()
    there = DatabaseEvidence(in_db, monotonic=hand)
    before = await there.known()
    assert before.checked == 0

    await in_db(noted, RIGHT)
    await in_db(noted, WRONG)
    hand.seconds += 0.9
    assert await there.known() is before
    hand.seconds += 0.1

    known = await there.known()
    assert (known.checked, known.wrong) == (2, 1)
    assert before.checked == 0  # whoever reads it goes on undisturbed


async def test_a_process_that_starts_anew_knows_it_all():
    await in_db(noted, WRONG)

    known = await DatabaseEvidence(in_db).known()

    assert known.entries == {"e": [(0.9, False)]}


async def test_the_same_source_may_think_anew():
    hand = Hand()
    there = DatabaseEvidence(in_db, monotonic=hand)
    turn_id = await in_db(noted, WRONG)
    await there.known()

    await in_db(noted, Outcome("e", 0.9, True), turn_id)
    hand.seconds += 1

    known = await there.known()
    assert (known.checked, known.wrong) == (1, 0)


async def test_what_was_known_counts_while_the_database_is_away(monkeypatch):
    hand = Hand()
    there = DatabaseEvidence(in_db, monotonic=hand)
    await in_db(noted, WRONG)
    known = await there.known()

    def away(*args):
        raise OperationalError("gone")

    with monkeypatch.context() as patched, capture_logs() as logged:
        patched.setattr(evidence, "_news", away)
        for _ in range(3):
            hand.seconds += 2
            assert await there.known() is known
    hand.seconds += 2
    await there.known()

    assert [line["event"] for line in logged] == ["evidence_unreachable"]


def test_old_outcomes_age_out():
    old = noted(WRONG)
    HitOutcome.objects.filter(turn_id=old).update(
        created=timezone.now() - timedelta(days=Spiral().evidence_days, minutes=1)
    )
    noted(RIGHT)
    there = DatabaseEvidence(in_db)
    assert there.known_sync().wrong == 1

    assert purge()["outcomes"] == 1

    known = there.known_sync()
    assert (known.checked, known.wrong) == (1, 0)


def test_the_newest_are_counted_where_there_are_too_many(monkeypatch):
    monkeypatch.setattr(evidence, "ROWS_AT_MOST", 2)
    for outcome in (WRONG, RIGHT, RIGHT):
        noted(outcome)

    known = asyncio.run(DatabaseEvidence(in_db).known())

    assert (known.checked, known.wrong) == (2, 0)


def test_only_what_is_new_is_read_however_much_is_known(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(evidence, "ROWS_AT_MOST", 3)
    for outcome in (WRONG, RIGHT, RIGHT, WRONG):
        noted(outcome)
    there = DatabaseEvidence(in_db)
    assert (there.known_sync().checked, there.known_sync().wrong) == (3, 1)

    for outcome, wrong in ((RIGHT, 1), (RIGHT, 1), (RIGHT, 0)):
        noted(outcome)
        with django_assert_num_queries(2) as asked:  # the mark, and the one row after it
            known = there.known_sync()
        assert '"id" >' in asked.captured_queries[1]["sql"]
        assert (known.checked, known.wrong) == (3, wrong)


async def test_two_threads_that_look_at_once_count_nothing_twice():
    """The figures are asked for in a thread of their own while turns look too."""
    read, go_on = threading.Event(), threading.Event()

    async def slowly(fn, *arguments):
        def look():
            found = fn(*arguments)
            read.set()
            go_on.wait(5)
            return found

        return await in_db(look)

    there = DatabaseEvidence(slowly)
    await in_db(noted, WRONG)
    known = asyncio.create_task(there.known())
    await asyncio.to_thread(read.wait, 5)
    await in_db(noted, RIGHT)
    figures = await in_db(there.known_sync)
    go_on.set()

    assert (figures.checked, (await known).checked) == (2, 1)
    again = await in_db(there.known_sync)
    assert (again.checked, again.wrong) == (2, 1)


def test_a_thumb_is_an_outcome_until_it_is_taken_back():
    api = Api("anna")
    api.said("Hur?", why={"entry": "k", "question": "Vad?", "asked": "d", "score": 0.83})
    turn = str(TurnRecord.objects.get().pk)

    for thumb, right in (("down", False), ("up", True)):
        api.post("/api/feedback", {"turn_id": turn, "thumb": thumb})
        row = HitOutcome.objects.get()
        assert (row.entry, row.score, row.right, row.source) == ("k", 0.83, right, "thumb")
    api.delete(f"/api/feedback/{turn}")

    assert not HitOutcome.objects.exists()


def test_a_thumb_on_another_answer_is_none():
    api = Api("anna")
    api.said("Hur?", why={"entry": "k", "tier": "L2"})

    api.post("/api/feedback", {"turn_id": str(TurnRecord.objects.get().pk), "thumb": "down"})

    assert not HitOutcome.objects.exists()


def test_a_tally_that_grows_is_the_same_as_one_counted_anew():
    grown = Tally.of([RIGHT])
    grown.learn(WRONG)

    assert (grown.bins, grown.entries) == (Tally.of([RIGHT, WRONG]).bins, grown.entries)


def test_no_words_are_kept():
    names = {field.name for field in HitOutcome._meta.get_fields()}

    assert names == {
        *("id", "tenant", "entry", "score", "right", "source", "given", "turn_id", "created")
    }


def test_the_bound_is_told_to_prometheus(client):
    for outcome in (RIGHT, RIGHT, WRONG):
        noted(outcome)

    kit()  # the figures are those of a process that answers
    told = client.get("/metrics").content.decode()

    figures = dict(line.rsplit(" ", 1) for line in told.splitlines() if "alice_false_hits_" in line)
    assert float(figures["alice_false_hits_checked"]) == 3
    assert float(figures["alice_false_hits_wrong"]) == 1
    assert float(figures["alice_false_hits_budget"]) == 0.005
    assert 0.8 < float(figures["alice_false_hits_share_at_most"]) < 0.9  # honest: three tell little
