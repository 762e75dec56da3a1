"""Chat's live settings in the console."""

from django.contrib import admin
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from chat.models import (
    AlertSettings,
    Backend,
    CuratedAnswer,
    FeatureFlag,
    RoutingSettings,
    TurnBounds,
)
from chat.rendering import render

from .publishing import FixedRows, LiveAdmin, OnlyRowAdmin


@admin.register(RoutingSettings)
class RoutingSettingsAdmin(OnlyRowAdmin):
    fieldsets = (
        (
            _("Modell"),
            {
                "fields": (
                    "model_production",
                    "training_mode",
                    "model_training",
                    "system_prompt",
                    "history_turns",
                    "max_tokens",
                )
            },
        ),
        (
            _("Budgetar"),
            {"fields": ("micro_budget_ms", "plan_within_ms", "tool_rounds", "passages")},
        ),
        (
            _("Modellservrar"),
            {"fields": ("first_token_s", "breaker_delays_s", "phi_balancer", "phi_weights")},
        ),
    )


@admin.register(TurnBounds)
class TurnBoundsAdmin(OnlyRowAdmin):
    pass


@admin.register(AlertSettings)
class AlertSettingsAdmin(OnlyRowAdmin):
    pass


@admin.register(Backend)
class BackendAdmin(LiveAdmin):
    list_display = ("name", "kind", "url", "model", "rank", "enabled")
    list_editable = ("rank", "enabled")
    fields = ("name", "kind", "url", "model", "key_env", "rank", "enabled")


@admin.register(FeatureFlag)
class FeatureFlagAdmin(FixedRows):
    list_display = ("name", "on", "told")
    list_editable = ("on",)
    fields = ("name", "told", "on")
    readonly_fields = ("name", "told")

    @admin.display(description=_("vad den gör"))
    def told(self, flag: FeatureFlag) -> str:
        return flag.what


@admin.register(CuratedAnswer)
class CuratedAnswerAdmin(LiveAdmin):
    list_display = ("name", "first_questions", "beginning")
    search_fields = ("name", "questions", "text_sv", "text_en")
    fields = ("name", "questions", "text_sv", "preview_sv", "text_en", "preview_en", "rank")
    readonly_fields = ("preview_sv", "preview_en")

    @admin.display(description=_("frågor"))
    def first_questions(self, answer: CuratedAnswer) -> str:
        shown = ", ".join(answer.questions[:3])
        return f"{shown} …" if len(answer.questions) > 3 else shown

    @admin.display(description=_("svar på svenska"), ordering="text_sv")
    def beginning(self, answer: CuratedAnswer) -> str:
        return Truncator(answer.text_sv).chars(89)

    @admin.display(description=_("så ser det ut"))
    def preview_sv(self, answer: CuratedAnswer) -> SafeString:
        return _preview(answer.text_sv, "sv")

    @admin.display(description=_("så ser det ut på engelska"))
    def preview_en(self, answer: CuratedAnswer) -> SafeString:
        return _preview(answer.text_en or answer.text_sv, "en" if answer.text_en else "sv")


def _preview(text: str, language: str) -> SafeString:
    # `render` gives HTML that is safe to put in a page.
    return mark_safe(f'<div class="alice-preview" lang="{language}">{render(text)}</div>')
