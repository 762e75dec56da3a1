"""The cache's live settings as staff edit them: working copies of the values in `fibcache.core`."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alice_site.live_fields import OnlyRow, RankedRow, numbers, real, whole, working_copy_of

from .core import spiral, tiers
from .core.fib import next_fibonacci


def check_fibonacci(number: Any) -> None:
    """Refuse what is no Fibonacci number."""
    if next_fibonacci(number) != number:
        raise ValidationError(
            _("Ange ett fibonaccital, till exempel %(next)d."),
            params={"next": next_fibonacci(number)},
        )


@working_copy_of(tiers.Tier)
class CacheTier(RankedRow):
    """One of L1..L10."""

    name = models.CharField(_("nivå"), max_length=3, unique=True)
    ttl_h = real(
        _("livslängd i timmar"),
        _("Så länge lever ett svar på nivån; tiden börjar om när det stiger."),
        _("timmar"),
        0.01,
        8760,
    )
    hits_to_enter = whole(
        _("träffar för att nå hit"),
        _("Så många gånger ska svaret ha använts. L1 börjar på 0."),
        _("träffar"),
        0,
        1_000_000,
    )

    class Meta(RankedRow.Meta):
        verbose_name = _("cachenivå")
        verbose_name_plural = _("cachenivåer")

    def __str__(self) -> str:
        return self.name


@working_copy_of(spiral.Spiral)
class SpiralSettings(OnlyRow):
    """How questions that mean the same are found."""

    points = whole(
        _("punkter"),
        _("Celler i spiralen från början, ett fibonaccital. De blir fler när svaren blir fler."),
        _("celler"),
        13,
        987,
        check_fibonacci,
    )
    dimensions = whole(
        _("dimensioner"),
        _("Tal i varje vektor. Följer av hur vektorerna görs och kan inte ändras här."),
        _("tal"),
        512,
        512,
    )
    similar_at_least = real(
        _("minsta likhet"),
        _("Kalibrerat mått på att två frågor betyder samma sak. Lägre ger fler svar och fler fel."),
        _("andel"),
        0.3,
        1,
    )
    false_hits_at_most = real(
        _("felbudget"),
        _("Så stor andel av svaren längs spiralen får vara fel. 0,005 är högst 1 fel på 200."),
        _("andel"),
        0.0001,
        0.5,
    )
    confidence = real(
        _("säkerhet"),
        _("Så säkert ska det vara att felen ryms i budgeten. Högre kräver fler kontroller."),
        _("andel"),
        0.5,
        0.999,
    )
    calibration = models.JSONField(
        _("kalibrering"),
        null=True,
        editable=False,
        help_text=_("Skalan för likhet. Tomt: den som följer med Alice."),
    )
    probes = numbers(
        _("celler att öppna"),
        _("Så många av de närmaste cellerna genomsöks, steg för steg."),
        _("celler"),
        1,
        89,
        count=(1, 10),
    )

    class Meta(OnlyRow.Meta):
        verbose_name = verbose_name_plural = _("spiralen")


class QuarantinedPair(models.Model):
    """Two questions that must not share an answer: a person said that one was wrong.

    One row for each turn in which somebody did. The digests are `core.matching.digest_of`. The
    questions are masked, and empty where they were asked in the midst of a conversation.
    """

    tenant = models.CharField(_("organisation"), max_length=50)  # its slug
    low = models.CharField(max_length=32)  # digests, the lesser one first
    high = models.CharField(max_length=32)
    asked = models.TextField(_("ställd fråga"), blank=True)
    remembered = models.TextField(_("fråga i cachen"), blank=True)
    score = models.FloatField(_("likhet"))
    turn_id = models.UUIDField(_("tur"), unique=True)
    created = models.DateTimeField(_("sedan"), default=timezone.now)

    class Meta:
        default_permissions = ("view", "delete")
        verbose_name = _("par i karantän")
        verbose_name_plural = _("karantän")
        ordering = ("-created", "-id")
        indexes = (models.Index(fields=("tenant", "low", "high"), name="quarantined_pair"),)

    def __str__(self) -> str:
        return str(self.turn_id)  # not the questions: it is written in logs


class CacheEntry(models.Model):
    """What permissions and the log call an entry. Entries are in the store, never in this table."""

    class Meta:
        managed = False
        default_permissions = ("view", "delete")
        verbose_name = _("svar i cachen")
        verbose_name_plural = _("Cachen")
