"""Days and times in words."""

from datetime import date, datetime


def in_full(day: date, language: str, *, year: bool = True) -> str:
    """Write "torsdag 24 december 2026", "Thursday 24 December 2026"."""
    from babel.dates import format_date  # late: it loads the languages

    return format_date(
        day, "EEEE d MMMM y" if year else "EEEE d MMMM", locale="en" if language == "en" else "sv"
    )


def with_week(day: date, language: str) -> str:
    """Write "torsdag 24 december 2026, vecka 52"."""
    week = "week" if language == "en" else "vecka"
    return f"{in_full(day, language)}, {week} {day.isocalendar().week}"


def at_time(moment: datetime) -> str:
    """Write "15:04"."""
    return f"{moment:%H:%M}"


def month_in(day: date, language: str, *, year: bool = True) -> str:
    """Write the month that `day` is in: "maj 2027"."""
    from babel.dates import format_date

    return format_date(day, "LLLL y" if year else "LLLL", locale="en" if language == "en" else "sv")


def inside(name: str) -> str:
    """Write the name of a feast as inside a Swedish sentence."""
    return name if name.startswith(("Kristi", "Lucia")) else name[0].lower() + name[1:]
