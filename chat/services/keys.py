"""Changing an API key for a new one without a break, and revoking it."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chat.models import ApiKey

OVERLAPS_H = {
    0: gettext_lazy("genast"),
    1: gettext_lazy("om en timme"),
    24: gettext_lazy("om ett dygn"),
    168: gettext_lazy("om en vecka"),
}
"""How long the old key may go on beside the new one."""

OVERLAP_H = 24


@transaction.atomic
def rotate(*, key: ApiKey, overlap_h: int = OVERLAP_H) -> tuple[ApiKey, str]:
    """Make a key that takes over after `key`, which goes on for `overlap_h` hours.

    The new key has the same owner, name, scopes and last day, and is the same caller: the
    conversations, limits and answers of the old one are its own.

    Returns:
        The new key, and the whole of it: it can't be read again.

    Raises:
        ValidationError: the key has ended, or another has already taken over after it.
    """
    if overlap_h not in OVERLAPS_H:
        raise ValidationError(_("Välj när den gamla nyckeln ska sluta gälla."))
    key = ApiKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked or key.has_expired:
        raise ValidationError(_("Nyckeln gäller inte längre. Be om en ny."))
    if ApiKey.objects.filter(replaces=key).exists():
        raise ValidationError(_("Nyckeln är redan utbytt."))
    new, secret = ApiKey.objects.create_key(
        name=key.name,
        owner_id=key.owner_id,
        scopes=key.scopes,
        expiry_date=key.expiry_date,
        line=key.mark,
        replaces=key,
    )
    ends = timezone.now() + timedelta(hours=overlap_h)
    key.expiry_date = ends if key.expiry_date is None else min(ends, key.expiry_date)
    key.save(update_fields=["expiry_date"])
    return new, secret


def revoke(*, key: ApiKey) -> bool:
    """End a key within a second, for good. Tells whether it was still to be ended."""
    if key.revoked:
        return False
    key.revoked = True
    key.save(update_fields=["revoked"])
    return True
