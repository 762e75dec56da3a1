"""Longer than a day, or a day with a name: weeks, months, seasons, years, decades, feasts."""

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from ..feasts import feast_called
from .days import BY_FIRST, LAST, NEXT, OPENINGS, one, period, whole_month
from .found import Found
from .words import MONTH_ALONE, ORDINALS, UNITS, Words, month, year

_SEASONS = {"var": 3, "sommar": 6, "host": 9, "vinter": 12}
_SEASON_WORDS = {
    **{name + end: first for name, first in _SEASONS.items() for end in ("", "en")},
    **{"sommaren": 6, "vintern": 12, "spring": 3, "summer": 6, "autumn": 9, "winter": 12},
}
_SEASONS_PAST = {"varas": 3, "somras": 6, "hostas": 9, "vintras": 12}
_WEEK = re.compile(
    r"(?:v\.? ?|vecka |week )(?P<w>\d{1,2})(?!\d)(?: ?(?:[-–]|till|to) ?(?P<to>\d{1,2}))?", re.A
)
_DECADE = re.compile(r"(?P<n>\d{2}|\d{4}) ?-? ?tal(?:et|ets)", re.A)
_DECADES = {"tjugotalet": 1920, "trettiotalet": 1930, "fyrtiotalet": 1940, "femtiotalet": 1950}
_DECADES |= {"sextiotalet": 1960, "sjuttiotalet": 1970, "attiotalet": 1980, "nittiotalet": 1990}
_REST = {"veckan": "week", "manaden": "month", "aret": "year"}
BETWEEN_FEASTS = ("mellan", "jul", "och", "nyar")
"""These are the days between, neither feast among them."""
FIRST_WORDS = frozenset((*_SEASONS_PAST, *_DECADES, *_SEASON_WORDS))
"""Words that a reading of this module may begin with, beside prepositions and numbers."""


def longer(words: Words, at: int, today: date) -> tuple[Found, int] | None:
    """Read weeks by number, months, seasons, years, decades: "v. 12", "i april", "i somras"."""
    start = at + 1 if words[at] in OPENINGS else at
    if found := words.drawn(_WEEK, start):
        return _week(words, found, today)
    if words.has(start, "resten", "av") and words[start + 2] in _REST:
        last = period(_REST[words[start + 2]], 0, today)[1]
        return Found(days=(today, last)), start + 3
    if quarter := _quarter(words, start, today):
        return quarter
    if words.has(start, *BETWEEN_FEASTS) or words[start] == "mellandagarna":
        after = start + (1 if words[start] == "mellandagarna" else len(BETWEEN_FEASTS))
        shift = today > date(today.year, 12, 30)
        return Found(
            days=(date(today.year + shift, 12, 27), date(today.year + shift, 12, 30))
        ), after
    if season := _season(words, start, today, opened=start > at):
        return season
    if found := words.drawn(_DECADE, start):
        number = int(found[0]["n"])
        first = number if number > 99 else number + (2000 if number < 20 else 1900)
        return Found(days=(date(first, 1, 1), date(first + 9, 12, 31))), found[1]
    if first := _DECADES.get(words[start], 0):
        return Found(days=(date(first, 1, 1), date(first + 9, 12, 31))), start + 1
    if named := month(words, start):
        return _month(words, named, start, today, opened=words[at] == "in")
    if (said := year(words, start + (words[start] == "ar"))) and words[said[1]] not in UNITS:
        return Found(days=(date(said[0], 1, 1), date(said[0], 12, 31))), said[1]
    return None


def _week(words: Words, found: tuple[re.Match[str], int], today: date) -> tuple[Found, int] | None:
    drawn, after = found
    said = year(words, after)
    number, last = int(drawn["w"]), int(drawn["to"] or drawn["w"])
    try:
        if said:
            first, end = (date.fromisocalendar(said[0], week, 1) for week in (number, last))
            return Found(days=(first, end + timedelta(6))), said[1]
        for ahead in (0, 1):
            in_year = today.isocalendar().year + ahead
            first, end = (date.fromisocalendar(in_year, week, 1) for week in (number, last))
            if end + timedelta(6) >= today:
                break
    except ValueError:
        return None
    return Found(days=(first, end + timedelta(6))), after


def _quarter(words: Words, at: int, today: date) -> tuple[Found, int] | None:
    """Read "första kvartalet 2027"; without a year the next one, this one included."""
    number = ORDINALS.get(words[at], 0)
    if not 1 <= number <= 4 or words[at + 1] not in ("kvartalet", "quarter"):
        return None
    said = year(words, at + 2)
    month_of = 3 * number
    in_year = said[0] if said else today.year + (today.month > month_of)
    last = whole_month(date(in_year, month_of, 1))[1]
    return Found(days=(date(in_year, month_of - 2, 1), last)), said[1] if said else at + 2


def season(words: Words, at: int, today: date) -> tuple[Found, int] | None:
    """Read the mere name of a season, in its definite form: the one that is or comes."""
    first = _SEASON_WORDS.get(words[at], 0)
    if not first or words[at] in _SEASONS:
        return None
    return Found(days=_season_of(first, today, 0)), at + 1


def _season(words: Words, at: int, today: date, *, opened: bool) -> tuple[Found, int] | None:
    which = words[at] if words[at] in LAST + NEXT else ""
    at += bool(which)
    if first := _SEASONS_PAST.get(words[at]):
        return Found(days=_season_of(first, today, -1)), at + 1
    first = _SEASON_WORDS.get(words[at], 0)
    if not first or (words[at] == "var" and words.raw[at] != "vår"):
        return None
    if said := year(words, at + 1):
        day = date(said[0], first, 1)
        return Found(days=(day, whole_month(day + relativedelta(months=2))[1])), said[1]
    if not which and not (opened and words[at] in ("var", "sommar", "host", "vinter", "summer")):
        return None
    shift = -1 if which in LAST else (1 if which else 0)
    return Found(days=_season_of(first, today, shift)), at + 1


def _season_of(first: int, today: date, shift: int) -> tuple[date, date]:
    """Give the season that is or comes (0), the one after that (1) or the last that is over."""
    for in_year in range(today.year - 1, today.year + 3):
        start = date(in_year, first, 1)
        if whole_month(start + relativedelta(months=2))[1] >= today:
            break
    start += relativedelta(years=shift)
    return start, whole_month(start + relativedelta(months=2))[1]


def _month(
    words: Words, named: tuple[int, int], at: int, today: date, *, opened: bool
) -> tuple[Found, int] | None:
    number, after = named
    if words[at] not in MONTH_ALONE and not opened:
        return None
    said = year(words, after)
    if said:
        return Found(days=whole_month(date(said[0], number, 1))), said[1]
    beside = _beside_year(words, after)
    if beside:
        return Found(days=whole_month(date(today.year + beside[0], number, 1))), beside[1]
    first = date(today.year + (number < today.month), number, 1)
    return Found(days=whole_month(first)), after


def _beside_year(words: Words, at: int) -> tuple[int, int] | None:
    for phrase, meaning in BY_FIRST.get(words[at], ()):
        if meaning.startswith("year") and words.has(at, *phrase):
            return int(meaning.split()[1]), at + len(phrase)
    return None


def feast(words: Words, at: int, today: date) -> tuple[Found, int] | None:
    """Read the name of a feast, with or without a year: "julafton", "midsommar nästa år"."""
    start = at + 1 if words[at] in OPENINGS else at
    for count in (4, 3, 2, 1):
        end = start + count
        if end > len(words):
            continue
        name = " ".join(words.folded[words.start(start) : words.end(end - 1)].split())
        kept = feast_called(name) or feast_called(name.removesuffix("s"))
        if kept is None:
            continue
        if said := year(words, end):
            day, end = kept.on(said[0]), said[1]
        elif beside := _beside_year(words, end):
            day, end = kept.on(today.year + beside[0]), beside[1]
        else:
            day = kept.on(today.year)
            if day is None or day < today:
                day = kept.on(today.year + 1)
        return (one(day), end) if day else None
    return None
