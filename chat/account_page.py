"""The page where a person looks after their account: password, keys and what lies near."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from chat.models import ApiKey
from chat.services.keys import OVERLAP_H, OVERLAPS_H, revoke, rotate

KEYS_SHOWN = 34


@never_cache
@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Show the signed-in person's account."""
    return _shown(request)


@never_cache
@login_required
@require_POST
def rotate_key(request: HttpRequest, prefix: str) -> HttpResponse:
    """Change one of one's keys for a new one, which is shown on this page and never again."""
    key = get_object_or_404(ApiKey, owner_id=request.user.pk, prefix=prefix)
    try:
        new, secret = rotate(key=key, overlap_h=_hours(request.POST.get("overlap_h", "")))
    except ValidationError as error:
        return _shown(request, status=400, problem=" ".join(error.messages))
    key.refresh_from_db()
    return _shown(request, made=new, secret=secret, old=key)


@never_cache
@login_required
@require_POST
def revoke_key(request: HttpRequest, prefix: str) -> HttpResponse:
    """End one of one's keys."""
    revoke(key=get_object_or_404(ApiKey, owner_id=request.user.pk, prefix=prefix))
    return redirect("account")


def _shown(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    keys = ApiKey.objects.filter(owner_id=request.user.pk, revoked=False)
    keys = keys.select_related("replaced_by").order_by("name", "-created")
    rows = [key for key in keys[:KEYS_SHOWN] if not key.has_expired]
    context = {"keys": rows, "overlaps": OVERLAPS_H.items(), "overlap_h": OVERLAP_H, **more}
    return render(request, "chat/account.html", context, status=status)


def _hours(told: str) -> int:
    return int(told) if told.isdecimal() and len(told) < 5 else -1
