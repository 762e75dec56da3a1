"""Years and months in days: both of the lengths that they may have."""

from decimal import Decimal

from nlu.core.measures import UNITS, Unit, converted, same_kind

from .base import ToolContext
from .figures import in_figures

_LENGTHS = {"år": (365, 366), "månad": (28, 31)}  # days: a year and a leap year, February and July


def calendar_span(start: Unit, end: Unit, context: ToolContext) -> str | None:
    """Say how long one year or month is in days, weeks, hours, minutes or seconds."""
    days = _LENGTHS.get(start.sv_one)
    if days is None or end.sv_one in _LENGTHS or not same_kind(start, end):
        return None
    short, long = (_said(length, end, context) for length in days)
    if short is None or long is None:
        return None
    if start.sv_one == "år":
        return context.say(
            f"1 år är {short}, och {long} när det är skottår.",
            f"1 year is {short}, and {long} in a leap year.",
        )
    short = short.removesuffix(f" {long.split()[-1]}")  # "28 till 31 dagar"
    return context.say(f"1 månad är {short} till {long}.", f"1 month is {short} to {long}.")


def _said(days: int, end: Unit, context: ToolContext) -> str | None:
    if end is UNITS["vecka"]:
        weeks, rest = divmod(days, 7)
        sv = f" och {rest} {'dag' if rest == 1 else 'dagar'}" if rest else ""
        en = f" and {rest} day{'' if rest == 1 else 's'}" if rest else ""
        return context.say(f"{weeks} veckor{sv}", f"{weeks} weeks{en}")
    size = converted(Decimal(days), UNITS["dygn"], end)
    if size != size.to_integral_value():
        return None
    word = context.say("dagar", "days") if end is UNITS["dygn"] else None
    figures = in_figures(size, context.language)
    return f"{figures} {word or end.printed(size, context.language)}"
