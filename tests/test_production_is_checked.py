"""A production made as the docs say has nothing for Django's own checks to warn of."""

import os
import subprocess
import sys

import pytest

from alice_site.settings import BASE_DIR

DOCUMENTED = {  # docs/configuration.md, "A production"
    "ALICE_MODE": "production",
    "ALICE_HOSTS": "alice.example.org",
    "SECRET_KEY": "en-lång-hemlighet-av-54-tecken-som-ingen-annan-har-sett",
}
BEHIND_A_PROXY = {"ALICE_PROXIES": "192.0.2.1", "ALICE_METRICS_TOKEN": "en-token"}


def checked(var: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the check in a process of its own, for settings are read once."""
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"], "ALICE_VAR": var, **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("more", [{}, BEHIND_A_PROXY], ids=["alone", "behind a proxy"])
def test_the_documented_production_passes_every_deploy_check(tmp_path, more):
    done = checked(str(tmp_path), **DOCUMENTED, **more)

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


def test_development_would_not_pass_them(tmp_path):
    done = checked(str(tmp_path))

    assert done.returncode != 0
    assert "security.W012" in done.stderr  # the session cookie would travel without TLS
