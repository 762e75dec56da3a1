"""Language understanding as staff edit it: live settings, examples, and what was learnt of them."""

from typing import Any

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from alice_site.live_fields import OnlyRow, real, working_copy_of

from .core import settings
from .core.language import language_of
from .core.text import normal
from .core.traits import traits

EXAMPLE_CHARS = 377  # longest example
EXAMPLES_AT_MOST = 2584  # in all; learning from so many takes about a minute
VERSION_CHARS = 12

LANGUAGES = (("sv", _("svenska")), ("en", _("engelska")))


@working_copy_of(settings.Understanding)
class NluSettings(OnlyRow):
    """When Alice trusts her own reading of a message, and what she has been taught."""

    sure_at_least = real(
        _("säker från"),
        _(
            "Så säker ska tolkningen vara för ett färdigt svar eller ett verktyg; "
            "annars får modellen svara."
        ),
        _("andel"),
        0.1,
        1,
    )
    lesson = models.CharField(
        _("lärdom"),
        max_length=VERSION_CHARS,
        blank=True,
        validators=[RegexValidator(r"^[0-9a-f]{12}\Z")],
        help_text=_("Vad Alice har lärt sig av era exempel. Tomt: inget utöver vad hon kom med."),
    )

    class Meta(OnlyRow.Meta):
        verbose_name = verbose_name_plural = _("språkförståelse")


class IntentExample(models.Model):
    """A sentence that staff have written, and what it asks for. Alice learns from it when asked."""

    text = models.CharField(
        _("mening"),
        max_length=EXAMPLE_CHARS,
        help_text=_("Som någon skulle skriva den till Alice, högst %d tecken.") % EXAMPLE_CHARS,
    )
    language = models.CharField(_("språk"), max_length=2, choices=LANGUAGES, default="sv")
    intent = models.CharField(_("avsikt"), max_length=50, db_index=True)
    key = models.CharField(max_length=EXAMPLE_CHARS, editable=False)  # the words alone
    by = models.ForeignKey(
        django_settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("av"),
    )
    created = models.DateTimeField(_("skriven"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("exempelmening")
        verbose_name_plural = _("exempelmeningar")
        ordering = ("intent", "text")
        constraints = (
            models.UniqueConstraint(fields=("language", "key"), name="one_intent_of_an_example"),
        )

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Refuse what could not be learnt.

        Raises:
            ValidationError: by field, with the codes "no_words", "unknown_intent",
                "other_language", "known" and "too_many".
        """
        self.text = " ".join(self.text.split())
        self.key = normal(self.text)[:EXAMPLE_CHARS]
        wrong: dict[str, Any] = {}
        if not any(sign.isalnum() for sign in self.key):
            wrong["text"] = ValidationError(_now("Skriv en mening med ord."), "no_words")
        elif (heard := _read_as(self.text, self.language)) != self.language:
            said = _now("Alice läser det här som %s: välj det språket, eller skriv om meningen.")
            wrong["language"] = ValidationError(said % dict(LANGUAGES)[heard], "other_language")
        if self.intent not in traits():
            said = _now("Det finns ingen avsikt som heter ”%s”.") % self.intent
            wrong["intent"] = ValidationError(said, "unknown_intent")
        others = IntentExample.objects.exclude(pk=self.pk)
        same = others.filter(language=self.language, key=self.key).first()
        if same is not None and "text" not in wrong:
            said = _now("Meningen finns redan, som exempel på %s.") % same.intent
            wrong["text"] = ValidationError(said, "known")
        if wrong:
            raise ValidationError(wrong)
        if self._state.adding and others.count() >= EXAMPLES_AT_MOST:
            said = _now("Det finns redan %d exempel, och fler får inte plats.") % EXAMPLES_AT_MOST
            raise ValidationError(said, "too_many")


class IntentLesson(models.Model):
    """One time of learning from the examples: asked for, under way, tried, and kept or not."""

    class State(models.TextChoices):
        WAITING = "waiting", _("väntar")
        RUNNING = "running", _("pågår")
        READY = "ready", _("att ta ställning till")
        KEPT = "kept", _("behållen")
        DISCARDED = "discarded", _("kastad")
        FAILED = "failed", _("misslyckades")

    state = models.CharField(
        _("läge"), max_length=10, choices=State, default=State.WAITING, db_index=True
    )
    done = models.FloatField(_("framsteg"), default=0.0)  # share, 0..1
    examples = models.PositiveIntegerField(_("exempel"), default=0)
    version = models.CharField(_("version"), max_length=VERSION_CHARS, blank=True, db_index=True)
    packed = models.BinaryField(default=b"")  # `nlu.core.lessons.Lesson` by language
    report = models.JSONField(default=dict)  # `nlu.reports`
    problem = models.CharField(_("fel"), max_length=200, blank=True)
    by = models.ForeignKey(
        django_settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("av"),
    )
    created = models.DateTimeField(_("begärd"), default=timezone.now)
    finished = models.DateTimeField(_("klar"), null=True)
    holder = models.CharField(max_length=200, blank=True)  # process that is learning
    held_until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ("view", "add", "change")
        verbose_name = _("lärdom")
        verbose_name_plural = _("lärdomar")
        ordering = ("-id",)

    def __str__(self) -> str:
        return _now("Lärdom %d") % self.pk


class TriedSentence(models.Model):
    """What permissions and the menu call the page where staff try a sentence; it has no table."""

    class Meta:
        managed = False
        default_permissions = ("view",)
        verbose_name = verbose_name_plural = _("Pröva en mening")


def _read_as(text: str, language: str) -> str:
    """Tell which language's model reads a text, said by somebody who speaks `language`."""
    heard = language_of(text, language).language
    return heard if heard in dict(LANGUAGES) else "sv"
