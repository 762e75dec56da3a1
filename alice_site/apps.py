"""What Django is told about the project itself: its system checks."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "alice_site"
    verbose_name = "Alice"

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers itself
