"""A key is changed for a new one by its owner or by staff, and the old one goes on for a while."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chat.housekeeping import purge
from chat.models import ApiKey, Conversation, User
from chat.services.callers import caller_for_key
from chat.services.keys import rotate

pytestmark = pytest.mark.django_db

SECRET = re.compile(r"alice_\w{8}\.\w{32}")


@pytest.fixture
def ida() -> User:
    return User.objects.create_user("ida")


@pytest.fixture
def page(client: Client, ida: User) -> Client:
    client.force_login(ida)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "sv"
    return client


def a_key(owner: User, **fields: object) -> tuple[ApiKey, str]:
    return ApiKey.objects.create_key(name="intranätet", owner=owner, **fields)


def status(secret: str) -> int:
    """Ask as a program does, with this key."""
    return Client().get("/api/budget", headers={"authorization": f"Bearer {secret}"}).status_code


def rotated(page: Client, key: ApiKey, hours: int = 24) -> tuple[str, str]:
    answer = page.post(f"/konto/nycklar/{key.prefix}/byt/", {"overlap_h": hours})
    body = answer.content.decode()
    return SECRET.search(body)[0], body


def test_both_keys_open_the_door_until_the_old_ones_hour_is_out(page, ida):
    old, old_secret = a_key(ida)

    new_secret, body = rotated(page, old, hours=1)

    assert status(old_secret) == status(new_secret) == 200
    assert f"Den gamla, {old.visible}…, fungerar till" in body
    ApiKey.objects.filter(pk=old.pk).update(expiry_date=timezone.now() - timedelta(seconds=1))
    assert (status(old_secret), status(new_secret)) == (401, 200)


def test_the_old_key_can_be_ended_at_once(page, ida):
    old, old_secret = a_key(ida)

    new_secret, _body = rotated(page, old, hours=0)

    assert (status(old_secret), status(new_secret)) == (401, 200)


def test_the_end_of_the_old_key_is_shown_and_the_new_secret_only_once(page, ida):
    old, _secret = a_key(ida)
    new_secret, _body = rotated(page, old)

    later = page.get("/konto/").content.decode()

    assert "Slutar gälla" in later and "Ersatt av" in later
    assert not SECRET.search(later)
    assert new_secret not in str(list(ApiKey.objects.values()))


def test_both_keys_are_one_caller_with_the_same_conversations(ida):
    old, old_secret = a_key(ida, scopes=["chat", "documents"])
    caller = caller_for_key(key=old_secret)
    Conversation.objects.create(id=uuid4(), tenant_id="alice", person=caller.person, title="hej")

    middle, middle_secret = rotate(key=old)
    _newest, newest_secret = rotate(key=middle)
    ApiKey.objects.filter(pk__in=[old.pk, middle.pk]).delete()
    purge()

    assert caller_for_key(key=newest_secret) == caller
    assert Conversation.objects.filter(person=caller.person).exists()
    assert middle_secret != newest_secret


def test_a_new_key_lives_no_longer_than_the_old_was_to(ida):
    last_day = timezone.now() + timedelta(hours=2)
    old, _secret = a_key(ida, expiry_date=last_day)

    new, _secret = rotate(key=old, overlap_h=24)

    old.refresh_from_db()
    assert new.expiry_date == old.expiry_date == last_day


@pytest.mark.parametrize(
    "fields", [{"revoked": True}, {"expiry_date": timezone.now() - timedelta(days=1)}]
)
def test_a_key_that_has_ended_is_not_changed_for_a_living_one(ida, fields):
    key, _secret = a_key(ida, **fields)

    with pytest.raises(ValidationError, match="inte längre"):
        rotate(key=key)


def test_a_key_is_changed_once_so_a_page_sent_again_makes_nothing(page, ida):
    old, _secret = a_key(ida)
    rotated(page, old)

    again = page.post(f"/konto/nycklar/{old.prefix}/byt/", {"overlap_h": 24})

    assert again.status_code == 400 and "redan utbytt" in again.content.decode()
    assert ApiKey.objects.count() == 2


@pytest.mark.parametrize("told", ["", "-1", "5", "ett", "99999999999"])
def test_only_the_times_on_the_page_are_taken(page, ida, told):
    old, _secret = a_key(ida)

    assert page.post(f"/konto/nycklar/{old.prefix}/byt/", {"overlap_h": told}).status_code == 400
    assert ApiKey.objects.get().expiry_date is None


def test_the_owner_ends_a_key_and_nobody_elses(page, ida):
    mine, secret = a_key(ida)
    theirs, their_secret = a_key(User.objects.create_user("ada"))

    assert page.post(f"/konto/nycklar/{mine.prefix}/aterkalla/").status_code == 302
    assert page.post(f"/konto/nycklar/{theirs.prefix}/aterkalla/").status_code == 404
    assert page.post(f"/konto/nycklar/{theirs.prefix}/byt/", {"overlap_h": 1}).status_code == 404
    assert (status(secret), status(their_secret)) == (401, 200)


def test_the_page_asks_one_to_sign_in():
    assert Client().get("/konto/").status_code == 302
    assert Client().post("/konto/nycklar/abc/byt/").status_code == 302


def test_staff_change_a_members_key_in_the_console(ida):
    root = User.objects.create_superuser("root")
    old, old_secret = a_key(ida)
    console = Client(headers={"accept-language": "sv"})
    console.force_login(root)
    way = reverse("admin:chat_apikey_rotate", args=[quote(old.pk)])

    assert way in console.get(reverse("admin:chat_apikey_change", args=[quote(old.pk)])).text
    assert "Den gamla nyckeln slutar gälla" in console.get(way).text
    done = console.post(way, {"overlap_h": "1"}, follow=True).text

    new_secret = SECRET.search(done)[0]
    assert status(old_secret) == status(new_secret) == 200
    assert f"{old.visible}" in done  # which it replaces


def test_staff_neither_make_nor_change_the_keys_of_those_who_may_more(client):
    root = User.objects.create_superuser("root")
    stina = User.objects.create_user("stina", is_staff=True)
    stina.user_permissions.set(Permission.objects.filter(content_type__model="apikey"))
    old, _secret = a_key(root)
    client.force_login(stina)
    asked = {"name": "nyckel", "owner": root.pk, "scopes": ["chat"]}

    assert client.post(reverse("admin:chat_apikey_add"), asked).status_code == 200
    way = reverse("admin:chat_apikey_rotate", args=[quote(old.pk)])
    assert client.post(way, {"overlap_h": "1"}).status_code == 403
    assert ApiKey.objects.count() == 1
