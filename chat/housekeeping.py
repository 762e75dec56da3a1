"""What Alice throws away by herself, every hour: what is no longer to be kept."""

import asyncio
from importlib import import_module

import structlog
from django.conf import settings

from chat import live
from chat.db import in_db
from chat.services.conversations import purge_conversations
from chat.services.replays import purge_replays
from fibcache import evidence

EVERY_S = 3600.0

log = structlog.get_logger("alice.housekeeping")


def purge() -> dict[str, int]:
    """Remove for good what was deleted a week ago, has run out or is out of everyone's reach.

    Returns:
        How many of each were removed; nobody counts sessions.
    """
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return {
        "conversations": purge_conversations(),
        "replays": purge_replays(),
        "outcomes": evidence.purge(days=live.current_sync().spiral.evidence_days),
    }


async def keep_house(every_s: float = EVERY_S) -> None:
    """Purge again and again, until cancelled. Several processes may: what is gone is gone."""
    while True:
        await asyncio.sleep(every_s)
        try:
            removed = await in_db(purge)
        except Exception as error:  # the database is away: in an hour again
            log.warning("purge_failed", why=type(error).__name__)
        else:
            log.info("purged", **removed)
