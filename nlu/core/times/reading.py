"""Find every time that a text names: read part by part, put neighbours together, give values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ..dates import MONTHS
from ..feasts import FIRST_WORDS
from . import clocks, days, lengths, periods, repeats
from .found import Clock, Found, joined, plus
from .values import local, value_of
from .words import (
    MONTH_ALONE,
    NUMBERS,
    ORDINALS,
    UNITS,
    WEEKDAY_FORMS,
    YEAR_WORD,
    Words,
    phrases,
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
_AFTER_HOURS = several(
    "pa i idag imorgon ikvall den on in at today tomorrow this och and nasta varje under "
    "mandag tisdag onsdag torsdag fredag lordag sondag med hos for att ar"
)
_LINKS = several("till - – — to until")
_ANDS = frozenset(("och", "and"))

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
_NOW = (
    ("just", "nu"),
    ("nu", "direkt"),
    ("nu", "genast"),
    ("right", "now"),
    ("nu",),
    ("now",),
    ("genast",),
    ("omedelbart",),
)
_REST_OF_DAY = phrases("resten av dagen|rest of the day|the rest of the day")
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
        self.bare = False

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
        self.bare = True
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
            return self._range(at) or self._group(at, loose=loose)
        except (OverflowError, ValueError):
            return None

    def _group(
        self, at: int, *, loose: bool = False, before: Found | None = None
    ) -> tuple[Found, int] | None:
        """Read one part and whatever neighbours add to it."""
        first = self._one(at, loose=loose)
        if first is None:
            return None
        found, after = first
        while True:
            more = self._range_of_clocks(after, found) or self._more(found, after)
            if more is None:
                return found, after
            found, after = more

    def _more(self, found: Found, after: int) -> tuple[Found, int] | None:
        for start in (after, after + 1, after + 2):
            if start > after and self.words[start - 1] not in _GLUE:
                return None
            other = self._one(start, loose=False, inner=True)
            both = joined(found, other[0]) if other else None
            if other and both:
                return both, other[1]
        return None

    def _one(self, at: int, *, loose: bool, inner: bool = False) -> tuple[Found, int] | None:
        """Read a single part: the longest reading wins."""
        words, today = self.words, self.today
        word = words[at]
        if not word:
            return None
        for phrase in _NOW:
            if not inner and words.has(at, *phrase):
                if phrase == ("nu",) and not self.bare:
                    break
                return Found(moments=(self.now, self.now)), at + len(phrase)
        if words.one_of(at, _REST_OF_DAY) > at:
            midnight = local(today + timedelta(1), 0, 0, self.now)
            return Found(moments=(self.now, midnight)), words.one_of(at, _REST_OF_DAY)
        small = self.now.hour < 6
        options = [
            repeats.every(words, at),
            days.placed(words, at, today),
            self._beside(at),
            lengths.counted(words, at, self.now),
            days.named(words, at, today, small_hours=small),
            days.weekday(words, at, today),
            days.dated(words, at, today, bare=self.bare),
            periods.feast(words, at, today),
            periods.longer(words, at, today),
            self._night_before(at),
            clocks.part(words, at, bare=self.bare or inner),
            self._clock(at, loose=loose or (inner and words[at + 1] == ".")),
            self._length(at),
        ]
        best: tuple[Found, int] | None = None
        for option in options:
            if option and (best is None or option[1] > best[1]):
                best = option
        return best

    def _beside(self, at: int) -> tuple[Found, int] | None:
        far = days.beside(self.words, at)
        other = self._one(far[1], loose=False) if far else None
        if far is None or other is None or not other[0].days:
            return None
        first, last = other[0].days
        return (days.one(first + far[0]), other[1]) if first == last else None

    def _night_before(self, at: int) -> tuple[Found, int] | None:
        """Read "natten till lördag", which begins on Friday."""
        if self.words[at] not in ("natten", "night") or self.words[at + 1] not in ("till", "mot"):
            return None
        other = self._one(at + 2, loose=False)
        if other is None or not other[0].days or other[0].days[0] != other[0].days[1]:
            return None
        day = other[0].days[0] - timedelta(1)
        return Found(days=(day, day), part="night"), other[1]

    def _length(self, at: int) -> tuple[Found, int] | None:
        found = lengths.length(self.words, at)
        return (Found(length=found[0]), found[1]) if found else None

    def _clock(self, at: int, *, loose: bool) -> tuple[Found, int] | None:
        words, start = self.words, at
        while words[start] in clocks.LOOSE or (start > at and words[start] in (".", "ca")):
            loose, start = True, start + 1
        if words.waking and words[at] in ("pa", "till", "for") and start == at:
            loose, start = True, at + 1
        said = clocks.clock(words, start, loose=loose or self._before_part(start))
        return (Found(clock=said[0]), said[1]) if said else None

    def _before_part(self, at: int) -> bool:
        """Tell whether a number is an hour by what follows: "sju på kvällen", "nio på fredag"."""
        words = self.words
        hour = clocks.hour(words, at)
        if hour is None or words[at - 1] in ("for", "till"):
            return False
        after = hour[1]
        if NUMBERS.get(words[after], 0) >= 10:
            after += 1
        return (
            clocks.part(words, after, bare=False) is not None
            or days.weekday(words, after, self.today) is not None
            or days.named(words, after, self.today, small_hours=False) is not None
            or (words.waking and words[after] in ("och", "noll"))
            or bool(clocks.AFTERNOON.match(words.folded, words.start(after)) if words[after] else 0)
        )

    def _range(self, at: int) -> tuple[Found, int] | None:
        """Read "mellan åtta och tio", "från måndag till fredag", "8-17", "3 april–7 maj"."""
        words = self.words
        led = words[at] in _RANGE_FROM
        start = at + 1 if led else at
        if clocked := self._clocks_between(start, led=led):
            return self._with_neighbours(*clocked)
        first = self._group(start)
        if first is None or first[0].days is None or first[0].clock or first[0].every:
            return None
        link, found = first[1], first[0]
        if words[link] not in _LINKS and not (led and words[link] in _ANDS):
            return None
        start = link + 1
        while words[start] in ("-", "och", "med"):
            start += 1
        second = self._group(start)
        if second is None or second[0].days is None or second[0].clock or found.days is None:
            return None
        begin, end = found.days[0], second[0].days[1]
        if end < begin and second[0].weekday is not None:
            end += timedelta(7)
        if end < begin:
            return None
        return Found(days=(begin, end)), second[1]

    def _with_neighbours(self, found: Found, after: int) -> tuple[Found, int]:
        while more := self._more(found, after):
            found, after = more
        return found, after

    def _range_of_clocks(self, at: int, found: Found) -> tuple[Found, int] | None:
        """Read the hours of a day that stands before them."""
        if found.clock or not (found.days or found.every):
            return None
        start = at + 1 if self.words[at] in _RANGE_FROM else at
        clocked = self._clocks_between(start, led=start > at)
        both = joined(found, clocked[0]) if clocked else None
        return (both, clocked[1]) if clocked and both else None

    def _clocks_between(self, at: int, *, led: bool) -> tuple[Found, int] | None:
        words, start = self.words, at
        while words[start] in clocks.LOOSE or (start > at and words[start] == "."):
            start += 1
        named = start > at
        first = clocks.clock(words, start, loose=True, linked=not led)
        if first is None:
            return None
        link = first[1]
        dashed = words[link] in ("-", "–", "—")
        if not (words[link] in _LINKS or (led and words[link] in _ANDS)):
            return None
        second_at = link + 1
        while words[second_at] in clocks.LOOSE:
            second_at += 1
        second = clocks.clock(words, second_at, loose=True)
        if second is None or words[second[1]] in UNITS:
            return None
        sure = led or named or first[0].minute or second[0].minute or self.bare
        if not sure and not (dashed and words[at - 1] in ("oppet", "open", "tid")):
            return None
        following = words[second[1]]
        if led and following.isalpha() and following not in _AFTER_HOURS:
            return None
        clock, until = first[0], second[0]
        if dashed and words[start].isdecimal():  # figures with a dash are of 24 hours
            clock, until = _fixed(clock), _fixed(until)
        return plus(Found(clock=clock), until=until), second[1]


def _fixed(clock: Clock) -> Clock:
    """Take a time as one of 24 hours."""
    return Clock(clock.hour, clock.minute, True)
