"""What the calendar knows of years and months: leap years, holidays, lengths and ages."""

from calendar import isleap, monthrange
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from nlu.core import feasts

from .base import ToolContext, ToolTrouble, text_argument
from .saying import in_full, inside, month_in, with_week

Answer = Callable[[Mapping[str, Any], ToolContext], str]


def whole(arguments: Mapping[str, Any], name: str, otherwise: int) -> int:
    """Take a whole number, or `otherwise` where there is none.

    Raises:
        ValueError: it is no whole number.
    """
    text = text_argument(arguments, name, chars=10)
    return int(text) if text else otherwise


def _year(arguments: Mapping[str, Any], context: ToolContext) -> str:
    return context.say(f"Det är år {context.today.year}.", f"It is {context.today.year}.")


def _month(arguments: Mapping[str, Any], context: ToolContext) -> str:
    month = month_in(context.today, context.language)
    return context.say(f"Det är {month}.", f"It is {month}.")


def _leap_year(arguments: Mapping[str, Any], context: ToolContext) -> str:
    year = whole(arguments, "year", 0)
    if not year:
        year = next(year for year in range(context.today.year + 1, 9999) if isleap(year))
        return context.say(f"Nästa skottår är {year}.", f"The next leap year is {year}.")
    date(year, 1, 1)  # the calendar's limits
    if isleap(year):
        return context.say(
            f"Ja, {year} är ett skottår: februari har 29 dagar.",
            f"Yes, {year} is a leap year: February has 29 days.",
        )
    return context.say(f"Nej, {year} är inget skottår.", f"No, {year} is not a leap year.")


def _holidays(arguments: Mapping[str, Any], context: ToolContext) -> str:
    """List the holidays of a year or of one month."""
    year, month = whole(arguments, "year", context.today.year), whole(arguments, "month", 0)
    if not feasts.FIRST_YEAR <= year <= feasts.LAST_YEAR or month not in range(13):
        raise OverflowError
    found = [
        (day, name)
        for day, name in feasts.public_holidays(year, context.language)
        if month in (0, day.month)
    ]
    when = month_in(date(year, month, 1), context.language) if month else str(year)
    if not found:
        return context.say(
            f"I {when} finns inga röda dagar utöver söndagarna.",
            f"There are no public holidays in Sweden in {when}, besides Sundays.",
        )
    listed = ", ".join(
        f"{context.say(inside(name), name)} ({in_full(day, context.language, year=False)})"
        for day, name in found
    )
    return context.say(
        f"Röda dagar {'i ' if month else ''}{when}, utöver vanliga söndagar: {listed}.",
        f"Public holidays in Sweden in {when}, besides ordinary Sundays: {listed}.",
    )


def _length(arguments: Mapping[str, Any], context: ToolContext) -> str:
    """Tell how many days a month has, or how many days and weeks a year has."""
    year, month = whole(arguments, "year", 0), whole(arguments, "month", 0)
    if month:
        first = date(year or 2001, month, 1)
        days = monthrange(first.year, month)[1]
        named = month_in(first, context.language, year=year > 0)
        named = named[0].upper() + named[1:]
        leap = month == 2 and not year
        return context.say(
            f"{named} har {days} dagar{', och 29 när det är skottår' if leap else ''}.",
            f"{named} has {days} days{', and 29 in a leap year' if leap else ''}.",
        )
    first = date(year or context.today.year, 1, 1)
    days = 366 if isleap(first.year) else 365
    weeks = date(first.year, 12, 28).isocalendar().week
    return context.say(
        f"År {first.year} har {days} dagar och {weeks} numrerade veckor.",
        f"The year {first.year} has {days} days and {weeks} numbered weeks.",
    )


def _is_weekday(arguments: Mapping[str, Any], context: ToolContext) -> str:
    today = context.today
    day = date.fromisoformat(text_argument(arguments, "date") or today.isoformat())
    right = day.isoweekday() == whole(arguments, "weekday", 0)
    sure, full = context.say("Ja" if right else "Nej", "Yes" if right else "No"), ""
    full = with_week(day, context.language)
    if day == today:
        return context.say(f"{sure}, i dag är det {full}.", f"{sure}, today is {full}.")
    sv, en = ("blir", "will be") if day > today else ("var", "was")
    return context.say(f"{sure}, det {sv} {full}.", f"{sure}, that {en} {full}.")


def _age(arguments: Mapping[str, Any], context: ToolContext) -> str:
    today, born = context.today, text_argument(arguments, "date")
    if not born:
        year = whole(arguments, "year", today.year)
        years = today.year - year
        if years < 0:
            raise _unborn()
        return context.say(
            f"Den som är född {year} fyller {years} år {today.year}.",
            f"Someone born in {year} turns {years} in {today.year}.",
        )
    day = date.fromisoformat(born)
    if day > today:
        raise _unborn()
    years, full = relativedelta(today, day).years, in_full(day, context.language)
    return context.say(
        f"Den som är född {full} är {years} år i dag.",
        f"Someone born on {full} is {years} {'year' if years == 1 else 'years'} old today.",
    )


def _unborn() -> ToolTrouble:
    return ToolTrouble(sv="Den dagen har inte varit än.", en="That day has not been yet.")


ALMANAC: Mapping[str, Answer] = {
    "year": _year,
    "month": _month,
    "leap_year": _leap_year,
    "holidays": _holidays,
    "length": _length,
    "is_weekday": _is_weekday,
    "age": _age,
}
