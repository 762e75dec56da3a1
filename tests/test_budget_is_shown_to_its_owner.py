"""Whoever has limits sees what is used and left of them, and nobody else's."""

import pytest
from django.test import Client

from chat.models import ApiKey, User
from guardian.core.buckets import Day
from guardian.limiter import OwnBudgets
from tests.fakes import FixedClock, a_kit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kit(monkeypatch: pytest.MonkeyPatch) -> None:
    limiter = OwnBudgets(FixedClock().monotonic, lambda: Day("2026-11-23", 3600.0))
    monkeypatch.setattr("chat.wiring.kit", lambda: a_kit(limiter=limiter))


def test_a_key_is_told_of_all_its_limits():
    _key, secret = ApiKey.objects.create_key(name="test", owner=User.objects.create_user("ida"))

    answer = Client().get("/api/budget", headers={"authorization": f"Bearer {secret}"})

    limits = answer.json()["limits"]
    assert {limit["of"] for limit in limits} == {"key", "owner", "tenant", "address"}
    day = next(limit for limit in limits if (limit["of"], limit["measure"]) == ("key", "day"))
    assert day == {
        **{"of": "key", "measure": "day", "limit": 5_702_887, "burst": None, "used": 0},
        **{"left": 5_702_887, "reset_s": 3600.0, "window_s": 86_400},
    }


def test_a_stranger_is_told_nothing(client: Client):
    assert client.get("/api/budget").status_code == 401
    assert client.get("/budget/").status_code == 302


def test_the_page_shows_ones_own_and_each_keys(client: Client):
    ida, ada = User.objects.create_user("ida"), User.objects.create_user("ada")
    ApiKey.objects.create_key(name="intranätet", owner=ida)
    ApiKey.objects.create_key(name="hemligt", owner=ada)
    client.force_login(ida)

    page = client.get("/budget/", headers={"accept-language": "sv"}).content.decode()

    assert "Din organisation" in page and "Alla dina nycklar" in page
    assert "intranätet" in page and "hemligt" not in page
    assert "832\xa0040 kvar av 832\xa0040." in page
    assert 'max="13"' in page and "Nya vid midnatt." in page
