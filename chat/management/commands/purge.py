"""`manage.py purge`: remove now what the running Alice removes every hour."""

from typing import Any

from django.core.management.base import BaseCommand

from chat.housekeeping import purge


class Command(BaseCommand):
    help = (
        "Tar bort samtal som raderades för mer än en vecka sedan, samtal som ingen längre kan nå, "
        "gamla svar som sparats under en Idempotency-Key och sessioner som har gått ut."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        removed = purge()
        self.stdout.write(
            f"{removed['conversations']} samtal och {removed['replays']} upprepningar borttagna."
        )
