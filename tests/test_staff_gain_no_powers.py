"""Whoever may change people in the console can't make anybody, themselves least, a superuser."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from chat.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def stina() -> User:
    stina = User.objects.create_user("stina", is_staff=True)
    about_people = ("view_user", "add_user", "change_user", "delete_user")
    stina.user_permissions.set(Permission.objects.filter(codename__in=about_people))
    return stina


def page(what: str, user: User) -> str:
    return reverse(what, args=(user.pk,))


def form_of(user: User, **more: object) -> dict[str, object]:
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "12:00"}
    return joined | {"username": user.username, "tenant": user.tenant_id, "is_active": "on"} | more


@pytest.mark.parametrize("name", ["stina", "maja"])
def test_powers_are_not_given_by_staff(client: Client, stina: User, name: str):
    User.objects.create_user("maja")
    client.force_login(stina)
    user = User.objects.get(username=name)

    form = form_of(user, first_name="Ny", is_staff="on", is_superuser="on")
    answer = client.post(page("admin:chat_user_change", user), form)

    changed = User.objects.get(pk=user.pk)
    assert answer.status_code == 302
    assert changed.first_name == "Ny"
    assert (changed.is_staff, changed.is_superuser) == (user.is_staff, False)


def test_another_staff_account_is_not_taken_over(client: Client, stina: User):
    ada = User.objects.create_superuser("ada", password="gammalt lösenord")
    client.force_login(stina)
    new = {"usable_password": "true", "password1": "Hemligt-99x", "password2": "Hemligt-99x"}

    for what in ("auth_user_password_change", "chat_user_change", "chat_user_delete"):
        assert client.post(page(f"admin:{what}", ada), new).status_code == 403
    assert User.objects.get(pk=ada.pk).check_password("gammalt lösenord")


def test_a_superuser_gives_powers(client: Client, stina: User):
    client.force_login(User.objects.create_superuser("ada"))

    form = form_of(stina, is_staff="on", is_superuser="on")
    client.post(page("admin:chat_user_change", stina), form)

    assert User.objects.get(pk=stina.pk).is_superuser


def test_a_group_gets_no_more_powers_from_its_own_members(client: Client, stina: User):
    carers = Group.objects.create(name="vårdare")
    about_groups = ("view_group", "add_group", "change_group", "delete_group")
    carers.permissions.set(Permission.objects.filter(codename__in=about_groups))
    stina.groups.add(carers)
    client.force_login(stina)
    more = {"name": "vårdare", "permissions": list(Permission.objects.values_list("pk", flat=True))}

    assert client.get(reverse("admin:auth_group_changelist")).status_code == 200
    for what in ("change", "delete"):
        where = reverse(f"admin:auth_group_{what}", args=(carers.pk,))
        assert client.post(where, more | {"post": "yes"}).status_code == 403
    assert client.post(reverse("admin:auth_group_add"), more).status_code == 403
    assert carers.permissions.count() == 4


def test_a_superuser_gives_a_group_powers(client: Client):
    carers = Group.objects.create(name="vårdare")
    client.force_login(User.objects.create_superuser("ada"))
    see_keys = Permission.objects.get(codename="view_apikey", content_type__app_label="chat")

    where = reverse("admin:auth_group_change", args=(carers.pk,))
    client.post(where, {"name": "vårdare", "permissions": [see_keys.pk]})

    assert list(carers.permissions.all()) == [see_keys]
