"""What the tz database tells of zones: how far apart they are, and when their clocks change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1980, 2199  # of today's way to change the clocks
_SEARCHED_DAYS = 400


@dataclass(frozen=True, slots=True)
class Change:
    """A moment when the clocks of a zone are moved from `before` to `after`, both local times."""

    before: datetime
    after: datetime

    @property
    def forward(self) -> bool:
        """Tell whether summer time begins; winter time does otherwise."""
        return self.after > self.before


def next_change(zone: str, after: datetime, *, forward: bool | None = None) -> Change | None:
    """Find the first change after a moment, of either kind or of one; None within a year or so."""
    there, start = ZoneInfo(zone), after.astimezone(UTC)
    for _ in range(_SEARCHED_DAYS):
        end = start + timedelta(days=1)
        if _offset(start, there) != _offset(end, there):
            change = _between(start, end, there)
            if forward in (None, change.forward):
                return change
        start = end
    return None


def change_in(zone: str, year: int, *, forward: bool | None = None) -> Change | None:
    """Find the first change of a year, of either kind or of one.

    Raises:
        OverflowError: the year is before 1980 or after 2199.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OverflowError
    found = next_change(zone, datetime(year, 1, 1, tzinfo=ZoneInfo(zone)), forward=forward)
    return found if found and found.before.year == year else None


def gaps(here: Iterable[str], there: Iterable[str], now: datetime) -> tuple[int, int]:
    """Give the least and the most minutes that clocks `there` are ahead of those `here`."""
    starts, ends = (
        [_offset(now, ZoneInfo(zone)) // timedelta(minutes=1) for zone in zones]
        for zones in (here, there)
    )
    return min(ends) - max(starts), max(ends) - min(starts)


def _between(start: datetime, end: datetime, zone: ZoneInfo) -> Change:
    """Close in on the minute of a change."""
    old = _offset(start, zone)
    while end - start > timedelta(minutes=1):
        middle = start + (end - start) // 2
        start, end = (middle, end) if _offset(middle, zone) == old else (start, middle)
    moment = end.replace(second=0, microsecond=0)
    return Change(*((moment + offset).replace(tzinfo=None) for offset in (old, _offset(end, zone))))


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
