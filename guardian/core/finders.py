"""Where in a text personal data stands: numbers with checksums, phones and e-mail addresses.

Each finder is a generator `(text) -> spans`. What follows a standard is checked by libraries that
follow it (python-stdnum, phonenumbers), so that order numbers, ISBN, versions, years and prices
are left alone.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache

from phonenumbers import Leniency, PhoneNumberMatcher
from stdnum import iban, luhn, numdb

Span = tuple[int, int]  # start and end in the text
Finder = Callable[[str], Iterator[Span]]

HOME = "SE"  # how phone numbers without a country code are read

_SPACE = "[ \u00a0]"
_PERSONNUMMER = re.compile(
    rf"(?<![0-9])(?:(?:1[89]|20){_SPACE}?)?[0-9]{{6}}"
    rf"(?:{_SPACE}?[-+–]{_SPACE}?|{_SPACE})?[0-9]{{4}}(?![0-9])"
)
_CARD = re.compile(
    r"(?<![0-9])(?:[0-9]{13,19}"
    r"|[0-9]{4}(?:[ \u00a0.-][0-9]{4}){3}"  # 4-4-4-4
    r"|[0-9]{4}[ \u00a0.-][0-9]{6}[ \u00a0.-][0-9]{4,5})(?![0-9])"  # American Express, Diners
)
_CARD_ISSUERS = re.compile(
    r"4(?:.{12}|.{15}|.{18})"  # Visa
    r"|(?:5[1-5]|222[1-9]|22[3-9].|2[3-6]..|27[01].|2720).*(?<=^.{16})"  # Mastercard
    r"|3[47].{13}|3(?:0[0-5]|[689].).{11}|35(?:2[89]|[3-8].).{12}"  # Amex, Diners, JCB
    r"|(?:6011|65..|64[4-9].).{12}|62.{14,17}|(?:50|5[6-9]|6[0-9]).{14}"  # Discover, UnionPay…
)
_IBAN = re.compile(r"(?<![^\W_])[A-Za-z]{2}[0-9]{2}(?=(?:[ \u00a0-]?[A-Za-z0-9]){11})")
_LONG_NUMBER = re.compile(r"\d(?:\W{0,5}\d){5}")  # no phone number has fewer than six digits
_LOCAL = frozenset("!#$%&'*+-/=?^_`{|}~.")  # RFC 5322 atoms, beside letters and digits
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,63}(?![\w-])")
_OTHER_NUMBER = re.compile(  # a word that says which number follows
    r"(?:order|beställning|artikel|kund|faktura|ärende|serie|parti|spårning|produkt|bokning|ocr"
    r"|isbn|issn|ean|invoice|tracking|version|v)s?(?:[ -]?(?:nr|nummer|number|no|id|kod))?"
    r"(?:et|en)?[.:]?(?: är| is)?[ #:]*$",
    re.IGNORECASE,
)


def personal_numbers(text: str) -> Iterator[Span]:
    """Find personnummer and samordningsnummer, 10 or 12 digits, by their date and checksum."""
    for match in _PERSONNUMMER.finditer(text):
        digits = "".join(filter(str.isdigit, match[0]))
        if _is_date(digits[:-4]) and luhn.is_valid(digits[-10:]):
            yield match.span()


def _is_date(digits: str) -> bool:
    # python-stdnum knows no samordningsnummer: the day plus 60, or 60 where it is unknown.
    # Without its century a year counts as 20xx, which has every leap day that 19xx has.
    year = int(digits[:-4]) if len(digits) == 8 else 2000 + int(digits[:2])
    month, day = int(digits[-4:-2]), int(digits[-2:])
    if day == 60:
        return 0 <= month <= 12
    if day > 60:
        day -= 60
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def cards(text: str) -> Iterator[Span]:
    """Find payment cards by issuer, length and checksum."""
    for match in _CARD.finditer(text):
        digits = "".join(filter(str.isdigit, match[0]))
        if _CARD_ISSUERS.fullmatch(digits) and luhn.is_valid(digits):
            yield match.span()


def ibans(text: str) -> Iterator[Span]:
    """Find IBAN by their country's length and their checksum."""
    for match in _IBAN.finditer(text):
        length = _iban_length(match[0][:2].upper())
        end = _end_of(text, match.start(), length)
        if end and iban.is_valid(text[match.start() : end].replace("\u00a0", ""), False):
            yield match.start(), end


def _end_of(text: str, start: int, length: int) -> int:
    """Find the end of `length` letters and digits from `start`; 0 where they break off."""
    for end in range(start, min(len(text), start + 2 * length)):
        letter = text[end]
        if letter.isalnum():
            length -= 1
            if length == 0:
                return 0 if text[end + 1 : end + 2].isalnum() else end + 1
        elif letter not in " \u00a0-":
            return 0
    return 0


@lru_cache(maxsize=1024)
def _iban_length(country: str) -> int:
    structure = numdb.get("iban").info(country)[0][1].get("bban", "")
    return 4 + sum(int(part) for part in re.findall(r"(\d+)!", structure)) if structure else 0


def phones(text: str) -> Iterator[Span]:
    """Find phone numbers, Swedish in any form and foreign ones with their country code."""
    if not _LONG_NUMBER.search(text):  # the library takes 0.1 ms to see as much
        return
    for match in PhoneNumberMatcher(text, HOME, leniency=Leniency.VALID):
        before = text[max(0, match.start - 40) : match.start]
        if match.raw_string[:1] == "+" or not _OTHER_NUMBER.search(before):
            yield match.start, match.end


def emails(text: str) -> Iterator[Span]:
    """Find e-mail addresses, Swedish letters included."""
    at = text.find("@")
    while at != -1:
        start = at
        while start > 0 and at - start < 64 and _is_local(text[start - 1]):
            start -= 1
        while start < at and not text[start].isalnum():
            start += 1
        domain = _DOMAIN.match(text, at + 1)
        if domain and start < at and text[at - 1] != ".":
            yield start, domain.end()
        at = text.find("@", at + 1)


def _is_local(letter: str) -> bool:
    return letter.isalnum() or letter in _LOCAL


FINDERS: dict[str, Finder] = {  # by kind, the most certain first
    "EPOST": emails,
    "IBAN": ibans,
    "PNR": personal_numbers,
    "KORT": cards,
    "TEL": phones,
}
