"""What Django is told about the app."""

from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import Tags, register
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate


class ChatConfig(AppConfig):
    name = "chat"
    verbose_name = "Alice"

    def ready(self) -> None:
        from . import checks

        post_migrate.connect(_make_home, sender=self)
        post_migrate.connect(_make_first_revision, sender=self)
        register(checks.seed_variables_that_are_not_heeded, Tags.database)


def _make_home(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Make the tenant that people and guests have until someone says otherwise."""
    from .models.accounts import HOME

    try:
        tenant = kwargs.get("apps", apps).get_model("chat", "Tenant")
    except LookupError:  # migrated back to before there were tenants
        return
    tenant.objects.using(using).get_or_create(slug=HOME, defaults={"name": "Alice"})


def _make_first_revision(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Give a new Alice her live settings."""
    from .revisions import ensure_first_revision
    from .sections import SECTIONS

    known = kwargs.get("apps", apps)
    models = [section.model for section in SECTIONS] + [apps.get_model("chat", "Revision")]
    try:
        for model in models:
            known.get_model(model._meta.app_label, model._meta.model_name)
    except LookupError:  # migrated back to before there were live settings
        return
    if using == DEFAULT_DB_ALIAS:
        ensure_first_revision()
