"""The page where a person sees what is used and left of their limits, and of their keys'."""

from collections.abc import Iterable
from math import ceil
from typing import Any

from asgiref.sync import async_to_sync
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chat import live, wiring
from chat.budgets import budget_of, budgets_of_keys
from chat.models import ApiKey
from chat.sessions import caller_of_session
from guardian.core.buckets import Level

KEYS_SHOWN = 34

MEASURES = {
    "turns": gettext_lazy("Frågor i en följd"),
    "tokens": gettext_lazy("Token i minuten"),
    "day": gettext_lazy("Token i dag"),
    "at_once": gettext_lazy("Svar samtidigt"),
}

HOLDERS = {
    "user": gettext_lazy("Du"),
    "owner": gettext_lazy("Alla dina nycklar"),
    "tenant": gettext_lazy("Din organisation"),
    "address": gettext_lazy("Din adress"),
}


@never_cache
@login_required
@require_safe
def budget(request: HttpRequest) -> HttpResponse:
    """Show the signed-in person's own limits, the shared ones and each key's."""
    policy, limiter = live.current_sync(), wiring.kit().limiter
    caller = caller_of_session(request.session, request.user)
    address = request.META.get("REMOTE_ADDR", "")
    mine = async_to_sync(budget_of)(caller, policy, limiter, address=address)
    keys = ApiKey.objects.filter(
        owner_id=caller.user_id, revoked=False, replaced_by=None
    ).select_related("owner")
    of_keys = async_to_sync(budgets_of_keys)(list(keys[:KEYS_SHOWN]), policy, limiter)
    groups = [group(HOLDERS[kind], mine, kind) for kind in ("user", "tenant", "address")]
    if of_keys:
        groups.insert(1, group(HOLDERS["owner"], of_keys[0][1], "owner"))
    groups += [group(f"{key.name} ({key.visible}…)", levels, "key") for key, levels in of_keys]
    return render(request, "chat/budget.html", {"groups": [one for one in groups if one["rows"]]})


def group(name: Any, levels: Iterable[Level], kind: str) -> dict[str, Any]:
    """Make ready one holder's limits."""
    own = [level for level in levels if level.holder.partition(":")[0] == kind]
    return {"name": name, "rows": [row(level) for level in own]}


def row(level: Level) -> dict[str, Any]:
    """Make ready one limit."""
    whole = level.burst or level.limit
    return {
        "label": MEASURES[level.measure],
        "left": level.left,
        "whole": whole,
        "left_told": number_format(level.left, force_grouping=True),
        "whole_told": number_format(whole, force_grouping=True),
        "low": whole / 5,
        "told": _when(level),
    }


def _when(level: Level) -> str:
    """Say when all of it is back."""
    if level.measure == "day":
        return _("Nya vid midnatt.")
    if level.measure == "at_once":
        return ""
    refill = _("%d nya i minuten.") % level.limit if level.burst else ""
    if level.left >= (level.burst or level.limit):
        return refill
    return f"{refill} {_('Allt är tillbaka om %d s.') % ceil(level.reset_s)}".strip()
