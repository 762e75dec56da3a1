"""What Django is told about the app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuardianConfig(AppConfig):
    name = "guardian"
    verbose_name = _("Säkerhet")
