"""From a key, a user or a guest to the `Caller` that the pipeline knows."""

from contextlib import suppress

from django.db import DatabaseError
from django.utils import timezone
from django.utils.crypto import salted_hmac

from chat.core.errors import BadKey
from chat.core.turn import Caller
from chat.models import ApiKey, User
from chat.models.accounts import HOME


def caller_for_key(*, key: str) -> Caller:
    """Name the caller whose API key this is.

    A key of staff who are staff no more loses its staff scope, and keeps the others.

    Raises:
        BadKey: unknown, expired or revoked, or its owner may no longer sign in.
    """
    try:
        found = ApiKey.objects.get_from_key(key)
    except (ApiKey.DoesNotExist, UnicodeEncodeError):
        raise BadKey() from None
    if found.has_expired or not found.owner.is_active:
        raise BadKey()
    _note_use(found)
    return key_caller(key=found)


def key_caller(*, key: ApiKey) -> Caller:
    """Name the program that has this key."""
    scopes = frozenset(key.scopes)
    return Caller(
        tenant=key.owner.tenant_id,
        person=f"key:{key.mark}",
        role="program",
        scopes=scopes if key.owner.is_staff else scopes - {"staff"},
        user_id=key.owner_id,
    )


def caller_for_user(*, user: User) -> Caller:
    """Name the caller who is signed in."""
    scopes = {"chat", "documents", "staff"} if user.is_staff else {"chat", "documents"}
    return Caller(
        tenant=user.tenant_id,
        person=f"user:{user.pk}",
        role="staff" if user.is_staff else "member",
        scopes=frozenset(scopes),
        user_id=user.pk,
    )


def caller_for_guest(*, mark: str) -> Caller:
    """Name a caller who is not signed in.

    Args:
        mark: what tells this guest from others: a browser's session key, or an address. It can't
            be read back from the caller.
    """
    digest = salted_hmac("chat.guest", mark, algorithm="sha256").hexdigest()[:32]
    return Caller(tenant=HOME, person=f"guest:{digest}", role="guest", scopes=frozenset({"chat"}))


def sees_all_tenants(*, caller: Caller) -> bool:
    """Tell whether a caller's own user is an administrator; staff see their own tenant only."""
    return User.objects.filter(pk=caller.user_id, is_superuser=True, is_active=True).exists()


def _note_use(key: ApiKey) -> None:
    """Note the day, and only once a day: a key in use must not cost a write per turn."""
    today = timezone.localdate()
    if key.last_used != today:
        with suppress(DatabaseError):  # a key is good though nothing can be written just now
            ApiKey.objects.filter(pk=key.pk).update(last_used=today)
