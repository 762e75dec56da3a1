"""The calendar: days, weeks, spans of days, and by the almanac years, months and holidays."""

from collections.abc import Mapping
from datetime import MINYEAR, date, timedelta
from typing import Any

from nlu.core import feasts
from nlu.core.dates import date_of, feast_in

from .almanac import ALMANAC, whole
from .base import ToolContext, ToolTrouble, text_argument
from .day_questions import day_question
from .figures import in_figures
from .saying import in_full, inside, with_week

ASKS = (
    "day",
    "week",
    "week_days",
    "days_until",
    "days_since",
    "days_between",
    "holiday",
    "next_holiday",
    *ALMANAC,
)


class Calendar:
    """Tells which day and week a date is, how far away it is, and when Swedes have the day off."""

    name = "calendar"
    title_sv, title_en = "Kalender", "Calendar"
    description = (
        "Tell the date, weekday and ISO week of a day, count days between days, look up Swedish "
        "holidays and leap years, tell how long months and years are and how old someone is. "
        "Never work out dates yourself; call this."
    )
    parameters: Mapping[str, Any] = {
        "type": "object",
        "properties": {
            "ask": {
                "type": "string",
                "enum": list(ASKS),
                "description": "day: date and weekday; week: week number; week_days: the days of "
                "week number `week`; days_until (or since); days_between `date` and `until`; "
                "holiday: is it a public holiday; next_holiday; holidays of a `year` and `month`; "
                "leap_year; length of a month or year; is_weekday; age of one born on `date`.",
            },
            "date": {
                "type": "string",
                "description": "A day: '2026-12-24', '24 december', 'på fredag', 'om 45 dagar', "
                "'midsommar nästa år'. Empty for today.",
                "maxLength": 60,
            },
            "until": {"type": "string", "description": "The last day.", "maxLength": 60},
            "week": {"type": "integer", "minimum": 1, "maximum": 53},
            "year": {"type": "integer", "minimum": 1, "maximum": 9999},
            "month": {"type": "integer", "minimum": 1, "maximum": 12},
            "weekday": {
                "type": "integer",
                "description": "1 is Monday.",
                "minimum": 1,
                "maximum": 7,
            },
        },
        "required": ["ask"],
        "additionalProperties": False,
    }
    moment = True

    def read(self, text: str, context: ToolContext) -> dict[str, Any] | None:
        """Find a question about days, every one of which is understood."""
        return day_question(text, context.today)

    def run(self, arguments: Mapping[str, Any], context: ToolContext) -> str:
        """Say which day, week or span it is."""
        ask = text_argument(arguments, "ask") or "day"
        if ask not in ASKS:
            raise ToolTrouble(
                sv="Det kan kalendern inte svara på.", en="The calendar can't answer that."
            )
        try:
            if ask in ALMANAC:
                return ALMANAC[ask](arguments, context)
            return str(getattr(self, f"_{ask}")(arguments, context))
        except (OverflowError, ValueError):
            raise ToolTrouble(
                sv="Så långt räcker inte min kalender.", en="My calendar does not reach that far."
            ) from None

    def _day(self, arguments: Mapping[str, Any], context: ToolContext) -> str:
        phrase, day = _date(arguments, "date", context)
        full, today = with_week(day, context.language), context.today
        if day == today:
            return context.say(f"I dag är det {full}.", f"Today is {full}.")
        if feast := feast_in(phrase):
            verb = context.say(*(("infaller", "is") if day > today else ("inföll", "was")))
            return f"{context.say(feast.sv, feast.en)} {verb} {full}."
        verb = context.say("blir" if day > today else "var", "will be" if day > today else "was")
        return context.say(f"Det {verb} {full}.", f"That {verb} {full}.")

    def _week(self, arguments: Mapping[str, Any], context: ToolContext) -> str:
        _, day = _date(arguments, "date", context)
        week = day.isocalendar().week
        if day == context.today:
            return context.say(f"Det är vecka {week}.", f"It is week {week}.")
        full = in_full(day, context.language)
        full = full[0].upper() + full[1:]
        return context.say(f"{full} är i vecka {week}.", f"{full} is in week {week}.")

    def _week_days(self, arguments: Mapping[str, Any], context: ToolContext) -> str:
        today = context.today
        week = whole(arguments, "week", today.isocalendar().week)
        year = whole(arguments, "year", today.isocalendar().year)
        monday = date.fromisocalendar(year, week, 1)
        first, last = (in_full(monday + timedelta(at), context.language) for at in (0, 6))
        return context.say(
            f"Vecka {week} år {year} är {first} till {last}.",
            f"Week {week} of {year} is {first} to {last}.",
        )

    def _days_until(self, arguments: Mapping[str, Any], context: ToolContext) -> str:
        phrase, day = _date(arguments, "date", context)
        days = (day - context.today).days
        named, count = _named(phrase, day, context), _days(abs(days), context)
        if days == 0:
            return context.say(f"Det är i dag, {named}.", f"That is today, {named}.")
        if days < 0:
            return context.say(f"Det är {count} sedan {named}.", f"It is {count} since {named}.")
        return context.say(f"Det är {count} till {named}.", f"It is {count} until {named}.")

    def _days_since(self, arguments: Mapping[str, Any], context: ToolContext) -> str:
        """Count from the last time, where no year is named."""
        phrase, day = _date(arguments, "date", context)
        for year in ("i år", "i fjol"):
            if day > context.today:
                day = date_of(f"{phrase} {year}", context.today) or day
        return self._days_until({"date": day.isoformat()}, context)

    def _days_between(self, arguments: Mapping[str, Any], context: ToolContext) -> str:
        _, first = _date(arguments, "date", context)
        phrase, last = _date(arguments, "until", context)
        later = date_of(phrase, first)
        if last < first and later and (later.month, later.day) == (last.month, last.day):
            last = later  # from December to March: of the year after
        count = _days(abs((last - first).days), context)
        start, end = (in_full(day, context.language) for day in sorted((first, last)))
        return context.say(
            f"Det är {count} mellan {start} och {end}.", f"It is {count} between {start} and {end}."
        )

    def _holiday(self, arguments: Mapping[str, Any], context: ToolContext) -> str:
        _, day = _date(arguments, "date", context)
        name, full = feasts.public_holiday(day, context.language), in_full(day, context.language)
        if name is None:
            return context.say(
                f"Nej, {full} är ingen röd dag.", f"No, {full} is not a public holiday in Sweden."
            )
        if name == "":
            return context.say(
                f"Ja, {full} är en röd dag, som alla söndagar.",
                f"Yes, {full} is a Sunday, and Sundays are public holidays in Sweden.",
            )
        return context.say(
            f"Ja, {full} är en röd dag: {inside(name)}.",
            f"Yes, {full} is a public holiday: {name}.",
        )

    def _next_holiday(self, arguments: Mapping[str, Any], context: ToolContext) -> str:
        found = feasts.next_public_holiday(context.today, context.language)
        if found is None:
            raise OverflowError
        day, name = found
        full, count = with_week(day, context.language), _days((day - context.today).days, context)
        return context.say(
            f"Nästa helgdag är {inside(name)}, {full}. Det är {count} dit.",
            f"The next public holiday in Sweden is {name}, {full}. That is in {count}.",
        )

    def warm(self) -> None:
        """Load the holidays and the languages."""
        today = date.today()
        for year in (today.year, today.year + 1):  # "annandag jul" may be of either
            feasts.warm(year)
        for language in ("sv", "en"):
            in_full(today, language)


def _date(arguments: Mapping[str, Any], name: str, context: ToolContext) -> tuple[str, date]:
    phrase = text_argument(arguments, name, chars=60)
    if not phrase:
        return "", context.today
    day = date_of(phrase, context.today)
    if day is None or day.year <= MINYEAR:
        raise ToolTrouble(
            sv=f"Jag förstår inte datumet {phrase}. Skriv till exempel 24 december.",
            en=f"I don't understand the date {phrase}. Write for example 24 December.",
        )
    return phrase, day


def _days(count: int, context: ToolContext) -> str:
    """Write "31 dagar (4 veckor och 3 dagar)"."""
    figures = in_figures(count, context.language)
    weeks, rest = divmod(count, 7)
    if context.language == "en":
        days = f"{figures} day{'' if count == 1 else 's'}"
        over = f" and {rest} day{'' if rest == 1 else 's'}" if rest else ""
        return f"{days} ({weeks} weeks{over})" if 14 <= count <= 366 else days
    days = f"{figures} {'dag' if count == 1 else 'dagar'}"
    over = f" och {rest} {'dag' if rest == 1 else 'dagar'}" if rest else ""
    return f"{days} ({weeks} veckor{over})" if 14 <= count <= 366 else days


def _named(phrase: str, day: date, context: ToolContext) -> str:
    """Write "julafton, torsdag 24 december 2026"."""
    feast, full = feast_in(phrase), in_full(day, context.language)
    return full if feast is None else f"{context.say(inside(feast.sv), feast.en)}, {full}"
