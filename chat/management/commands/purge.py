"""`manage.py purge`: remove for good what is no longer to be kept. Run it once a day."""

from typing import Any

from django.core.management.base import BaseCommand

from chat.services.conversations import purge_conversations
from chat.services.replays import purge_replays


class Command(BaseCommand):
    help = (
        "Tar bort samtal som raderades för mer än en vecka sedan, samtal vars person inte finns "
        "kvar, och gamla svar som sparats under en Idempotency-Key."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        conversations, replays = purge_conversations(), purge_replays()
        self.stdout.write(f"{conversations} samtal och {replays} upprepningar borttagna.")
