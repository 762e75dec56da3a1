"""A check finds what does not fit together in the cache, puts it right, and harms nothing else."""

import asyncio
import io
import json
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import CommandError, call_command
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator

from chat.models import User
from fibcache import quarantine, services
from fibcache.core.audit import audit
from fibcache.core.matching import SIMILAR_CHARS
from fibcache.core.spiral import Spiral
from fibcache.core.tiers import TIERS
from fibcache.models import QuarantinedPair
from tests.caching import ELK, LAKE, a_cache, an_entry, filled, in_force
from tests.test_api_description_is_true import check as check_shape
from tests.test_staff_make_the_cache_forget import staff

SPIRAL = Spiral()
CHECK = "/api/cache/check"


async def run(cache, **wanted):
    return await audit(cache, tiers=TIERS, spiral=SPIRAL, **wanted)


def broken():
    """A cache with a vector of nothing, an entry without one, and one in the wrong scope."""
    cache = filled()

    async def break_it() -> None:
        vector = await cache.matcher.vector(LAKE)
        await cache.index.add("s", "of nothing", vector, spiral=SPIRAL)
        await cache.index.drop("s", f"key of {LAKE}")
        await cache.index.drop("s", f"key of {ELK}")
        await cache.index.add("elsewhere", f"key of {ELK}", vector, spiral=SPIRAL)

    asyncio.run(break_it())
    return cache


async def test_a_sound_cache_is_clean():
    cache = a_cache()
    remember_all = [an_entry(LAKE), an_entry("a" * (SIMILAR_CHARS + 1))]
    for entry in remember_all:
        await cache.remember(entry, tiers=TIERS, spiral=SPIRAL)

    found = await run(cache)

    assert found.clean and (found.entries, found.vectors) == (2, 1)
    assert found.sizes.by_tier["L1"] == 2


async def test_faults_are_found_and_put_right_on_request():
    cache = await asyncio.to_thread(broken)
    wrong = {"of nothing", f"key of {ELK}"}, {f"key of {LAKE}", f"key of {ELK}"}

    for repair in (False, True):
        found = await run(cache, repair=repair)
        assert (set(found.orphans), set(found.missing)) == wrong
        assert not found.clean and found.repaired == repair

    assert (await run(cache)).clean
    assert len(cache.index) == 4


async def test_what_a_store_finds_inside_is_told():
    cache = a_cache()
    await cache.remember(an_entry(LAKE), tiers=TIERS, spiral=SPIRAL)
    cache.store._places[f"key of {LAKE}"].end_s += 1

    assert (await run(cache, repair=True)).flaws.wrong_ends == (f"key of {LAKE}",)
    assert (await run(cache)).clean


async def test_nothing_is_taken_away_while_the_store_is_out_of_reach():
    cache = await asyncio.to_thread(broken)
    store = cache.store

    class Away:
        """A store that goes away in the middle."""

        away, failures = False, 0

        def __getattr__(self, name):
            return getattr(store, name)

        async def get(self, key, *, tiers):
            self.failures = 1
            return None

    cache.store = Away()
    found = await run(cache, repair=True)

    assert not found.whole and not found.repaired and not found.clean
    assert found.orphans == () and ("s", "of nothing") in {p async for p in cache.index.scan()}


async def test_an_index_of_another_process_is_left_out():
    cache = await asyncio.to_thread(broken)

    found = await run(cache, with_index=False)

    assert found.clean and found.vectors is None


# For staff


@pytest.fixture
def cache():
    with in_force(broken()) as cache:
        yield cache


def a_pair_of_nobody() -> None:
    why = {"asked": "0" * 32, "question": LAKE, "score": 0.7}
    for tenant in ("borta", "alice"):
        quarantine.put_pair(tenant=tenant, turn_id=uuid4(), why=why, asked=ELK)


@pytest.mark.django_db(transaction=True)
def test_the_api_checks_and_repairs_for_superusers_alone(cache):
    a_pair_of_nobody()
    root, schema = staff("root", root=True), SchemaGenerator().get_schema(None, public=True)
    found = root.post(CHECK, {})
    check_shape(schema, CHECK, "post", found)
    told = found.json()
    assert (told["orphans"], told["missing"], told["pairs_of_nobody"]) == (2, 2, 1)
    assert not told["clean"] and not told["repaired"]

    assert root.post(CHECK, {"repair": True}).json()["repaired"]
    assert root.post(CHECK, {}).json()["clean"]
    assert QuarantinedPair.objects.get().tenant == "alice"
    row = LogEntry.objects.get()
    assert (row.object_repr, row.change_message) == ("Hela cachen", "Kontrollerad och rättad.")
    assert staff().post(CHECK, {}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_the_console_checks_and_repairs(cache, client):
    client.force_login(User.objects.create_superuser("root"))
    where = reverse("admin:fibcache_cacheentry_check")
    assert where in client.get(reverse("admin:fibcache_cacheentry_changelist")).content.decode()
    assert client.get(where).status_code == 405

    assert "Något stämmer inte." in client.post(where).content.decode()
    assert "rättat" in client.post(where, {"repair": "Rätta"}).content.decode()
    assert "Allt stämmer." in client.post(where).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_command_checks_a_shared_store_and_tells_what_it_can_not_see(monkeypatch):
    monkeypatch.setattr(services, "here_only", lambda cache: False)
    a_pair_of_nobody()
    out, err = io.StringIO(), io.StringIO()
    with in_force(broken()):
        with pytest.raises(CommandError, match="--repair"):
            call_command("cache", "check", stdout=out, stderr=err)
        call_command("cache", "check", "--repair", "--json", stdout=io.StringIO(), stderr=err)
        told = io.StringIO()
        call_command("cache", "check", "--json", stdout=told, stderr=err)

    assert "par i karantän för ingen         1" in out.getvalue()
    assert "egen process" in err.getvalue()
    assert json.loads(told.getvalue())["clean"]
