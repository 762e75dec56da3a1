"""Alice runs from a bare checkout, and in production says what is missing."""

import os
import stat
import subprocess
import sys

import pytest
from django.conf import settings

SECRET = "x7Kq-" * 12 + "a1b2c3d4"
CLEAN = {"PATH": os.environ["PATH"]}


def manage(*arguments: str, var, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with nothing in the environment but what is given."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env={**CLEAN, "ALICE_VAR": str(var), **environ},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_an_empty_environment_is_enough(tmp_path):
    done = manage("check", "--fail-level", "WARNING", var=tmp_path / "var")

    assert done.returncode == 0, done.stderr
    kept = tmp_path / "var" / "secret_key"
    assert len(kept.read_text()) >= 50
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "proxies", [{}, {"ALICE_PROXIES": "127.0.0.1", "ALICE_METRICS_TOKEN": "t"}]
)
def test_a_production_check_finds_nothing_to_say(tmp_path, proxies):
    done = manage(
        *("check", "--deploy", "--fail-level", "WARNING"),
        var=tmp_path,
        ALICE_MODE="production",
        ALICE_HOSTS="alice.example.se",
        SECRET_KEY=SECRET,
        **proxies,
    )

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


def test_production_makes_no_secret_of_its_own(tmp_path):
    done = manage("check", var=tmp_path, ALICE_MODE="production")

    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"ALICE_MODE": "prodution"}, "alice.E001"),
        ({"ALICE_MODE": "production", "SECRET_KEY": SECRET}, "alice.E002"),
        (
            {
                "ALICE_MODE": "production",
                "SECRET_KEY": SECRET,
                "ALICE_HOSTS": "a.se",
                "ALICE_DEBUG": "1",
            },
            "alice.E003",
        ),
        (
            {
                "ALICE_MODE": "production",
                "SECRET_KEY": SECRET,
                "ALICE_HOSTS": "a.se",
                "ALICE_GUESTS": "1",
            },
            "alice.W001",
        ),
        ({"ALICE_PROT": "9000"}, "Do you mean ALICE_PORT?"),
    ],
)
def test_what_an_operator_overlooked_is_told(tmp_path, environ, told):
    done = manage("check", "--fail-level", "WARNING", var=tmp_path, **environ)

    assert done.returncode != 0
    assert told in done.stderr


def test_redis_and_postgres_are_chosen_by_their_addresses(tmp_path):
    asked = (
        "from django.conf import settings as s;"
        "print(s.DATABASES['default']['ENGINE'], s.DATABASES['default']['OPTIONS']['pool'],"
        "s.CACHES['default']['BACKEND'], s.CHANNEL_LAYERS['default']['BACKEND'])"
    )

    done = manage(
        *("shell", "--no-imports", "-c", asked),
        var=tmp_path,
        DATABASE_URL="postgres://alice:pw@db/alice",
        REDIS_URL="redis://redis:6379/0",
    )

    assert "django.db.backends.postgresql" in done.stdout, done.stderr
    assert "max_size" in done.stdout
    assert "django_redis.cache.RedisCache" in done.stdout
    assert "channels_redis.core.RedisChannelLayer" in done.stdout


def test_the_first_start_makes_an_administrator_and_shows_the_password_once(tmp_path):
    first = manage("start", "--prepare-only", var=tmp_path)
    second = manage("start", "--prepare-only", var=tmp_path)

    assert first.returncode == second.returncode == 0, first.stderr
    assert "admin" in first.stdout
    assert second.stdout == ""
