"""The cache's live settings in the console."""

from django.contrib import admin

from chat.admin.publishing import FixedRows, OnlyRowAdmin
from fibcache.models import CacheTier, SpiralSettings


@admin.register(CacheTier)
class CacheTierAdmin(FixedRows):
    list_display = ("name", "ttl_h", "hits_to_enter")
    list_editable = ("ttl_h", "hits_to_enter")
    fields = ("name", "ttl_h", "hits_to_enter")
    readonly_fields = ("name",)


@admin.register(SpiralSettings)
class SpiralSettingsAdmin(OnlyRowAdmin):
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
