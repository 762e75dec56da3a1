"""Questions about years, months and ages, as patterns over folded text."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from nlu.core.dates import date_of, month_of, weekday_called, year_of

Named = Mapping[str, str]
Reading = Callable[[Named, date], dict[str, Any] | None]

_WEEKDAY = (
    r"(?P<weekday>(?:man|tis|ons|tors|fre|lor|son)dag"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_RED_DAYS = r"(?:roda dagar|helgdagar|(?:public |bank )?holidays)"
_ARE_THERE = r"(?: (?:ar|finns|blir|infaller|har)(?: det| vi)?| are(?: there)?| do we have)?"
_BORN = r"(?:(?:ar |blev |var )?fodd|(?:is |are |was |were |am )?born) (?:in |on |den |ar )?"
_WHO = r"(?:man|jag|du|nagon|den|han|hon|en person|you|i|someone|somebody|he|she|a person)"


def year_question(question: str, today: date) -> dict[str, Any] | None:
    """Read a question, folded and without politeness, every part of which is understood."""
    if not _HINT.search(question):
        return None
    for pattern, reading in _QUESTIONS:
        if found := pattern.fullmatch(question):
            named = {name: phrase or "" for name, phrase in found.groupdict().items()}
            if (arguments := reading(named, today)) is not None:
                return arguments
    return None


def _leap_year(named: Named, today: date) -> dict[str, Any] | None:
    if not named.get("year"):
        return {"ask": "leap_year"}
    year = year_of(named["year"], today)
    return None if year is None else {"ask": "leap_year", "year": year}


def _holidays(named: Named, today: date) -> dict[str, Any] | None:
    if month := month_of(named["period"], today):
        year = month[0] or today.year + (month[1] < today.month)
        return {"ask": "holidays", "year": year, "month": month[1]}
    year_alone = year_of(named["period"], today)
    return None if year_alone is None else {"ask": "holidays", "year": year_alone}


def _length(named: Named, today: date) -> dict[str, Any] | None:
    if month := month_of(named["period"], today):
        if named["unit"] in ("veckor", "weeks"):
            return None  # no month but February ever has whole ones
        year = {} if month[0] is None else {"year": month[0]}
        return {"ask": "length", "month": month[1], **year}
    year_alone = year_of(named["period"], today)
    return None if year_alone is None else {"ask": "length", "year": year_alone}


def _is_weekday(named: Named, today: date) -> dict[str, Any] | None:
    day = date_of(named["date"], today) if named.get("date") else today
    at = weekday_called(named["weekday"])
    if day is None or at is None:
        return None
    return {"ask": "is_weekday", "date": day.isoformat(), "weekday": at + 1}


def _age(named: Named, today: date) -> dict[str, Any] | None:
    if (year := year_of(named["born"], today)) is not None:
        return {"ask": "age", "year": year} if year <= today.year else None
    day = date_of(named["born"], today)
    return {"ask": "age", "date": day.isoformat()} if day and day <= today else None


def _only(ask: str) -> Reading:
    return lambda named, today: {"ask": ask}


_NOW = r"(?: (?:just )?nu| i ?dag| now| today)?"
_QUESTIONS = tuple(
    (re.compile(pattern), reading)
    for reading, patterns in (
        (
            _only("year"),
            (
                rf"(?:vilket|vad ar det for) ar(?:tal)?(?: ar det| har vi)?{_NOW}",
                rf"what year(?: is it| are we in)?{_NOW}",
            ),
        ),
        (
            _only("month"),
            (
                rf"(?:vilken|vad ar det for) manad(?: ar det| har vi)?{_NOW}",
                rf"what month(?: is it| are we in)?{_NOW}",
            ),
        ),
        (
            _leap_year,
            (
                r"(?:ar|blir|var) (?P<year>.+?) (?:ett )?skottar",
                r"(?:ar|blir|var) det (?:ett )?skottar (?P<year>.+)",
                r"(?:nar ar (?:det )?|vilket ar ar |vilket ar )?nasta skottar",
                r"(?:is|was|will) (?P<year>.+?) (?:be )?a leap year",
                r"when(?:'s| is) the next leap year",
            ),
        ),
        (
            _holidays,
            (
                rf"(?:(?:vilka|hur manga) )?{_RED_DAYS}{_ARE_THERE} (?:under )?(?P<period>.+)",
                rf"(?:which|what|how many) {_RED_DAYS}{_ARE_THERE} (?P<period>.+)",
                rf"(?:vilka|vilka datum) (?:ar|blir) {_RED_DAYS} (?P<period>.+)",
                r"vilka dagar (?:ar|blir) (?:det )?(?:roda|rott) (?P<period>.+)",
            ),
        ),
        (
            _length,
            (
                r"hur manga (?P<unit>dagar|dygn|veckor) (?:har|(?:ar|finns|gar) det)"
                r"(?: i(?! ar$)| pa)? (?P<period>.+)",
                r"how many (?P<unit>days|weeks) (?:are there |are )?in (?P<period>.+)",
                r"how many (?P<unit>days|weeks) does (?P<period>.+) have",
            ),
        ),
        (
            _is_weekday,
            (
                rf"(?:ar|blir|var) det (?:en )?{_WEEKDAY}(?: (?P<date>.+))?",
                rf"(?:ar|blir|var|infaller) (?P<date>.+?) (?:pa )?(?:en )?{_WEEKDAY}",
                rf"(?:is|was) it (?:a )?{_WEEKDAY}(?: (?P<date>.+))?",
                rf"is (?P<date>.+?) (?:on )?(?:a )?{_WEEKDAY}",
            ),
        ),
        (
            _age,
            (
                rf"hur gammal (?:ar|blir) {_WHO} (?:i ar )?(?:(?:om|som|nar) )?"
                rf"(?:{_WHO} )?{_BORN}(?P<born>.+)",
                rf"how old (?:is|are|am|do|will) {_WHO} (?:be )?(?:(?:if|who|when) )?"
                rf"(?:{_WHO} )?{_BORN}(?P<born>.+)",
            ),
        ),
    )
    for pattern in patterns
)
_HINT = re.compile(
    r"\bar(?:tal)?$|\bar(?:tal)? (?:ar|har|just|nu)|manad|year|month|skottar|rod|rott|helgdag"
    r"|holiday|hur manga (?:dag|dyg|veck)|how many (?:day|week)|dag|day|fodd|born"
)
