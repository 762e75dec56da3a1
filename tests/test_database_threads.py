"""Async code reaches the database through a few threads that look after their connections."""

import asyncio
import contextvars
import threading

import pytest
from django.conf import settings
from django.db import connection

from chat.db import in_db
from chat.models import Tenant

pytestmark = pytest.mark.django_db(transaction=True)
language = contextvars.ContextVar("language", default="sv")


def make_tenant(*, slug: str) -> str:
    return Tenant.objects.create(slug=slug, name=slug).slug


def broken() -> None:
    raise ValueError("as raised")


async def test_a_save_is_seen_by_other_threads():
    assert await in_db(make_tenant, slug="lund") == "lund"

    assert await in_db(Tenant.objects.filter(slug="lund").exists)


async def test_errors_come_back_as_they_were_raised():
    with pytest.raises(ValueError, match="as raised"):
        await in_db(broken)


async def test_context_variables_follow_into_the_thread():
    language.set("en")

    assert await in_db(language.get) == "en"


async def test_no_more_threads_than_the_pool_allows():
    names = await asyncio.gather(*(in_db(threading.current_thread) for _ in range(40)))

    assert len(set(names)) <= settings.ALICE_DB_POOL
    assert threading.current_thread() not in names


def leave_a_transaction_open() -> None:
    connection.set_autocommit(False)


def autocommits() -> bool:
    return connection.get_autocommit()


async def test_an_abandoned_transaction_never_reaches_the_next_caller():
    for _ in range(settings.ALICE_DB_POOL):
        await in_db(leave_a_transaction_open)

    assert await in_db(autocommits)


def test_works_on_uvloop():
    import uvloop

    assert uvloop.run(in_db(threading.current_thread)).name.startswith("alice-db")
