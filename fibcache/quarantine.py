"""The quarantine that all processes share: rows in the database, known in each process as a set.

Every process looks for news at most once a second, before it gives a remembered answer to another
question, and at once when it is told that there is some. A look is one small query; the rows are
read again only when it finds a difference.
"""

import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from uuid import UUID
from weakref import WeakSet

import structlog
from django.db import transaction
from django.db.models import Count, Max, QuerySet

from chat.models import Tenant

from .core.matching import digest_of
from .core.quarantine import Pair, pair_of
from .looking import SharedLook
from .models import QuarantinedPair

log = structlog.get_logger("alice.quarantine")

Mark = tuple[int, int]
"""How many rows there are, and the newest's id. No id is given twice, so that no change hides."""


def put_pair(
    *, tenant: str, turn_id: UUID, why: Mapping[str, Any], asked: str
) -> QuarantinedPair | None:
    """Keep two questions apart, as a person says that one got the wrong answer in this turn.

    Args:
        why: of the answer; one that was not remembered for another question keeps nothing apart.
        asked: the masked question; empty hides both from staff.
    """
    if "score" not in why or "asked" not in why:
        return None
    _tenant, low, high = pair_of(tenant, why["asked"], digest_of(why["question"]))
    row, _made = QuarantinedPair.objects.update_or_create(
        turn_id=turn_id,
        defaults={
            "tenant": tenant,
            "low": low,
            "high": high,
            "asked": asked,
            "remembered": why["question"] if asked else "",
            "score": why["score"],
        },
    )
    transaction.on_commit(_tell)
    return row


def take_back(*, turn_id: UUID) -> None:
    """Forget what was said of one turn; the pair stays apart if another turn says so too."""
    QuarantinedPair.objects.filter(turn_id=turn_id).delete()
    transaction.on_commit(_tell)


def lift(*, row: QuarantinedPair) -> None:
    """Let a pair share answers again, whoever said otherwise."""
    rows_like(row).delete()
    transaction.on_commit(_tell)


def rows_like(row: QuarantinedPair) -> QuerySet[QuarantinedPair]:
    """Give all rows of the same pair."""
    return QuarantinedPair.objects.filter(tenant=row.tenant, low=row.low, high=row.high)


def of_nobody(*, remove: bool) -> int:
    """Count, and on request remove, the rows of tenants that are gone."""
    rows = QuarantinedPair.objects.exclude(tenant__in=Tenant.objects.values("slug"))
    if not remove:
        return rows.count()
    removed, _ = rows.delete()
    transaction.on_commit(_tell)
    return int(removed)


def written(rows: Iterable[QuarantinedPair]) -> Iterator[str]:
    """Write pairs as `manage.py evaluate pairs` reads them: tab-separated, told apart by hand.

    Those that staff may not read are left out.
    """
    yield "category\ta\tb\tsame\n"
    for row in rows:
        if row.asked and row.remembered:
            a, b = (" ".join(text.split()) for text in (row.asked, row.remembered))
            yield f"quarantine\t{a}\t{b}\t0\n"


class DatabaseQuarantine:
    """Know the pairs in this process, at most a second late.

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
        self._look = SharedLook[_Known](
            "quarantine", lambda known: _news(known), in_db, monotonic=monotonic
        )
        _here.add(self)

    async def holds(self, tenant: str, one: str, other: str) -> bool:
        """Tell whether one answer must not serve both questions; so it is while nobody knows."""
        known = await self._look.now()
        return known is None or pair_of(tenant, one, other) in known.pairs

    def look_again(self) -> None:
        """Look for news before the next answer."""
        self._look.again()


_here: WeakSet[DatabaseQuarantine] = WeakSet()


_tellers: list[Callable[[], None]] = []


def tell_also(teller: Callable[[], None]) -> None:
    """Have `teller` called after every change that this process makes, to tell the others."""
    _tellers.append(teller)


def look_again() -> None:
    """Let this process look for news before its next answer."""
    for quarantine in list(_here):
        quarantine.look_again()


def _tell() -> None:
    """Let a change be heeded: here at once, elsewhere as soon as it is heard of or looked for."""
    look_again()
    for teller in _tellers:
        try:
            teller()
        except Exception as error:  # it is saved, and the others look for themselves
            log.warning("quarantine_untold", error=type(error).__name__)


class _Known(NamedTuple):
    """The pairs, and what told that they are all there."""

    mark: Mark
    pairs: frozenset[Pair]


def _news(known: _Known | None) -> _Known:
    """Read the pairs, unless they are as they were."""
    found = QuarantinedPair.objects.order_by().aggregate(rows=Count("pk"), newest=Max("pk"))
    newest: Mark = found["rows"], found["newest"] or 0
    if known is not None and newest == known.mark:
        return known
    rows = QuarantinedPair.objects.order_by().values_list("tenant", "low", "high")
    return _Known(newest, frozenset(rows))
