"""The console: Django's admin under Alice's name, its groups in the order they are needed."""

from typing import Any

from axes.apps import AppConfig as AxesConfig
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

APPS = ("chat", "guardian", "fibcache", "nlu", "auth", "axes")
"""Groups on the first page; the others follow by name."""

MODELS = (
    "RoutingSettings",
    "Backend",
    "CuratedAnswer",
    "FeatureFlag",
    "TurnBounds",
    "AlertSettings",
    "CacheEntry",
    "QuarantinedPair",
    "WarmUp",
    "TriedSentence",
    "IntentExample",
    "IntentLesson",
    "Revision",
    "Conversation",
    "TurnRecord",
    "Feedback",
    "User",
    "ApiKey",
    "Tenant",
)
"""Rows within a group: what staff change first, then what they look at, then who may."""


class Console(AdminSite):
    site_header = site_title = "Alice"
    index_title = _("Översikt")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """List the groups, and the rows in them, in order."""
        groups = super().get_app_list(request, app_label)
        for group in groups:
            group["models"].sort(key=lambda model: _place(model["object_name"], MODELS))
        return sorted(groups, key=lambda group: _place(group["app_label"], APPS))


class ConsoleConfig(AdminConfig):
    default_site = "alice_site.console.Console"


class SignInConfig(AxesConfig):
    """Attempts to sign in, under a name that says so."""

    verbose_name = _("Inloggning")


def _place(name: str, order: tuple[str, ...]) -> int:
    return order.index(name) if name in order else len(order)
