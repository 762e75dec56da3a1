"""Live settings of language understanding as staff edit them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from alice_site.live_fields import OnlyRow, real, working_copy_of

from .core import settings


@working_copy_of(settings.Understanding)
class NluSettings(OnlyRow):
    """When Alice trusts her own reading of a message."""

    sure_at_least = real(
        _("säker från"),
        _(
            "Så säker ska tolkningen vara för ett färdigt svar eller ett verktyg; "
            "annars får modellen svara."
        ),
        _("andel"),
        0.1,
        1,
    )
    fallback_language = models.CharField(
        _("språk i tveksamma fall"),
        max_length=2,
        choices=(("sv", _("svenska")), ("en", _("engelska"))),
        help_text=_("Används när meddelandet är för kort för att språket ska höras."),
    )

    class Meta(OnlyRow.Meta):
        verbose_name = verbose_name_plural = _("språkförståelse")
