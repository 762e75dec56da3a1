"""How the console words what Alice understands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nlu.core.intents import Reason
from nlu.core.slots import Slot
from nlu.core.traits import traits_of
from nlu.core.trials import Share
from nlu.core.understanding import LANGUAGE, Reading, Understanding
from nlu.models import IntentLesson

REASONS_SHOWN = 13

LANGUAGE_NAMES = {
    "sv": gettext_lazy("svenska"),
    "en": gettext_lazy("engelska"),
    "other": gettext_lazy("ett annat språk, läst som svenska"),
}
FRESHNESS = {
    "never": gettext_lazy("svaret sparas aldrig"),
    "minutes": gettext_lazy("svaret håller i minuter"),
    "hours": gettext_lazy("svaret håller i timmar"),
    "days": gettext_lazy("svaret håller i dagar"),
    "stable": gettext_lazy("svaret håller länge"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """Something with a length: `length` is 0..1 of the longest, `told` says how much it is."""

    label: str
    length: float
    told: str


@dataclass(frozen=True, slots=True)
class Card:
    """One model's reading of a sentence."""

    title: str
    language: str
    intent: str
    sure: Bar
    is_sure: bool
    alternatives: Sequence[Bar]
    traits: Sequence[str]
    speaks_for: Sequence[Bar]
    speaks_against: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the sentence; a slot where it has a type."""

    text: str
    type: str = ""
    value: str = ""


def card_of(title: str, reader: Understanding, text: str, sure_at_least: float, own: str) -> Card:
    """Let a reader read a sentence, and show what it makes of it.

    Args:
        sure_at_least: confidence from which the reading counts.
        own: the language of whoever would say it.
    """
    reading = reader.read(text, language=own)
    model = reader.models.get(reading.language) or reader.models[LANGUAGE]
    reasons = model.why(text, reading.intent, REASONS_SHOWN)
    heaviest = max((abs(one.weight) for one in reasons), default=1.0)

    def bars(side: int) -> list[Bar]:
        return [
            Bar(_worded(one), abs(one.weight) / heaviest, number(one.weight, 2))
            for one in reasons
            if one.weight * side > 0
        ]

    return Card(
        title=title,
        language=str(LANGUAGE_NAMES[reading.language]),
        intent=reading.intent,
        sure=Bar(reading.intent, reading.confidence, percent(reading.confidence)),
        is_sure=reading.confidence >= sure_at_least,
        alternatives=[Bar(name, sure, percent(sure)) for name, sure in reading.alternatives],
        traits=_traits(reading),
        speaks_for=bars(1),
        speaks_against=bars(-1),
    )


def _traits(reading: Reading) -> list[str]:
    from chat.showing import ROUTES, TOOLS

    found = traits_of(reading.intent)
    told = [str(FRESHNESS[found.freshness]), _("oftast %s") % ROUTES[found.route]]
    if found.tools:
        told.append(_("kan behöva %s") % ", ".join(str(TOOLS.get(t, t)) for t in found.tools))
    return told


def _worded(reason: Reason) -> str:
    """Say in words what weighs."""
    name = reason.name
    if reason.kind == "meaning":
        return _("vad hela meningen liknar")
    if reason.kind == "order":
        return _("ordens ordning")
    if reason.kind == "example":
        return _("ert exempel ”%s”") % name
    if reason.kind == "letters":
        return _("bokstäverna i ”%s”") % name
    if name.startswith("^ "):
        return _("att den börjar med ”%s”") % name[2:]
    if name.endswith(" $"):
        return _("att den slutar med ”%s”") % name[:-2]
    if reason.kind == "pair":
        return _("orden ”%s” efter varandra") % name
    return _("ordet ”%s”") % name


def pieces_of(text: str, slots: Sequence[Slot]) -> list[Piece]:
    """Cut a sentence where its slots begin and end."""
    pieces, at = [], 0
    for slot in sorted(slots, key=lambda one: one.start):
        if slot.start > at:
            pieces.append(Piece(text[at : slot.start]))
        pieces.append(Piece(text[slot.start : slot.end], slot.name, _value(slot)))
        at = slot.end
    return [*pieces, Piece(text[at:])] if at < len(text) else pieces


def _value(slot: Slot) -> str:
    told: Any = slot.as_json()["value"]
    if isinstance(told, Mapping):
        kept = [each for name, each in told.items() if name != "kind" and each is not None]
        return " ".join(map(str, kept))
    return "" if told is None else str(told)


def lesson_page(lesson: IntentLesson) -> str:
    """Give the address of a lesson's page."""
    return reverse("admin:nlu_intentlesson_change", args=[lesson.pk])


def number(value: float, decimals: int) -> str:
    """Write a number as the reader does; nothing is below nought by less than is written."""
    return str(number_format(round(value, decimals) + 0.0, decimal_pos=decimals))


def percent(share: float) -> str:
    """Write a share in per cent."""
    return f"{number(100 * share, 1)} %"


def interval(told: Share) -> str:
    """Write a share and the bounds that hold it, in per cent."""
    low, high = (number(100 * bound, 0) for bound in told[1:])
    words = {"share": percent(told[0]), "low": low, "high": high}
    return _("%(share)s (%(low)s till %(high)s)") % words
