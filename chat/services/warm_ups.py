"""Warm-ups as rows that all processes see: begun, taken on by one of them, carried on by another.

A process that works on one holds it for a while and renews that with every question. What a dead
process held, or one that has not renewed it in time, is free to take over.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from chat.models import Tenant
from chat.warming.questions import Wanted
from fibcache.models import PER_MINUTE, WarmUp
from guardian.core.pii import Pseudonyms

from .replays import is_gone

PROBLEMS = 144
"""Lines that are told one by one; of more only the number is kept."""

UNDER_WAY = (WarmUp.State.WAITING, WarmUp.State.RUNNING)


def begin(
    *,
    source: str,
    questions: Sequence[Wanted],
    tenant: str,
    name: str = "",
    per_minute: int = PER_MINUTE,
    user_id: int | None = None,
) -> WarmUp:
    """Ask for a warm-up; a server process takes it on.

    Personal data in the questions is not kept; those questions will be refused for it.

    Raises:
        ValidationError: `per_minute` is out of range, or the name too long.
        Tenant.DoesNotExist: there is no such tenant.
    """
    Tenant.objects.get(slug=tenant)
    row = WarmUp(
        source=source,
        name=name[:100],
        tenant=tenant,
        by_id=user_id,
        per_minute=per_minute,
        questions=[
            asdict(replace(wanted, text=Pseudonyms().mask(wanted.text))) for wanted in questions
        ],
        total=len(questions),
    )
    row.clean_fields(exclude=("questions", "problems", "by", "held_until", "finished"))
    row.save()
    return row


def claim(*, holder: str, until: datetime, pk: int | None = None) -> WarmUp | None:
    """Take on the oldest warm-up that nobody works on, or just this one.

    Of any number of claims at once, one wins.
    """
    waiting = WarmUp.objects.filter(state__in=UNDER_WAY)
    if pk is not None:
        waiting = waiting.filter(pk=pk)
    for row in waiting.order_by("id").only("state", "holder", "held_until"):
        free = (
            row.held_until is None
            or row.held_until <= timezone.now()
            or is_gone(row.holder, holder)
        )
        as_seen = {"state": row.state, "holder": row.holder, "held_until": row.held_until}
        mine = {"state": WarmUp.State.RUNNING, "holder": holder, "held_until": until}
        if free and WarmUp.objects.filter(pk=row.pk, **as_seen).update(**mine):
            return WarmUp.objects.get(pk=row.pk)
    return None


def note(
    *, pk: int, holder: str, until: datetime, result: str, line: int, problem: str = ""
) -> bool:
    """Count what came of the next question. False: it was cancelled, or is another's by now.

    Args:
        result: "stored", "already", "unkept" or "failed".
        problem: code of what went wrong.
    """
    held = WarmUp.objects.filter(pk=pk, holder=holder, state=WarmUp.State.RUNNING)
    changes: dict[str, Any] = {"position": F("position") + 1, result: F(result) + 1}
    if problem:
        problems = held.values_list("problems", flat=True).first() or []
        changes["problems"] = [*problems, {"line": line, "code": problem}][:PROBLEMS]
    return bool(held.update(held_until=until, **changes))


def finish(*, pk: int, holder: str) -> None:
    """Note that every question has been asked, and let go of them."""
    WarmUp.objects.filter(pk=pk, holder=holder, state=WarmUp.State.RUNNING).update(
        state=WarmUp.State.DONE,
        finished=timezone.now(),
        questions=[],
        holder="",
        held_until=None,
    )


def cancel(*, pk: int) -> bool:
    """Stop a warm-up before its next question. Tells whether it was under way."""
    rows = WarmUp.objects.filter(pk=pk, state__in=UNDER_WAY)
    return bool(rows.update(state=WarmUp.State.CANCELLED, holder="", held_until=None))


def resume(*, pk: int) -> bool:
    """Go on where a cancelled warm-up stopped. Tells whether it was cancelled."""
    rows = WarmUp.objects.filter(pk=pk, state=WarmUp.State.CANCELLED)
    return bool(rows.update(state=WarmUp.State.WAITING))
