"""`/api/cache`: staff see and drop their own tenant's entries, superusers everybody's."""

import asyncio

import pytest
from django.contrib.admin.models import LogEntry
from drf_spectacular.generators import SchemaGenerator

from chat.models import Tenant, User
from fibcache.core.cache import FibonacciCache
from fibcache.core.spiral import Spiral
from fibcache.core.tiers import TIERS
from tests.caching import ELK, LAKE, OURS, THEIRS, an_entry, filled, in_force, remember
from tests.test_api_description_is_true import check
from tests.test_conversations_are_ones_own import Api

pytestmark = pytest.mark.django_db

ENTRIES = "/api/cache/entries"


@pytest.fixture
def cache():
    with in_force(filled()) as cache:
        yield cache


def staff(name: str = "stina", *, tenant: str = "alice", root: bool = False) -> Api:
    Tenant.objects.get_or_create(slug=tenant, defaults={"name": tenant})
    User.objects.create_user(name, tenant_id=tenant, is_staff=True, is_superuser=root)
    return Api(name, tenant=tenant, scopes=["staff"])


@pytest.fixture
def stina() -> Api:
    return staff()


@pytest.fixture
def root() -> Api:
    return staff("root", root=True)


def keys(answer) -> list[str]:
    return [entry["key"] for entry in answer.json()["results"]]


def left(cache: FibonacciCache) -> set[str]:
    async def questions() -> set[str]:
        return {kept.entry.question async for kept in cache.store.scan(tiers=TIERS)}

    return asyncio.run(questions())


def test_the_summary_counts_tiers_and_tells_the_whole_store_to_superusers_alone(cache, stina, root):
    mine, all_of_it = stina.get("/api/cache").json(), root.get("/api/cache").json()

    assert (mine["entries"], mine["store"]) == (3, None)
    assert all_of_it["entries"] == 4 and all_of_it["store"]["bytes"] > 0
    assert all_of_it["tiers"][0] == {"name": "L1", "ttl_h": 1, "hits_to_enter": 0, "entries": 4}
    assert not mine["shared"]


def test_entries_are_listed_without_what_is_one_persons_own(cache, stina):
    questions = {e["key"]: e["question"] for e in stina.get(ENTRIES).json()["results"]}

    assert questions == {f"key of {LAKE}": LAKE, f"key of {ELK}": ELK, f"key of {OURS}": ""}


def test_pages_follow_each_other_without_gap_or_repeat(cache, root):
    remember(cache, *(an_entry(f"Fråga {number}?") for number in range(10)))
    found: list[str] = []
    after = ""
    while True:
        page = root.get(ENTRIES, query_params={"limit": 4, "after": after})
        found += keys(page)
        after = page.json()["after"]
        if not after:
            break

    assert len(found) == len(set(found)) == 14


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"q": "storsjön"}, [LAKE]),
        ({"route": "tool"}, [ELK]),
        ({"document": "djur"}, [ELK]),
        ({"person": "user:7"}, [OURS]),
        ({"tier": "L2"}, []),
        ({"tenant": "grannen"}, [THEIRS]),
    ],
)
def test_filters_narrow_the_list_and_what_is_dropped(cache, root, filters, found):
    wanted = [f"key of {question}" for question in found]
    assert keys(root.get(ENTRIES, query_params=filters)) == wanted

    dry = root.delete(ENTRIES, query_params={**filters, "dry": "true"}).json()
    assert dry == {"matching": len(found), "dropped": 0}
    assert len(left(cache)) == 4

    gone = root.delete(ENTRIES, query_params=filters).json()
    assert gone == {"matching": len(found), "dropped": len(found)}
    assert left(cache) == {LAKE, ELK, OURS, THEIRS} - set(found)


def test_what_is_dropped_is_found_in_no_other_words_either(root):
    def asked_otherwise(cache):
        question = "Hur lång är sjön Storsjön?"
        return asyncio.run(cache.recall_similar("s", question, tiers=TIERS, spiral=Spiral()))

    with in_force(filled(guards=())) as cache:
        assert asked_otherwise(cache).entry.question == LAKE
        root.delete(ENTRIES, query_params={"key": f"key of {LAKE}"})

        assert asked_otherwise(cache) is None
        assert len(cache.index) == 3


def test_staff_of_one_tenant_never_reach_anothers(cache, stina):
    for answer in (
        stina.get(ENTRIES, query_params={"tenant": "grannen"}),
        stina.delete(ENTRIES, query_params={"tenant": "grannen"}),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")
    assert stina.delete(ENTRIES, query_params={"key": f"key of {THEIRS}"}).json()["dropped"] == 0

    stina.delete(ENTRIES, query_params={"all": "true"})
    assert left(cache) == {THEIRS}


def test_nothing_is_emptied_by_mistake(cache, root):
    answer = root.delete(ENTRIES)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "all_not_confirmed")
    assert root.delete(ENTRIES, query_params={"all": "true"}).json()["dropped"] == 4
    assert left(cache) == set() and len(cache.index) == 0


def test_dropping_is_written_in_the_log_without_the_words(cache, stina):
    stina.delete(ENTRIES, query_params={"q": "storsjön"})

    row = LogEntry.objects.get()
    assert row.user.username == "stina"
    assert (row.object_repr, row.change_message) == ("tenant=alice text=…", "1")


def test_only_staff_get_in(cache):
    member = Api("anna")

    for answer in (member.get("/api/cache"), member.get(ENTRIES), member.delete(ENTRIES)):
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "asked", [{"after": "x"}, {"after": "nan_k"}, {"limit": 0}, {"tier": "L11"}, {"order": "x"}]
)
def test_nonsense_is_refused(cache, root, asked):
    assert root.get(ENTRIES, query_params=asked).status_code == 400


@pytest.mark.parametrize("method", ["get", "delete"])
def test_a_filter_that_is_misspelt_narrows_nothing_and_is_refused(cache, root, method):
    answer = getattr(root, method)(f"{ENTRIES}?teir=L1&all=true")

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "unknown_parameter")
    assert "'teir'" in error["message"] and "tier" in error["message"].split("De som finns")[1]
    assert len(left(cache)) == 4


def test_neither_true_nor_false_is_told_in_plain_words(cache, root):
    answer = root.delete(f"{ENTRIES}?all=kanske")

    message = "Jag förstår inte anropet: all: Ange true eller false."
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, message)


def test_answers_look_as_described(cache, root):
    schema = SchemaGenerator().get_schema(request=None, public=True)

    check(schema, "/api/cache", "get", root.get("/api/cache"))
    check(schema, ENTRIES, "get", root.get(ENTRIES))
    check(schema, ENTRIES, "get", root.get(ENTRIES, query_params={"limit": 0}))
    check(schema, ENTRIES, "delete", root.delete(ENTRIES, query_params={"tier": "L1"}))


def test_nobody_is_told_that_all_is_forgotten_while_the_store_is_away(cache, root, monkeypatch):
    monkeypatch.setattr(cache.store, "away", True)

    for query in ("all=true", "tier=L1"):
        answer = root.delete(f"{ENTRIES}?{query}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "cache_away")
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("method", "url"), [("get", "/api/cache"), ("get", ENTRIES), ("delete", f"{ENTRIES}?q=x&dry=1")]
)
@pytest.mark.parametrize("who", ["stina", "root"])
def test_nobody_is_told_that_there_is_nothing_while_the_store_is_away(
    cache, monkeypatch, request, who, method, url
):
    api = request.getfixturevalue(who)
    monkeypatch.setattr(cache.store, "away", True)

    answer = getattr(api, method)(url)

    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "cache_away")
    assert "går inte att nå just nu" in answer.json()["error"]["message"]
