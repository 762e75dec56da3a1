"""The clock: what time it is, here and elsewhere, now and then."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from .base import ToolContext, ToolTrouble, text_argument
from .clock_questions import MOST_MINUTES, clock_question
from .figures import in_figures
from .places import Place, city_of, place_called, warm
from .saying import at_time, in_full
from .time_zones import change_in, gaps, next_change

ASKS = ("time", "difference", "summer", "winter", "next")
_MOST_CITIES = 6  # of a country with many zones


class Clock:
    """Tells the time where the caller is or elsewhere, time differences and clock changes."""

    name = "clock"
    title_sv, title_en = "Klocka", "Clock"
    description = (
        "Tell what time it is now or so many minutes from now, where the caller is or in a named "
        "country or city; the time difference between places; when clocks change to summer or "
        "winter time. Never guess the time; call this."
    )
    parameters: Mapping[str, Any] = {
        "type": "object",
        "properties": {
            "ask": {
                "type": "string",
                "enum": list(ASKS),
                "description": "time, the default; difference to `place`; when summer time or "
                "winter time begins, or which change is next.",
            },
            "place": {
                "type": "string",
                "description": "Country or city, in Swedish or English; empty for the caller's.",
                "maxLength": 60,
            },
            "from": {
                "type": "string",
                "description": "The other place of a difference; empty for the caller's.",
                "maxLength": 60,
            },
            "minutes": {
                "type": "integer",
                "description": "Minutes from now; negative for the past.",
                "minimum": -MOST_MINUTES,
                "maximum": MOST_MINUTES,
            },
            "year": {"type": "integer", "description": "Of a clock change."},
        },
        "additionalProperties": False,
    }
    moment = True

    def read(self, text: str, context: ToolContext) -> dict[str, Any] | None:
        """Find a question about the time; None for a place that is not known."""
        return clock_question(text, context)

    def run(self, arguments: Mapping[str, Any], context: ToolContext) -> str:
        """Say what time it is, and the day too where it is another one."""
        ask = text_argument(arguments, "ask") or "time"
        try:
            match ask:
                case "time":
                    return self._times(arguments, context)
                case "difference":
                    return self._difference(arguments, context)
                case "summer" | "winter" | "next":
                    return self._change(ask, arguments, context)
        except (OverflowError, ValueError):
            raise ToolTrouble(
                sv="Så långt räcker inte min klocka.", en="My clock does not reach that far."
            ) from None
        raise ToolTrouble(sv="Det kan klockan inte svara på.", en="The clock can't answer that.")

    def _times(self, arguments: Mapping[str, Any], context: ToolContext) -> str:
        minutes = int(text_argument(arguments, "minutes", chars=10) or 0)
        if abs(minutes) > MOST_MINUTES:
            raise OverflowError
        when, moment = _when(minutes, context), context.now + timedelta(minutes=minutes)
        place = _place(arguments, "place", context)
        if place is None:
            time = _time(context.timezone, moment, context)
            return context.say(f"{when[0]} {time}.", f"{when[1]} {time}.")
        zones: dict[str, str] = {}  # the first zone with each time
        for zone in place.zones:
            zones.setdefault(_time(zone, moment, context), zone)
        if len(zones) == 1:
            (time,) = zones
            return context.say(
                f"{when[0]} {time} {place.named('sv')}.", f"{when[1]} {time} {place.named('en')}."
            )
        listed = [
            f"{city_of(zone, context.language)} {time}"
            for time, zone in list(zones.items())[:_MOST_CITIES]
        ]
        return (
            context.say(f"{place.sv} har flera tidszoner: ", f"{place.en} has several time zones: ")
            + f"{', '.join(listed)}."
        )

    def _difference(self, arguments: Mapping[str, Any], context: ToolContext) -> str:
        """Tell how far ahead the clocks of a place are, as of now."""
        there, here = (_place(arguments, name, context) for name in ("place", "from"))
        if there is None:
            raise ToolTrouble(sv="Vilken plats menar du?", en="Which place do you mean?")
        zones = here.zones if here else (context.timezone,)
        least, most = gaps(zones, there.zones, context.now)
        sv, en = (
            (f" än {here.named('sv')}", f" {here.named('en')}") if here else (" än här", " here")
        )
        if least == most == 0:
            return context.say(
                f"Just nu är klockan lika mycket {there.named('sv')} som{sv.removeprefix(' än')}.",
                f"Right now it is the same time {there.named('en')} as{en}.",
            )
        return context.say(
            f"Just nu är klockan {_gap(least, most, context)} {there.named('sv')}{sv}.",
            f"Right now it is {_gap(least, most, context)} {there.named('en')} than{en}.",
        )

    def _change(self, ask: str, arguments: Mapping[str, Any], context: ToolContext) -> str:
        """Tell when the caller's clocks are next changed, or in the year named."""
        forward = {"summer": True, "winter": False}.get(ask)
        year = text_argument(arguments, "year", chars=10)
        if year:
            change = change_in(context.timezone, int(year), forward=forward)
        else:
            change = next_change(context.timezone, context.now, forward=forward)
        if change is None:
            return context.say("Där du är ställs klockan inte om.", "Your clocks do not change.")
        day, past = in_full(change.before.date(), context.language), change.before < _naive(context)
        before, after = at_time(change.before), at_time(change.after)
        sv = "Sommartiden" if change.forward else "Vintertiden"
        en = "Summer time" if change.forward else "Winter time"
        back_sv, back_en = ("fram", "forward") if change.forward else ("tillbaka", "back")
        if past:
            return context.say(
                f"{sv} började {day}: klockan {before} ställdes den {back_sv} till {after}.",
                f"{en} began on {day}: at {before} clocks went {back_en} to {after}.",
            )
        return context.say(
            f"{sv} börjar {day}: klockan {before} ställs den {back_sv} till {after}.",
            f"{en} begins on {day}: at {before} clocks go {back_en} to {after}.",
        )

    def warm(self) -> None:
        """Build the index of places."""
        warm()


def _naive(context: ToolContext) -> datetime:
    return context.local.replace(tzinfo=None)


def _place(arguments: Mapping[str, Any], name: str, context: ToolContext) -> Place | None:
    asked = text_argument(arguments, name, chars=60)
    if not asked:
        return None
    place = place_called(asked)
    if place is None:
        raise ToolTrouble(
            sv=f"Jag vet inte vilken tidszon {asked} har.",
            en=f"I don't know the time zone of {asked}.",
        )
    return place


def _time(zone: str, moment: datetime, context: ToolContext) -> str:
    there = moment.astimezone(ZoneInfo(zone))
    if there.date() == context.today:
        return at_time(there)
    day = in_full(there.date(), context.language, year=False)
    return f"{at_time(there)} ({day})"


def _when(minutes: int, context: ToolContext) -> tuple[str, str]:
    """Begin the sentence: "Klockan är", "Om 90 minuter är klockan"."""
    if not minutes:
        return "Klockan är", "It is"
    hours, rest = divmod(abs(minutes), 60)
    sv = [f"{hours} {'timme' if hours == 1 else 'timmar'}"] if hours else []
    en = [f"{hours} {'hour' if hours == 1 else 'hours'}"] if hours else []
    if rest:
        sv.append(f"{rest} {'minut' if rest == 1 else 'minuter'}")
        en.append(f"{rest} {'minute' if rest == 1 else 'minutes'}")
    if minutes < 0:
        return f"För {' och '.join(sv)} sedan var klockan", f"{' and '.join(en)} ago it was"
    return f"Om {' och '.join(sv)} är klockan", f"In {' and '.join(en)} it will be"


def _gap(least: int, most: int, context: ToolContext) -> str:
    """Write "8 timmar mer", "6 till 10 timmar mindre"."""

    def hours(minutes: int) -> str:
        return in_figures(Decimal(abs(minutes)) / 60, context.language)

    def far(minutes: int) -> str:
        one = abs(minutes) == 60
        sv = f"timm{'e' if one else 'ar'} {'mer' if minutes > 0 else 'mindre'}"
        en = f"hour{'' if one else 's'} {'later' if minutes > 0 else 'earlier'}"
        return f"{hours(minutes)} {context.say(sv, en)}"

    if least == most:
        return far(least)
    to = context.say("till", "to")
    if least >= 0:
        return f"{hours(least)} {to} {far(most)}"
    if most <= 0:
        return f"{hours(most)} {to} {far(least)}"
    return f"{far(least)} {to} {far(most)}"
