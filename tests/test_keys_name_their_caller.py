"""An API key names its caller, is kept only as a hash, and stops within a second when revoked."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from chat import callers
from chat.callers import KeyRing
from chat.core.errors import BadKey
from chat.core.kit import OutOfReach
from chat.core.turn import Caller
from chat.models import ApiKey, Tenant, User
from chat.services.callers import caller_for_guest, caller_for_key, caller_for_user
from tests.fakes import FixedClock

pytestmark = pytest.mark.django_db(transaction=True)


def a_key(*, staff: bool = False, **fields: object) -> tuple[ApiKey, str]:
    owner = User.objects.create_user("ida", is_staff=staff)
    return ApiKey.objects.create_key(name="ett skript", owner=owner, **fields)


def test_a_key_is_marked_hashed_and_known_by_its_prefix():
    record, key = a_key()

    assert key.startswith("alice_") and key.startswith(f"{record.visible}.")
    secret = key.partition(".")[2]
    stored = ApiKey.objects.values().get()
    assert not any(secret in str(value) for value in stored.values())


def test_a_key_names_its_owner_tenant_and_scopes():
    record, key = a_key(scopes=["chat", "documents"])
    Tenant.objects.create(slug="lund", name="Lund")
    User.objects.update(tenant="lund")

    caller = caller_for_key(key=key)

    assert caller == Caller(
        tenant="lund",
        person=f"key:{record.prefix}",
        role="program",
        scopes=frozenset({"chat", "documents"}),
        user_id=record.owner_id,
    )
    assert ApiKey.objects.get().last_used == timezone.localdate()


def another_secret(record: ApiKey, key: str) -> str:
    return f"{record.visible}.{'x' * 32}"


def expired(record: ApiKey, key: str) -> str:
    ApiKey.objects.update(expiry_date=timezone.now() - timedelta(seconds=1))
    return key


def revoked(record: ApiKey, key: str) -> str:
    ApiKey.objects.update(revoked=True)
    return key


def of_somebody_who_left(record: ApiKey, key: str) -> str:
    User.objects.update(is_active=False)
    return key


def without_mark(record: ApiKey, key: str) -> str:
    return key.removeprefix("alice_")


def nonsense(record: ApiKey, key: str) -> str:
    return "alice_\0\ud800.å"


@pytest.mark.parametrize(
    "spoil",
    [another_secret, expired, revoked, of_somebody_who_left, without_mark, nonsense],
)
def test_a_key_that_is_not_good_opens_nothing(spoil: Callable[[ApiKey, str], str]):
    key = spoil(*a_key())

    with pytest.raises(BadKey):
        caller_for_key(key=key)
    with pytest.raises(BadKey):
        asyncio.run(KeyRing().caller(key))


def test_only_staff_get_keys_for_staff():
    user = User.objects.create_user("ida")
    key = ApiKey(name="n", owner=user, scopes=["staff"])
    with pytest.raises(ValidationError, match="driftansvarig"):
        key.clean()

    user.is_staff = True
    user.save()
    key.clean()


def test_staff_who_are_staff_no_more_lose_the_staff_scope():
    _, key = a_key(staff=True, scopes=["chat", "staff"])
    assert caller_for_key(key=key).scopes == {"chat", "staff"}

    User.objects.update(is_staff=False)

    assert caller_for_key(key=key).scopes == {"chat"}


async def test_a_revoked_key_stops_within_a_second():
    clock = FixedClock()
    ring = KeyRing(timer=clock.monotonic)
    _, key = await asyncio.to_thread(a_key)
    await ring.caller(key)
    await ApiKey.objects.aupdate(revoked=True)
    clock.forward(1.0)

    with pytest.raises(BadKey):
        await ring.caller(key)


async def test_a_new_key_works_within_a_second_of_having_failed():
    clock = FixedClock()
    ring = KeyRing(timer=clock.monotonic)
    _, key = await asyncio.to_thread(a_key)
    await User.objects.aupdate(is_active=False)
    with pytest.raises(BadKey):
        await ring.caller(key)
    await User.objects.aupdate(is_active=True)
    clock.forward(1.0)

    assert (await ring.caller(key)).role == "program"


async def test_a_remembered_key_needs_no_database(request: pytest.FixtureRequest):
    ring = KeyRing()
    _, key = await asyncio.to_thread(a_key)
    first = await asyncio.gather(*(ring.caller(key) for _ in range(8)))
    request.getfixturevalue("database_away")

    assert await ring.caller(key) == first[0]
    with pytest.raises(OutOfReach):
        await ring.caller("alice_abcdefgh.12345678901234567890123456789012")


async def test_the_ring_holds_no_key_and_is_bounded():
    ring = KeyRing()
    _, key = await asyncio.to_thread(a_key)
    await ring.caller(key)
    for number in range(callers.REMEMBERED_KEYS + 10):
        ring._false[sha256(str(number).encode()).digest()] = None

    assert key not in str(vars(ring))
    assert len(ring._false) == callers.REMEMBERED_KEYS
    assert (await ring.caller(key)).role == "program"


def test_people_are_named_by_their_number_and_guests_by_a_digest():
    staff = User.objects.create_user("ida", is_staff=True)
    member = User.objects.create_user("ola")
    guest = caller_for_guest(mark="192.0.2.7")

    assert caller_for_user(user=staff).scopes == {"chat", "documents", "staff"}
    assert caller_for_user(user=staff).role == "staff"
    assert caller_for_user(user=member).person == f"user:{member.pk}"
    assert (guest.role, guest.scopes, guest.tenant) == ("guest", {"chat"}, "alice")
    assert guest == callers.guest("192.0.2.7") != callers.guest("192.0.2.8")
    assert "192.0.2" not in guest.person and len(guest.person) < 100


def test_createsuperuser_places_the_first_admin_at_home():
    call_command("createsuperuser", interactive=False, username="admin", email="a@example.org")

    assert User.objects.get().tenant.name == "Alice"
