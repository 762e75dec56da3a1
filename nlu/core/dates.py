"""Days as people name them: "på fredag", "24 december", "om tre veckor", "midsommar nästa år"."""

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from .feasts import Feast, feast_called
from .numbers import number_of
from .text import fold

_RELATIVE = {
    name: days
    for days, names in {
        -2: "i forrgar|forrgar|day before yesterday|the day before yesterday",
        -1: "i gar|igar|yesterday",
        0: "i dag|idag|today|nu|now|dagens datum",
        1: "i morgon|imorgon|imorrn|i morrn|morgondagen|tomorrow",
        2: "i overmorgon|overmorgon|iovermorgon|day after tomorrow|the day after tomorrow",
    }.items()
    for name in names.split("|")
}
WEEKDAYS = {
    name: at
    for at, names in enumerate(
        (
            "mandag|monday",
            "tisdag|tuesday",
            "onsdag|wednesday",
            "torsdag|thursday",
            "fredag|friday",
            "lordag|saturday",
            "sondag|sunday",
        )
    )
    for name in names.split("|")
}
MONTHS = {
    name: at
    for at, names in enumerate(
        (
            "januari|january|jan",
            "februari|february|feb",
            "mars|march|mar",
            "april|apr",
            "maj|may",
            "juni|june|jun",
            "juli|july|jul",
            "augusti|august|aug",
            "september|sept|sep",
            "oktober|october|okt|oct",
            "november|nov",
            "december|dec",
        ),
        start=1,
    )
    for name in names.split("|")
}
_UNITS = {
    name: unit
    for unit, names in {
        "days": "dag|dagar|dygn|day|days",
        "weeks": "vecka|veckor|week|weeks",
        "months": "manad|manader|month|months",
        "years": "ar|year|years",
    }.items()
    for name in names.split("|")
}
_UNIT = rf"(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})"
_MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_DAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)})"
_YEAR = r"(?:,? (?P<year>\d{4}))?"
_COUNT = r"(?P<count>[^ ]+(?: [^ ]+){0,4}?)"

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.A)
_SLASHED = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})(?:[ -/]?(?P<year>\d{4}))?", re.A)
_DAY_MONTH = re.compile(rf"(?P<day>\d{{1,2}})(?::?[ea]|st|nd|rd|th)? (?:of )?{_MONTH}{_YEAR}", re.A)
_MONTH_DAY = re.compile(rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}", re.A)
_THE = re.compile(r"(?:pa |on |till |fran )?(?:den |the )?")
_NAMED_DAY = re.compile(rf"{_DAY}(?:en)?,? (?:den )?(?=\d)")
_WEEKDAY = re.compile(
    rf"(?P<which>nu |nu pa |pa |on |kommande |this |nasta |pa nasta |next |i |forra |last )?{_DAY}"
    r"(?P<form>en|s)?(?P<later> (?:i )?nasta vecka| next week)?"
)
_AHEAD = re.compile(
    rf"(?:om|in) {_COUNT} {_UNIT}|{_COUNT.replace('count', 'count2')} "
    rf"{_UNIT.replace('unit', 'unit2')} (?:from (?:now|today)|fran (?:nu|idag|i dag))"
)
_BACK = re.compile(
    rf"for {_COUNT} {_UNIT} sed[ae]n|{_COUNT.replace('count', 'count2')} "
    rf"{_UNIT.replace('unit', 'unit2')} ago"
)
_BESIDE = re.compile(
    rf"{_COUNT} {_UNIT} (?P<side>efter|fran|after|from|fore|innan|before) (?P<from>.+)"
)
_IN_YEAR = re.compile(
    r"(?P<what>.+?),? (?:(?P<rel>i ar|this year|nasta ar|next year|i fjol|forra aret|last year)"
    r"|(?:ar |in )?(?P<year>\d{4}))"
)
_RELATIVE_YEAR = {
    **dict.fromkeys(("i ar", "this year"), 0),
    **dict.fromkeys(("nasta ar", "next year"), 1),
    **dict.fromkeys(("i fjol", "forra aret", "last year"), -1),
}
_YEAR_ALONE = re.compile(r"(?:ar |i |in )?(?P<year>\d{4})", re.A)
_MONTH_ALONE = re.compile(rf"(?:i |in )?(?:{_MONTH})(?: (?P<of>.+))?")
_MOST_CHARS = 60


def date_of(phrase: str, today: date) -> date | None:
    """Read a phrase that names one day and nothing else; None otherwise.

    A day without a year is the next one, today included; a weekday is the next one, today not
    included; "nästa fredag" is the Friday of next week. Swedish and English, accents or not.
    """
    if len(phrase) > _MOST_CHARS:
        return None
    try:
        return _read(" ".join(fold(phrase.lower()).replace("’", "'").split()), today)
    except (OverflowError, ValueError):
        return None  # "31 februari", or a year beyond the calendar


def year_of(phrase: str, today: date) -> int | None:
    """Read a phrase that names one year and nothing else: "2028", "i år", "next year"."""
    text = " ".join(fold(phrase.lower()).split())
    if text in _RELATIVE_YEAR:
        return today.year + _RELATIVE_YEAR[text]
    found = _YEAR_ALONE.fullmatch(text)
    return int(found["year"]) if found else None


def month_of(phrase: str, today: date) -> tuple[int | None, int] | None:
    """Read a phrase that names one month: its year, None where none is said, and its number."""
    found = _MONTH_ALONE.fullmatch(" ".join(fold(phrase.lower()).split()))
    if found is None:
        return None
    year = year_of(found["of"], today) if found["of"] else None
    return None if found["of"] and year is None else (year, MONTHS[found["month"]])


def weekday_called(name: str) -> int | None:
    """Number a day of the week by its folded name: "mandag" is 0."""
    return WEEKDAYS.get(name)


def feast_in(phrase: str) -> Feast | None:
    """Find the feast that a phrase names, with or without a year: "jul", "midsommar nästa år"."""
    text = " ".join(fold(phrase.lower()).replace("’", "'").split())
    bare = text[found.end() :] if (found := _THE.match(text)) else text
    dated = _IN_YEAR.fullmatch(bare)
    return feast_called(bare) or (feast_called(dated["what"]) if dated else None)


def _read(text: str, today: date, depth: int = 0) -> date | None:
    if text in _RELATIVE:
        return today + timedelta(_RELATIVE[text])
    bare = text[found.end() :] if (found := _THE.match(text)) else text
    if found := _NAMED_DAY.match(bare):
        bare = bare[found.end() :]
    for pattern in (_ISO, _SLASHED, _DAY_MONTH, _MONTH_DAY):
        if found := pattern.fullmatch(bare):
            return _on(found, today)
    if feast := feast_called(bare):
        day = feast.on(today.year)
        return feast.on(today.year + 1) if day is None or day < today else day
    return (
        _weekday(text, today)
        or _counted(text, today, depth)
        or (_in_year(bare, today) if depth == 0 else None)
    )


def _on(found: re.Match[str], today: date) -> date:
    month = MONTHS.get(found["month"]) or int(found["month"])
    if found["year"]:
        return date(int(found["year"]), month, int(found["day"]))
    for year in range(today.year, today.year + 9):  # 29 February comes at most eight years later
        try:
            day = date(year, month, int(found["day"]))
        except ValueError:
            continue
        if day >= today:
            return day
    raise ValueError("no such day")


def _weekday(text: str, today: date) -> date | None:
    found = _WEEKDAY.fullmatch(text)
    if found is None:
        return None
    which, form = (found["which"] or "").strip(), found["form"]
    if (which == "i") != (form == "s") or (form == "en" and which not in ("forra", "kommande")):
        return None
    at = WEEKDAYS[found["weekday"]]
    monday = today - timedelta(today.weekday())
    if found["later"] or which in ("nasta", "pa nasta", "next"):
        return monday + timedelta(7 + at)
    if which in ("i", "forra", "last"):
        return today - timedelta((today.weekday() - at - 1) % 7 + 1)
    return today + timedelta((at - today.weekday() - 1) % 7 + 1)


def _counted(text: str, today: date, depth: int) -> date | None:
    for pattern, sign in ((_AHEAD, 1), (_BACK, -1)):
        if found := pattern.fullmatch(text):
            span = _span(found["count"] or found["count2"], found["unit"] or found["unit2"])
            return None if span is None else today + span * sign
    if depth < 2 and (found := _BESIDE.fullmatch(text)):
        span, start = _span(found["count"], found["unit"]), _read(found["from"], today, depth + 1)
        if span is None or start is None:
            return None
        return start - span if found["side"] in ("fore", "innan", "before") else start + span
    return None


def _span(count: str, unit: str) -> relativedelta | None:
    number = number_of("1" if count in ("en", "ett", "a", "an") else count)
    if number is None or abs(number) > 100_000 or number != int(number):
        return None
    amount = int(number)
    match _UNITS[unit]:
        case "days":
            return relativedelta(days=amount)
        case "weeks":
            return relativedelta(weeks=amount)
        case "months":
            return relativedelta(months=amount)
        case _:
            return relativedelta(years=amount)


def _in_year(text: str, today: date) -> date | None:
    """Read "midsommar nästa år", "24 december i fjol", "jul 2030"."""
    found = _IN_YEAR.fullmatch(text)
    if found is None:
        return None
    year = int(found["year"]) if found["year"] else today.year + _RELATIVE_YEAR[found["rel"]]
    if feast := feast_called(found["what"]):
        return feast.on(year)
    what = found["what"]
    for pattern in (_DAY_MONTH, _MONTH_DAY, _SLASHED):
        if (dated := pattern.fullmatch(what)) and not dated["year"]:
            return date(year, MONTHS.get(dated["month"]) or int(dated["month"]), int(dated["day"]))
    return None
