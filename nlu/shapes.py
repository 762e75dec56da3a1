"""The shapes of a sentence and of what it says, as the API description tells them."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s


class Sentence(s.Serializer):
    text = s.CharField()
    now = s.DateTimeField(
        required=False,
        allow_null=True,
        help_text=_("När det sades, ISO 8601 med avstånd till UTC; annars nu."),
    )
    timezone = s.CharField(required=False, default="Europe/Stockholm")
    language = s.ChoiceField(
        choices=("sv", "en"),
        required=False,
        allow_null=True,
        help_text=_("Tas för givet när texten är för kort; annars efter Accept-Language."),
    )


class Likely(s.Serializer):
    intent = s.CharField()
    confidence = s.FloatField(help_text=_("0 till 1, kalibrerad"))


class Place(s.Serializer):
    start = s.IntegerField(help_text=_("Första tecknet, i Unicodes kodpunkter"))
    end = s.IntegerField(help_text=_("Tecknet efter det sista"))
    text = s.CharField()


class Value(s.Serializer):
    kind = s.CharField()
    value = s.CharField()
    unit = s.CharField(required=False)
    code = s.CharField(required=False)


class Slot(Place):
    name = s.CharField(help_text=_("En av MASSIVE:s 55 sorter"))
    value = Value(allow_null=True, help_text=_("null när det inte kan tolkas"))


class Time(Place):
    kind = s.CharField(help_text="date, time, datetime, interval, duration, recurring")
    value = s.CharField(help_text="ISO 8601")


class Amount(Place):
    kind = s.CharField(help_text="money, share, measure")
    value = s.CharField(help_text=_("Ett decimaltal"))
    unit = s.CharField(help_text=_("ISO 4217, % eller måttets enhet"))


class Parsed(Likely):
    language = s.CharField(help_text="sv, en, other")
    sure = s.BooleanField(help_text=_("Så säker som administrationen kräver"))
    alternatives = Likely(many=True)
    slots = Slot(many=True)
    times = Time(many=True)
    amounts = Amount(many=True)
    freshness = s.CharField(help_text="never, minutes, hours, days, stable")
    route = s.CharField(help_text=_("En vink: micro, tool, planner"))
    tools = s.ListField(child=s.CharField(), help_text=_("Som ett svar kan behöva"))
    model = s.CharField(help_text=_("Avsiktsmodellens fingeravtryck"))
    elapsed_ms = s.FloatField()
