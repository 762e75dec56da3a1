"""The hours from one time of a day to another."""

from . import clocks
from .found import Clock, Found, plus
from .words import UNITS, Words, several

AFTER_HOURS = several(
    "pa i idag imorgon ikvall den on in at today tomorrow this och and nasta varje under "
    "mandag tisdag onsdag torsdag fredag lordag sondag med hos for att ar"
)
LINKS = several("till - – — to until")
ANDS = frozenset(("och", "and"))


def hours(words: Words, at: int, *, led: bool, bare: bool) -> tuple[Found, int] | None:
    """Read two times of a day and what links them: "åtta till tio", "8-17".

    Args:
        led: "mellan" or "från" stands before them.
        bare: the text is a time and nothing else.
    """
    start = at
    while words[start] in clocks.LOOSE or (start > at and words[start] == "."):
        start += 1
    named = start > at
    first = clocks.clock(words, start, loose=True, linked=not led)
    if first is None:
        return None
    link = first[1]
    dashed = words[link] in ("-", "–", "—")
    if not (words[link] in LINKS or (led and words[link] in ANDS)):
        return None
    second_at = link + 1
    while words[second_at] in clocks.LOOSE:
        second_at += 1
    second = clocks.clock(words, second_at, loose=True)
    if second is None or words[second[1]] in UNITS:
        return None
    written = words[start].isdecimal() and words[start + 1] in (".", ":")
    sure = led or named or written or first[0].minute or second[0].minute or bare
    if not sure and not (dashed and words[at - 1] in ("oppet", "open", "tid")):
        return None
    following = words[second[1]]
    if led and following.isalpha() and following not in AFTER_HOURS:
        return None
    clock, until = first[0], second[0]
    if dashed and words[start].isdecimal():  # figures with a dash are of 24 hours
        clock, until = _fixed(clock), _fixed(until)
    return plus(Found(clock=clock), until=until), second[1]


def _fixed(clock: Clock) -> Clock:
    """Take a time as one of 24 hours."""
    return Clock(clock.hour, clock.minute, True)
