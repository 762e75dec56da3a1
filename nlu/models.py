"""Live settings of language understanding as staff edit them."""

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

    class Meta(OnlyRow.Meta):
        verbose_name = verbose_name_plural = _("språkförståelse")
