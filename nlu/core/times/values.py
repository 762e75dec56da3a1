"""What was found, as ISO 8601: dates, times, moments, intervals, lengths and repetitions."""

from datetime import UTC, date, datetime, time, timedelta

from .bounds import opened
from .clocks import PARTS
from .found import Clock, Every, Found, plus
from .repeats import begins, first_days, period_of

_EARLY = 7  # o'clock; who says "klockan sex" of another day means the evening, unless woken
_WAKE_FROM = 4
_LATE = ("afternoon", "evening")


def value_of(found: Found, now: datetime, *, waking: bool) -> tuple[str, str] | None:
    """Give the kind and the ISO 8601 value; None where nothing whole was said."""
    if found.bound:
        whole = value_of(plus(found, bound=None), now, waking=waking)
        return opened(*whole, found.bound) if whole else None
    if found.length:
        return "duration", found.length.form
    if found.moments:
        first, last = (moment(found_at) for found_at in found.moments)
        return ("datetime", first) if first == last else ("interval", f"{first}/{last}")
    if found.every:
        return "recurring", _repeated(found, now, waking=waking)
    if found.days:
        return _of_days(found, *found.days, now, waking=waking)
    if found.clock:
        return _of_clock(found.clock, found.until, found.part, now, waking=waking)
    if found.part:
        start, end = PARTS[found.part]
        return "interval", f"T{start:02}:00/T{end % 24:02}:00"
    return None


def moment(at: datetime) -> str:
    """Write a moment with its offset, to the second where it is not a whole minute."""
    return at.isoformat(timespec="seconds" if at.second else "minutes")


def local(day: date, hour: int, minute: int, now: datetime) -> datetime:
    """Give a moment of the caller's day; one that the clocks leap over is moved past the gap."""
    day += timedelta(hour // 24)
    wall = datetime.combine(day, time(hour % 24, minute), now.tzinfo)
    return wall.astimezone(UTC).astimezone(now.tzinfo)


def _of_days(
    found: Found, first: date, last: date, now: datetime, *, waking: bool
) -> tuple[str, str]:
    if first != last or not (found.clock or found.part):
        return _span_of_days(first, last)
    if found.clock is None:
        assert found.part is not None
        begin, end = (moment(local(first, hour, 0, now)) for hour in PARTS[found.part])
        return "interval", f"{begin}/{end}"
    after = now if first == now.date() else None
    hour, minute = _in_day(found.clock, found.part, after, waking=waking)
    start = moment(local(first, hour, minute, now))
    if found.until is None:
        return "datetime", start
    hours = _ended(found.clock, found.until, found.part, after, waking=waking)
    begin, end = (moment(local(first, *at, now)) for at in hours)
    return "interval", f"{begin}/{end}"


def _span_of_days(first: date, last: date) -> tuple[str, str]:
    if first == last:
        return "date", first.isoformat()
    return "interval", f"{first.isoformat()}/{last.isoformat()}"


def _of_clock(
    clock: Clock, until: Clock | None, part: str | None, now: datetime, *, waking: bool
) -> tuple[str, str]:
    if until is None:
        return "time", _time(*_in_day(clock, part, now, waking=waking))
    begin, end = _ended(clock, until, part, now, waking=waking)
    return "interval", f"{_time(*begin)}/{_time(*end)}"


def _time(hour: int, minute: int) -> str:
    return f"T{hour % 24:02}:{minute:02}"


def _in_day(
    clock: Clock, part: str | None, after: datetime | None, *, waking: bool
) -> tuple[int, int]:
    """Choose between the halves of the day: hour and minute, the hour 24.. for after midnight.

    A part of the day decides; then what is said of waking; then, with `after`, what comes next
    after that moment; else the hours of daylight.
    """
    hour, minute = clock.hour, clock.minute
    if part == "night":
        late = hour % 12 if hour <= 12 and not clock.fixed else hour
        if 9 <= late < 12:
            late += 12
        return (late + 24 if late < 9 else late), minute
    if part:
        if hour == 12 and not clock.fixed:
            return (24 if part == "evening" else 12), minute
        pm = part in _LATE or (part == "day" and hour < _EARLY)
        return hour + (12 if pm and 1 <= hour < 12 else 0), minute
    if clock.fixed:
        return hour, minute
    if hour > 12:
        return hour, minute
    if waking and _WAKE_FROM <= hour < 12:
        return hour, minute
    if after is not None:
        past = (after.hour, after.minute)
        for half in (hour % 12, hour % 12 + 12):
            if (half, minute) > past:
                return half, minute
    return (hour + 12 if hour < _EARLY else hour), minute


def _ended(
    clock: Clock, until: Clock, part: str | None, after: datetime | None, *, waking: bool
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Choose beginning and end together: "åtta till fem" is a working day."""
    loose = not (clock.fixed or until.fixed or part)
    if loose and until.hour % 12 <= clock.hour % 12 and clock.hour >= _EARLY:
        return (clock.hour, clock.minute), (until.hour % 12 + 12, until.minute)
    if loose and clock.hour == 12:
        return (12, clock.minute), (until.hour % 12 + 12, until.minute)
    begin = _in_day(clock, part, after, waking=waking)
    if until.fixed or until.hour > 12:
        return begin, (until.hour, until.minute)
    end = (until.hour % 12 + (12 if begin[0] >= 12 else 0), until.minute)
    if end <= begin:
        end = (end[0] + 12, end[1])
    return begin, end


def _repeated(found: Found, now: datetime, *, waking: bool) -> str:
    every = found.every
    assert every is not None
    if every.unit in ("second", "minute", "hour"):
        return f"R/{moment(now)}/{period_of(every)}"
    at: tuple[int, int] | None = None
    if found.clock:
        at = _in_day(found.clock, found.part, None, waking=waking)
    elif found.part:
        at = (begins(found.part), 0)
    if found.days:
        days = [found.days[0]]
    else:
        over = at is not None and (at[0], at[1]) <= (now.hour, now.minute)
        days = first_days(every, now.date(), today_is_over=over)
    return ",".join(_one_series(day, at, every, now) for day in days)


def _one_series(day: date, at: tuple[int, int] | None, every: Every, now: datetime) -> str:
    start = day.isoformat() if at is None else moment(local(day, *at, now))
    return f"R/{start}/{period_of(every)}"
