"""The cache's live settings in the console."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _

from chat.admin.publishing import FixedRows, OnlyRowAdmin
from fibcache.models import CacheTier, SpiralSettings

from .false_hits import false_hits


@admin.register(CacheTier)
class CacheTierAdmin(FixedRows):
    list_display = ("name", "ttl_h", "hits_to_enter")
    list_editable = ("ttl_h", "hits_to_enter")
    fields = ("name", "ttl_h", "hits_to_enter")
    readonly_fields = ("name",)


@admin.register(SpiralSettings)
class SpiralSettingsAdmin(OnlyRowAdmin):
    change_form_template = "admin/fibcache/spiralsettings/form.html"
    fields = (
        "similar_at_least",
        "false_hits_at_most",
        "confidence",
        "shadow_share",
        "checks_per_minute",
        "checks_at_once",
        "evidence_days",
        "probes",
        "points",
        "dimensions",
    )
    readonly_fields = ("dimensions",)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.false_hits_view)
        name = "fibcache_spiralsettings_false_hits"
        return [path("false-hits/", view, name=name), *super().get_urls()]

    def false_hits_view(self, request: HttpRequest) -> HttpResponse:
        """Show whether the budget is kept, where hits are given, and the calibration's curve."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "media": self.media,
            "title": _("Felbudgeten"),
            **false_hits(),
        }
        return render(request, "admin/fibcache/spiralsettings/false_hits.html", context)
