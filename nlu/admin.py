"""Language understanding's live settings in the console."""

from django.contrib import admin

from chat.admin.publishing import OnlyRowAdmin

from .models import NluSettings


@admin.register(NluSettings)
class NluSettingsAdmin(OnlyRowAdmin):
    pass
