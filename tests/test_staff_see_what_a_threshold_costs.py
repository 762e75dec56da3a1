"""The console shows how sure and how right Alice is at each threshold, as it was measured."""

import pytest
from django.test import Client
from django.urls import reverse

from chat.models import Tenant, User
from chat.wiring import understanding
from nlu.admin import live

pytestmark = pytest.mark.django_db
WHERE = reverse("admin:nlu_nlusettings_change", args=[1])


@pytest.fixture
def staff(client: Client) -> Client:
    tenant = Tenant.objects.get_or_create(slug="alice", defaults={"name": "Alice"})[0]
    client.force_login(User.objects.create_superuser("ada", tenant=tenant))
    return client


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_curve_stands_beside_the_threshold(staff: Client, language: str) -> None:
    page = staff.get(WHERE).content.decode()
    for point in understanding().models[language].curve:
        least = f"{point.at_least:.2f}".replace(".", ",")
        coverage = f"{100 * point.coverage:.1f} %".replace(".", ",")
        accuracy = f"{100 * point.accuracy:.1f} %".replace(".", ",")
        assert f"<tr><td>{least}</td><td>{coverage}</td><td>{accuracy}</td></tr>" in page


def test_without_a_model_the_page_says_so(staff: Client, monkeypatch) -> None:
    monkeypatch.setattr(live, "understanding", lambda: None)
    page = staff.get(WHERE)
    assert page.status_code == 200
    assert "Avsikterna kan inte läsas" in page.content.decode()
