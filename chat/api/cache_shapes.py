"""The shapes of the cache's doors."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s

from fibcache.core.choice import Choice
from fibcache.core.listing import ORDERS
from fibcache.core.tiers import TIERS
from fibcache.services import PAGE, PAGE_AT_MOST, Summary

WORD = 377  # longest value of a filter


class TrueFalse(s.BooleanField):
    """Yes or no, and a sentence for what is neither."""

    default_error_messages = {"invalid": _("Ange true eller false.")}


class Filters(s.Serializer):
    """Which entries are meant; all that is given must agree."""

    key = s.CharField(required=False, max_length=WORD)
    tier = s.ChoiceField(choices=[tier.name for tier in TIERS], required=False)
    route = s.CharField(required=False, max_length=WORD, help_text="micro, tool, planner")
    intent = s.CharField(required=False, max_length=WORD)
    model = s.CharField(required=False, max_length=WORD)
    document = s.CharField(required=False, max_length=WORD)
    revision = s.IntegerField(required=False, min_value=0)
    tenant = s.CharField(
        required=False, max_length=WORD, help_text=_("Bara administratörer ser andra än den egna.")
    )
    person = s.CharField(required=False, max_length=WORD)
    q = s.CharField(required=False, max_length=WORD, help_text=_("Ord ur den maskerade frågan."))


def choice_of(wanted: Mapping[str, Any]) -> Choice:
    """Read the filters out of what a door was asked."""
    filters = Filters().fields
    given = {name: value for name, value in wanted.items() if name in filters and name != "q"}
    return Choice(text=str(wanted.get("q", "")), **given)


class Wishes(Filters):
    """What a list may be asked for."""

    order = s.ChoiceField(choices=tuple(ORDERS), required=False, default="newest")
    after = s.CharField(
        required=False,
        default="",
        max_length=WORD,
        help_text=_("Från förra sidans after."),
    )
    limit = s.IntegerField(required=False, default=PAGE, min_value=1, max_value=PAGE_AT_MOST)


class Dropping(Filters):
    """What is to be forgotten."""

    all = TrueFalse(
        required=False, default=False, help_text=_("Krävs för att tömma utan något filter.")
    )
    dry = TrueFalse(required=False, default=False, help_text=_("Räkna bara; glöm ingenting."))


class Dropped(s.Serializer):
    matching = s.IntegerField(help_text=_("Svar som stämde med filtren."))
    dropped = s.IntegerField(help_text=_("Svar som glömdes; 0 när dry är true."))


class TierShape(s.Serializer):
    name = s.CharField(source="tier.name")
    ttl_h = s.FloatField(source="tier.ttl_h")
    hits_to_enter = s.IntegerField(source="tier.hits_to_enter")
    entries = s.IntegerField()


class SizesShape(s.Serializer):
    bytes = s.IntegerField()
    max_bytes = s.IntegerField()
    hits = s.IntegerField()
    misses = s.IntegerField()
    evicted = s.IntegerField()
    expired = s.IntegerField()


class SummaryShape(s.Serializer):
    entries = s.IntegerField()
    tiers = TierShape(many=True)
    store = SizesShape(
        source="sizes", allow_null=True, help_text=_("Hela lagret; null för den som ser en del.")
    )
    shared = s.SerializerMethodField(help_text=_("Delas av alla serverns processer."))

    def get_shared(self, summary: Summary) -> bool:
        return not summary.here_only


class EntryShape(s.Serializer):
    key = s.CharField()
    question = s.CharField(
        allow_blank=True, help_text=_("Maskerad; tom när svaret är en enda persons.")
    )
    person = s.CharField(allow_blank=True)
    tenant = s.CharField(allow_blank=True)
    tier = s.CharField()
    hits = s.IntegerField()
    verified = s.IntegerField()
    thumbs = s.IntegerField()
    age_s = s.FloatField()
    idle_s = s.FloatField()
    left_s = s.FloatField()
    route = s.CharField()
    intent = s.CharField(allow_blank=True)
    model = s.CharField(allow_blank=True)
    revision = s.IntegerField()
    documents = s.ListField(child=s.CharField())
    freshness = s.CharField()
    text_chars = s.IntegerField()


class EntryPage(s.Serializer):
    results = EntryShape(many=True, source="entries")
    after = s.CharField(allow_blank=True, help_text=_("Tom på sista sidan."))


class QuarantineWishes(s.Serializer):
    before = s.IntegerField(
        required=False, default=0, min_value=0, help_text=_("Från förra sidans before.")
    )


class PairShape(s.Serializer):
    id = s.IntegerField()
    tenant = s.CharField()
    asked = s.CharField(
        allow_blank=True, help_text=_("Maskerad; tom när frågan ställdes mitt i ett samtal.")
    )
    remembered = s.CharField(allow_blank=True)
    score = s.FloatField()
    turn_id = s.UUIDField()
    created = s.DateTimeField()


class QuarantinePage(s.Serializer):
    results = PairShape(many=True)
    before = s.IntegerField(allow_null=True, help_text=_("null på sista sidan."))


class Count(s.IntegerField):
    """How many there are of what is listed."""

    def to_representation(self, value: Any) -> int:
        return len(value)


class Checking(s.Serializer):
    repair = TrueFalse(required=False, default=False, help_text=_("Rätta det som är fel."))


class CheckedShape(s.Serializer):
    clean = s.BooleanField(help_text=_("Allt kunde läsas och inget var fel."))
    whole = s.BooleanField(
        source="audit.whole", help_text=_("false när lagret inte gick att nå; då rättas inget.")
    )
    repaired = s.BooleanField(source="audit.repaired")
    entries = s.IntegerField(source="audit.entries")
    vectors = s.IntegerField(source="audit.vectors", allow_null=True)
    bytes = s.IntegerField(source="audit.sizes.bytes")
    by_tier = s.DictField(source="audit.sizes.by_tier", child=s.IntegerField())
    orphans = Count(source="audit.orphans", help_text=_("Vektorer utan svar."))
    missing = Count(source="audit.missing", help_text=_("Svar utan vektor."))
    unreadable = Count(source="audit.flaws.unreadable", help_text=_("Svar som inte går att läsa."))
    wrong_ends = Count(
        source="audit.flaws.wrong_ends",
        help_text=_("Svar som upphör vid en annan tid än nivån säger."),
    )
    pairs_of_nobody = s.IntegerField(
        help_text=_("Par i karantän för en organisation som inte finns.")
    )
