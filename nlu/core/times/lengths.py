"""How long: "en kvart", "två och en halv timme", "ett halvår"; and counted from now."""

from datetime import UTC, datetime, timedelta

from .found import Found, Length
from .words import NUMBERS, UNITS, Words, several

_SECONDS = {"second": 1, "minute": 60, "quarter": 900, "half": 1800, "hour": 3600}
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "quarter_year": 3, "half_year": 6, "year": 12, "decade": 120}
_LETTER = {"day": "D", "week": "W", "month": "M", "year": "Y"}
_ARTICLES = frozenset(("en", "ett", "a", "an"))
_HALVES = (("och", "en", "halv"), ("och", "ett", "halvt"), ("and", "a", "half"))
_FEW = 2  # "ett par"
_SINCE = frozenset(("sedan", "sen"))
_MOST = 10_000  # of a unit
_AFTER_QUARTER = several("i over past to before")
_AFTER_LENGTH = several(
    "sedan sen fran innan fore efter och tack till kvar per from ago please pa om for "
    "varje lang langre att vid senare extra som"
)
_LATEST = frozenset(["senaste", "sista", "past", "last"])
_COMING = several("kommande narmaste nastkommande nasta next coming following")


def length(words: Words, at: int) -> tuple[Length, int] | None:
    """Read a length of time; with the place after it."""
    first = _one(words, at)
    if first is None:
        return None
    value, after, unit = first
    if unit in ("hour", "minute", "day", "year") or value.seconds:
        link = after + 1 if words[after] in ("och", "and", ",") else after
        second = _one(words, link)
        if second and _fits(unit, second[2]) and words[link] not in _ARTICLES:
            other = second[0]
            both = Length(
                value.months + other.months, value.days + other.days, value.seconds + other.seconds
            )
            return _named(both), second[1]
    return value, after


def _fits(unit: str, smaller: str) -> bool:
    order = ("year", "month", "week", "day", "hour", "minute", "second")
    return unit in order and smaller in order and order.index(smaller) > order.index(unit)


def _one(words: Words, at: int) -> tuple[Length, int, str] | None:
    if words[at] == "trekvart":
        return _named(Length(seconds=2700)), at + 1, "quarter"
    counted = amount(words, at)
    if counted is None:
        return None
    count, after = counted
    if words[after] in ("of", "av") and words[after - 1] == "par":
        after += 1
    unit = UNITS.get(words[after])
    if unit is None or count > _MOST:
        return None
    if unit == "quarter" and not _ends_here(words, after + 1):
        return None
    if words.has(after + 1, "and", "a", "half"):
        count, after = count + 0.5, after + 3
    value = _length(count, unit)
    return None if value is None else (value, after + 1, unit)


def amount(words: Words, at: int) -> tuple[float, int] | None:
    """Read how many: "3", "2,5", "en och en halv", "ett par", "en halv"; with what follows."""
    word = words[at]
    if word in ("halv", "half", "halvannan"):
        after = at + 2 if word == "half" and words[at + 1] in ("a", "an") else at + 1
        return (1.5 if word == "halvannan" else 0.5), after
    if word.isdecimal() and word.isascii():
        if len(word) > 4:
            return None
        if words[at + 1] in (",", ".") and words[at + 2].isdecimal() and words.glued(at + 2):
            return float(f"{word}.{words[at + 2]}"), at + 3
        count, after = float(word), at + 1
    elif word in NUMBERS or word in _ARTICLES:
        count, after = float(NUMBERS.get(word, 1)), at + 1
        if word in _ARTICLES:
            if words[after] in ("halv", "halvt", "half"):
                return 0.5, after + 1
            if words[after] in ("par", "couple"):
                return float(_FEW), after + 1
    else:
        return None
    for half in _HALVES:
        if words.has(after, *half):
            return count + 0.5, after + 3
    if words[after] == "½":
        return count + 0.5, after + 1
    return count, after


def _ends_here(words: Words, at: int) -> bool:
    """Tell whether "en kvart" is one of an hour: "en kvart melon" and "en kvart i tre" are not."""
    word = words[at]
    if word in _AFTER_QUARTER:
        return words[at + 1] not in NUMBERS and not words[at + 1].isdecimal()
    return not word.isalpha() or word in _AFTER_LENGTH


def _length(count: float, unit: str) -> Length | None:
    if unit in _SECONDS:
        return _named(Length(seconds=round(count * _SECONDS[unit])), unit, count)
    if unit in _MONTHS:
        months = count * _MONTHS[unit]
        return _named(Length(months=round(months)), unit, count) if months % 1 == 0 else None
    days = count * _DAYS[unit]
    if days % 1:
        return _named(Length(days=int(days), seconds=round(days % 1 * 86_400)))
    return _named(Length(days=round(days), weeks=unit == "week"), unit, count)


def _named(value: Length, unit: str = "", count: float = 0.5) -> Length:
    """Write it in ISO 8601, in the unit that was said where it is whole."""
    if count % 1 == 0 and unit in ("second", "minute", "hour"):
        form = f"PT{int(count)}{unit[0].upper()}"
    elif count % 1 == 0 and unit in _LETTER:
        form = f"P{int(count)}{_LETTER[unit]}"
    elif count % 1 == 0 and unit == "decade":
        form = f"P{int(count) * 10}Y"
    else:
        form = "P" + (f"{value.months}M" if value.months else "")
        weeks, days = divmod(value.days, 7) if unit == "" and value.days >= 14 else (0, value.days)
        form += (f"{weeks}W" if weeks else "") + (f"{days}D" if days else "")
        hours, rest = divmod(value.seconds, 3600)
        parts = zip((hours, *divmod(rest, 60)), "HMS", strict=True)
        clock = "".join(f"{number}{letter}" for number, letter in parts if number)
        form += f"T{clock}" if clock else ""
    return Length(value.months, value.days, value.seconds, value.weeks, form)


def moved(now: datetime, by: Length, sign: int = 1) -> Found:
    """Count from now: to a day where whole days are counted, else to a moment."""
    if by.in_days:
        day = now.date() + by.calendar * sign
        return Found(days=(day, day), shift=by.days * sign if by.weeks else 0)
    shifted = now + by.calendar * sign
    seconds = timedelta(seconds=by.seconds * sign)
    moment = (shifted.astimezone(UTC) + seconds).astimezone(now.tzinfo)
    return Found(moments=(moment, moment))


def counted(words: Words, at: int, now: datetime) -> tuple[Found, int] | None:
    """Read "om en kvart", "för två år sedan", "två timmar från nu", "senaste veckan"."""
    word = words[at]
    if word in ("om", "in", "efter", "after"):
        found = length(words, at + 1)
        if found is None or (word == "in" and words[found[1]] == "s"):
            return None
        return moved(now, found[0]), found[1]
    if word in ("for", "de", "the") or word in _LATEST or word in _COMING:
        return _back(words, at, now) or _window(words, at, now)
    found = length(words, at)
    if found is None:
        return None
    value, after = found
    if words[after] == "ago":
        return moved(now, value, -1), after + 1
    if words[after] in ("fran", "from") and words[after + 1] in ("nu", "idag", "now", "today"):
        return moved(now, value), after + 2
    if words.has(after, "fran", "i", "dag"):
        return moved(now, value), after + 3
    if words[after] in ("sedan", "sen") and value.seconds + value.days + value.months:
        return moved(now, value, -1), after + 1
    return None


def _back(words: Words, at: int, now: datetime) -> tuple[Found, int] | None:
    if words[at] != "for":
        return None
    found = length(words, at + 1)
    if found is None or words[found[1]] not in _SINCE:
        return None
    return moved(now, found[0], -1), found[1] + 1


def _window(words: Words, at: int, now: datetime) -> tuple[Found, int] | None:
    """Read the time up to now or from now on: "de senaste två timmarna", "kommande tre dagar"."""
    start = at + 1 if words[at] in ("de", "den", "the") else at
    side = words[start]
    if side not in _LATEST and side not in _COMING:
        return None
    found = length(words, start + 1)
    if found is None and side == "senaste":  # "senaste timmen", "senaste veckan"
        unit = UNITS.get(words[start + 1])
        value = _length(1, unit) if unit else None
        found = None if value is None else (value, start + 2)
    if found is None or (side == "sista" and found[1] == start + 2):
        return None
    value, after = found
    other = moved(now, value, -1 if side in _LATEST else 1)
    if other.days:
        days = sorted((other.days[0], now.date()))
        return Found(days=(days[0], days[1])), after
    assert other.moments is not None
    moments = sorted((other.moments[0], now))
    return Found(moments=(moments[0], moments[1])), after
