"""Amounts in running text: "tre dl", "tjugo procent", "$20", "två och en halv miljon kronor"."""

import re
from dataclasses import dataclass
from decimal import Decimal

from .measures import UNITS, Unit
from .numbers import fraction, number_of
from .text import fold

# ISO 4217 codes and what people say (folded, without å, ä, ö). "Pund" alone is money where the unit
# of mass is hardly used any more; "krona" alone is Swedish.
_CURRENCIES = """
SEK ; krona|kronor|kronorna|kr|sek|spann|svensk krona|svenska kronor|kronors|:-
EUR ; euro|eur|euron|euros|€
USD ; dollar|dollarn|usd|us-dollar|amerikansk dollar|amerikanska dollar|dollars|bucks|$
GBP ; pund|gbp|brittiska pund|brittiskt pund|pund sterling|pounds sterling|british pounds|£
NOK ; norska kronor|norsk krona|nok|norwegian kroner
DKK ; danska kronor|dansk krona|dkk|danish kroner
ISK ; islandska kronor|islandsk krona|isk
CHF ; schweizerfranc|schweiziska franc|schweizisk franc|chf|swiss francs
JPY ; yen|japanska yen|jpy|¥
CNY ; yuan|kinesiska yuan|renminbi|cny
INR ; rupie|rupier|indiska rupier|inr|rupees|₹
PLN ; zloty|polska zloty|pln
CZK ; tjeckiska kronor|tjeckisk krona|czk
CAD ; kanadensiska dollar|kanadensisk dollar|cad|canadian dollars
AUD ; australiska dollar|australisk dollar|aud|australian dollars
NZD ; nyzeelandska dollar|nzd
RUB ; rubel|ryska rubel|rub
TRY ; turkiska lira|lira|turkish lira
THB ; baht|thailandska baht|thb
BRL ; brasilianska real|brl
MXN ; mexikanska pesos|mexikansk peso|mxn
KRW ; won|sydkoreanska won|krw
ZAR ; rand|sydafrikanska rand|zar
HUF ; forint|ungerska forint|huf
BTC ; bitcoin|bitcoins|btc
"""
CURRENCIES = {
    name: code
    for code, names in (row.split(" ; ") for row in _CURRENCIES.strip().splitlines())
    for name in names.split("|")
}
"""Codes by folded name; bitcoin has none in ISO 4217, BTC is what people write."""

_PERCENT = frozenset(("%", "procent", "percent", "procents"))
_NAMES = {name for name in (*CURRENCIES, *UNITS, *_PERCENT) if name not in ("in", "i", '"', "are")}
_WORD = re.compile(r"[^\W\d_]+[²³]?|\d[\d.,]*(?::-)?|[€$£¥₹%°½¼¾]|:-|[^\w\s]")
_SCALES = {
    **dict.fromkeys(("tusen", "thousand"), 10**3),
    **dict.fromkeys(("miljon", "miljoner", "million", "mn"), 10**6),
    **dict.fromkeys(("miljard", "miljarder", "billion"), 10**9),
}
_SIGNS = frozenset("€$£¥₹")
_MOST_WORDS = 6  # of a number
_LONGEST = max(name.count(" ") for name in _NAMES) + 1
MOST_CHARS = 1000
"""Of a text; what comes after is not read."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with a unit that a text names, and where it stands.

    `unit` is an ISO 4217 code, "%" or the sign of a unit ("dl", "km"); `kind` is money, share or
    measure. `measure` is the unit itself, for conversion (`nlu.core.measures.in_si`).
    """

    start: int
    end: int
    text: str
    kind: str
    value: Decimal
    unit: str
    measure: Unit | None = None

    def __str__(self) -> str:
        return f"{plain(self.value)} {self.unit}"


def plain(value: Decimal) -> str:
    """Write a number in full, with a point and without needless zeros."""
    told = f"{value:f}"
    return told.rstrip("0").rstrip(".") if "." in told else told


def amounts_in(text: str, *, language: str = "sv") -> tuple[Amount, ...]:
    """Find the amounts that a Swedish or English text names, in order. Pure; loads nothing."""
    text = text[:MOST_CHARS]
    lower = text.lower()
    if len(lower) != len(text):
        lower = text
    words = [(found.start(), found.end()) for found in _WORD.finditer(lower)]
    folded = [fold(lower[start:end]) for start, end in words]
    found: list[Amount] = []
    at = 0
    while at < len(words):
        one = _before_number(text, words, folded, at, language) or _after_number(
            text, words, folded, at, found[-1].end if found else 0, language
        )
        if one is None:
            at += 1
            continue
        found.append(one)
        while at < len(words) and words[at][0] < one.end:
            at += 1
    return tuple(found)


def number_in(text: str, *, language: str = "sv") -> Decimal | None:
    """Read a phrase that is a number and nothing else, fractions too; None otherwise."""
    text = text.strip()
    value = number_of(text, language=language)
    if value is None:
        value = fraction(text)
    if value is None:  # "1,5 miljoner", "två och en halv miljon"
        before, _, last = text.rpartition(" ")
        scale = _SCALES.get(last.lower())
        count = number_of(before, language=language) if scale and before else None
        return None if count is None or scale is None else count * scale
    return value


def currency_called(name: str) -> str | None:
    """Give the code of a currency by any of its names."""
    return CURRENCIES.get(" ".join(fold(name.lower()).split()))


def _before_number(
    text: str, words: list[tuple[int, int]], folded: list[str], at: int, language: str
) -> Amount | None:
    """Read "$20" and "€ 5"."""
    if folded[at] not in _SIGNS or at + 1 == len(words):
        return None
    start, end = words[at][0], words[at + 1][1]
    value = number_of(text[words[at + 1][0] : end].rstrip(".,"), language=language)
    if value is None:
        return None
    end -= len(text[start:end]) - len(text[start:end].rstrip(".,"))
    return Amount(start, end, text[start:end], "money", value, CURRENCIES[folded[at]])


def _after_number(
    text: str,
    words: list[tuple[int, int]],
    folded: list[str],
    at: int,
    not_before: int,
    language: str,
) -> Amount | None:
    """Read a unit that stands here after its number; the longest of both."""
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        end = words[at + length - 1][1]
        name = " ".join(folded[at : at + length])
        glued = folded[at] if length == 1 else ""
        if glued.endswith(":-") and glued[0].isdigit():  # "20:-"
            value = number_of(glued[:-2], language=language)
            return (
                None
                if value is None
                else Amount(words[at][0], end, text[words[at][0] : end], "money", value, "SEK")
            )
        if name not in _NAMES or at == 0:
            continue
        for count in range(min(_MOST_WORDS, at), 0, -1):
            start = words[at - count][0]
            if start < not_before:
                continue
            value = number_in(text[start : words[at - 1][1]].lower(), language=language)
            if value is not None:
                return _amount(text, start, end, value, name)
    return None


def _amount(text: str, start: int, end: int, value: Decimal, name: str) -> Amount:
    said = text[start:end]
    if name in _PERCENT:
        return Amount(start, end, said, "share", value, "%")
    if (code := CURRENCIES.get(name)) is not None:
        return Amount(start, end, said, "money", value, code)
    unit = UNITS[name]
    return Amount(start, end, said, "measure", value, unit.sv_one, unit)
