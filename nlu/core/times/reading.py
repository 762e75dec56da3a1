"""Find every time that a text names: read part by part, put neighbours together, give values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from ..dates import MONTHS
from ..feasts import FIRST_WORDS
from . import bounds, clocks, days, lengths, periods
from .found import Found, joined, plus
from .hours import AFTER_HOURS, ANDS, LINKS, hours
from .parts import Parts
from .values import local, value_of
from .words import (
    MONTH_ALONE,
    NUMBERS,
    ORDINALS,
    WEEKDAY_FORMS,
    YEAR_WORD,
    Words,
    several,
)

MOST_CHARS = 2000
"""Of a text; what comes after is not read."""


@dataclass(frozen=True, slots=True)
class Time:
    """A time that a text names: where it stands, what kind it is, and its ISO 8601 value.

    `kind` is date, time, datetime, interval, duration or recurring. An interval of days holds its
    last day too; one of moments ends at its end. Of several series of a repetition, "," stands
    between.
    """

    start: int
    end: int
    text: str
    kind: str
    value: str


_GLUE = several(", den pa i kl klockan vid under runt omkring ca on at in the")
_RANGE_FROM = frozenset(("mellan", "between", "fran", "from"))

_OPENERS = several(
    "pa on i in om efter after for den det denna de the nu this next last nasta forra "
    "kommande senaste sista narmaste nastkommande past coming following mitt halv half "
    "kvart trekvart quarter a an en ett v vecka week resten var varje every each alla "
    "varannan vartannat dagligen daglig dagliga daily weekly monthly yearly veckovis "
    "manadsvis manatligen arligen arlig arliga vardag vardagar vardagarna weekdays "
    "weekends helgerna under till fran from mellan between kl klockan vid runt omkring "
    "prick at around circa noon midnight midnatt lunchtid lunchdags just bitti mars "
    "sommaren vintern somras hostas vintras varas varen hosten tonight tidig sen "
    "halvannan over natten dagen kvallen hela ar genast omedelbart direkt right now"
)
_STARTS = (
    _OPENERS
    | NUMBERS.keys()
    | ORDINALS.keys()
    | WEEKDAY_FORMS.keys()
    | MONTH_ALONE
    | FIRST_WORDS
    | days.FIRST_WORDS
    | periods.FIRST_WORDS
    | MONTHS.keys()
    | bounds.FIRST_WORDS
    | {"mellandagarna", "once", "inom", "within"}
    | {f"{word}s" for word in FIRST_WORDS}
)


def times_in(text: str, now: datetime, timezone: str) -> tuple[Time, ...]:
    """Find the times that a Swedish or English text names, in order.

    Args:
        now: the moment that "i morgon" is told from; with an offset.
        timezone: the caller's, as IANA names it.
    Raises:
        ValueError: `now` has no offset.
        zoneinfo.ZoneInfoNotFoundError: no such zone.
    """
    return _Reader(text, now, timezone).all()


def time_of(text: str, now: datetime, timezone: str) -> Time | None:
    """Read a phrase that names one time and nothing else, a mere "nio" too; None otherwise."""
    reader = _Reader(text, now, timezone)
    return reader.whole()


class _Reader:
    def __init__(self, text: str, now: datetime, timezone: str) -> None:
        if now.utcoffset() is None:
            raise ValueError("now must have an offset")
        self.words = Words(text[:MOST_CHARS])
        self.now = now.astimezone(ZoneInfo(timezone)).replace(microsecond=0)
        self.today = self.now.date()
        self._parts = Parts(self.words, self.now)

    def all(self) -> tuple[Time, ...]:
        times, at = [], 0
        while at < len(self.words):
            found = self._at(at)
            time = self._told(found[0], at, found[1]) if found else None
            if found and time:
                times.append(time)
                at = found[1]
            else:
                at += 1
        return tuple(times)

    def whole(self) -> Time | None:
        self._parts.bare = True
        found = self._at(0, loose=True)
        if found is None or found[1] != len(self.words):
            return None
        return self._told(found[0], 0, found[1])

    def _told(self, found: Found, at: int, after: int) -> Time | None:
        try:
            value = value_of(found, self.now, waking=self.words.waking)
        except (OverflowError, ValueError):  # beyond the calendar
            return None
        if value is None:
            return None
        start, end = self.words.start(at), self.words.end(after - 1)
        return Time(start, end, self.words.text[start:end], *value)

    def _at(self, at: int, *, loose: bool = False) -> tuple[Found, int] | None:
        """Read all that belongs together from here on."""
        word = self.words[at]
        known = word in _STARTS or word.isdecimal() or YEAR_WORD.match(word)
        if not loose and not known:
            return None
        try:
            return self._open(at) or self._range(at) or self._group(at, loose=loose)
        except (OverflowError, ValueError):
            return None

    def _open(self, at: int) -> tuple[Found, int] | None:
        """Read what is open at one end: "senast fredag", "inom två dagar", "från klockan tolv"."""
        words = self.words
        if words[at] in ("inom", "within") and (within := lengths.length(words, at + 1)):
            return plus(lengths.moved(self.now, within[0]), bound=bounds.UNTIL), within[1]
        said = bounds.bound(words, at)
        if said is None and words[at] in ("fran", "from"):
            if self._range(at):
                return None
            inner = self._group(at + 1)
            clocked = inner and inner[0].clock and not inner[0].until and not inner[0].every
            return (plus(inner[0], bound=bounds.FROM), inner[1]) if inner and clocked else None
        if said is None:
            return None
        bound, start = said
        inner = self._bounded(start, bound)
        if inner is None or inner[0].length or inner[0].every or inner[0].bound:
            return None
        found, after = inner
        if bound == bounds.SINCE and words[start] in WEEKDAY_FORMS and found.days:
            week = timedelta(7)  # the one that was, not the one that comes
            found = plus(found, days=(found.days[0] - week, found.days[1] - week))
        if bound == bounds.SINCE and not (found.days and found.days[0] <= self.today):
            return None  # "sedan på fredag": then
        if bound == bounds.FROM and found.days and not found.clock:
            until = bounds.bound(words, after)
            end = self._group(until[1]) if until and until[0] == bounds.UNTIL else None
            if end and end[0].days and not end[0].clock:
                begin, last = found.days[0], end[0].days[1]
                while begin > last:  # the year was only said at the end
                    begin -= relativedelta(years=1)
                return Found(days=(begin, last)), end[1]
        return plus(found, bound=bound), after

    def _bounded(self, at: int, bound: str) -> tuple[Found, int] | None:
        words = self.words
        if bound == bounds.AFTER and lengths.length(words, at):
            return None  # "efter två dagar" is a moment
        found = self._group(at) or bounds.meal(words, at, bound)
        if found is None and words[at] == "helgen":
            found = Found(days=days.period("weekend", 0, self.today)), at + 1
        if found is None:
            found = periods.season(words, at, self.today)
        if found is None and bound in bounds.HOURLY:
            hour = clocks.clock(words, at, loose=True)
            if hour and not (words[hour[1]].isalpha() and words[hour[1]] not in AFTER_HOURS):
                found = Found(clock=hour[0]), hour[1]
        return found

    def _group(
        self, at: int, *, loose: bool = False, before: Found | None = None
    ) -> tuple[Found, int] | None:
        """Read one part and whatever neighbours add to it."""
        first = self._parts.one(at, loose=loose)
        if first is None:
            return None
        found, after = first
        while True:
            more = (
                self._range_of_clocks(after, found)
                or self._part_of_day(after, found)
                or self._more(found, after)
            )
            if more is None:
                return found, after
            found, after = more

    def _more(self, found: Found, after: int) -> tuple[Found, int] | None:
        for start in (after, after + 1, after + 2):
            if start > after and self.words[start - 1] not in _GLUE:
                return None
            other = self._parts.one(start, loose=False, inner=True)
            both = joined(found, other[0]) if other else None
            if other and both:
                return both, other[1]
        return None

    def _range(self, at: int) -> tuple[Found, int] | None:
        """Read "mellan åtta och tio", "från måndag till fredag", "8-17", "3 april–7 maj"."""
        words = self.words
        if words.has(at, *periods.BETWEEN_FEASTS):
            return None
        led = words[at] in _RANGE_FROM
        start = at + 1 if led else at
        if clocked := hours(words, start, led=led, bare=self._parts.bare):
            return self._with_neighbours(*clocked)
        first = self._group(start)
        if first is None or first[0].days is None or first[0].until or first[0].every:
            return None
        link, found = first[1], first[0]
        if words[link] not in LINKS and not (led and words[link] in ANDS):
            return None
        start = link + 1
        while words[start] in ("-", "och", "med"):
            start += 1
        second = self._group(start)
        if second is None or second[0].days is None or found.days is None:
            return None
        if found.part or second[0].part or second[0].clock:
            return self._between_moments(found, *second)
        begin, end = found.days[0], second[0].days[1]
        if end < begin and second[0].weekday is not None:
            end += timedelta(7)
        if end < begin:
            return None
        return Found(days=(begin, end)), second[1]

    def _between_moments(self, one: Found, other: Found, after: int) -> tuple[Found, int] | None:
        """Read "från fredag kväll till söndag kl 15"."""
        if one.days and other.days and other.weekday is not None and other.days < one.days:
            later = timedelta(7)
            other = plus(other, days=(other.days[0] + later, other.days[1] + later))
        first, last = (
            value_of(found, self.now, waking=self.words.waking) for found in (one, other)
        )
        ends = bounds.ends(first[1], last[1]) if first and last else None
        return (Found(moments=ends), after) if ends and ends[0] < ends[1] else None

    def _with_neighbours(self, found: Found, after: int) -> tuple[Found, int]:
        while more := self._more(found, after):
            found, after = more
        return found, after

    def _range_of_clocks(self, at: int, found: Found) -> tuple[Found, int] | None:
        """Read the hours of a day that stands before them."""
        if found.clock or not (found.days or found.every):
            return None
        start = at + 1 if self.words[at] in _RANGE_FROM else at
        clocked = hours(self.words, start, led=start > at, bare=self._parts.bare)
        both = joined(found, clocked[0]) if clocked else None
        return (both, clocked[1]) if clocked and both else None

    def _part_of_day(self, at: int, found: Found) -> tuple[Found, int] | None:
        """Read "efter kl 15" behind a day: from then on, while it is that day."""
        said = bounds.bound(self.words, at)
        if said is None or found.clock or found.part or not found.days:
            return None
        first, last = found.days
        inner = self._bounded(said[1], said[0])
        if inner is None or first != last or said[0] == bounds.SINCE:
            return None
        if not inner[0].clock or inner[0].days or inner[0].until:
            return None
        told = value_of(plus(found, clock=inner[0].clock), self.now, waking=self.words.waking)
        if told is None or told[0] != "datetime":
            return None
        edge, early = datetime.fromisoformat(told[1]), said[0] in bounds.EARLY
        begin = local(first, 0, 0, self.now) if early else edge
        return Found(moments=(begin, edge if early else local(first, 24, 0, self.now))), inner[1]
