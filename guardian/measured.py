"""What was measured of the classifiers, as the console shows it beside their thresholds."""

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from chat.wiring import injection

from .core.injection import Point


def injection_curve() -> str:
    """Show what each threshold would find of attacks and stop in vain."""
    model = injection()
    if model is None:
        return _("Klassificeraren kan inte läsas; loggen säger varför.")
    return format_html(
        "<table><thead><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr></thead>"
        "<tbody>{}</tbody></table><p>{}</p>",
        _("poäng minst"),
        _("angrepp som hittas"),
        _("ofarligt som stoppas"),
        _("ofarligt med angreppens ord som stoppas"),
        format_html_join(
            "",
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            map(_told, model.curve),
        ),
        _(
            "Korsvaliderat på svåra texter, mest på engelska och tyska. "
            "Av vanliga frågor stoppas färre."
        ),
    )


def _told(point: Point) -> tuple[str, ...]:
    shares = (point.found, point.stopped, point.stopped_with_triggers)
    percents = (f"{100 * share:.1f} %".replace(".", ",") for share in shares)
    return (f"{point.at_least:.2f}".replace(".", ","), *percents)
