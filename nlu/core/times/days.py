"""Days, weeks, months, seasons and years: "i övermorgon", "v. 12", "sista fredagen i juni"."""

import calendar
import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from .found import Found
from .lengths import length
from .words import (
    ORDINALS,
    WEEKDAY_FORMS,
    Words,
    month,
    ordinal,
    phrases,
    several,
    whole_number,
    year,
)

# Days, parts of days and periods that have a name of their own, counted from today.
_NAMED = {
    "day -2": "i forrgar|iforrgar|forrgar|the day before yesterday|day before yesterday",
    "day -1": "i gar|igar|gardagens|yesterday|dagen innan",
    "day 0": "i dag|idag|dagens|today|hela dagen",
    "day 1": "i morgon|imorgon|i morrn|imorrn|morgondagen|morgondagens|tomorrow|nasta dag",
    "day 2": "i overmorgon|iovermorgon|overmorgon|the day after tomorrow|day after tomorrow",
    "week -1": "forra veckan|forra veckans|last week",
    "week 0": "den har veckan|den har veckans|denna vecka|denna veckan|denna veckans|i veckan"
    "|veckans|hela veckan|this week",
    "week 1": "nasta vecka|nasta veckas|kommande veckan|kommande vecka|i nasta vecka|next week",
    "weekend -1": "forra helgen|forra helgens|i helgen som var|last weekend",
    "weekend 0": "i helgen|till helgen|hela helgen|den har helgen|denna helg|denna helgen|helgens"
    "|pa helgen|under helgen|over helgen|this weekend|the weekend",
    "weekend 1": "nasta helg|next weekend",
    "month -1": "forra manaden|forra manadens|last month",
    "month 0": "den har manaden|den har manadens|denna manad|denna manaden|manadens|i manaden"
    "|hela manaden|this month",
    "month 1": "nasta manad|nasta manads|next month",
    "year -1": "forra aret|i fjol|ifjol|forra arets|last year",
    "year 0": "i ar|iar|det har aret|detta ar|detta aret|arets|hela aret|this year",
    "year 1": "nasta ar|next year",
}
_PARTS = {
    "morning -0": "i morse|imorse",
    "evening 0": "i kvall|ikvall|kvallens|this evening|tonight",
    "afternoon 0": "i eftermiddag|ieftermiddag|this afternoon",
    "forenoon 0": "i formiddag",
    "night 0": "i natt|inatt|nattens",
    "morning 0": "this morning",
    "morning 1": "i morgon bitti|imorgon bitti",
}
BY_FIRST: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _meaning, _names in (_NAMED | _PARTS).items():
    for _phrase in phrases(_names):
        BY_FIRST.setdefault(_phrase[0], []).append((_phrase, _meaning))
for _list in BY_FIRST.values():
    _list.sort(key=lambda row: -len(row[0]))

LAST = ("forra", "last")
NEXT = ("nasta", "next")
OPENINGS = several("pa on till fran den the i in under kommande nu this om")
_NTH = {"sista": -1, "last": -1, **{name: n for name, n in ORDINALS.items() if n <= 5}}
_NO_NOUN = several(
    "kl klockan vid pa och till fran mellan har är om i den att for som med varje ska "
    "forra nasta at from to and is varje efter innan fore ar kommer"
)
"""After an ordinal these are no noun: "den tredje kommer"."""

_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)", re.A)
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)", re.A)
_SLASHED = re.compile(
    r"(?P<d>[0-3]?\d)/(?P<m>[01]?\d)(?:[-/ ](?P<y>\d{4}|(?<=[-/])\d\d))?(?![\d/])", re.A
)
_DOTTED = re.compile(r"(?P<d>[0-3]?\d)\.(?P<m>[01]?\d)\.(?P<y>\d{4})(?!\d)", re.A)
FIRST_WORDS = frozenset(BY_FIRST)
"""Words that a reading of this module may begin with, beside prepositions and numbers."""
_DAYS_OF_MONTH = re.compile(r"(?:den )?(?P<a>\d{1,2}) ?(?:-|–|till|to) ?(?P<b>\d{1,2}) ", re.A)


def named(words: Words, at: int, today: date, *, small_hours: bool) -> tuple[Found, int] | None:
    """Read what has a name of its own: "i morgon", "i kväll", "nästa vecka", "i helgen"."""
    for phrase, meaning in BY_FIRST.get(words[at], ()):
        if not words.has(at, *phrase):
            continue
        if phrase == ("i", "ar") and words.raw[at + 1] != "år":
            continue
        what, _, shift = meaning.partition(" ")
        after = at + len(phrase)
        if what in ("day", "week", "weekend", "month", "year"):
            return Found(days=period(what, int(shift), today)), after
        # In the small hours tonight is the night that has begun.
        day = today + timedelta(int(shift) - (what == "night" and small_hours))
        return Found(days=(day, day), part=what), after
    return None


def period(unit: str, shift: int, today: date) -> tuple[date, date]:
    """Give the first and last day of this day, week, weekend, month or year, or one beside it."""
    monday = today - timedelta(today.weekday())
    match unit:
        case "day":
            day = today + timedelta(shift)
            return day, day
        case "week":
            return monday + timedelta(7 * shift), monday + timedelta(7 * shift + 6)
        case "weekend":
            return monday + timedelta(7 * shift + 5), monday + timedelta(7 * shift + 6)
        case "month":
            return whole_month(today.replace(day=1) + relativedelta(months=shift))
        case _:
            return date(today.year + shift, 1, 1), date(today.year + shift, 12, 31)


def whole_month(day: date) -> tuple[date, date]:
    """Give the first and last day of the month of `day`."""
    last = calendar.monthrange(day.year, day.month)[1]
    return day.replace(day=1), day.replace(day=last)


def one(day: date) -> Found:
    """Say a single day."""
    return Found(days=(day, day))


def weekday(words: Words, at: int, today: date) -> tuple[Found, int] | None:
    """Read a weekday: the next one, today not included; the last one if it is past."""
    start, which = at, ""
    if words.has(at, "nu", "pa"):
        start = at + 2
    elif words[at] in ("pa", "on", "nu", "till", "i", "den", "kommande", "this", "om"):
        start, which = at + 1, words[at]
    if words[start] in LAST + NEXT:
        which, start = words[start], start + 1
    elif words.has(start, "den", "har"):
        start += 2
    found = WEEKDAY_FORMS.get(words[start])
    if found is None or found[1] == "all":
        return None
    number, form = found
    if which == "i" and form != "past":
        return None
    monday = today - timedelta(today.weekday())
    if which in NEXT:
        day = monday + timedelta(7 + number)
    elif which in LAST or (which == "i" and form == "past"):
        day = today - timedelta((today.weekday() - number - 1) % 7 + 1)
    else:
        day = today + timedelta((number - today.weekday() - 1) % 7 + 1)
    return Found(days=(day, day), weekday=number), start + 1


def dated(words: Words, at: int, today: date, *, bare: bool) -> tuple[Found, int] | None:
    """Read a date: "den 3:e mars", "3/4", "2026-03-04", "tjugofemte", "sista april"."""
    the = words[at] in ("den", "the")
    if words[at + the].isdecimal():
        for pattern in (_ISO, _COMPACT, _SLASHED, _DOTTED):
            if found := words.drawn(pattern, at + the):
                if words[found[1]] in ("av", "of"):  # "3/4 av kakan"
                    return None
                if day := _day(found[0]["y"], int(found[0]["m"]), int(found[0]["d"]), today):
                    return one(day), found[1]
                return None
    if (found := words.drawn(_DAYS_OF_MONTH, at)) and (named := month(words, found[1])):
        said = year(words, named[1])
        days = [
            _day(said and str(said[0]), named[0], int(found[0][name]), today) for name in ("a", "b")
        ]
        if days[0] and days[1] and days[0] <= days[1]:
            return Found(days=(days[0], days[1])), said[1] if said else named[1]
    start = at + 1 if the else at
    if words[start] in ("sista", "last") and (named := month(words, start + 1)):
        first = _day(None, named[0], 1, today) or today
        if today.month == named[0]:
            first = today.replace(day=1)
        return one(whole_month(first)[1]), named[1]
    if the and words.has(start, "sista"):
        for each in (("varje", "manad"), ("i", "varje", "manad")):
            if words.has(start + 1, *each):
                return one(whole_month(today)[1]), start + len(each) - 1
    return _day_of_month(words, start, today, the=the, bare=bare)


def _day_of_month(
    words: Words, at: int, today: date, *, the: bool, bare: bool
) -> tuple[Found, int] | None:
    number = ordinal(words, at)
    if number is None:
        plain = whole_number(words, at)
        number = plain if plain and 1 <= plain[0] <= 31 and words[at].isdecimal() else None
        certain = the
    else:
        certain = True
    if number is None:
        back = month(words, at)  # "March 4"
        said = whole_number(words, back[1]) if back else None
        if back and said and 1 <= said[0] <= 31 and words[back[1]].isdecimal():
            day = _day(None, back[0], said[0], today)
            return (one(day), said[1]) if day else None
        return None
    after = number[1] + (1 if words[number[1]] in ("i", "of") else 0)
    if named := month(words, after):
        said = year(words, named[1])
        day = _day(said and str(said[0]), named[0], number[0], today)
        return (one(day), said[1] if said else named[1]) if day else None
    if words.has(after, "manaden") and certain:
        after += 1
    elif not certain or not (bare or the or number[0] > 12) or _counts(words, number[1]):
        return None
    else:
        after = number[1]
    if number[0] > 31:
        return None
    day = _nearest(number[0], today)
    return one(day), after


def _counts(words: Words, at: int) -> bool:
    """Tell whether an ordinal counts what follows: "den tredje låten"."""
    word = words[at]
    return word.isalpha() and word not in _NO_NOUN


def _nearest(number: int, today: date) -> date:
    first = today.replace(day=1)
    for ahead in range(13):
        start = first + relativedelta(months=ahead)
        if number <= calendar.monthrange(start.year, start.month)[1]:
            day = start.replace(day=number)
            if day >= today:
                return day
    return today


def _day(said: str | None, number: int, day: int, today: date) -> date | None:
    """Make a date; without a year the next such one, today included."""
    try:
        if said:
            return date(int(said) + (2000 if len(said) == 2 else 0), number, day)
    except ValueError:
        return None
    for ahead in range(9):  # 29 February comes at most eight years later
        try:
            made = date(today.year + ahead, number, day)
        except ValueError:
            continue
        if made >= today:
            return made
    return None


def placed(words: Words, at: int, today: date) -> tuple[Found, int] | None:
    """Read "sista torsdagen i månaden", "andra söndagen i maj", "sista dagen i månaden"."""
    start = at + 1 if words[at] in ("den", "the", "pa") else at
    nth = _NTH.get(words[start])
    if nth is None:
        return None
    weekday_said = WEEKDAY_FORMS.get(words[start + 1])
    whole_day = words[start + 1] in ("dagen", "day")
    if (weekday_said is None and not whole_day) or words[start + 2] not in ("i", "of", "in"):
        return None
    at = start + 3
    beside = named(words, at, today, small_hours=False)
    if words[at] in ("manaden", "month"):
        options, after = [period("month", shift, today) for shift in (0, 1)], at + 1
    elif beside and beside[0].days and 28 <= (beside[0].days[1] - beside[0].days[0]).days + 1 <= 31:
        options, after = [beside[0].days], beside[1]
    elif said := month(words, at):
        in_year = year(words, said[1])
        after = in_year[1] if in_year else said[1]
        years = [in_year[0]] if in_year else [today.year, today.year + 1]
        options = [whole_month(date(number, said[0], 1)) for number in years]
    else:
        return None
    for first, last in options:
        day = _nth(nth, weekday_said[0] if weekday_said else None, first, last)
        if day and (day >= today or len(options) == 1):
            return one(day), after
    return None


def _nth(nth: int, number: int | None, first: date, last: date) -> date | None:
    count = (last - first).days + 1
    days = [first + timedelta(ahead) for ahead in range(count)]
    fitting = [day for day in days if number is None or day.weekday() == number]
    at = nth if nth < 0 else nth - 1
    return fitting[at] if at < len(fitting) else None


def beside(words: Words, at: int) -> tuple[relativedelta, int] | None:
    """Read how far from a day: "dagen efter", "två veckor före"."""
    if words[at] in ("dagen", "kvallen") and words[at + 1] in ("efter", "fore", "innan"):
        value, after = relativedelta(days=1), at + 1
    elif (found := length(words, at)) and found[0].in_days:
        value, after = found[0].calendar, found[1]
    else:
        return None
    if words[after] in ("efter", "after"):
        return value, after + 1
    if words[after] in ("fore", "innan", "before"):
        return -value, after + 1
    return None
