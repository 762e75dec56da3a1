"""The clock: what time it is, here and elsewhere."""

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from nlu.core.text import fold

from .base import ToolContext, ToolTrouble, text_argument
from .phrasing import LEAD
from .places import city_of, place_called, warm
from .saying import at_time, in_full

_MOST_CITIES = 6  # of a country with many zones
_HINT = re.compile(r"klock|tid|time|dags|o'clock")
_ASKED = re.compile(
    LEAD + r"(?:sag )?"
    r"(?:vad (?:ar |visar )?klockan|hur mycket (?:ar )?klockan|hur dags ar det|klockan"
    r"|(?:vad|vilken|hur mycket) (?:ar tiden|tid ar det|ar det for tid)|vad ar lokal tid"
    r"|(?:what(?:'?s| is) the (?:current |local )?time|what time is it|the time|current time|time)"
    r"(?: is it)?)"
    r"(?: ar| ar det| is it)?(?: just)?(?: nu| now| right now| egentligen)?"
    r"(?: (?:i|pa|in|at)\b(?P<place>[^?!]{0,40}))?"
    r"(?: just)?(?: nu| now| right now)?(?:,? (?:tack|alice|please))?[ ?!.]*"
)
_NOW = re.compile(r" (?:just nu|nu|right now|now|tack|please|alice)$")


class Clock:
    """Tells the time where the caller is, or in a country or city."""

    name = "clock"
    title_sv, title_en = "Klocka", "Clock"
    description = (
        "Tell what time it is now, where the caller is or in a named country or city. "
        "Never guess the time; call this."
    )
    parameters: Mapping[str, Any] = {
        "type": "object",
        "properties": {
            "place": {
                "type": "string",
                "description": "Country or city, in Swedish or English; empty for the caller's.",
                "maxLength": 60,
            }
        },
        "additionalProperties": False,
    }
    moment = True

    def read(self, text: str, context: ToolContext) -> dict[str, Any] | None:
        """Find a question about the time; None for a place that is not known."""
        if len(text) > 100:
            return None
        folded = " ".join(fold(text.lower()).replace("’", "'").split())
        if not _HINT.search(folded) or not (found := _ASKED.fullmatch(folded)):
            return None
        if found["place"] is None:
            return {} if " " in folded or folded.rstrip("?! ") == "klockan" else None
        asked = _NOW.sub("", found["place"].strip(" ,.")).strip()
        place = place_called(asked)
        return None if place is None else {"place": context.say(place.sv, place.en)}

    def run(self, arguments: Mapping[str, Any], context: ToolContext) -> str:
        """Say what time it is, and the day too where it is another one."""
        asked = text_argument(arguments, "place", chars=60)
        if not asked:
            return context.say("Klockan är {}.", "It is {}.").format(at_time(context.local))
        place = place_called(asked)
        if place is None:
            raise ToolTrouble(
                sv=f"Jag vet inte vilken tidszon {asked} har.",
                en=f"I don't know the time zone of {asked}.",
            )
        zones: dict[str, str] = {}  # the first zone with each time
        for zone in place.zones:
            zones.setdefault(self._time(zone, context), zone)
        if len(zones) == 1:
            (time,) = zones
            return context.say(
                f"Klockan är {time} {place.named('sv')}.", f"It is {time} {place.named('en')}."
            )
        listed = [
            f"{city_of(zone, context.language)} {time}"
            for time, zone in list(zones.items())[:_MOST_CITIES]
        ]
        return (
            context.say(f"{place.sv} har flera tidszoner: ", f"{place.en} has several time zones: ")
            + f"{', '.join(listed)}."
        )

    def _time(self, zone: str, context: ToolContext) -> str:
        there = context.now.astimezone(ZoneInfo(zone))
        if there.date() == context.today:
            return at_time(there)
        day = in_full(there.date(), context.language, year=False)
        return f"{at_time(there)} ({day})"

    def warm(self) -> None:
        """Build the index of places."""
        warm()
