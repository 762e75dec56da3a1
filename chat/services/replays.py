"""Claims on Idempotency-Keys and the answers kept under them, as rows that all processes see."""

import os
import platform
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from chat.core.errors import SameKeyOtherBody, TurnInFlight
from chat.models import ReplayRecord


@transaction.atomic
def claim(
    *,
    person: str,
    key: str,
    fingerprint: str,
    turn_id: str,
    holder: str,
    now: datetime,
    until: datetime,
) -> ReplayRecord | None:
    """Claim a key for a turn, or give what is kept under it.

    Of any number of claims at once, one wins: the key is unique, and the row is locked while it
    is judged. A claim whose holder died, or has not renewed it in time, is free to take over.

    Raises:
        SameKeyOtherBody: the key came with another request before.
        TurnInFlight: another living process is answering the request.
    """
    mine = {
        "fingerprint": fingerprint,
        "state": ReplayRecord.State.IN_FLIGHT,
        "holder": holder,
        "turn_id": turn_id,
        "expires": until,
    }
    rows = ReplayRecord.objects.select_for_update()
    record, won = rows.get_or_create(person=person, key=key, defaults=mine)
    if won:
        return None
    in_flight = record.state == ReplayRecord.State.IN_FLIGHT
    if record.expires <= now or (in_flight and is_gone(record.holder, holder)):
        ReplayRecord.objects.filter(pk=record.pk).update(**mine, events=[], ended={})
        return None
    if record.fingerprint != fingerprint:
        raise SameKeyOtherBody()
    if in_flight:
        raise TurnInFlight(retry_after_s=1.0)
    return record


def renew(*, turn_id: str, until: datetime) -> None:
    """Keep a claim for longer."""
    _claim_of(turn_id).update(expires=until)


def keep(*, turn_id: str, until: datetime, **answer: Any) -> None:
    """Keep an answer under the key that its turn has claimed."""
    _claim_of(turn_id).update(state=ReplayRecord.State.KEPT, expires=until, **answer)


def release(*, turn_id: str) -> None:
    """Let go of the key that a turn has claimed."""
    _claim_of(turn_id).delete()


def purge_replays() -> int:
    """Remove what is too old to be said again, and say how many rows that was."""
    return ReplayRecord.objects.filter(expires__lt=timezone.now()).delete()[0]


def this_process() -> str:
    """Name this process so that its fellows on the same machine can tell whether it still runs."""
    node = platform.node()
    with suppress(OSError):  # two containers may share a name, but not their process numbers
        node += os.readlink("/proc/self/ns/pid")
    return f"{node} {os.getpid()}"


def is_gone(holder: str, asker: str) -> bool:
    """Tell whether `holder` surely answers no more, as seen from `asker`.

    A restarted Alice thus answers again at once what she was answering when she died. A process
    asks only for keys that it is not answering itself, so a claim in its own name is a leftover
    too, its own or a dead namesake's. Of another machine nothing is sure: that claim must run out.
    """
    try:
        node, pid = holder.split(" ")
        own_node, own_pid = asker.split(" ")
    except ValueError:
        return False
    if node != own_node:
        return False
    if pid == own_pid:
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass
    return False


def _claim_of(turn_id: str) -> Any:
    return ReplayRecord.objects.filter(turn_id=turn_id, state=ReplayRecord.State.IN_FLIGHT)
