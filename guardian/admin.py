"""Guardian's live settings in the console."""

from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Select
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chat.admin.publishing import FixedRows, LiveAdmin, OnlyRowAdmin, SoundForm
from chat.models import ApiKey, Tenant, User
from chat.models.accounts import KEY_MARK
from chat.sections import value_of
from chat.strain import STRAIN

from .core.limits import neighbourhood
from .core.recordings import to_csv
from .core.state import VITALS
from .measured import injection_curve
from .models import (
    CONDITIONS,
    ROLES,
    LadderSettings,
    LeakSettings,
    OwnLimit,
    PolicyRule,
    RateLimit,
    RuleTest,
    ToolGate,
)
from .simulator import simulated, state_name, vital_name

NUMBERS = ("turns_per_minute", "burst", "tokens_per_minute", "tokens_per_day", "at_once")

CLASSIFIERS = (("injection", _("injektion: försök att få Alice att bryta mot instruktionerna")),)

KINDS = {
    "key": _("nyckeln"),
    "user": _("användaren"),
    "owner": _("alla nycklar hos"),
    "tenant": _("organisationen"),
    "address": _("adressen"),
}


def _names(roles: list[str]) -> str:
    return ", ".join(str(name) for role, name in ROLES if role in roles)


@admin.register(PolicyRule)
class PolicyRuleAdmin(LiveAdmin):
    list_display = ("name", "action", "asks", "reason", "enabled", "rank")
    list_editable = ("enabled", "rank")
    list_filter = ("action", "enabled")
    search_fields = ("name", "pattern", "reason")
    fieldsets = (
        (None, {"fields": ("name", "enabled", "rank", "reason")}),
        (_("Åtgärd"), {"fields": ("action", "sentence_sv", "sentence_en")}),
        (
            _("Villkor"),
            {
                "fields": (
                    "words",
                    "pattern",
                    "length_at_least",
                    "score",
                    "score_at_least",
                    "measured",
                    "roles",
                    "tenants",
                    "channels",
                    "sources",
                    "languages",
                    "intents",
                    "unless",
                ),
                "description": _(
                    "Alla villkor ska vara uppfyllda. Ett tomt fält är inget villkor."
                ),
            },
        ),
    )

    readonly_fields = ("measured",)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Let a classifier be chosen, not spelt."""
        if db_field.name == "score":
            kwargs["widget"] = Select(choices=[("", "–"), *CLASSIFIERS])
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("uppmätt för injektion"))
    def measured(self, row: PolicyRule) -> str:
        """Show what each threshold would find and stop."""
        return injection_curve()

    @admin.display(description=_("villkor"))
    def asks(self, row: PolicyRule) -> str:
        """Name the conditions."""
        rule = value_of(row)
        names = {name: str(told) for name, told in CONDITIONS}
        return ", ".join(
            str(_("inte %s") % names[name]) if name in rule.unless else names[name]
            for name in rule.conditions
        )


@admin.register(RuleTest)
class RuleTestAdmin(LiveAdmin):
    list_display = ("name", "text", "expected", "rule", "role", "enabled", "rank")
    list_editable = ("enabled", "rank")
    list_filter = ("expected", "enabled")
    search_fields = ("name", "text", "rule")
    fieldsets = (
        (None, {"fields": ("name", "enabled", "rank", "text", "expected", "rule")}),
        (
            _("Omständigheter"),
            {"fields": ("role", "tenant", "channel", "source", "language", "intent")},
        ),
    )


@admin.register(ToolGate)
class ToolGateAdmin(LiveAdmin):
    list_display = ("tool", "enabled", "for_roles")
    list_editable = ("enabled",)
    fields = ("tool", "roles", "enabled")

    @admin.display(description=_("får användas av"))
    def for_roles(self, gate: ToolGate) -> str:
        return _names(gate.roles) if gate.roles else str(_("ingen"))


@admin.register(RateLimit)
class RateLimitAdmin(FixedRows):
    list_display = ("role", *NUMBERS)
    list_editable = NUMBERS
    fields = ("role", *NUMBERS)
    readonly_fields = ("role",)


class OwnLimitForm(SoundForm):
    """Takes a user's name where the row keeps a number, and an address as it is counted."""

    def clean_whom(self) -> str:
        """Name the holder as turns do.

        Raises:
            ValidationError: there is nobody of that name.
        """
        kind, _colon, who = str(self.cleaned_data["whom"]).partition(":")
        return f"{kind}:{_FOUND[kind](who)}"


@admin.register(OwnLimit)
class OwnLimitAdmin(LiveAdmin):
    form = OwnLimitForm
    list_display = ("told", *NUMBERS)
    list_editable = NUMBERS
    fields = ("whom", *NUMBERS)
    search_fields = ("whom",)

    @admin.display(description=_("för"), ordering="whom")
    def told(self, own: OwnLimit) -> str:
        kind, _colon, who = own.whom.partition(":")
        found: str | None = None
        if kind in ("user", "owner") and who.isdigit():
            found = User.objects.filter(pk=who).values_list("username", flat=True).first()
        elif kind == "tenant":
            found = Tenant.objects.filter(slug=who).values_list("name", flat=True).first()
        elif kind == "key":
            found = ApiKey.objects.filter(prefix=who).values_list("name", flat=True).first()
        return f"{KINDS[kind]} {found or who}"


def _user(who: str) -> str:
    found = User.objects.filter(username=who).first()
    if found is None and who.isdigit():
        found = User.objects.filter(pk=int(who)).first()
    if found is None:
        raise ValidationError(_("Det finns ingen användare som heter så."))
    return str(found.pk)


def _tenant(who: str) -> str:
    if not Tenant.objects.filter(slug=who).exists():
        raise ValidationError(_("Det finns ingen organisation med det kortnamnet."))
    return who


def _key(who: str) -> str:
    prefix = who.removeprefix(KEY_MARK).partition(".")[0].rstrip("…")
    found = ApiKey.objects.filter(prefix=prefix).first()
    if found is None:
        raise ValidationError(_("Det finns ingen nyckel som börjar så."))
    return found.mark


def _address(who: str) -> str:
    address = who.partition("/")[0]
    try:
        ip_address(address)
    except ValueError:
        raise ValidationError(_("Skriv en IP-adress efter address:.")) from None
    return neighbourhood(address)


_FOUND: Mapping[str, Callable[[str], str]] = {
    "key": _key,
    "user": _user,
    "owner": _user,
    "tenant": _tenant,
    "address": _address,
}


@admin.register(LeakSettings)
class LeakSettingsAdmin(OnlyRowAdmin):
    fieldsets = (
        (
            _("Tas bort ur svaret"),
            {"fields": ("link", "image", "secret", "instructions", "client_instructions")},
        ),
        (_("Undantag"), {"fields": ("allowed_hosts",)}),
        (
            _("Gränser"),
            {"fields": ("link_chars", "image_chars", "quoted_words", "instruction_words")},
        ),
    )


@admin.register(LadderSettings)
class LadderSettingsAdmin(OnlyRowAdmin):
    change_form_template = "admin/guardian/laddersettings/form.html"
    readonly_fields = ("standing", "vitals")
    fieldsets = (
        (_("Just nu"), {"fields": ("standing", "vitals")}),
        (_("Tvinga läge"), {"fields": ("forced", "forced_until", "forced_why")}),
        (
            _("Gränser"),
            {
                "fields": (
                    "cpu_percent",
                    "memory_percent",
                    "lag_ms",
                    "answers",
                    "first_word_p95_ms",
                    "errors_percent",
                )
            },
        ),
        (_("Tid"), {"fields": ("leave_at", "climb_s", "stay_s")}),
        (
            _("Åtgärder"),
            {
                "fields": (
                    "small_model",
                    "tool_rounds",
                    "passages",
                    "max_tokens",
                    "at_once",
                    "queue",
                    "model_in_emergency",
                )
            },
        ),
    )

    def get_urls(self) -> list[Any]:
        view, name = self.admin_site.admin_view, "guardian_laddersettings"
        return [
            path("simulation/", view(self.simulation_view), name=f"{name}_simulation"),
            path("recording.csv", view(self.recording_view), name=f"{name}_recording"),
            *super().get_urls(),
        ]

    def simulation_view(self, request: HttpRequest) -> HttpResponse:
        """Play a recording against the marks in the form. Nothing is saved."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        given = (request.POST, request.FILES) if request.method == "POST" else ()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "media": self.media,
            "title": gettext("Simulatorn"),
            **simulated(*given),
        }
        return render(request, "admin/guardian/laddersettings/simulation.html", context)

    def recording_view(self, request: HttpRequest) -> HttpResponse:
        """Give what the process that answers has felt, as the simulator takes it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        answer = HttpResponse("".join(to_csv(STRAIN.felt)), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="alice-belastning.csv"'
        return answer

    @admin.display(description=_("läge"))
    def standing(self, row: LadderSettings) -> str:
        """Name the state of the process that shows the page, and what led to it."""
        state = state_name(STRAIN.state)
        if not STRAIN.why:
            return state
        why = (gettext("tvingat") if name == "forced" else vital_name(name) for name in STRAIN.why)
        return f"{state}: {', '.join(why)}"

    @admin.display(description=_("mätvärden"))
    def vitals(self, row: LadderSettings) -> str:
        """Tell what the process that shows the page felt last."""
        return " · ".join(
            f"{vital_name(name)} {round(getattr(STRAIN.vitals, name))}" for name in VITALS
        )
