"""The page *Cachen* shows what is remembered, and forgets it when somebody says yes."""

import asyncio
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from chat.models import User
from fibcache.core.tiers import TIERS
from tests.caching import ELK, LAKE, OURS, THEIRS, an_entry, filled, in_force, remember

pytestmark = pytest.mark.django_db

PAGE = reverse("admin:fibcache_cacheentry_changelist")
DROP = reverse("admin:fibcache_cacheentry_drop")


@pytest.fixture
def cache():
    with in_force(filled()) as cache:
        yield cache


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.fixture
def stina(client: Client) -> Client:
    user = User.objects.create_user("stina", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_cacheentry"))
    client.force_login(user)
    return client


def html(client: Client, url: str = PAGE, **query: str) -> str:
    answer = client.get(url, query_params=query)
    assert answer.status_code == 200
    return answer.content.decode()


def sizes(cache) -> int:
    return asyncio.run(cache.store.sizes(tiers=TIERS)).entries


def test_the_page_shows_tiers_and_entries(cache, root):
    page = html(root)

    assert LAKE in page and ELK in page and THEIRS in page
    assert OURS not in page and "user:7" in page
    assert "qwen2.5:3b" in page
    assert re.search(r"L1</a></th>", page) and "<td>4</td>" in page


def test_the_page_is_found_from_the_first_one(cache, root):
    assert PAGE in html(root, reverse("admin:index"))


def test_the_list_is_narrowed_by_words_and_tier(cache, root):
    assert ELK not in html(root, text="storsjön")
    assert LAKE in html(root, text="storsjön", tier="L1", order="hits")
    assert LAKE not in html(root, tier="L2")


def test_pages_are_turned(cache, root):
    remember(cache, *(an_entry(f"Fråga {number}?") for number in range(40)))
    found, query = set(), ""
    for _ in range(2):
        page = root.get(f"{PAGE}?{query}").content.decode()
        found |= set(re.findall(r"Fråga \d+\?(?=\s*</th>)", page))
        link = re.search(r'href="\?([^"]*after=[^"]*)"', page)
        query = link[1].replace("&amp;", "&") if link else ""

    assert len(found) == 40


def test_dropping_counts_first_and_happens_on_yes(cache, root):
    asked = html(root, DROP, tier="L1", route="tool")
    assert "1 svar glöms" in asked and sizes(cache) == 4

    answer = root.post(f"{DROP}?tier=L1&route=tool", follow=True)

    assert "1 svar glömt." in answer.content.decode()
    assert sizes(cache) == 3
    assert LogEntry.objects.get().change_message == "1"


def test_the_whole_cache_is_emptied(cache, root):
    assert "Hela cachen töms" in html(root, DROP)

    root.post(DROP)

    assert sizes(cache) == 0


def test_nothing_is_said_to_be_forgotten_while_the_store_is_away(cache, root, monkeypatch):
    monkeypatch.setattr(cache.store, "away", True)

    answer = root.post(DROP, follow=True)

    assert "inte glömda" in answer.content.decode()
    assert not LogEntry.objects.exists()


def test_every_field_has_a_label(cache, root):
    page = html(root)
    fields = re.findall(r'<(?:input|select)(?![^>]*(?:hidden|submit))[^>]* id="(id_\w+)"', page)

    assert len(fields) > 5
    for field in fields:
        assert f'for="{field}"' in page


def test_staff_see_their_own_tenant_and_drop_only_with_the_permission(cache, stina):
    page = html(stina, tenant="grannen")

    assert LAKE in page and THEIRS not in page
    assert DROP not in page
    assert stina.post(DROP).status_code == 403
    User.objects.get().user_permissions.add(Permission.objects.get(codename="delete_cacheentry"))
    stina.post(f"{DROP}?tenant=grannen")
    assert sizes(cache) == 1


@pytest.mark.parametrize("query", ["after=x", "revision=x", "tier=L11", "after=nan_a"])
def test_nonsense_is_told_and_breaks_nothing(cache, root, query):
    answer = root.get(f"{PAGE}?{query}")

    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode() or "errornote" in answer.content.decode()


def test_a_choice_that_makes_no_sense_drops_nothing(cache, root):
    root.post(f"{DROP}?tier=L11")

    assert sizes(cache) == 4


def test_those_without_the_permission_stay_out(cache, client):
    client.force_login(User.objects.create_user("ada", is_staff=True))

    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get(reverse("admin:index")).content.decode()


def test_the_page_says_so_when_the_store_is_away(cache, root, monkeypatch):
    monkeypatch.setattr(cache.store, "away", True)

    page = html(root)

    assert "Den delade cachen går inte att nå just nu." in page
    assert "0 svar" not in page and "Inga svar" not in page
    assert root.get(DROP, query_params={"tier": "L1"}).url == PAGE
