"""The console tells staff how reading in the other process goes."""

import pytest
from asgiref.sync import async_to_sync
from django.urls import reverse

from chat.models import Tenant, User
from fibcache.stores.breaker import SharedBreaker
from nlu.remote import RemoteReader

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, monkeypatch):
    tenant = Tenant.objects.get_or_create(slug="alice", defaults={"name": "Alice"})[0]
    client.force_login(User.objects.create_superuser("ada", tenant=tenant))

    def shown(remote):
        monkeypatch.setattr("nlu.admin.live.remote_reader", lambda: remote)
        return client.get(reverse("admin:nlu_nlusettings_change", args=[1])).content.decode()

    return shown


def a_remote():
    breaker = SharedBreaker("nlu", None, monotonic=lambda: 7.0, jitter=lambda: 0.0)
    return RemoteReader(
        "http://nlu.example:9002", key="hemlig", within_s=0.1, pool=1, breaker=breaker
    )


def test_alone_it_says_that_messages_are_read_here(page):
    assert "I den här processen" in page(None)


def test_the_other_process_is_named_but_not_its_key(page):
    told = page(a_remote())

    assert "http://nlu.example:9002" in told
    assert "läser meddelandena" in told
    assert "hemlig" not in told


def test_an_open_breaker_says_when_the_next_try_is(page):
    remote = a_remote()
    for _ in range(3):
        async_to_sync(remote.breaker.failed)()

    assert "svarar inte; nästa försök om 1 s" in page(remote)
