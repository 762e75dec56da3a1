"""How reading in the other process goes, as staff are told."""

from asgiref.sync import async_to_sync
from django.utils.translation import gettext as _

from .remote import RemoteReader


def told(remote: RemoteReader | None) -> str:
    """Tell who reads the messages, as the breaker stands with all workers."""
    if remote is None:
        return _("I den här processen. NLU_URL flyttar läsningen till en annan.")
    async_to_sync(remote.breaker.look)()
    figures = {"url": remote.url, "there": remote.read_there, "here": remote.read_here}
    if remote.breaker.state == "closed":
        how = _("%(url)s läser meddelandena.") % figures
    elif remote.breaker.state == "probing":
        how = _("%(url)s prövas just nu; under tiden läser den här processen.") % figures
    else:
        wait_s = max(1, round(remote.breaker.retry_in_s))
        how = _("%(url)s svarar inte; nästa försök om %(wait)s s. Den här processen läser.") % {
            **figures,
            "wait": wait_s,
        }
    count = _("Sedan processen startade: %(there)s lästa där, %(here)s här.") % figures
    return f"{how} {count}"
