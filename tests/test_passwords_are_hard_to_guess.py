"""Passwords are long, not everyone's, and kept as Argon2 hashes; older hashes are made anew."""

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password

from alice_site.settings import PASSWORD_HASHERS
from chat.models import User

pytestmark = pytest.mark.django_db

GOOD = "blå hästar äter lingon"


def change(client, new: str):
    answers = {"old_password": GOOD, "new_password1": new, "new_password2": new}
    return client.post("/losenord/", answers, headers={"accept-language": "sv"})


@pytest.fixture
def true_hashers(settings) -> None:
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS  # other tests have a quick one


@pytest.mark.usefixtures("true_hashers")
def test_a_password_is_kept_as_an_argon2_hash():
    user = User.objects.create_user("kim", password=GOOD)

    assert user.password.startswith("argon2$argon2id$")
    assert GOOD not in user.password


@pytest.mark.usefixtures("true_hashers")
def test_an_older_hash_is_made_anew_when_its_owner_signs_in(client):
    old = make_password(GOOD, hasher="pbkdf2_sha256")
    User.objects.create(username="kim", password=old)

    assert client.post("/login/", {"username": "kim", "password": GOOD}).status_code == 302
    assert User.objects.get().password.startswith("argon2$")


@pytest.mark.parametrize(
    "poor",
    ["elva tecken", "1q2w3e4r5t6y", "123456789012", "kim.svensson1"],
    ids=["short", "common", "digits", "one's name"],
)
def test_a_poor_password_is_refused_with_a_reason(client, poor):
    user = User.objects.create_user("kim.svensson", password=GOOD)
    client.force_login(user)

    page = change(client, poor)

    assert page.status_code == 200 and "errorlist" in page.content.decode()
    user.refresh_from_db()
    assert user.check_password(GOOD)


def test_length_is_enough_without_digits_and_signs(client):
    client.force_login(User.objects.create_user("kim", password=GOOD))

    assert change(client, "regnet faller sakta").status_code == 302


def test_the_page_tells_how_long_a_password_must_be(client):
    client.force_login(User.objects.create_user("kim", password=GOOD))

    page = client.get("/losenord/", headers={"accept-language": "sv"}).content.decode()

    assert str(settings.PASSWORD_CHARS) in page
