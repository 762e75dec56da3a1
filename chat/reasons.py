"""Why a remembered answer was given: what the card on the page tells of it, in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

GUARDS = {
    "polarity": gettext_lazy("Inga ord som vänder på frågan (inte, aldrig, utan)"),
    "numbers": gettext_lazy("Samma tal"),
    "units": gettext_lazy("Samma måttenheter"),
    "times": gettext_lazy("Samma dagar och tider"),
    "question_word": gettext_lazy("Frågar efter samma sak (vem, när, hur …)"),
    "mood": gettext_lazy("Samma kan, får eller måste"),
    "scope_words": gettext_lazy("Gäller lika mycket (alla, bara, första)"),
    "persons": gettext_lazy("Handlar om samma personer"),
    "direction": gettext_lazy("Åt samma håll (från, till)"),
    "antonyms": gettext_lazy("Inga motsatser"),
    "names": gettext_lazy("Samma namn och platser"),
    "letter_case": gettext_lazy("Samma stora och små bokstäver där de betyder något"),
    "wording": gettext_lazy("Samma ordalydelse där den betyder något"),
    "content": gettext_lazy("Varje viktigt ord har sin motsvarighet"),
    "roles": gettext_lazy("Samma roller (vem gör vad mot vem)"),
}
"""What each guard of the cache found to be so, since it let the answer pass."""

FRESHNESS = {
    "minutes": gettext_lazy("Svar på sådana frågor glöms efter några minuter."),
    "hours": gettext_lazy("Svar på sådana frågor glöms efter några timmar."),
    "days": gettext_lazy("Svar på sådana frågor glöms efter ett par dagar."),
}

LONG_AGO = datetime(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Check:
    """What one guard compared, and whether it agreed."""

    label: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a remembered answer was given."""

    question: str  # that was answered, masked
    similar: bool  # else it was asked in just these words
    score: str  # in per cent, where it was similar
    standing: str  # tier, use and age in a sentence
    freshness: str  # a sentence, or empty
    checks: tuple[Check, ...]
    entry: str  # short, to name it to an operator


def reason_of(why: Mapping[str, Any]) -> Reason | None:
    """Make ready what a hit's `why` tells; None where the answer was not remembered."""
    if "entry" not in why:
        return None
    similar = "score" in why
    score = number_format(round(100 * why["score"])) if similar else ""
    return Reason(
        question=str(why["question"]),
        similar=similar,
        score=str(score),
        standing=_standing(why),
        freshness=str(FRESHNESS.get(str(why.get("freshness")), "")),
        checks=tuple(
            Check(str(GUARDS.get(verdict["guard"], verdict["guard"])), bool(verdict["agrees"]))
            for verdict in why.get("verdicts", ())
        ),
        entry=str(why["entry"])[:12],
    )


def _standing(why: Mapping[str, Any]) -> str:
    hits = int(why["hits"])
    return ngettext(
        "Svaret gjordes %(age)s, har återanvänts %(hits)d gång och ligger på nivå %(tier)s.",
        "Svaret gjordes %(age)s, har återanvänts %(hits)d gånger och ligger på nivå %(tier)s.",
        hits,
    ) % {"age": _age(float(why["age_s"])), "hits": hits, "tier": why["tier"]}


def _age(age_s: float) -> str:
    if age_s < 60:
        return _("nyss")
    since = timesince(LONG_AGO, LONG_AGO + timedelta(seconds=age_s), depth=1)
    return _("för %(since)s sedan") % {"since": since}
