"""A text as words, and what the words of time mean by themselves."""

import re
from functools import lru_cache

from ..dates import MONTHS, WEEKDAYS
from ..numbers import number_of
from ..text import fold


def several(words: str) -> frozenset[str]:
    """Write a set of words in one go."""
    return frozenset(words.split())


_WORD = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")


class Words:
    """A text cut into folded words, with where each stands."""

    __slots__ = ("_at", "folded", "raw", "text", "waking", "words")

    def __init__(self, text: str) -> None:
        lower = text.lower()
        if len(lower) != len(text):  # "İ" grows when it is made small; places must not move
            lower = "".join(low if len(low := sign.lower()) == 1 else sign for sign in text)
        self.text, self.folded = text, fold(lower)
        found = [(match.start(), match.end()) for match in _WORD.finditer(lower)]
        self._at = found
        self.raw = [lower[start:end] for start, end in found]
        # "är" is no "år": the one that is no unit stays as it is
        self.words = [word if word == "är" else fold(word) for word in self.raw]
        self.waking = not WAKING.isdisjoint(self.words)

    def __len__(self) -> int:
        return len(self.words)

    def __getitem__(self, at: int) -> str:
        return self.words[at] if 0 <= at < len(self.words) else ""

    def start(self, at: int) -> int:
        """Tell at which character a word begins."""
        return self._at[at][0]

    def end(self, at: int) -> int:
        """Tell at which character a word ends."""
        return self._at[at][1]

    def glued(self, at: int) -> bool:
        """Tell whether no space stands before the word."""
        return 0 < at < len(self._at) and self._at[at][0] == self._at[at - 1][1]

    def has(self, at: int, *words: str) -> bool:
        """Tell whether just these words stand here, one after the other."""
        return self.words[at : at + len(words)] == list(words)

    def one_of(self, at: int, phrases: tuple[tuple[str, ...], ...]) -> int:
        """Give the place after the first of the phrases that stands here; `at` if none does."""
        for phrase in phrases:
            if self.words[at : at + len(phrase)] == list(phrase):
                return at + len(phrase)
        return at

    def drawn(self, pattern: re.Pattern[str], at: int) -> tuple[re.Match[str], int] | None:
        """Match a pattern where a word begins; with the place of the word after the match."""
        if at >= len(self._at):
            return None
        found = pattern.match(self.folded, self._at[at][0])
        if found is None:
            return None
        after = at
        while after < len(self._at) and self._at[after][0] < found.end():
            after += 1
        return found, after


def phrases(text: str) -> tuple[tuple[str, ...], ...]:
    """Cut "a b|c" into (("a", "b"), ("c",)), the longest first."""
    return tuple(sorted((tuple(one.split()) for one in text.split("|")), key=len, reverse=True))


def table(rows: dict[str, str]) -> dict[str, str]:
    """Turn a row of names for each value around."""
    return {name: value for value, names in rows.items() for name in names.split()}


WAKING = several(
    "vack vacka vacker alarm alarmet larm larmet larma larma vackning vackningen "
    "vackarklocka vackarklockan vakna stiga wake alarms"
)

UNITS = table(
    {
        "second": "sekund sekunder sekunden sekunderna sekunders sek second seconds sec",
        "minute": "minut minuter minuten minuterna minuters min mins minute minutes",
        "quarter": "kvart kvarten kvartar",
        "half": "halvtimme halvtimma halvtimmen halvtimmes",
        "hour": "timme timma timmar timmen timmarna timmars h tim hour hours",
        "day": "dag dagar dagen dagarna dagars dygn dygnet dygnen day days",
        "week": "vecka veckor veckan veckorna veckors week weeks",
        "month": "manad manader manaden manaderna manaders month months",
        "quarter_year": "kvartal kvartalet",
        "half_year": "halvar halvaret",
        "year": "ar aret aren ars year years",
        "decade": "decennium decennier decenniet artionde artionden decade decades",
    }
)
"""Names of units; "ar" is "år"."""

MONTH_ALONE = several(
    "januari january februari february mars april maj juni june juli july augusti august "
    "september oktober october november december"
)
"""Those that are said without a day; "mar" may be "mår", and "may" and "march" are verbs."""

WEEKDAY_FORMS = {
    name + end: (number, form)
    for name, number in WEEKDAYS.items()
    for end, form in (
        (("", ""), ("en", "the"), ("s", "past"), ("ens", "the"), ("ar", "all"), ("arna", "all"))
        if name.endswith("dag")
        else (("", ""), ("s", "all"))
    )
}
"""Forms of weekdays: which day, and "", "the", "past" ("i tisdags") or "all" ("tisdagar")."""

_ONES = "noll en|ett tva tre fyra fem sex sju atta nio tio elva tolv tretton fjorton femton sexton"
_EN_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
_TENS = {"tjugo": 20, "trettio": 30, "fyrtio": 40, "fortio": 40, "femtio": 50, "sextio": 60}
_TENS |= {"sjuttio": 70, "attio": 80, "nittio": 90}


def _numbers() -> dict[str, int]:
    said: dict[str, int] = {}
    for names in (
        f"{_ONES} sjutton arton nitton",
        f"{_EN_ONES} fifteen sixteen seventeen eighteen nineteen",
    ):
        said |= {name: n for n, same in enumerate(names.split()) for name in same.split("|")}
    ones = [(name, n) for name, n in said.items() if 0 < n < 10 and name in _ONES.replace("|", " ")]
    for ten, value in _TENS.items():
        said |= {ten: value, **{ten + one: value + n for one, n in ones}}
    return said | {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}


NUMBERS = _numbers()

_ORDINALS = (
    "forsta|first andra|second tredje|third fjarde|fourth femte|fifth sjatte|sixth sjunde|seventh "
    "attonde|eighth nionde|ninth tionde|tenth elfte|eleventh tolfte|twelfth trettonde|thirteenth "
    "fjortonde|fourteenth femtonde|fifteenth sextonde|sixteenth sjuttonde|seventeenth "
    "artonde|eighteenth nittonde|nineteenth tjugonde|twentieth tjugoforsta tjugoandra tjugotredje "
    "tjugofjarde tjugofemte tjugosjatte tjugosjunde tjugoattonde tjugonionde trettionde|thirtieth "
    "trettioforsta"
)
ORDINALS = {
    name: n for n, same in enumerate(_ORDINALS.split(), start=1) for name in same.split("|")
}
YEAR_WORD = re.compile(r"(?:tvatusen|nittonhundra|artonhundra|sjuttonhundra|sextonhundra)\w*")


def whole_number(words: Words, at: int) -> tuple[int, int] | None:
    """Read a whole number of up to four figures or one word; with the place after it."""
    word = words[at]
    if word.isdecimal() and word.isascii():
        return (int(word), at + 1) if len(word) <= 4 else None
    if word in NUMBERS:
        return NUMBERS[word], at + 1
    return None


def ordinal(words: Words, at: int) -> tuple[int, int] | None:
    """Read "25:e", "3rd" or "tredje"; with the place after it."""
    word = words[at]
    if word in ORDINALS:
        return ORDINALS[word], at + 1
    if not (word.isdecimal() and word.isascii() and len(word) <= 2):
        return None
    if words[at + 1] == ":" and words[at + 2] in ("e", "a", "de") and words.glued(at + 1):
        return int(word), at + 3
    if words[at + 1] in ("st", "nd", "rd", "th") and words.glued(at + 1):
        return int(word), at + 2
    return None


def year(words: Words, at: int, *, bare: bool = True) -> tuple[int, int] | None:
    """Read a year in four figures or one word: 1995, "nittonhundranittio"; with what follows."""
    word = words[at]
    if word.isdecimal() and word.isascii() and len(word) == 4:
        return (int(word), at + 1) if not bare or 1500 <= int(word) <= 2199 else None
    if len(word) > 6 and YEAR_WORD.fullmatch(word):
        said = _spelt(word)
        return None if said is None else (said, at + 1)
    return None


@lru_cache(maxsize=256)
def _spelt(word: str) -> int | None:
    value = number_of(word)
    return int(value) if value is not None and 1000 <= value <= 2999 else None


def month(words: Words, at: int) -> tuple[int, int] | None:
    """Read the name of a month, short or long, with what follows."""
    word = words[at]
    if word not in MONTHS or words.raw[at] == "mår":
        return None
    short = words[at + 1] == "." and len(word) <= 4 and words.glued(at + 1)
    return MONTHS[word], at + (2 if short else 1)
