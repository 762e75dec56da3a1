"""What is known of similar hits: rows in the database, counted in each process.

Every process looks for news at most once a second, before a similar hit is given. A look is one
small query; what came since is read and counted, and only where rows have gone is everything read
again.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from .core.budget import THUMB, Outcome, Tally
from .looking import SharedLook
from .models import HitOutcome

ROWS_AT_MOST = 10_000  # newest outcomes that are counted

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
        self._look = SharedLook[_Counted](
            "evidence", lambda known: _news(known), in_db, monotonic=monotonic
        )

    async def known(self) -> Tally:
        """Give what is known. While the database is away, what was known before."""
        counted = await self._look.now()
        return Tally() if counted is None else counted.tally

    def known_sync(self) -> Tally:
        """Give what is known now to code that has no event loop."""
        return self._look.now_sync().tally


class _Counted(NamedTuple):
    """The newest outcomes in the order they came, and what they add up to."""

    mark: Mark
    outcomes: tuple[Outcome, ...]
    tally: Tally


def _news(known: _Counted | None) -> _Counted:
    """Read what came since; everything again where rows have gone or came out of order."""
    known = known or _Counted((0, 0), (), Tally())
    found = HitOutcome.objects.order_by().aggregate(rows=Count("pk"), newest=Max("pk"))
    newest: Mark = found["rows"], found["newest"] or 0
    if newest == known.mark:
        return known
    rows = HitOutcome.objects.filter(id__lte=newest[1]).order_by("-id")
    came = _read(rows.filter(id__gt=known.mark[1]))
    outcomes = (*known.outcomes, *came)
    if len(came) != newest[0] - known.mark[0]:
        outcomes = _read(rows)
    outcomes = outcomes[-ROWS_AT_MOST:]
    return _Counted(newest, outcomes, Tally.of(outcomes))


def _read(rows: QuerySet[HitOutcome]) -> tuple[Outcome, ...]:
    """Give the newest of some rows, the oldest of them first."""
    values = rows.values_list("entry", "score", "right", "source", "given")[:ROWS_AT_MOST]
    return tuple(Outcome(*row) for row in values)[::-1]
