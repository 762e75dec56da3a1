"""Who may use Alice."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.models import AbstractAPIKey


class Tenant(models.Model):
    """An organisation; every user and key belongs to one, and no answer crosses from one to another."""

    slug = models.SlugField(_("kortnamn"), unique=True)
    name = models.CharField(_("namn"), max_length=100)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisationer")

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who signs in."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, verbose_name=_("organisation"))

    class Meta(AbstractUser.Meta):
        verbose_name = _("användare")
        verbose_name_plural = _("användare")


class ApiKey(AbstractAPIKey):
    """A program's way in: hashed, shown once, known by its prefix."""

    owner = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="api_keys", verbose_name=_("ägare")
    )
    scopes = models.JSONField(_("omfattning"), default=list)  # of chat, documents, staff
