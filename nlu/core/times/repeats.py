"""What comes again: "varje måndag", "varannan vecka", "dagligen", "på vardagarna"."""

from datetime import date, timedelta

from .clocks import PARTS
from .found import Every, Found
from .words import NUMBERS, ORDINALS, UNITS, WEEKDAY_FORMS, Words, several

_EACH = several("varje every each alla all")
_WORKDAYS = several("vardag vardagar vardagarna weekday weekdays arbetsdag arbetsdagar")
_WEEKENDS = several("helg helger helgerna weekend weekends")
_ADVERBS = {
    **dict.fromkeys(["dagligen", "daglig", "dagliga", "daily"], "day"),
    **dict.fromkeys(["veckovis", "weekly"], "week"),
    **dict.fromkeys(["manadsvis", "manatligen", "monthly"], "month"),
    **dict.fromkeys(several("arligen arlig arliga yearly annually"), "year"),
}
_PARTS = {"morgon": "morning", "kvall": "evening", "natt": "night", "eftermiddag": "afternoon"}
_PARTS |= {"formiddag": "forenoon", "morning": "morning", "evening": "evening", "night": "night"}
_ONCE = (("en", "gang", "i"), ("en", "gang", "om"), ("once", "a"))
_CALENDAR = ("day", "week", "month", "year")
_SECONDS = {"second": "S", "minute": "M", "hour": "H"}


def every(words: Words, at: int) -> tuple[Found, int] | None:
    """Read a repetition; with the place after it."""
    word = words[at]
    for once in _ONCE:
        if words.has(at, *once) and (unit := UNITS.get(words[at + len(once)])) in _CALENDAR:
            return Found(every=Every(1, unit)), at + len(once) + 1
    if word in _ADVERBS:
        return Found(every=Every(1, _ADVERBS[word])), at + 1
    start = at + 1 if word in ("pa", "on", "om") else at
    if words[start] in _WORKDAYS and (start > at or words[start].endswith(("ar", "arna", "s"))):
        return Found(every=Every(1, "week", (0, 1, 2, 3, 4))), start + 1
    if words[start] in ("helgerna", "weekends"):
        return Found(every=Every(1, "week", (5, 6))), start + 1
    day = WEEKDAY_FORMS.get(words[start])
    if day and day[1] == "all":
        return _with_days(words, start, 1)
    counted = _count(words, at)
    return _unit(words, *counted) if counted else None


def _count(words: Words, at: int) -> tuple[int, int] | None:
    """Read "varje" as 1, "varannan" as 2, "var tredje" as 3."""
    word = words[at]
    if word in _EACH:
        if word in ("every", "each") and words[at + 1] in ("other", "second"):
            return 2, at + 2
        number = NUMBERS.get(words[at + 1], 0) if word == "every" else 0
        return (number, at + 2) if number > 1 else (1, at + 1)
    if word in ("varannan", "vartannat"):
        return 2, at + 1
    if word in ("var", "vart") and words[at + 1] in ORDINALS:
        return ORDINALS[words[at + 1]], at + 2
    if word in ("var", "vart") and words[at + 2] in ("e", "a") and words[at + 1].isdecimal():
        return int(words[at + 1]), at + 3
    if word in ("var", "vart") and words[at + 1].isdecimal() and words[at + 2] == ":":
        return int(words[at + 1]), at + 4
    return None


def _unit(words: Words, count: int, at: int) -> tuple[Found, int] | None:
    word = words[at]
    if word in WEEKDAY_FORMS:
        return _with_days(words, at, count)
    if word in _WORKDAYS:
        return Found(every=Every(count, "week", (0, 1, 2, 3, 4))), at + 1
    if word in _WEEKENDS:
        return Found(every=Every(count, "week", (5, 6))), at + 1
    if word in _PARTS:
        return Found(every=Every(count, "day"), part=_PARTS[word]), at + 1
    unit = UNITS.get(word)
    if unit is None or not 1 <= count <= 400:
        return None
    size = {"quarter": 15, "half": 30, "quarter_year": 3, "half_year": 6, "decade": 10}.get(unit, 1)
    unit = {
        "quarter": "minute",
        "half": "minute",
        "quarter_year": "month",
        "half_year": "month",
        "decade": "year",
    }.get(unit, unit)
    return Found(every=Every(count * size, unit)), at + 1


def _with_days(words: Words, at: int, count: int) -> tuple[Found, int]:
    days, after = [WEEKDAY_FORMS[words[at]][0]], at + 1
    while words[after] in ("och", "and", ",") and words[after + 1] in WEEKDAY_FORMS:
        days.append(WEEKDAY_FORMS[words[after + 1]][0])
        after += 2
    return Found(every=Every(count, "week", tuple(sorted(set(days))))), after


def period_of(every: Every) -> str:
    """Write how often in ISO 8601: "P2W", "PT4H"."""
    if every.unit in _SECONDS:
        return f"PT{every.count}{_SECONDS[every.unit]}"
    return f"P{every.count}{every.unit[0].upper()}"


def first_days(every: Every, today: date, *, today_is_over: bool) -> list[date]:
    """Give the first day of each of its series, today included unless its time is past."""
    start = today + timedelta(today_is_over)
    if not every.weekdays:
        return [start]
    return sorted(start + timedelta((day - start.weekday()) % 7) for day in every.weekdays)


def begins(part: str) -> int:
    """Tell at what hour a part of the day begins."""
    return PARTS[part][0]
