"""Questions for the clock, as patterns: where, how far from now, and when clocks are changed."""

import re
from decimal import Decimal
from typing import Any

from nlu.core.dates import year_of
from nlu.core.numbers import number_of
from nlu.core.text import fold

from .base import ToolContext
from .phrasing import LEAD, TAIL, as_written
from .places import place_called

MOST_MINUTES = 7 * 24 * 60
_MOST_CHARS = 100
_HINT = re.compile(r"klock|clock|\bkl\b|tid|time|dags|o'clock|daylight")
_LEAD, _TAIL = re.compile(LEAD + "(?:sag )?"), re.compile(f"{TAIL}$")

_NOW_WORDS = r"(?: ar| ar det| is it)?(?: just)?(?: nu| now| right now| egentligen)?"
_TIME = (
    r"(?:vad (?:ar |visar )?(?:klockan|kl)|hur mycket (?:ar )?klockan|hur dags ar det|klockan"
    r"|(?:vad|vilken|hur mycket) (?:ar tiden|tid ar det|ar det for tid)|vad ar lokal tid"
    r"|(?:what(?:'?s| is) the (?:current |local )?time|what time is it|the time|current time|time)"
    r"(?: is it)?)"
)
_PLACE = r"(?: (?:i|pa|in|at)\b(?P<place>[^?!]{0,40}))?"
_NOW = re.compile(_TIME + _NOW_WORDS + _PLACE + r"(?: just)?(?: nu| now| right now)?")
_NOW_AT_END = re.compile(r" (?:just nu|just|nu|right now|now|tack|please|alice)$")

_WILL_BE = r"(?:vad|hur mycket|what time|what) (?:ar|blir|var|ar det|is it|will it be|was it|is)"
_CLOCK = r"(?: klockan| the time)?"
_SHIFTED = re.compile(
    rf"{_WILL_BE}{_CLOCK} (?:(?:om|in) (?P<ahead>.+?)|for (?P<back>.+?) sed[ae]n"
    rf"|(?P<ago>.+?) ago)(?: (?:i|pa|in) (?P<place>[a-z ]+))?"
)
_UNITS = {
    "timme|timmar|tim|h|hour|hours|an hour": 60,
    "minut|minuter|min|minute|minutes": 1,
    "halvtimme|halvtimmar|half hour": 30,
    "kvart|kvartar|quarter|quarters|quarter of an hour": 15,
}
_MINUTES_IN = {name: minutes for names, minutes in _UNITS.items() for name in names.split("|")}
_UNIT = "|".join(sorted(_MINUTES_IN, key=len, reverse=True))
_PART = re.compile(rf"(?P<count>.+?) ?(?P<unit>{_UNIT})")

_GAP = re.compile(
    r"(?:(?:vad|hur stor) ar |hur stor |vad ar det for |what(?:'s| is) )?(?:the )?"
    r"(?:tidsskillnad(?:en)?|tidsdifferens(?:en)?|time difference)"
    r"(?: (?:ar|finns) det)?(?: ar)? "
    r"(?:(?:mellan|between) (?P<other>.+?) (?:och|and)|till|mot|to|with) (?P<place>.+)"
)
_SUMMER, _WINTER = r"(?:sommartid(?:en)?)", r"(?:(?:vinter|normal)tid(?:en)?)"
_SAVING = r"(?:daylight saving(?:s)?(?: time)?|summer time|dst)"
_TURNING = (
    r"nar (?:ska (?:vi|man) |ska |gar |byter |staller |stalls )?(?:vi |man )?(?:ga |byta |stalla )?"
    r"(?:klockan )?(?:over |om )?(?:klockan |tiden )?(?:om )?till "
)
_YEAR = r"(?: (?P<year>(?:ar |in )?\d{4}|i ar|nasta ar|this year|next year))?"
_CHANGES = tuple(
    (re.compile(pattern + _YEAR), change)
    for change, patterns in (
        (
            "summer",
            (
                rf"nar (?:borjar|borjade|startar|blir det|infaller|ar det) {_SUMMER}",
                rf"nar sluta(?:r|de) {_WINTER}",
                rf"{_TURNING}{_SUMMER}",
                r"nar stalls (?:klockan|tiden) fram",
                rf"when (?:does|will) {_SAVING} (?:start|begin)",
                r"when do (?:the )?clocks go forward",
            ),
        ),
        (
            "winter",
            (
                rf"nar (?:borjar|borjade|startar|blir det|infaller|ar det) {_WINTER}",
                rf"nar sluta(?:r|de) {_SUMMER}",
                rf"{_TURNING}{_WINTER}",
                r"nar stalls (?:klockan|tiden) tillbaka",
                rf"when (?:does|will) {_SAVING} end",
                r"when do (?:the )?clocks go back",
            ),
        ),
        (
            "next",
            (
                r"nar (?:ska (?:vi|man) stalla|staller (?:vi|man)) (?:om (?:klockan|tiden)"
                r"|(?:klockan|tiden) om)",
                r"nar (?:ska (?:klockan|tiden) stallas om|stalls (?:klockan|tiden) om"
                r"|ar (?:nasta )?tidsomstallning(?:en)?)",
                r"when do (?:the clocks|clocks|we) change(?: the clocks)?",
            ),
        ),
    )
    for pattern in patterns
)


def clock_question(text: str, context: ToolContext) -> dict[str, Any] | None:
    """Read a question about the time, every part of which is understood; None otherwise."""
    if len(text) > _MOST_CHARS:
        return None
    folded = " ".join(fold(as_written(text.lower())).replace("’", "'").split())
    if not _HINT.search(folded):
        return None
    lead, tail = _LEAD.match(folded), _TAIL.search(folded)
    asked = folded[lead.end() if lead else 0 : tail.start() if tail else len(folded)]
    for reading in (_time_now, _time_then, _time_gap, _clock_change):
        if (arguments := reading(asked, context)) is not None:
            return arguments
    return None


def _time_now(asked: str, context: ToolContext) -> dict[str, Any] | None:
    found = _NOW.fullmatch(asked)
    if found is None:
        return None
    if found["place"] is None:
        return {} if " " in asked or asked == "klockan" else None
    name = _NOW_AT_END.sub("", found["place"].strip(" ,.")).strip()
    return _at(name, context)


def _time_then(asked: str, context: ToolContext) -> dict[str, Any] | None:
    found = _SHIFTED.fullmatch(asked)
    if found is None:
        return None
    minutes = minutes_of(found["ahead"] or found["back"] or found["ago"])
    place = _at(found["place"], context) if found["place"] else {}
    if minutes is None or place is None:
        return None
    return {"minutes": minutes if found["ahead"] else -minutes, **place}


def _time_gap(asked: str, context: ToolContext) -> dict[str, Any] | None:
    found = _GAP.fullmatch(asked)
    if found is None or (there := _at(found["place"], context)) is None:
        return None
    if not found["other"]:
        return {"ask": "difference", **there}
    here = _at(found["other"], context)
    return here and {"ask": "difference", **there, "from": here["place"]}


def _clock_change(asked: str, context: ToolContext) -> dict[str, Any] | None:
    for pattern, change in _CHANGES:
        if found := pattern.fullmatch(asked):
            year = year_of(found["year"], context.today) if found["year"] else None
            return {"ask": change} if year is None else {"ask": change, "year": year}
    return None


def _at(name: str, context: ToolContext) -> dict[str, Any] | None:
    place = place_called(name)
    return None if place is None else {"place": context.say(place.sv, place.en)}


def minutes_of(phrase: str) -> int | None:
    """Read a span of time in whole minutes: "en timme", "90 min", "1 timme och 20 minuter"."""
    found = _PART.fullmatch(phrase)
    if found is None or (first := _minutes(found)) is None:
        start, linked, end = phrase.rpartition(" och " if " och " in phrase else " and ")
        parts = [_PART.fullmatch(part) for part in (start, end)] if linked else []
        spans = [_minutes(part) for part in parts if part]
        known = [minutes for minutes in spans if minutes is not None]
        first = sum(known) if len(known) == 2 else None
    return first if first is not None and first <= MOST_MINUTES else None


def _minutes(found: re.Match[str]) -> int | None:
    count = "1" if found["count"] in ("a", "an", "en") else found["count"]
    number = number_of(count)
    if number is None or not 0 < number <= MOST_MINUTES:
        return None
    minutes = number * Decimal(_MINUTES_IN[found["unit"]])
    return int(minutes) if minutes == minutes.to_integral_value() else None
