"""The cache's live settings as staff edit them: working copies of the values in `fibcache.core`."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alice_site.live_fields import OnlyRow, RankedRow, numbers, real, whole, working_copy_of

from .core import budget, spiral, tiers
from .core.fib import next_fibonacci

PER_MINUTE = 34
"""Questions that a warm-up asks the back-end in a minute, unless somebody says otherwise."""

PER_MINUTE_AT_MOST = 987


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
    shadow_share = real(
        _("kontroller"),
        _("På så stor andel av svaren längs spiralen frågas modellen ändå, efteråt, som kontroll."),
        _("andel"),
        0,
        1,
    )
    checks_per_minute = whole(
        _("kontroller i minuten"),
        _("Så många kontroller får varje process göra i minuten."),
        _("kontroller"),
        0,
        987,
    )
    checks_at_once = whole(
        _("kontroller samtidigt"),
        _("Så många kontroller får varje process ha på gång på en gång."),
        _("kontroller"),
        1,
        34,
    )
    evidence_days = whole(
        _("minne för utfall"),
        _("Så länge räknas kontroller och tummar när felbudgeten följs upp."),
        _("dagar"),
        1,
        377,
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


class HitOutcome(models.Model):
    """What became known of one similar hit: was the answer right? Holds no words.

    Never changed: who thinks anew has a new row, so that other processes see that there is news.
    """

    tenant = models.CharField(_("organisation"), max_length=50)  # its slug
    entry = models.CharField(_("svar"), max_length=64)  # key
    score = models.FloatField(_("likhet"))
    right = models.BooleanField(_("rätt"))
    source = models.CharField(
        _("källa"),
        max_length=5,
        choices=((budget.CHECK, _("kontroll")), (budget.THUMB, _("tumme"))),
    )
    given = models.BooleanField(_("gavs"), default=True)
    turn_id = models.UUIDField(_("tur"))
    created = models.DateTimeField(_("när"), default=timezone.now, db_index=True)

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("utfall av träff")
        verbose_name_plural = _("utfall av träffar")
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("turn_id", "source"), name="one_outcome_of_a_turn"),
        )

    def __str__(self) -> str:
        return str(self.turn_id)


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


class WarmUp(models.Model):
    """Questions that are asked beforehand, in the background, and how far that has come."""

    class Source(models.TextChoices):
        FILE = "file", _("en fil")
        ASKED = "asked", _("de mest ställda frågorna")

    class State(models.TextChoices):
        WAITING = "waiting", _("väntar")
        RUNNING = "running", _("pågår")
        DONE = "done", _("klar")
        CANCELLED = "cancelled", _("avbruten")

    source = models.CharField(_("frågor från"), max_length=10, choices=Source)
    name = models.CharField(_("fil"), max_length=100, blank=True)
    tenant = models.CharField(_("organisation"), max_length=50)  # its slug
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, verbose_name=_("av")
    )
    per_minute = models.PositiveSmallIntegerField(
        _("frågor per minut"),
        default=PER_MINUTE,
        validators=(MinValueValidator(1), MaxValueValidator(PER_MINUTE_AT_MOST)),
        help_text=_("Så många frågor får språkmodellen i minuten, 1–987. Enhet: frågor."),
    )
    questions = models.JSONField(default=list)  # text, language, line and tier of each
    total = models.PositiveIntegerField(_("frågor"), default=0)
    position = models.PositiveIntegerField(_("avklarade"), default=0)
    stored = models.PositiveIntegerField(_("sparade"), default=0)
    already = models.PositiveIntegerField(_("fanns redan"), default=0)
    unkept = models.PositiveIntegerField(_("får inte sparas"), default=0)
    failed = models.PositiveIntegerField(_("misslyckade"), default=0)
    problems = models.JSONField(default=list)  # line and error code, the first ones
    state = models.CharField(
        _("läge"), max_length=10, choices=State, default=State.WAITING, db_index=True
    )
    holder = models.CharField(max_length=200, blank=True)  # process that is asking
    held_until = models.DateTimeField(null=True)
    created = models.DateTimeField(_("begärd"), default=timezone.now)
    finished = models.DateTimeField(_("klar"), null=True)

    class Meta:
        default_permissions = ("view", "add", "change")
        verbose_name = _("uppvärmning")
        verbose_name_plural = _("uppvärmning")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name or str(self.get_source_display())
