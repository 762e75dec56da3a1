"""Live asks nobody, ready asks everybody it needs, and figures are not for everyone."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


async def test_live_asks_nobody(async_client):
    response = await async_client.get("/health/live")  # the database is closed to this test

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db(transaction=True)
async def test_ready_when_the_database_is_migrated(async_client, settings):
    settings.REDIS_URL = ""

    response = await async_client.get("/health/ready")

    assert response.status_code == 200
    assert response.json()["parts"] == {"database": "ok", "migrations": "ok"}


@pytest.mark.django_db(transaction=True)
def test_not_ready_with_migrations_to_apply(client):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("sessions", "0001_initial")
    try:
        response = client.get("/health/ready")
    finally:
        recorder.record_applied("sessions", "0001_initial")

    assert response.status_code == 503
    assert response.json()["parts"]["migrations"] == "pending"


async def test_not_ready_without_a_database(async_client):
    response = await async_client.get("/health/ready")  # which this test has none of

    assert response.status_code == 503
    assert response.json()["parts"]["database"] == "failed"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("port", [1, pytest.param(0, marks=pytest.mark.needs_redis)])
def test_a_redis_that_is_gone_is_told_and_does_no_harm(client, settings, redis_url, port):
    settings.REDIS_URL = f"redis://127.0.0.1:{port}/0" if port else redis_url
    settings.CACHES = {
        "default": {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": settings.REDIS_URL,
            "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 1},
        }
    }
    del caches.settings
    caches.settings = caches.configure_settings(settings.CACHES)

    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json()["parts"]["redis"] == ("failed" if port else "ok")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("token", "proxies", "address", "given", "status"),
    [
        ("", [], "127.0.0.1", "", 200),
        ("", [], "192.0.2.7", "", 403),
        ("", ["127.0.0.1"], "127.0.0.1", "", 403),
        ("hemlig", [], "192.0.2.7", "Bearer hemlig", 200),
        ("hemlig", [], "127.0.0.1", "Bearer fel", 403),
        ("hemlig", [], "127.0.0.1", "", 403),
    ],
)
def test_figures_are_for_this_machine_or_those_with_the_token(
    client, settings, token, proxies, address, given, status
):
    settings.ALICE_METRICS_TOKEN, settings.ALICE_PROXIES = token, proxies

    response = client.get("/metrics", REMOTE_ADDR=address, HTTP_AUTHORIZATION=given)

    assert response.status_code == status


@pytest.mark.django_db
def test_figures_are_in_prometheus_format(client):
    text = client.get("/metrics").content.decode()

    assert "django_http_requests_before_middlewares_total" in text
