"""What Django is told about the app. It is there only where ALICE_VECTORS asks for pgvector."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _


class VectorsConfig(AppConfig):
    name = "fibcache.vectors"
    label = "vectors"
    verbose_name = _("Vektorer")

    def ready(self) -> None:
        from . import checks

        register(checks.check_extension, Tags.database)
