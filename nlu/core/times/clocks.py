"""Times of day: "halv tre", "kvart över sju", "kl 14.30", "fem i halv åtta", "på kvällen"."""

import re

from .found import Clock, Found
from .lengths import length
from .words import NUMBERS, UNITS, Words, phrases, several, table

LOOSE = several("kl klockan vid runt omkring prick at around circa")
"""After these a mere number is a time of day."""

PARTS = {
    "morning": (6, 10),
    "forenoon": (9, 12),
    "day": (10, 16),
    "afternoon": (12, 18),
    "evening": (18, 23),
    "night": (23, 30),
}
"""When the parts of the day begin and end, in hours; the night ends on the next day."""

_PART_WORDS = table(
    {
        "morning": "morgon morgonen bitti morning",
        "forenoon": "formiddag formiddagen",
        "day": "dagtid",
        "afternoon": "eftermiddag eftermiddagen afternoon em",
        "evening": "kvall kvallen evening",
        "night": "natt natten night",
    }
)
_PART_OPENINGS = phrases("pa|under|om|in the|at|denna|den har|this|tidigt pa|sent pa|tidig|sen")
_ALONE = {"midnatt": 0, "midnight": 0, "noon": 12, "lunchtid": 12, "lunchdags": 12}
_DIGITAL = re.compile(r"(?P<h>[01]?\d|2[0-4])(?P<sign>[:.])(?P<m>[0-5]\d)(?!\d|[.,:]\d)", re.A)
_TIDEN = re.compile(r"(?P<n>[a-z]+)tiden")
_PAST = frozenset(("over", "past"))
_TO = frozenset(("i", "to", "before"))
AFTERNOON = re.compile(r"(?P<half>[pa])\.? ?m\.?(?!\w)|(?P<sv>[ef])\. ?m\.?(?!\w)")
_BEFORE_POINT = several(
    "kl klockan gar avgar kommer borjar startar slutar oppnar stanger vid till fran "
    "mellan runt omkring senast innan fore efter och . - – at"
)
_MONEY = several("kr kronor % procent sek euro dollar")


def part(words: Words, at: int, *, bare: bool) -> tuple[Found, int] | None:
    """Read a part of the day; the mere word ("kväll") only where `bare`."""
    after = words.one_of(at, _PART_OPENINGS)
    name = _PART_WORDS.get(words[after])
    if words[at] in ("om", "at", "sen") and name not in ("evening", "morning", "night"):
        return None
    if name is None and after > at and words[at] in ("pa", "in") and words[after] == "dagen":
        name = "day"
    if name is None or (after == at and not bare and words[at] != "bitti"):
        return None
    return Found(part=name), after + 1


def clock(
    words: Words, at: int, *, loose: bool = False, linked: bool = True
) -> tuple[Clock, int] | None:
    """Read a time of day. `loose`: a mere number is one too; `linked`: "sju och trettio" is one."""
    if found := _digital(words, at, loose=loose):
        return _halved(words, *found)
    for read in (_half, _beside, _named, _about):
        if found := read(words, at):
            return _halved(words, *found)
    spoken = _spoken(words, at, loose=loose, linked=linked)
    return _halved(words, *spoken) if spoken else None


def _halved(words: Words, said: Clock, after: int) -> tuple[Clock, int]:
    """Take "pm" and "e.m." along."""
    if words[after] == "o" and words[after + 2] == "clock":
        after += 3
    found = words.drawn(AFTERNOON, after)
    if found is None or said.hour > 12:
        return said, after
    late = found[0]["half"] == "p" or found[0]["sv"] == "e"
    return Clock(said.hour % 12 + (12 if late else 0), said.minute, True), found[1]


def _digital(words: Words, at: int, *, loose: bool) -> tuple[Clock, int] | None:
    found = words.drawn(_DIGITAL, at) if words[at].isdecimal() else None
    if found is None:
        return None
    drawn, after = found
    if drawn["sign"] == ".":  # which may as well be a decimal sign
        sure = loose or not at or words[at - 1] in _BEFORE_POINT or drawn["h"][0] == "0"
        if not (sure or _dash_after(words, after)) or words[after] in _MONEY:
            return None
    hour = int(drawn["h"])
    if hour == 24 and int(drawn["m"]):
        return None
    return Clock(hour % 24, int(drawn["m"]), True), after


def _dash_after(words: Words, at: int) -> bool:
    return words[at] in ("-", "–") and words[at + 1].isdecimal()


def hour(words: Words, at: int) -> tuple[int, int] | None:
    """Read an hour, 0..24, as a number."""
    word = words[at]
    if word.isdecimal() and word.isascii() and len(word) <= 2 and int(word) <= 24:
        return int(word), at + 1
    if word in NUMBERS and NUMBERS[word] <= 24 and word != "en":
        return NUMBERS[word], at + 1
    return None


def _twelve(words: Words, at: int) -> tuple[int, int] | None:
    found = hour(words, at)
    if found is None or not 1 <= found[0] <= 12 or words[found[1]] in UNITS:
        return None
    return found


def _half(words: Words, at: int) -> tuple[Clock, int] | None:
    english = words.has(at, "half", "past")
    if words[at] != "halv" and not english:
        return None
    found = _twelve(words, at + (2 if english else 1))
    if found is None:
        return None
    return Clock((found[0] if english else found[0] - 1) or 12, 30), found[1]


def _beside(words: Words, at: int) -> tuple[Clock, int] | None:
    """Read minutes before or after an hour or a half: "tio i tre", "fem över halv sex"."""
    start = at + 1 if words[at] in ("a", "en") and words[at + 1] in ("kvart", "quarter") else at
    spoken = False
    if words[start] in ("kvart", "quarter"):
        minutes, after = 15, start + 1
    else:
        word = words[start]
        if word.isdecimal() and word.isascii() and len(word) <= 2:
            minutes = int(word)
        else:
            minutes = NUMBERS.get(word, 0)
        after = start + 1
        if UNITS.get(words[after]) == "minute":
            after, spoken = after + 1, True
    if not 1 <= minutes <= 29:
        return None
    side = words[after]
    if side in _TO:
        if minutes not in (5, 10, 15, 20, 25) and not spoken:
            return None
        sign = -1
    elif side in _PAST:
        sign = 1
    else:
        return None
    target = _half(words, after + 1)
    if target is None:
        whole = _twelve(words, after + 1)
        target = (Clock(whole[0]), whole[1]) if whole else None
    if target is None:
        return None
    total = (target[0].hour * 60 + target[0].minute + sign * minutes) % 720
    return Clock(total // 60 or 12, total % 60), target[1]


def _named(words: Words, at: int) -> tuple[Clock, int] | None:
    if words.has(at, "mitt", "pa", "dagen"):
        return Clock(12, 0, True), at + 3
    if words.has(at, "mitt", "i", "natten"):
        return Clock(0, 0, True), at + 3
    alone = _ALONE.get(words[at])
    return None if alone is None else (Clock(alone, 0, True), at + 1)


def _about(words: Words, at: int) -> tuple[Clock, int] | None:
    """Read "femtiden" and "19-tiden"."""
    if found := _TIDEN.fullmatch(words[at]):
        number = NUMBERS.get(found["n"], 99)
        return (Clock(number), at + 1) if 1 <= number <= 24 else None
    said = hour(words, at)
    if said and words[said[1]] == "-" and words[said[1] + 1] == "tiden":
        return Clock(said[0] % 24, 0, said[0] > 12), said[1] + 2
    return None


def _spoken(words: Words, at: int, *, loose: bool, linked: bool) -> tuple[Clock, int] | None:
    """Read a number as an hour: "sju", "sju trettio", "fjorton noll noll", "noll sex noll noll"."""
    led = words[at] in ("noll", "zero") and hour(words, at + 1) is not None
    found = hour(words, at + 1 if led else at)
    if found is None:
        return None
    number, after = found
    if words[after] == words[after + 1] == "noll":
        return Clock(number % 24, 0, True), after + 2
    if not loose or length(words, at) or words[after] in UNITS or words[after] in ("%", "procent"):
        return None
    link = after + 1 if linked and words[after] in ("och", "and") else after
    minute = NUMBERS.get(words[link], 0)
    if 10 <= minute <= 59 and words[link + 1] not in UNITS:
        return Clock(number % 24, minute, number > 12), link + 1
    fixed = number > 12 or number == 0 or (words[at].isdecimal() and words[at][0] == "0")
    return Clock(number % 24, 0, fixed), after
