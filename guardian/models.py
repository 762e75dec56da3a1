"""Guardian's live settings as staff edit them: working copies of the values in `guardian.core`."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from alice_site.live_fields import (
    Lines,
    OnlyRow,
    RankedRow,
    Several,
    numbers,
    real,
    whole,
    working_copy_of,
)

from .core import gates, leaks, limits, patterns, rule_tests, rules, state

SHARED = (
    ("owner", _("alla nycklar hos en ägare")),
    ("tenant", _("organisation")),
    ("address", _("adress")),
)
"""Those whose budget many callers share, beside the roles."""

ROLES = (
    ("guest", _("gäst")),
    ("member", _("användare")),
    ("staff", _("driftansvarig")),
    ("program", _("program")),
)


SOURCES = (
    ("user", _("den som skriver")),
    ("document", _("ett dokument")),
    ("tool", _("ett verktyg")),
)
CHANNELS = (
    ("web", _("chattsidan")),
    ("api", _("API")),
    ("openai", _("OpenAI-dörren")),
    ("shell", _("kommandoraden")),
    ("warm", _("uppvärmning")),
)
ACTIONS = (
    ("refuse", _("avvisa")),
    ("allow", _("släpp förbi")),
    ("mask", _("maskera")),
    ("flag", _("flagga")),
    ("confirm", _("fråga först")),
    ("cache_only", _("bara sparade svar")),
)
STATES = (
    ("normal", _("normalt")),
    ("brownout", _("ansträngt")),
    ("emergency", _("nödläge")),
    ("lockdown", _("stängt")),
)
CONDITIONS = (
    ("roles", _("roll")),
    ("tenants", _("organisation")),
    ("channels", _("kanal")),
    ("sources", _("källa")),
    ("length", _("längd")),
    ("words", _("ordlista")),
    ("pattern", _("mönster")),
    ("languages", _("språk")),
    ("intents", _("avsikt")),
    ("score", _("klassificerare")),
)


def check_pattern(pattern: Any) -> None:
    """Refuse what RE2 can't read, and what would match everything."""
    if trouble := patterns.check_pattern(str(pattern), (get_language() or "sv")[:2]):
        raise ValidationError(trouble)


@working_copy_of(rules.Rule)
class PolicyRule(RankedRow):
    """What must hold of a message, and what follows."""

    name = models.SlugField(_("namn"), max_length=60, unique=True, allow_unicode=True)
    enabled = models.BooleanField(_("på"))
    action = models.CharField(
        _("åtgärd"),
        max_length=10,
        choices=ACTIONS,
        help_text=_(
            "Den första regel som avvisar eller släpper förbi har sista ordet. Det som maskeras, "
            "flaggas, frågas om eller bara får sparade svar läggs ihop fram till dess. Att fråga "
            "först går bara genom API:t; på sidan avvisas meddelandet."
        ),
    )
    reason = models.CharField(
        _("skäl"),
        max_length=300,
        blank=True,
        help_text=_("Varför regeln finns. Sägs med svaret (why.rules) till den som regeln gäller."),
    )
    sentence_sv = models.CharField(
        _("besked på svenska"),
        max_length=300,
        blank=True,
        help_text=_("Vad den som avvisas eller frågas får läsa. Tomt: en allmän mening."),
    )
    sentence_en = models.CharField(_("besked på engelska"), max_length=300, blank=True)
    words = Lines(
        _("ordlista"),
        blank=True,
        help_text=_(
            "Hela ord eller fraser, ett per rad. ”bomb*” står för alla ord som börjar så. "
            "Söks sedan personuppgifter maskerats; versaler spelar ingen roll."
        ),
    )
    pattern = models.TextField(
        _("mönster"),
        max_length=patterns.PATTERN_CHARS,
        blank=True,
        validators=[check_pattern],
        help_text=_(
            "Ett reguljärt uttryck (RE2) som söks i meddelandet sedan personuppgifter maskerats. "
            "Versaler spelar ingen roll."
        ),
    )
    roles = Several(_("roller"), of=ROLES, blank=True, help_text=_("Ingen ikryssad: alla."))
    tenants = Lines(
        _("organisationer"),
        blank=True,
        help_text=_("Organisationernas kortnamn, ett per rad. Tomt: alla."),
    )
    channels = Several(_("kanaler"), of=CHANNELS, blank=True, help_text=_("Ingen ikryssad: alla."))
    sources = Several(
        _("källor"),
        of=SOURCES,
        blank=True,
        help_text=_("Varifrån texten kommer. Ingen ikryssad: alla."),
    )
    languages = Lines(
        _("språk"),
        blank=True,
        help_text=_("Meddelandets språk, en kod per rad: sv, en … Tomt: alla."),
    )
    intents = Lines(
        _("avsikter"),
        blank=True,
        help_text=_(
            "Vad meddelandet frågar efter, en per rad: ett verktyg (calculator), answer för ett "
            "färdigt svar, open, eller en avsikt som Alice lärt sig. Tomt: alla."
        ),
    )
    length_at_least = whole(
        _("längd minst"),
        _("Så långt ska meddelandet vara; 0 är inget villkor."),
        _("tecken"),
        0,
        100_000,
    )
    score = models.CharField(_("klassificerare"), max_length=40, blank=True)
    score_at_least = real(
        _("poäng minst"), _("Så högt ska klassificeraren sätta."), _("poäng"), 0, 1
    )
    unless = Several(
        _("vänds på"),
        of=CONDITIONS,
        blank=True,
        help_text=_("Ikryssade villkor ska i stället inte vara uppfyllda."),
    )

    class Meta(RankedRow.Meta):
        verbose_name = _("regel")
        verbose_name_plural = _("regler")

    def __str__(self) -> str:
        return self.name


@working_copy_of(rule_tests.RuleTest)
class RuleTest(RankedRow):
    """What the rules must say of a text. Nothing is published that fails a test."""

    name = models.SlugField(_("namn"), max_length=60, unique=True, allow_unicode=True)
    enabled = models.BooleanField(
        _("på"), help_text=_("Ett prov som är av hindrar ingen publicering.")
    )
    text = models.TextField(
        _("text"),
        max_length=rule_tests.TEXT_CHARS,
        help_text=_("Som någon skulle skriva den. Skriv inga riktiga personuppgifter."),
    )
    expected = models.CharField(
        _("väntat"),
        max_length=10,
        choices=(*ACTIONS, (rule_tests.NOTHING, _("ingen regel"))),
        help_text=_("Vad som ska bli följden."),
    )
    rule = models.CharField(
        _("av regeln"),
        max_length=60,
        blank=True,
        help_text=_("Regelns namn. Tomt: vilken regel som helst."),
    )
    role = models.CharField(_("roll"), max_length=20, choices=ROLES)
    tenant = models.CharField(_("organisation"), max_length=60, blank=True)
    channel = models.CharField(_("kanal"), max_length=20, choices=CHANNELS)
    source = models.CharField(_("källa"), max_length=20, choices=SOURCES)
    language = models.CharField(_("språk"), max_length=8)
    intent = models.CharField(_("avsikt"), max_length=60, blank=True)

    class Meta(RankedRow.Meta):
        verbose_name = _("regelprov")
        verbose_name_plural = _("regelprov")

    def __str__(self) -> str:
        return self.name


@working_copy_of(gates.Gate)
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


class Limited(RankedRow):
    """The five numbers of a limit. 0 sets none."""

    turns_per_minute = whole(
        _("turer i minuten"),
        _("Så många frågor i minuten i längden. 0: ingen gräns."),
        _("turer"),
        0,
        6_000_000,
    )
    burst = whole(
        _("turer på en gång"),
        _("Så många frågor får komma i en enda följd efter en lugn stund."),
        _("turer"),
        1,
        1_000_000,
    )
    tokens_per_minute = whole(
        _("token i minuten"),
        _("Så mycket får språkmodellen läsa och skriva på en minut. 0: ingen gräns."),
        _("token"),
        0,
        100_000_000,
    )
    tokens_per_day = whole(
        _("token om dagen"),
        _("Detsamma från midnatt till midnatt. 0: ingen gräns."),
        _("token"),
        0,
        2_000_000_000,
    )
    at_once = whole(
        _("svar samtidigt"),
        _("Så många svar får språkmodellen arbeta på samtidigt. 0: ingen gräns."),
        _("svar"),
        0,
        10_000,
    )

    class Meta(RankedRow.Meta):
        abstract = True


@working_copy_of(limits.Limit)
class RateLimit(Limited):
    """What the callers of one role may use, or those who share a budget."""

    role = models.CharField(_("för"), max_length=20, unique=True, choices=(*ROLES, *SHARED))

    class Meta(Limited.Meta):
        verbose_name = _("gräns")
        verbose_name_plural = _("gränser")

    def __str__(self) -> str:
        return str(dict((*ROLES, *SHARED)).get(self.role, self.role))


@working_copy_of(limits.OwnLimit)
class OwnLimit(Limited):
    """What one holder may use instead of what its kind may."""

    whom = models.CharField(
        _("för"),
        max_length=120,
        unique=True,
        validators=[
            RegexValidator(
                rf"\A({'|'.join(limits.WHOM)}):\S+\Z",
                _(
                    "Skriv user:, owner:, key:, tenant: eller address: och sedan vem, "
                    "till exempel tenant:lunds-kommun."
                ),
            )
        ],
        help_text=_(
            "user:namn – en användare; owner:namn – alla nycklar hos en användare; key:prefix – en "
            "API-nyckel; tenant:kortnamn – en organisation; address:192.0.2.7 – en adress (av IPv6 "
            "de första 64 bitarna). Gäller i stället för den vanliga gränsen."
        ),
    )

    class Meta(Limited.Meta):
        verbose_name = _("egen gräns")
        verbose_name_plural = _("egna gränser")

    def __str__(self) -> str:
        return self.whom


def _marks(label: Any, text: Any, unit: Any, high: float) -> Any:
    return numbers(label, text, unit, 0.1, high, count=(3, 3), whole=False)


@working_copy_of(state.Ladder)
class LadderSettings(OnlyRow):
    """Where Alice becomes strained, and what she then does less of."""

    cpu_percent = _marks(
        _("processor"),
        _(
            "Tre gränser: ansträngd, nödläge, stängt. Hur mycket av en kärna processen tar; "
            "mer än 100 bara när flera trådar arbetar."
        ),
        "%",
        10_000,
    )
    memory_percent = _marks(
        _("minne"), _("Hur mycket av maskinens minne som är upptaget. 101: aldrig."), "%", 101
    )
    lag_ms = _marks(
        _("händelseloopens eftersläpning"),
        _("Så sent som processen kommer till det som ska göras."),
        "ms",
        60_000,
    )
    answers = _marks(
        _("svar på gång"),
        _("Så många svar som modellerna i processen arbetar på eller som väntar på sin tur."),
        _("svar"),
        10_000,
    )
    first_word_p95_ms = _marks(
        _("väntan på första ordet"),
        _("Så länge väntade de 5 % som fick vänta längst, den senaste halvminuten."),
        "ms",
        600_000,
    )
    errors_percent = _marks(
        _("modellfel"),
        _("Så många av modellernas svar misslyckades den senaste halvminuten. 101: aldrig."),
        "%",
        101,
    )
    leave_at = real(
        _("lämnas vid"),
        _("Läget lämnas när alla värden är under så stor del av gränsen."),
        _("andel"),
        0.1,
        0.99,
    )
    climb_s = real(
        _("tid över gränsen"),
        _("Så länge står ett värde över gränsen innan det räknas."),
        "s",
        0,
        600,
    )
    stay_s = real(
        _("kortaste tid i ett läge"),
        _("Sedan går det nedåt ett steg i taget. Den som avvisas får veta att vänta så länge."),
        "s",
        1,
        3600,
    )
    small_model = models.BooleanField(
        _("liten modell"), help_text=_("Den ansträngda Alice frågar den lilla modellen.")
    )
    tool_rounds = whole(
        _("verktygsrundor"),
        _("Så många gånger får modellen använda verktyg i en ansträngd tur. I nödläge: aldrig."),
        _("rundor"),
        0,
        13,
    )
    passages = whole(
        _("underlag"),
        _("Så många färdiga svar visas modellen som underlag i en ansträngd tur. I nödläge: inga."),
        _("stycken"),
        0,
        13,
    )
    max_tokens = whole(
        _("längsta svar"),
        _("Så långt får modellens svar bli i en ansträngd tur."),
        _("token"),
        16,
        32_768,
    )
    at_once = whole(
        _("svar samtidigt"),
        _("Så många svar får modellerna arbeta på i processen när den är ansträngd."),
        _("svar"),
        1,
        10_000,
    )
    queue = whole(
        _("plats i kön"),
        _(
            "Så många får vänta på sin tur. Driftansvariga går före användare, gäster och program, "
            "i den ordningen; den som inte får plats får veta när det lönar sig att försöka igen."
        ),
        _("platser"),
        0,
        10_000,
    )
    model_in_emergency = Several(
        _("modell i nödläge"),
        of=ROLES,
        blank=True,
        help_text=_(
            "Dessa får fråga modellen också i nödläge. Alla andra får sparade svar, färdiga svar "
            "och verktyg, och annars besked om när de kan försöka igen."
        ),
    )
    forced = models.CharField(
        _("tvinga läge"),
        max_length=10,
        blank=True,
        choices=STATES,
        help_text=_("Gäller i stället för det som mätvärdena säger. Tomt: mätvärdena avgör."),
    )
    forced_until = models.DateTimeField(
        _("till och med"), null=True, blank=True, help_text=_("Sedan avgör mätvärdena igen.")
    )
    forced_why = models.CharField(_("skäl"), max_length=200, blank=True)

    class Meta(OnlyRow.Meta):
        verbose_name = _("belastning")
        verbose_name_plural = _("belastning")

    def clean(self) -> None:
        """Ask for an end and a reason where a state is forced: one that is forgotten would last."""
        super().clean()
        if self.forced and not (self.forced_until and self.forced_why):
            raise ValidationError(
                {"forced": _("Skriv också hur länge läget ska gälla, och varför.")}
            )


@working_copy_of(leaks.Leaks)
class LeakSettings(OnlyRow):
    """What is taken out of a model's answer before anybody hears it."""

    link = models.BooleanField(
        _("länkar som för ut uppgifter"),
        help_text=_("Till andra värddatorer än de tillåtna, med samtalets ord eller annat i sig."),
    )
    image = models.BooleanField(
        _("bilder som för ut uppgifter"),
        help_text=_("En bild hämtas utan att någon klickar, så den får bära mindre än en länk."),
    )
    secret = models.BooleanField(
        _("hemligheter"), help_text=_("Nycklar, lösenord i adresser och privata nycklar.")
    )
    instructions = models.BooleanField(
        _("Alices instruktioner"), help_text=_("Systemprompten, ord för ord.")
    )
    client_instructions = models.BooleanField(
        _("programmens instruktioner"),
        help_text=_(
            "Också de systemmeddelanden som ett program skickar med. Då kan inte heller fakta som "
            "står där upprepas ordagrant."
        ),
    )
    allowed_hosts = Lines(
        _("tillåtna värddatorer"),
        blank=True,
        help_text=_("En per rad, som exempel.se; gäller också allt under den, som www.exempel.se."),
    )
    link_chars = whole(
        _("längd i en länk"),
        _("Från så många tecken efter frågetecknet för en länk ut uppgifter."),
        _("tecken"),
        1,
        2_584,
    )
    image_chars = whole(
        _("längd i en bilds adress"),
        _("Från så många tecken efter frågetecknet för en bild ut uppgifter."),
        _("tecken"),
        1,
        2_584,
    )
    quoted_words = whole(
        _("ord ur samtalet"),
        _("Från så många ord i följd ur samtalet för en länk ut dem; för en bild räcker hälften."),
        _("ord"),
        2,
        34,
    )
    instruction_words = whole(
        _("ord ur instruktionerna"),
        _("Från så många ord i följd har instruktionerna läckt."),
        _("ord"),
        3,
        89,
    )

    class Meta(OnlyRow.Meta):
        verbose_name = _("vägen ut")
        verbose_name_plural = _("vägen ut")

    def clean(self) -> None:
        """Take hosts only in the form in which they are compared."""
        super().clean()
        if strange := [host for host in self.allowed_hosts if not _HOST.fullmatch(host)]:
            raise ValidationError(
                {
                    "allowed_hosts": _("Skriv bara värddatorns namn, som exempel.se: %(hosts)s.")
                    % {"hosts": ", ".join(strange)}
                }
            )


_HOST = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63})*")
