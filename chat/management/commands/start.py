"""`manage.py start`: everything from a bare checkout to a running Alice. `make run` calls it."""

import os
import secrets
import shutil
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections, transaction
from django.utils.translation import gettext as _

from chat.models import User


class Command(BaseCommand):
    help = "Migrera, skapa en administratör vid första starten och servera Alice."
    requires_system_checks: list[str] = []  # run below, with those of a deployment

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--prepare-only", action="store_true", help="Gör allt utom att starta servern."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.check(include_deployment_checks=settings.PRODUCTION)
        call_command("migrate", interactive=False, verbosity=0)
        if settings.PRODUCTION:
            call_command("collectstatic", interactive=False, verbosity=0)
        password = first_admin()
        if password:
            self.stdout.write(_("Användaren admin är skapad. Lösenordet visas bara nu:"))
            self.stdout.write(f"\n    {password}\n\n")
        connections.close_all()
        if options["prepare_only"]:
            return
        self.stdout.write(
            _("Alice svarar på http://%s:%s/") % (settings.ALICE_HOST, settings.ALICE_PORT)
        )
        self.stdout.flush()
        os.execve(sys.executable, [sys.executable, *server_arguments()], server_environment())


@transaction.atomic
def first_admin() -> str | None:
    """Make the first administrator. Give the password, or None where there is one already."""
    if User.objects.select_for_update().filter(is_superuser=True).exists():
        return None
    password = secrets.token_urlsafe(12)
    User.objects.create_superuser("admin", password=password)
    return password


def server_arguments() -> list[str]:
    """Choose uvicorn's arguments: what it is by the settings, and nothing that it would guess."""
    arguments = ["-m", "uvicorn", "alice_site.asgi:application", "--no-access-log"]
    arguments += ["--host", settings.ALICE_HOST, "--port", str(settings.ALICE_PORT)]
    arguments += ["--workers", str(settings.ALICE_WORKERS)]
    arguments += ["--loop", "uvloop", "--http", "httptools", "--ws", "websockets-sansio"]
    arguments += ["--lifespan", "on", "--no-server-header"]
    arguments += ["--ws-max-size", str(settings.ALICE_BODY_BYTES)]
    arguments += ["--timeout-graceful-shutdown", str(settings.ALICE_STOP_S)]
    if settings.ALICE_PROXIES:
        proxies = ",".join(settings.ALICE_PROXIES)
        return [*arguments, "--proxy-headers", "--forwarded-allow-ips", proxies]
    return [*arguments, "--no-proxy-headers"]


def server_environment() -> dict[str, str]:
    """Give the server's environment; several workers share one set of figures through files."""
    if settings.ALICE_WORKERS == 1:
        return dict(os.environ)
    figures = settings.VAR_DIR / "metrics"
    shutil.rmtree(figures, ignore_errors=True)
    figures.mkdir()
    return {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(figures)}
