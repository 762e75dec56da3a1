"""Numbers that money is sent to or taken from: cards, IBAN, bankgiro, plusgiro."""

import re
from collections.abc import Iterator
from functools import lru_cache

from stdnum import iban, luhn, numdb

from .span import Span, before, digits_of, is_other_number

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
_BANKGIRO = re.compile(r"(?<![0-9])(?<![0-9][-.,])[0-9]{3,4}[-–‐ ]?[0-9]{4}(?![0-9]|[-.,][0-9])")
_PLUSGIRO = re.compile(
    r"(?<![0-9])(?<![0-9][-.,])[0-9]{1,3}(?: ?[0-9]{2}){0,3} ?[-–‐] ?[0-9](?![0-9]|[-.,:][0-9])"
)
_YEARS = re.compile(r"(?:1[89]|20)[0-9]{2}\D?(?:1[89]|20)[0-9]{2}")
_SAYS_BANKGIRO = re.compile(r"\b(?:bg|bank-?giro)", re.IGNORECASE)
_SAYS_PLUSGIRO = re.compile(r"\b(?:pg|plus-?giro|post-?giro)", re.IGNORECASE)
_SAYS_PAYMENT = re.compile(r"giro|betal|inbetal|insätt|överför|swish|konto", re.IGNORECASE)


def cards(text: str) -> Iterator[Span]:
    """Find payment cards by issuer, length and checksum."""
    for match in _CARD.finditer(text):
        digits = digits_of(match[0])
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


def bankgiros(text: str) -> Iterator[Span]:
    """Find bankgiro by checksum where a word says so, or payment is spoken of: "5050-1055"."""
    for match in _BANKGIRO.finditer(text):
        said = before(text, match.start())
        hyphened = not match[0].isdigit() and " " not in match[0]
        if (
            luhn.is_valid(digits_of(match[0]))
            and (_SAYS_BANKGIRO.search(said) or (hyphened and _is_paid(text, match)))
            and not (_YEARS.fullmatch(match[0]) and not _SAYS_BANKGIRO.search(said))
        ):
            yield match.span()


def plusgiros(text: str) -> Iterator[Span]:
    """Find plusgiro by checksum where a word says so, or payment is spoken of: "90 20 03-3"."""
    for match in _PLUSGIRO.finditer(text):
        if luhn.is_valid(digits_of(match[0])) and (
            _SAYS_PLUSGIRO.search(before(text, match.start()))
            or (" " in match[0] and _is_paid(text, match))
        ):
            yield match.span()


def _is_paid(text: str, match: re.Match[str]) -> bool:
    said = before(text, match.start())
    return _SAYS_PAYMENT.search(said) is not None and not is_other_number(text, match.start())
