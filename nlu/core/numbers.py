"""Numbers as people write them: "1 250,5", "1½", "tolvhundrafemtio", "en och en halv"."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from .text import fold

MOST_CHARS = 120  # no number that a person means is longer


@dataclass(frozen=True)
class _Tongue:
    """The number words of one language, folded (without å, ä, ö)."""

    zero: str
    units: dict[str, int]  # 1..9
    teens: dict[str, int]  # 10..19
    tens: dict[str, int]  # 20, 30 .. 90
    hundred: str
    scales: tuple[tuple[str, int], ...]  # pattern and size, largest first
    link: str  # between the parts: "och", "and"
    point: str
    minus: str
    ends: dict[str, str]  # after "och", "and": "en halv" is .5
    wholes: dict[str, str]  # as a whole phrase
    parts: dict[str, int]  # "tredjedel" is 3

    @cached_property
    def words(self) -> dict[str, int]:
        return self.units | self.teens | self.tens

    @cached_property
    def below_thousand(self) -> re.Pattern[str]:
        """Draw 1..999, and "nineteen hundred", as one pattern."""
        unit, teen, ten = ("|".join(words) for words in (self.units, self.teens, self.tens))
        return re.compile(
            rf"(?P<hundreds>(?:(?P<h>{teen}|{unit})\s?)?{self.hundred}\s?(?:{self.link}\s)?)?"
            rf"(?:(?P<t>{ten})(?:\s?(?P<tu>{unit}))?|(?P<n>{teen}|{unit}))?"
        )

    @cached_property
    def part(self) -> re.Pattern[str]:
        return re.compile(rf"(?P<count>.+?) (?P<part>{'|'.join(self.parts)})(?:ar|s)?")


def _series(words: str, start: int, step: int = 1) -> dict[str, int]:
    """Number some words evenly; "|" stands between words for the same number."""
    return {
        word: start + step * at for at, same in enumerate(words.split()) for word in same.split("|")
    }


_SV = _Tongue(
    zero="noll",
    units=_series("en|ett tva tre fyra fem sex sju atta nio", 1),
    teens=_series(
        "tio elva tolv tretton fjorton femton sexton sjutton arton|aderton nitton",
        10,
    ),
    # "förtio" is old, and still written
    tens=_series("tjugo trettio fyrtio|fortio femtio sextio sjuttio attio nittio", 20, 10),
    hundred="hundra",
    scales=(
        ("biljon(?:er)?", 10**12),
        ("miljard(?:er)?", 10**9),
        ("miljon(?:er)?", 10**6),
        ("tusen", 1000),
    ),
    link="och",
    point="komma",
    minus="minus ",
    ends={"en halv": "0.5", "ett halvt": "0.5", "en kvart": "0.25", "en fjardedel": "0.25"},
    wholes={
        "halv": "0.5",
        "halvt": "0.5",
        "trekvart": "0.75",
        "halvannan": "1.5",
        "ett dussin": "12",
        "ett halvt dussin": "6",
        "ett tjog": "20",
    },
    parts=_series(
        "halv|halva|halvt tredjedel fjardedel|kvart femtedel sjattedel sjundedel attondel "
        "niondel tiondel",
        2,
    ),
)
_EN = _Tongue(
    zero="zero",
    units=_series("one two three four five six seven eight nine", 1),
    teens=_series(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 10
    ),
    tens=_series("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10),
    hundred="hundred",
    scales=(("trillion", 10**12), ("billion", 10**9), ("million", 10**6), ("thousand", 1000)),
    link="and",
    point="point",
    minus="minus ",
    ends={"a half": "0.5", "one half": "0.5", "a quarter": "0.25"},
    wholes={
        "half": "0.5",
        "a half": "0.5",
        "a quarter": "0.25",
        "a third": "0." + "3" * 40,
        "a dozen": "12",
        "half a dozen": "6",
        "a hundred": "100",
        "a thousand": "1000",
        "a million": "1000000",
    },
    parts=_series("half third quarter|fourth fifth sixth seventh eighth ninth tenth", 2),
)
_TONGUES = (_SV, _EN)

_SPACES = "[ \u00a0\u2009\u202f]"
_FIGURES = re.compile(
    rf"""(?P<sign>[-−]?)(?P<whole>
        \d{{1,3}}(?:{_SPACES}\d{{3}})+ | \d{{1,3}}(?:\.\d{{3}}){{2,}} | \d{{1,3}}(?:,\d{{3}}){{2,}}
        | \d{{1,3}}(?:\.\d{{3}})+(?=,\d) | \d{{1,3}}(?:,\d{{3}})+(?=\.\d) | \d+ )
        (?:[.,](?P<part>\d+))?""",
    re.X | re.A,
)
_FRACTION_SIGNS = {
    sign: Decimal(over) / Decimal(under)
    for sign, over, under in ("½12", "⅓13", "⅔23", "¼14", "¾34", "⅕15", "⅛18", "⅜38", "⅝58", "⅞78")
}
_FRACTION = re.compile(r"(?:(?P<whole>\d{1,6}) )?(?P<over>\d{1,3})/(?P<under>\d{1,3})", re.A)
_DIGITS = re.compile(r"\d+", re.A)
_ENGLISH_THOUSANDS = re.compile(r"[-−]?\d{1,3}(,\d{3})+", re.A)


def figure(text: str, *, language: str = "sv") -> Decimal | None:
    """Read a number written in figures: "1 250,5", "1.250.000", "3.14", "1½".

    A single point or comma is a decimal sign; "1,250" is a thousand and more in English only.
    """
    if not text or len(text) > MOST_CHARS:
        return None
    if text[-1] in _FRACTION_SIGNS:
        whole = text[:-1].rstrip() or "0"
        return Decimal(whole) + _FRACTION_SIGNS[text[-1]] if _DIGITS.fullmatch(whole) else None
    if language == "en" and _ENGLISH_THOUSANDS.fullmatch(text):
        return Decimal(text.replace(",", "").replace("−", "-"))
    found = _FIGURES.fullmatch(text)
    if found is None:
        return None
    sign, whole = "-" if found["sign"] else "", re.sub(r"\D", "", found["whole"])
    return Decimal(f"{sign}{whole}.{found['part']}" if found["part"] else f"{sign}{whole}")


def fraction(text: str) -> Decimal | None:
    """Read "1/2" and "1 1/2". Apart from `figure`, as "1/5" may as well be a day or a division."""
    found = _FRACTION.fullmatch(text)
    if found is None or not int(found["under"]):
        return None
    return int(found["whole"] or 0) + Decimal(found["over"]) / Decimal(found["under"])


def number_of(phrase: str, *, language: str = "sv") -> Decimal | None:
    """Read a phrase that is a number and nothing else, in figures or in words; else None.

    Swedish and English words both, with or without å, ä and ö and with or without spaces between
    the parts. "kapitel tre" is not a number; "fem två" is not one either.
    """
    phrase = phrase.strip()
    if not phrase or len(phrase) > MOST_CHARS:
        return None
    if phrase[0].isdecimal() or phrase[-1].isdecimal() or phrase[-1] in _FRACTION_SIGNS:
        return figure(phrase, language=language)
    words = " ".join(fold(phrase.casefold()).replace("-", " ").split())
    for tongue in _TONGUES:
        value = _signed(words, tongue)
        if value is not None:
            return value
    return None


def _signed(text: str, tongue: _Tongue) -> Decimal | None:
    if text.startswith(tongue.minus):
        value = _number(text.removeprefix(tongue.minus), tongue)
        return None if value is None else -value
    return _number(text, tongue)


def _number(text: str, tongue: _Tongue) -> Decimal | None:
    if text in tongue.wholes:
        return Decimal(tongue.wholes[text])
    first, linked, end = text.rpartition(f" {tongue.link} ")
    if linked and end in tongue.ends:  # "två och en halv"
        whole = _whole(first, tongue)
        return None if whole is None else whole + Decimal(tongue.ends[end])
    first, pointed, rest = text.partition(f" {tongue.point} ")
    if pointed:  # "tre komma fem"
        whole, decimals = _whole(first, tongue), _decimals(rest, tongue)
        return None if whole is None or not decimals else Decimal(f"{whole}.{decimals}")
    if found := tongue.part.fullmatch(text):  # "tre fjärdedelar"
        count = _whole(found["count"], tongue)
        return None if count is None else Decimal(count) / tongue.parts[found["part"]]
    whole = _whole(text, tongue)
    return None if whole is None else Decimal(whole)


def _decimals(text: str, tongue: _Tongue) -> str:
    """Read what follows the decimal sign: "tjugofem" is 25, "noll fem" is 05, "ett fyra" is 14."""
    if (whole := _whole(text, tongue)) is not None:
        return str(whole)
    digits = [_whole(word, tongue) for word in text.split()]
    return "".join(str(digit) for digit in digits if digit is not None and digit < 10)


def _whole(text: str, tongue: _Tongue) -> int | None:
    """Read a whole number, scale by scale: [..] miljoner [..] tusen [..]."""
    if text == tongue.zero:
        return 0
    total = 0
    for scale, size in tongue.scales:
        before, found, after = _split(scale, text)
        if not found:
            continue
        count = 1 if not before else _below_thousand(before, tongue)
        if count is None and before.endswith("et"):  # people write "ettusen" for "etttusen"
            count = _below_thousand(before + "t", tongue)
        if count is None:
            return None
        total, text = total + count * size, after.removeprefix(f"{tongue.link} ")
        if not text:
            return total
    rest = _below_thousand(text, tongue)
    return None if rest is None or (total and rest >= 1000) else total + rest


def _split(scale: str, text: str) -> tuple[str, bool, str]:
    found = re.search(scale, text)
    if found is None:
        return "", False, text
    return text[: found.start()].strip(), True, text[found.end() :].strip()


def _below_thousand(text: str, tongue: _Tongue) -> int | None:
    found = tongue.below_thousand.fullmatch(text) if text else None
    if found is None:
        return None
    words = tongue.words
    total = 0 if found["hundreds"] is None else 100 * (words[found["h"]] if found["h"] else 1)
    return total + sum(words[found[name]] for name in ("t", "tu", "n") if found[name])
