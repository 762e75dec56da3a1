"""Language understanding's live settings in the console."""

from django.contrib import admin
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chat.admin.publishing import OnlyRowAdmin
from chat.wiring import remote_reader, understanding
from nlu.core.intents import Point
from nlu.models import IntentLesson, NluSettings
from nlu.standing import told

from .shown import lesson_page


@admin.register(NluSettings)
class NluSettingsAdmin(OnlyRowAdmin):
    """The threshold, beside what was measured at each."""

    fields = ("sure_at_least", "taught", "read_by", "swedish", "english")
    readonly_fields = ("taught", "read_by", "swedish", "english")

    @admin.display(description=gettext_lazy("lärdom"))
    def taught(self, row: NluSettings) -> str:
        """Link to the lesson in force."""
        lesson = IntentLesson.objects.filter(version=row.lesson).last() if row.lesson else None
        if lesson is None:
            return _("Ingen: Alice läser som hon kom.")
        return format_html('<a href="{}">{}</a>', lesson_page(lesson), lesson)

    @admin.display(description=gettext_lazy("läses av"))
    def read_by(self, row: NluSettings) -> str:
        """Tell whether another process reads, and how that goes."""
        return told(remote_reader())

    @admin.display(description=gettext_lazy("uppmätt på svenska"))
    def swedish(self, row: NluSettings) -> str:
        """Show what each threshold would cost and give."""
        return _curve("sv")

    @admin.display(description=gettext_lazy("uppmätt på engelska"))
    def english(self, row: NluSettings) -> str:
        """Show what each threshold would cost and give."""
        return _curve("en")


def _curve(language: str) -> SafeString | str:
    reader = understanding()
    if reader is None:
        return _("Avsikterna kan inte läsas; loggen säger varför.")
    return format_html(
        "<table><thead><tr><th>{}</th><th>{}</th><th>{}</th></tr></thead><tbody>{}</tbody></table>"
        "<p>{}</p>",
        _("säker från"),
        _("andel av meddelandena"),
        _("rätt av dem"),
        format_html_join(
            "",
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            map(_told, reader.models[language].curve),
        ),
        _("Mätt på meddelanden som lagts undan; modellen som används har lärt sig av dem också."),
    )


def _told(point: Point) -> tuple[str, str, str]:
    shares = (
        f"{100 * share:.1f} %".replace(".", ",") for share in (point.coverage, point.accuracy)
    )
    return (f"{point.at_least:.2f}".replace(".", ","), *shares)
