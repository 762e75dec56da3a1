"""Guardian's live settings as staff edit them: working copies of the values in `guardian.core`."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from alice_site.live_fields import RankedRow, Several, whole, working_copy_of

from .core import limits, rules

ROLES = (
    ("guest", _("gäst")),
    ("member", _("användare")),
    ("staff", _("driftansvarig")),
    ("program", _("program")),
)


def check_pattern(pattern: Any) -> None:
    """Refuse what RE2 can't read, and what would match everything."""
    if trouble := rules.check_pattern(str(pattern), (get_language() or "sv")[:2]):
        raise ValidationError(trouble)


@working_copy_of(rules.Rule)
class PolicyRule(RankedRow):
    """What a message may not say, and who must not say it."""

    name = models.SlugField(_("namn"), max_length=60, unique=True, allow_unicode=True)
    pattern = models.TextField(
        _("mönster"),
        max_length=rules.PATTERN_CHARS,
        validators=[check_pattern],
        help_text=_(
            "Ett reguljärt uttryck (RE2) som söks i meddelandet sedan personuppgifter maskerats. "
            "Versaler spelar ingen roll."
        ),
    )
    action = models.CharField(
        _("åtgärd"),
        max_length=10,
        choices=(("refuse", _("avvisa")), ("flag", _("flagga"))),
        help_text=_("Att flagga märker turen i loggen men låter den gå vidare."),
    )
    sentence_sv = models.CharField(
        _("besked på svenska"),
        max_length=300,
        blank=True,
        help_text=_("Vad den som avvisas får läsa. Tomt: en allmän mening."),
    )
    sentence_en = models.CharField(_("besked på engelska"), max_length=300, blank=True)
    roles = Several(
        _("gäller för"), of=ROLES, blank=True, help_text=_("Ingen ikryssad: regeln gäller alla.")
    )

    class Meta(RankedRow.Meta):
        verbose_name = _("regel")
        verbose_name_plural = _("regler")

    def __str__(self) -> str:
        return self.name


@working_copy_of(rules.Gate)
class ToolGate(RankedRow):
    """Who may use a tool."""

    tool = models.SlugField(
        _("verktyg"),
        max_length=60,
        unique=True,
        help_text=_("Verktygets namn. Ett verktyg utan rad här får ingen använda."),
    )
    roles = Several(
        _("får användas av"), of=ROLES, blank=True, help_text=_("Ingen ikryssad: ingen får.")
    )
    enabled = models.BooleanField(_("på"))

    class Meta(RankedRow.Meta):
        verbose_name = _("verktygsgrind")
        verbose_name_plural = _("verktygsgrindar")

    def __str__(self) -> str:
        return self.tool


@working_copy_of(limits.Limit)
class RateLimit(RankedRow):
    """How fast the callers of one role may ask."""

    role = models.CharField(_("roll"), max_length=20, unique=True, choices=ROLES)
    turns_per_minute = whole(
        _("turer i minuten"), _("Så fort får var och en fråga i längden."), _("turer"), 1, 100_000
    )
    burst = whole(_("turer på en gång"), _("Så många får komma på en gång."), _("turer"), 1, 10_000)

    class Meta(RankedRow.Meta):
        verbose_name = _("taktgräns")
        verbose_name_plural = _("taktgränser")

    def __str__(self) -> str:
        return str(dict(ROLES).get(self.role, self.role))
