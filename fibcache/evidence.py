"""What is known of similar hits: rows in the database, counted in each process.

Every process looks for news at most once a second, before a similar hit is given. A look is one
small query; what came since is read and counted, and only where rows have gone is everything read
again.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from copy import deepcopy
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from .core.budget import THUMB, Outcome, Tally
from .models import HitOutcome

FRESH_S = 1.0  # how long the tally is believed without a look
PATIENCE_S = 1.0  # how long a turn waits for that look when there is a tally to fall back on
ROWS_AT_MOST = 10_000  # newest outcomes that are counted

log = structlog.get_logger("alice.evidence")

Mark = tuple[int, int]
"""How many rows there are, and the newest's id. No id is given twice, so that no change hides."""


def note(*, outcome: Outcome, tenant: str, turn_id: UUID) -> None:
    """Keep what became known of the hit in a turn, in place of what the same source said before."""
    with transaction.atomic():
        HitOutcome.objects.filter(turn_id=turn_id, source=outcome.source).delete()
        HitOutcome.objects.create(
            tenant=tenant,
            turn_id=turn_id,
            entry=outcome.entry,
            score=outcome.score,
            right=outcome.right,
            source=outcome.source,
            given=outcome.given,
        )


def note_thumb(*, why: Mapping[str, Any], up: bool, tenant: str, turn_id: UUID) -> None:
    """Keep what a person said of an answer; of one that was no similar hit there is nothing."""
    if "score" in why and "entry" in why:
        thumb = Outcome(why["entry"], why["score"], up, THUMB)
        note(outcome=thumb, tenant=tenant, turn_id=turn_id)


def forget_thumb(*, turn_id: UUID) -> None:
    """Forget what a person said of the answer in a turn."""
    HitOutcome.objects.filter(turn_id=turn_id, source=THUMB).delete()


def purge(*, days: int) -> int:
    """Remove what is too old to count. Give how many there were."""
    before = timezone.now() - timedelta(days=days)
    return HitOutcome.objects.filter(created__lt=before).delete()[0]


class DatabaseEvidence:
    """Know the outcomes in this process, at most a second late.

    Args:
        in_db: runs a plain function in a database thread.
        monotonic: gives monotonic seconds.
    """

    def __init__(
        self,
        in_db: Callable[..., Awaitable[Any]],
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._in_db, self._monotonic = in_db, monotonic
        self._tally = Tally()
        self._mark: Mark = (0, 0)
        self._until = float("-inf")  # when there must be a look
        self._known = False
        self._away = False  # the database, at the last look
        self._looking: asyncio.Task[None] | None = None

    async def known(self) -> Tally:
        """Give what is known. While the database is away, what was known before."""
        if self._monotonic() >= self._until:
            # Waiting for a look never cancels it: others wait for the same one.
            patience_s = PATIENCE_S if self._known else None
            await asyncio.wait({self._shared_look()}, timeout=patience_s)
        return self._tally

    def known_sync(self) -> Tally:
        """Give what is known now to code that has no event loop."""
        self._mark, self._tally = _news(self._mark, self._tally)
        return self._tally

    def _shared_look(self) -> asyncio.Task[None]:
        looking, loop = self._looking, asyncio.get_running_loop()
        if looking is None or looking.done() or looking.get_loop() is not loop:
            looking = self._looking = loop.create_task(self._look(self._monotonic()))
        return looking

    async def _look(self, now_s: float) -> None:
        try:
            self._mark, self._tally = await self._in_db(_news, self._mark, self._tally)
        except Exception as error:
            if not self._away:
                log.warning("evidence_unreachable", error=type(error).__name__)
            self._away = True
        else:
            if self._away:
                log.info("evidence_reachable")
            self._away, self._known = False, True
        self._until = now_s + FRESH_S


def _news(mark: Mark, tally: Tally) -> tuple[Mark, Tally]:
    """Count what came since; everything again where rows have gone or came out of order."""
    found = HitOutcome.objects.order_by().aggregate(rows=Count("pk"), newest=Max("pk"))
    newest: Mark = found["rows"], found["newest"] or 0
    if newest == mark:
        return mark, tally
    rows = HitOutcome.objects.order_by("-id").values_list(
        "entry", "score", "right", "source", "given"
    )
    came = [Outcome(*row) for row in rows.filter(id__gt=mark[1], id__lte=newest[1])[:ROWS_AT_MOST]]
    if len(came) != newest[0] - mark[0] or newest[0] > ROWS_AT_MOST:
        return newest, Tally.of(
            Outcome(*row) for row in rows.filter(id__lte=newest[1])[:ROWS_AT_MOST]
        )
    more = deepcopy(tally)  # turns under way read the old one
    for outcome in came:
        more.learn(outcome)
    return newest, more
