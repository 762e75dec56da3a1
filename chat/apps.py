"""What Django is told about the app."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ChatConfig(AppConfig):
    name = "chat"
    verbose_name = "Alice"

    def ready(self) -> None:
        post_migrate.connect(_make_home, sender=self)


def _make_home(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Make the tenant that people and guests have until someone says otherwise."""
    from .models.accounts import HOME

    try:
        tenant = kwargs.get("apps", apps).get_model("chat", "Tenant")
    except LookupError:  # migrated back to before there were tenants
        return
    tenant.objects.using(using).get_or_create(slug=HOME, defaults={"name": "Alice"})
