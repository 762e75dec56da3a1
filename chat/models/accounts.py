"""Who may use Alice: organisations, people and programs' keys."""

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework_api_key.crypto import KeyGenerator
from rest_framework_api_key.models import AbstractAPIKey, BaseAPIKeyManager

HOME = "alice"
"""The tenant of guests, and of everyone nobody has placed elsewhere. Every database has it."""

KEY_MARK = "alice_"
"""Begins every key, so that people and secret scanners know one when they see it."""

SCOPES = {"chat": _("chatta"), "documents": _("dokument"), "staff": _("drift")}


def first_scopes() -> list[str]:
    """Give the scopes of a key that nobody has chosen scopes for."""
    return ["chat"]


class Tenant(models.Model):
    """An organisation; every user and key has one, and no answer crosses from one to another."""

    slug = models.SlugField(
        _("kortnamn"),
        primary_key=True,
        help_text=_("Små bokstäver, siffror och bindestreck. Kan inte ändras i efterhand."),
    )
    name = models.CharField(_("namn"), max_length=100)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisationer")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who signs in."""

    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, default=HOME, verbose_name=_("organisation")
    )

    class Meta(AbstractUser.Meta):
        verbose_name = _("användare")
        verbose_name_plural = _("användare")


class AliceKeyGenerator(KeyGenerator):
    """Keys that read `alice_PREFIX.SECRET`; the hash is of the whole key."""

    def generate(self) -> tuple[str, str, str]:
        prefix, secret = self.get_prefix(), self.get_secret_key()
        key = f"{KEY_MARK}{prefix}.{secret}"
        return key, prefix, self.hash(key)


class ApiKeyManager(BaseAPIKeyManager):
    key_generator = AliceKeyGenerator()

    def get_from_key(self, key: str) -> "ApiKey":
        """Find the key that `key` is the whole of.

        Raises:
            ApiKey.DoesNotExist: unknown, revoked, or the secret is another.
        """
        prefix = key.removeprefix(KEY_MARK).partition(".")[0]
        found = self.get_usable_keys().select_related("owner").get(prefix=prefix)
        if not found.is_valid(key):
            raise self.model.DoesNotExist("The secret is another.")
        return found


class ApiKey(AbstractAPIKey):
    """A program's way in: hashed, shown once, known by its prefix."""

    name = models.CharField(
        _("namn"), max_length=50, help_text=_("Vad nyckeln används till, så att du minns det.")
    )
    created = models.DateTimeField(_("skapad"), auto_now_add=True, db_index=True)
    owner = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="api_keys", verbose_name=_("ägare")
    )
    scopes = models.JSONField(_("omfattning"), default=first_scopes)
    revoked = models.BooleanField(
        _("återkallad"),
        default=False,
        help_text=_("Nyckeln slutar gälla inom en sekund. Det går inte att ångra."),
    )
    expiry_date = models.DateTimeField(
        _("gäller till"), null=True, blank=True, help_text=_("Tomt: tills nyckeln återkallas.")
    )
    last_used = models.DateField(_("senast använd"), null=True, editable=False)
    line = models.CharField(max_length=8, default="", editable=False)  # the first key's prefix
    replaces = models.OneToOneField(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="replaced_by",
        verbose_name=_("ersätter"),
    )

    objects = ApiKeyManager()

    class Meta(AbstractAPIKey.Meta):
        abstract = False
        verbose_name = _("API-nyckel")
        verbose_name_plural = _("API-nycklar")

    @property
    def mark(self) -> str:
        """What tells its caller from others: the prefix of the first key that it took over from."""
        return self.line or self.prefix

    @property
    def visible(self) -> str:
        """The part of the key that may be shown again."""
        return f"{KEY_MARK}{self.prefix}"

    def clean(self) -> None:
        super().clean()
        if not self._state.adding:  # a key's scopes stay; its owner may be staff no more
            return
        if not self.scopes or not set(self.scopes) <= set(SCOPES):
            raise ValidationError({"scopes": _("Välj minst en av chatta, dokument och drift.")})
        owner = User.objects.filter(pk=self.owner_id).first()
        if "staff" in self.scopes and owner is not None and not owner.is_staff:
            raise ValidationError({"scopes": _("Bara en driftansvarigs nyckel kan gälla drift.")})
