"""What the live settings were, from when, and who set them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class _Kept(models.QuerySet["Revision"]):
    def update(self, **kwargs: Any) -> int:
        raise TypeError("a revision is never changed; publish a new one")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("a revision is never deleted")


class Revision(models.Model):
    """All live settings at one time. Written once by `chat.revisions`, never changed.

    The newest one is in force for everybody. Drafts and revisions for a share of the callers get
    a state of their own when they come; the rows here are then the ones in state "published".
    """

    number = models.PositiveIntegerField(_("nummer"), primary_key=True)
    snapshot = models.JSONField(_("inställningar"))  # a `Policy` as plain values
    origins = models.JSONField(_("ursprung"), default=dict)  # path -> revision or variable
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("av"),
    )
    note = models.TextField(_("anteckning"), blank=True)
    created = models.DateTimeField(_("publicerad"), default=timezone.now)

    objects = _Kept.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisioner")
        ordering = ("-number",)

    def __str__(self) -> str:
        return f"Revision {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a new revision.

        Raises:
            TypeError: the revision is saved already, and a saved one is never changed.
        """
        if not self._state.adding:
            raise TypeError("a revision is never changed; publish a new one")
        super().save(*args, **kwargs | {"force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: what was in force once stays on record.

        Raises:
            TypeError: always.
        """
        raise TypeError("a revision is never deleted")
