"""Guardian's live settings in the console."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from chat.admin.publishing import FixedRows, LiveAdmin

from .models import ROLES, PolicyRule, RateLimit, ToolGate


def _names(roles: list[str]) -> str:
    return ", ".join(str(name) for role, name in ROLES if role in roles)


@admin.register(PolicyRule)
class PolicyRuleAdmin(LiveAdmin):
    list_display = ("name", "pattern", "action", "for_roles", "rank")
    list_editable = ("rank",)
    list_filter = ("action",)
    search_fields = ("name", "pattern")
    fields = ("name", "pattern", "action", "sentence_sv", "sentence_en", "roles", "rank")

    @admin.display(description=_("gäller för"))
    def for_roles(self, rule: PolicyRule) -> str:
        return _names(rule.roles) if rule.roles else str(_("alla"))


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
    list_display = ("role", "turns_per_minute", "burst")
    list_editable = ("turns_per_minute", "burst")
    fields = ("role", "turns_per_minute", "burst")
    readonly_fields = ("role",)
