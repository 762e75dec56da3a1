"""What a part of a phrase says about time, before the parts are put together."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as said. `fixed`: of 24 hours; else it may be either half of the day."""

    hour: int
    minute: int = 0
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """A repetition: how often, and on which weekdays if it says so."""

    count: int
    unit: str  # hour, day, week, month, year
    weekdays: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Length:
    """How long something lasts: a number of one calendar unit, or seconds."""

    months: int = 0
    days: int = 0
    seconds: int = 0
    weeks: bool = False  # was said in weeks
    form: str = ""  # as ISO 8601

    @property
    def in_days(self) -> bool:
        """Tell whether it counts whole days, so that no time of day is meant."""
        return not self.seconds

    @property
    def calendar(self) -> relativedelta:
        """Give its whole days and months."""
        return relativedelta(months=self.months, days=self.days)


@dataclass(frozen=True, slots=True)
class Found:
    """What one or more phrases say together; None for what they leave unsaid."""

    days: tuple[date, date] | None = None  # first and last
    part: str | None = None  # of the day: "morning"
    clock: Clock | None = None
    until: Clock | None = None  # where `clock` is only the beginning
    moments: tuple[datetime, datetime] | None = None  # both alike for a single moment
    length: Length | None = None
    every: Every | None = None
    weekday: int | None = None  # `days` was said as this weekday
    bound: str | None = None  # open at one end: "before", "until", "from", "after", "since"
    shift: int = 0  # days: "om en vecka" after a weekday counts from that weekday


def joined(one: Found, other: Found) -> Found | None:
    """Put two neighbours together; None where they do not add up."""
    if one.bound or other.bound or one.moments or other.moments or one.length or other.length:
        return None
    if (one.part and other.part) or (one.clock and other.clock) or (one.every and other.every):
        return None
    days = one.days or other.days
    weekday = one.weekday if one.weekday is not None else other.weekday
    if one.days and other.days:
        day = _days_of_both(one, other)
        if day is None:
            return None
        days, weekday = (day, day), None
    if (one.every or other.every) and days and days[0] != days[1]:
        return None
    return Found(
        days=days,
        part=one.part or other.part,
        clock=one.clock or other.clock,
        until=one.until or other.until,
        every=one.every or other.every,
        weekday=weekday,
    )


def _days_of_both(one: Found, other: Found) -> date | None:
    """Read a weekday and what it stands beside: a week, a date, or "om en vecka"."""
    for named, beside in ((one, other), (other, one)):
        if named.weekday is None or named.days is None or beside.days is None:
            continue
        if beside.weekday is not None:
            return None
        if beside.shift:
            return named.days[0] + timedelta(beside.shift)
        first, last = beside.days
        if (last - first).days == 6:
            return first + timedelta(named.weekday)
        if first == last and first.weekday() == named.weekday:
            return first
    return None


def plus(found: Found, **changes: object) -> Found:
    """Copy with changes."""
    return replace(found, **changes)  # type: ignore[arg-type]
