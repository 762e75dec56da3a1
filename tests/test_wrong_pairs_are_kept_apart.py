"""A thumb down on the answer to another question keeps the two apart, everywhere, until lifted."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from structlog.testing import capture_logs

from chat.db import in_db
from chat.evaluations.labelled import read_pairs
from chat.models import TurnRecord, User
from fibcache import quarantine
from fibcache.core.matching import digest_of
from fibcache.core.quarantine import MemoryQuarantine
from fibcache.core.spiral import Spiral
from fibcache.core.tiers import TIERS
from fibcache.models import QuarantinedPair
from fibcache.quarantine import DatabaseQuarantine
from tests.caching import LAKE, a_cache, an_entry, in_force, remember
from tests.test_api_description_is_true import check
from tests.test_conversations_are_ones_own import Api
from tests.test_live_settings_reach_every_process import Hand
from tests.test_staff_make_the_cache_forget import staff

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = "Hur lång är sjön Storsjön?"
PAIRS = "/api/cache/quarantine"


def a_why(asked: str = ASKED, remembered: str = LAKE) -> dict[str, Any]:
    return {"entry": "k", "question": remembered, "asked": digest_of(asked), "score": 0.83}


def put(tenant: str = "alice", **why: str) -> QuarantinedPair:
    asked = why.get("asked", ASKED)
    row = quarantine.put_pair(tenant=tenant, turn_id=uuid4(), why=a_why(**why), asked=asked)
    assert row is not None
    return row


def ask_similar(cache, question: str = ASKED, scope: str = "s"):
    return asyncio.run(cache.recall_similar(scope, question, tiers=TIERS, spiral=Spiral()))


# In the core


def test_a_pair_in_quarantine_is_a_miss_both_ways_and_in_its_tenant_alone():
    apart = MemoryQuarantine([("alice", digest_of(ASKED), digest_of(LAKE))])
    cache = a_cache(guards=(), quarantine=apart)
    remember(cache, an_entry(LAKE), an_entry(LAKE, key="g", scope="g", tenant="grannen"))
    assert ask_similar(cache) is None
    assert ask_similar(cache, scope="g") is not None

    apart.lift("alice", digest_of(LAKE), digest_of(ASKED))
    assert ask_similar(cache).entry.question == LAKE

    apart.put("alice", digest_of(LAKE), digest_of(ASKED))
    other = a_cache(guards=(), quarantine=apart)
    remember(other, an_entry(ASKED))
    assert ask_similar(other, LAKE) is None


def test_the_next_nearest_question_may_still_answer():
    cache = a_cache(
        guards=(), quarantine=MemoryQuarantine([("alice", digest_of(ASKED), digest_of(LAKE))])
    )
    remember(cache, an_entry(LAKE), an_entry("Hur lång är sjön som heter Storsjön?"))

    assert ask_similar(cache).entry.question == "Hur lång är sjön som heter Storsjön?"


# From a thumb


def thumb(api: Api, turn: UUID, *thumbs: str) -> None:
    for one in thumbs:
        assert api.post("/api/feedback", {"turn_id": str(turn), "thumb": one}).status_code == 201


def a_turn_of(api: Api, why: dict[str, Any], question: str = ASKED) -> UUID:
    said = api.said(question, why=why)
    return TurnRecord.objects.get(conversation=said).pk


@pytest.fixture
def anna():
    with in_force(a_cache()):
        yield Api("anna")


def test_a_thumb_down_on_a_similar_answer_keeps_the_pair_apart(anna):
    thumb(anna, a_turn_of(anna, a_why()), "down", "down")

    row = QuarantinedPair.objects.get()
    assert (row.tenant, row.asked, row.remembered, row.score) == ("alice", ASKED, LAKE, 0.83)
    assert {row.low, row.high} == {digest_of(ASKED), digest_of(LAKE)}


def test_a_thumb_up_or_taken_back_lifts_it_again(anna):
    turn = a_turn_of(anna, a_why())
    thumb(anna, turn, "down", "up")
    assert not QuarantinedPair.objects.exists()

    thumb(anna, turn, "down")
    assert anna.delete(f"/api/feedback/{turn}").status_code == 204
    assert not QuarantinedPair.objects.exists()


def test_what_another_person_said_of_the_pair_still_counts(anna):
    first, second = a_turn_of(anna, a_why()), a_turn_of(anna, a_why())
    thumb(anna, first, "down")
    thumb(anna, second, "down")

    thumb(anna, first, "up")

    assert QuarantinedPair.objects.get().turn_id == second


@pytest.mark.parametrize("why", [{"entry": "k", "question": LAKE}, {"model": "qwen"}, {}])
def test_an_answer_to_the_question_itself_keeps_nothing_apart(anna, why):
    thumb(anna, a_turn_of(anna, why), "down")

    assert not QuarantinedPair.objects.exists()


def test_staff_read_no_personal_data_and_nothing_from_the_midst_of_a_conversation(anna):
    asked = "Ring 070-123 45 67, hur lång är Storsjön?"
    turn = a_turn_of(anna, a_why(), asked)
    thumb(anna, turn, "down")
    assert "070" not in QuarantinedPair.objects.get().asked

    QuarantinedPair.objects.all().delete()
    later = TurnRecord.objects.create(
        id=uuid4(),
        conversation=TurnRecord.objects.get(pk=turn).conversation,
        question="Och den?",
        reply="Svar.",
        state="complete",
        why=a_why(),
    )
    thumb(anna, later.pk, "down")
    row = QuarantinedPair.objects.get()
    assert (row.asked, row.remembered) == ("", "")


# In every process


async def holds(process: DatabaseQuarantine, tenant: str = "alice") -> bool:
    return await process.holds(tenant, digest_of(ASKED), digest_of(LAKE))


async def test_every_process_heeds_a_pair_within_a_second_and_its_own_at_once():
    there_s, here_s = Hand(), Hand()
    there = DatabaseQuarantine(in_db, monotonic=there_s)
    assert not await holds(there)
    quarantine._here.discard(there)  # as another process, which nobody here can tell
    here = DatabaseQuarantine(in_db, monotonic=here_s)
    assert not await holds(here)

    row = await in_db(put)

    assert await holds(here) and not await holds(there)
    there_s.seconds += 1.0
    assert await holds(there) and not await holds(there, "grannen")

    await in_db(quarantine.lift, row=row)
    there_s.seconds += 1.0
    assert not await holds(here) and not await holds(there)


async def test_a_change_that_leaves_as_many_rows_is_seen_too():
    hand = Hand()
    there = DatabaseQuarantine(in_db, monotonic=hand)
    row = await in_db(put)
    assert await holds(there)

    quarantine._here.discard(there)
    await in_db(quarantine.lift, row=row)
    await in_db(put, remembered="Något annat?")
    hand.seconds += 1.0

    assert not await holds(there)


async def test_many_turns_share_one_look_a_second():
    hand, looks = Hand(), []

    async def counted(fn, *arguments):
        looks.append(fn)
        return await in_db(fn, *arguments)

    there = DatabaseQuarantine(counted, monotonic=hand)
    await asyncio.gather(*(holds(there) for _ in range(20)))
    hand.seconds += 0.9
    await holds(there)
    assert len(looks) == 1

    hand.seconds += 0.1
    await holds(there)
    assert len(looks) == 2


async def test_while_the_database_is_away_what_is_known_still_holds_and_the_unknown_is_a_miss():
    hand, away = Hand(), True

    async def broken(fn, *arguments):
        if away:
            raise OperationalError
        return await in_db(fn, *arguments)

    there = DatabaseQuarantine(broken, monotonic=hand)
    with capture_logs() as logs:
        assert await holds(there)
        hand.seconds += 1.0
        assert await holds(there)
    assert [line["event"] for line in logs] == ["quarantine_unreachable"]

    away = False
    hand.seconds += 1.0
    assert not await holds(there)
    away = True
    hand.seconds += 1.0
    assert not await holds(there)


# In the console and the API


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


LIST = reverse("admin:fibcache_quarantinedpair_changelist")


def test_the_console_shows_pairs_and_lifts_one_with_a_click(root):
    row, again = put(), put(asked=LAKE, remembered=ASKED)
    put(asked="Vad kostar en båt?", remembered="Vad kostar en bil?")
    page = root.get(LIST).content.decode()
    assert ASKED in page and "likheten var 0,83" in page and str(row.turn_id) in page

    lift = reverse("admin:fibcache_quarantinedpair_lift", args=(row.pk,))
    assert lift in page and root.get(lift).status_code == 405
    root.post(lift)

    assert not QuarantinedPair.objects.filter(pk__in=(row.pk, again.pk)).exists()
    assert QuarantinedPair.objects.count() == 1
    assert LogEntry.objects.get().object_repr == str(row.turn_id)


def test_several_are_lifted_together(root):
    chosen = [put().pk, put(remembered="Något annat?").pk]

    root.post(LIST, {"action": "lift_chosen", "_selected_action": chosen})

    assert not QuarantinedPair.objects.exists()


def test_pairs_are_downloaded_as_labelled_pairs(root, tmp_path):
    put(asked="Hur lång\när\tStorsjön?")
    quarantine.put_pair(tenant="alice", turn_id=uuid4(), why=a_why(), asked="")
    file = tmp_path / "pairs.tsv"
    file.write_bytes(root.get(reverse("admin:fibcache_quarantinedpair_pairs")).content)

    (pair,) = read_pairs(file)
    assert (pair.a, pair.b, pair.same) == ("Hur lång är Storsjön?", LAKE, False)


def test_staff_see_their_own_tenants_pairs_and_lift_with_the_permission(client):
    stina = User.objects.create_user("stina", is_staff=True)
    stina.user_permissions.add(Permission.objects.get(codename="view_quarantinedpair"))
    client.force_login(stina)
    mine, theirs = put(), put("grannen", remembered="Grannens?")
    page = client.get(LIST).content.decode()
    assert LAKE in page and "Grannens?" not in page and "formaction" not in page
    lift = "admin:fibcache_quarantinedpair_lift"
    assert client.post(reverse(lift, args=(mine.pk,))).status_code == 403

    stina.user_permissions.add(Permission.objects.get(codename="delete_quarantinedpair"))
    for row in (mine, theirs):
        client.post(reverse(lift, args=(row.pk,)))
    assert QuarantinedPair.objects.get() == theirs


def test_the_api_lists_and_lifts_within_the_tenant():
    mine, theirs = put(), put("grannen")
    stina, schema = staff(), SchemaGenerator().get_schema(request=None, public=True)
    listed = stina.get(PAIRS)
    check(schema, PAIRS, "get", listed)
    assert [row["turn_id"] for row in listed.json()["results"]] == [str(mine.turn_id)]

    assert stina.delete(f"{PAIRS}/{theirs.turn_id}").status_code == 404
    assert stina.delete(f"{PAIRS}/{mine.turn_id}").status_code == 204
    assert QuarantinedPair.objects.get() == theirs
    assert Api("anna").get(PAIRS).status_code == 403


def test_the_api_turns_pages():
    rows = [put(remembered=f"Fråga {number}?") for number in range(40)]
    root = staff("root", root=True)
    first = root.get(PAIRS).json()
    second = root.get(PAIRS, query_params={"before": first["before"]}).json()

    found = {row["id"] for row in first["results"] + second["results"]}
    assert found == {row.pk for row in rows} and second["before"] is None
