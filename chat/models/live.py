"""Live settings of chat as staff edit them: working copies of the values in `chat.core.policy`."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from alice_site.live_fields import (
    Lines,
    OnlyRow,
    RankedRow,
    numbers,
    real,
    whole,
    working_copy_of,
)
from chat.core import policy

FLAGS = {
    "recall_exact": _("Svara ur cachens tio nivåer på en fråga som ställts förut."),
    "recall_similar": _("Svara längs spiralen på en fråga som betyder samma sak som en tidigare."),
    "guests": _("Låt den som varken loggat in eller har en API-nyckel chatta."),
}
"""What may be switched off, and what it does while it is on."""

ENV_NAME = RegexValidator(
    r"\A[A-Z][A-Z0-9_]*\Z", _("Skriv namnet på en miljövariabel, till exempel OPENAI_API_KEY.")
)


def check_address(address: Any) -> None:
    """Refuse what is no http(s) address. A host without a dot is fine: containers have such."""
    try:
        parts = urlsplit(str(address))
        sound = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number, half an IPv6 address
        sound = False
    if not sound or any(sign.isspace() for sign in str(address)):
        raise ValidationError(_("Skriv en adress som börjar med http:// eller https://."))
    if parts.username or parts.password:
        raise ValidationError(_("Lösenord hör inte hemma i adressen: ange en miljövariabel."))


@working_copy_of(policy.Routing)
class RoutingSettings(OnlyRow):
    """Budgets of the three routes, and the model."""

    micro_budget_ms = numbers(
        _("tid för snabbsvar"),
        _("Första försöket, sedan omförsök med mer tid innan nästa väg tar vid."),
        "ms",
        1,
        1000,
        count=(1, 5),
    )
    plan_within_ms = whole(
        _("tid till planen"),
        _("Så länge får modellen fundera på vilka verktyg som behövs; sedan svarar den utan plan."),
        "ms",
        50,
        30_000,
    )
    tool_rounds = whole(
        _("verktygsrundor"),
        _("Så många gånger får modellen använda verktyg i en tur. Med 0 får den inga."),
        _("rundor"),
        0,
        13,
    )
    passages = numbers(
        _("underlag"),
        _("Så många färdiga svar får modellen se, fler bara när de första inte räcker."),
        _("stycken"),
        1,
        34,
        count=(1, 8),
    )
    first_token_s = numbers(
        _("väntan på första ordet"),
        _("Säg till, byt modellserver, korta frågan, ge upp."),
        "s",
        0.1,
        233,
        count=(4, 4),
        whole=False,
    )
    breaker_delays_s = numbers(
        _("vila för trasig modellserver"),
        _("Så länge lämnas servern i fred efter varje misslyckat försök."),
        "s",
        0.1,
        610,
        count=(1, 13),
        whole=False,
    )
    phi_balancer = models.BooleanField(
        _("fördela med φ"),
        help_text=_("Fördela turerna mellan modellservrarna efter vikt i stället för i ordning."),
    )
    phi_weights = numbers(
        _("vikter"),
        _("Första, andra och tredje modellserverns vikt när φ fördelar."),
        _("delar"),
        0,
        100,
        count=(3, 3),
        whole=False,
        rising=False,
    )
    training_mode = models.BooleanField(
        _("träningsläge"), help_text=_("Använd den lilla modellen i stället för den vanliga.")
    )
    model_production = models.CharField(
        _("modell"),
        max_length=100,
        help_text=_("Används av modellservrar som inte har någon egen modell."),
    )
    model_training = models.CharField(
        _("modell i träningsläge"),
        max_length=100,
        help_text=_("Används i stället för den vanliga när träningsläget är på."),
    )
    system_prompt = models.TextField(
        _("systemprompt"), max_length=8000, help_text=_("Det som modellen alltid får veta först.")
    )
    history_turns = whole(
        _("tidigare turer"),
        _("Så mycket av samtalet får modellen se."),
        _("turer"),
        0,
        89,
    )
    max_tokens = whole(
        _("längsta svar"),
        _("Så långt svar får man be en modell om."),
        _("token"),
        16,
        32_768,
    )

    class Meta(OnlyRow.Meta):
        verbose_name = verbose_name_plural = _("vägar och modell")


@working_copy_of(policy.Bounds)
class TurnBounds(OnlyRow):
    """How large and how slow a turn may be."""

    message_chars = whole(
        _("längsta meddelande"), _("Längre meddelanden avvisas."), _("tecken"), 100, 100_000
    )
    silence_s = real(
        _("längsta tystnad"),
        _("Så länge får det vara tyst mellan två händelser innan turen avbryts."),
        "s",
        2,
        610,
    )
    replay_h = real(
        _("minne för upprepade anrop"),
        _("Så länge ger samma Idempotency-Key samma svar igen."),
        _("timmar"),
        0.1,
        720,
    )
    recalled_words_per_s = real(
        _("takt för sparade svar"),
        _(
            "Så fort spelas ett svar ur cachen upp där det visas medan det skrivs. "
            "0 betyder direkt."
        ),
        _("ord i sekunden"),
        0,
        1000,
    )

    class Meta(OnlyRow.Meta):
        verbose_name = verbose_name_plural = _("gränser för en tur")


@working_copy_of(policy.Alerts)
class AlertSettings(OnlyRow):
    """When figures are worth a person's attention."""

    p95_warning_ms = whole(
        _("svarstid, varning"),
        _("95 av 100 turer ska vara klara inom den här tiden."),
        "ms",
        1,
        60_000,
    )
    p95_critical_ms = whole(_("svarstid, kritisk"), _("Högre än varningen."), "ms", 1, 60_000)
    hit_rate_warning = real(
        _("träffar i cachen, varning"),
        _("Lägsta andel frågor som cachen ska svara på."),
        _("andel"),
        0,
        1,
    )
    hit_rate_critical = real(
        _("träffar i cachen, kritisk"), _("Lägre än varningen."), _("andel"), 0, 1
    )
    errors_per_hour = numbers(
        _("fel"),
        _("Tre nivåer: notis, varning, kritisk."),
        _("fel i timmen"),
        1,
        100_000,
        count=(3, 3),
    )

    class Meta(OnlyRow.Meta):
        verbose_name = verbose_name_plural = _("larmgränser")


@working_copy_of(policy.Backend)
class Backend(RankedRow):
    """A model server; those with a lower rank are asked first."""

    name = models.SlugField(_("namn"), max_length=40, unique=True)
    kind = models.CharField(
        _("sort"),
        max_length=10,
        choices=(("ollama", "Ollama"), ("openai", _("OpenAI-kompatibel"))),
        help_text=_("Vilket språk servern talar."),
    )
    url = models.CharField(
        _("adress"),
        max_length=200,
        validators=[check_address],
        help_text=_("Till exempel http://127.0.0.1:11434 eller https://api.openai.com/v1."),
    )
    model = models.CharField(
        _("modell"),
        max_length=100,
        blank=True,
        help_text=_("Tomt: den modell som gäller för alla (Vägar och modell)."),
    )
    key_env = models.CharField(
        _("nyckelns miljövariabel"),
        max_length=100,
        blank=True,
        validators=[ENV_NAME],
        help_text=_("Namnet på miljövariabeln som har nyckeln. Själva nyckeln sparas aldrig här."),
    )
    enabled = models.BooleanField(_("på"))

    class Meta(RankedRow.Meta):
        verbose_name = _("modellserver")
        verbose_name_plural = _("modellservrar")

    def __str__(self) -> str:
        return self.name


@working_copy_of(policy.Answer)
class CuratedAnswer(RankedRow):
    """What Alice says to certain questions, in words that staff have chosen."""

    name = models.SlugField(_("namn"), max_length=60, unique=True, allow_unicode=True)
    questions = Lines(
        _("frågor"),
        help_text=_(
            "En fråga per rad, på svenska eller engelska. Versaler och ?! spelar ingen roll."
        ),
    )
    text_sv = models.TextField(_("svar på svenska"), max_length=8000, help_text=_("I Markdown."))
    text_en = models.TextField(
        _("svar på engelska"),
        max_length=8000,
        blank=True,
        help_text=_("I Markdown. Tomt: det svenska svaret ges också på engelska."),
    )

    class Meta(RankedRow.Meta):
        verbose_name = _("färdigt svar")
        verbose_name_plural = _("färdiga svar")

    def __str__(self) -> str:
        return self.name


class FeatureFlag(models.Model):
    """Something that may be switched off: an optional step, or guests."""

    name = models.CharField(_("namn"), max_length=40, unique=True)
    on = models.BooleanField(_("på"), default=True)

    class Meta:
        verbose_name = _("strömbrytare")
        verbose_name_plural = _("strömbrytare")
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name

    @property
    def what(self) -> str:
        """Say what it does while it is on."""
        return str(FLAGS.get(self.name, ""))
