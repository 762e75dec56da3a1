"""The days Swedes keep: when they fall, and which of them are public holidays."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter
from dateutil.relativedelta import SU, relativedelta

FIRST_YEAR, LAST_YEAR = 1939, 2199  # of today's calendar of holidays


@dataclass(frozen=True, slots=True)
class Feast:
    """A day with a name. `falls` is None where the `holidays` library knows it by `sv`."""

    sv: str
    en: str
    falls: Callable[[int], date] | None = None

    def on(self, year: int) -> date | None:
        """Tell when it falls that year; None outside 1939..2199."""
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return None
        return self.falls(year) if self.falls else _days_kept(year).get(self.sv)


def _always(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _after_easter(days: int) -> Callable[[int], date]:
    return lambda year: easter(year) + timedelta(days)


def _advent(sunday: int) -> Callable[[int], date]:
    """The fourth Sunday of Advent is the last one before Christmas Day."""
    return lambda year: date(year, 12, 24) + relativedelta(weekday=SU(-1), weeks=sunday - 4)


def _sunday(month: int, day: int, nth: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day) + relativedelta(weekday=SU(nth))


# What people call them, folded (without å, ä, ö); "|" stands between names.
_FEASTS = {
    "nyarsdagen|new year's day|new years day|new year": Feast("Nyårsdagen", "New Year's Day"),
    "trettondagsafton": Feast("Trettondagsafton", "Twelfth Night"),
    "trettondagen|trettondedag jul|trettondag jul|epiphany": Feast("Trettondedag jul", "Epiphany"),
    "skartorsdagen|skartorsdag|maundy thursday": Feast("Skärtorsdagen", "Maundy Thursday"),
    "langfredagen|langfredag|good friday": Feast("Långfredagen", "Good Friday"),
    "paskafton|easter eve|holy saturday": Feast("Påskafton", "Holy Saturday"),
    "pask|pasken|paskdagen|easter|easter sunday": Feast("Påskdagen", "Easter Sunday"),
    "annandag pask|annandagen|easter monday": Feast("Annandag påsk", "Easter Monday"),
    "valborg|valborgsmassoafton|sista april|walpurgis night": Feast(
        "Valborgsmässoafton", "Walpurgis Night"
    ),
    "forsta maj|may day": Feast("Första maj", "May Day"),
    "kristi himmelsfardsdag|kristi himmelsfard|kristi flygare|ascension day": Feast(
        "Kristi himmelsfärdsdag", "Ascension Day"
    ),
    "pingstafton": Feast("Pingstafton", "Whitsun Eve"),
    "pingst|pingsten|pingstdagen|whitsun|pentecost": Feast("Pingstdagen", "Whit Sunday"),
    "nationaldagen|sveriges nationaldag|svenska nationaldagen|national day"
    "|sweden's national day": Feast("Nationaldagen", "Sweden's National Day"),
    "midsommar|midsommarafton|midsummer|midsummer eve|midsummer's eve": Feast(
        "Midsommarafton", "Midsummer Eve"
    ),
    "midsommardagen|midsummer day|midsummer's day": Feast("Midsommardagen", "Midsummer Day"),
    "allhelgonaafton|allahelgonsafton": Feast("Allahelgonsafton", "All Saints' Eve"),
    "alla helgons dag|allhelgona|allhelgonahelgen|all saints' day|all saints day": Feast(
        "Alla helgons dag", "All Saints' Day"
    ),
    "jul|julen|julafton|christmas eve": Feast("Julafton", "Christmas Eve"),
    "juldagen|christmas day|christmas|xmas": Feast("Juldagen", "Christmas Day"),
    "annandag jul|boxing day": Feast("Annandag jul", "Boxing Day"),
    "nyar|nyarsafton|new year's eve|new years eve": Feast("Nyårsafton", "New Year's Eve"),
    "tjugondag knut|tjugondedag jul|knut": Feast("Tjugondag Knut", "St Knut's Day", _always(1, 13)),
    "alla hjartans dag|valentine's day|valentines day": Feast(
        "Alla hjärtans dag", "Valentine's Day", _always(2, 14)
    ),
    "fettisdagen|fettisdag|semmeldagen|shrove tuesday": Feast(
        "Fettisdagen", "Shrove Tuesday", _after_easter(-47)
    ),
    "internationella kvinnodagen|kvinnodagen|women's day": Feast(
        "Internationella kvinnodagen", "International Women's Day", _always(3, 8)
    ),
    "vaffeldagen": Feast("Våffeldagen", "Waffle Day", _always(3, 25)),
    "mors dag|swedish mother's day": Feast("Mors dag", "Mother's Day", _sunday(5, 31, -1)),
    "kanelbullens dag": Feast("Kanelbullens dag", "Cinnamon Bun Day", _always(10, 4)),
    "halloween": Feast("Halloween", "Halloween", _always(10, 31)),
    "fars dag|swedish father's day": Feast("Fars dag", "Father's Day", _sunday(11, 1, 2)),
    "forsta advent|1:a advent|first sunday of advent": Feast(
        "Första advent", "The first Sunday of Advent", _advent(1)
    ),
    "andra advent|2:a advent": Feast("Andra advent", "The second Sunday of Advent", _advent(2)),
    "tredje advent|3:e advent": Feast("Tredje advent", "The third Sunday of Advent", _advent(3)),
    "fjarde advent|4:e advent": Feast("Fjärde advent", "The fourth Sunday of Advent", _advent(4)),
    "lucia|luciadagen|st lucia|saint lucia": Feast("Lucia", "St Lucia's Day", _always(12, 13)),
}
_BY_NAME = {name: feast for names, feast in _FEASTS.items() for name in names.split("|")}
FIRST_WORDS = frozenset(re.split(r"[ :']", name)[0] for name in _BY_NAME)
"""Words that the name of a feast may begin with, folded."""


def feast_called(name: str) -> Feast | None:
    """Find a feast by a folded lower-case name."""
    return _BY_NAME.get(name)


def public_holiday(day: date, language: str = "sv") -> str | None:
    """Name the public holiday that falls on `day`; "" for an ordinary Sunday, None otherwise.

    Sundays are public holidays in Sweden.
    """
    name = _public(day.year).get(day)
    if name is None:
        return "" if day.weekday() == 6 else None
    if language != "en":
        return name
    return next((feast.en for feast in _FEASTS.values() if feast.sv == name), name)


def public_holidays(year: int, language: str = "sv") -> list[tuple[date, str]]:
    """List the named public holidays of a year in order; ordinary Sundays are not among them."""
    return [(day, public_holiday(day, language) or "") for day in sorted(_public(year))]


def next_public_holiday(after: date, language: str = "sv") -> tuple[date, str] | None:
    """Find the first named public holiday later than `after`."""
    for year in (after.year, after.year + 1):
        for day in sorted(_public(year)):
            if day > after:
                return day, public_holiday(day, language) or ""
    return None


@lru_cache(maxsize=32)
def _public(year: int) -> dict[date, str]:
    from holidays import country_holidays  # late: it takes its time to load

    if not FIRST_YEAR <= year <= LAST_YEAR:
        return {}
    kept = country_holidays("SE", years=year, include_sundays=False, language="sv")
    return dict(kept.items())


@lru_cache(maxsize=32)
def _days_kept(year: int) -> dict[str, date]:
    from holidays import country_holidays

    everyday = country_holidays(
        "SE",
        years=year,
        include_sundays=False,
        language="sv",
        categories=("public", "de_facto", "bank"),
    )
    days = {}
    for day, names in everyday.items():
        for name in names.split("; "):
            days[name.partition(" (")[0]] = day
    return days


def warm(year: int) -> None:
    """Load the library and the days of a year."""
    _public(year)
    _days_kept(year)
