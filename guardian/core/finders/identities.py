"""Numbers of people and organisations: personnummer, samordningsnummer, organisationsnummer."""

import re
from collections.abc import Iterator
from datetime import date

from stdnum import luhn
from stdnum.se import orgnr

from .span import Span, before, digits_of, is_other_number

_SPACE = "[ \u00a0\u2009\u202f]"
_DASH = "[-+–‐‑−]"
_INTERIM = "[TRSUWXJKLMN]"  # in place of the first of the last four

_NUMBER = re.compile(
    rf"(?<![0-9])(?<![0-9][.,])(?:(?:1[89]|20){_SPACE}?)?"
    rf"(?:[0-9]{{6}}(?:{_SPACE}?{_DASH}{_SPACE}?|{_SPACE}|[./])?"  # 850821-9998, 8508219998
    # 1985-08-21-9998, 85 08 21 9998: where the date is cut up, so is the end
    rf"|[0-9]{{2}}(?P<cut>[-./ \u00a0])[0-9]{{2}}(?P=cut)[0-9]{{2}}"
    rf"(?:{_SPACE}?{_DASH}{_SPACE}?|(?P=cut)))"
    rf"(?P<end>[0-9]{{4}}|{_INTERIM}[0-9]{{3}})(?![0-9])",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    rf"(?<![0-9])(?:16)?[1-35-9][0-9][2-9][0-9]{{3}}(?:{_SPACE}?[-–‐‑]{_SPACE}?)?[0-9]{{4}}"
    r"(?:01(?= ?$|[^0-9-]))?(?![0-9])"
)
_SAYS_ORGANISATION = re.compile(
    r"\b(?:org|organisation|företag|bolag|förening|moms|vat|f-skatt)", re.IGNORECASE
)
_SAYS_PERSON = re.compile(r"person|pnr|p-nr|född|samordning|patient|social", re.IGNORECASE)


def personal_numbers(text: str) -> Iterator[Span]:
    """Find personnummer, 10 or 12 digits, by their date and checksum, and interim ones by date."""
    for match, digits in _dated(text):
        if not _is_coordinated(digits):
            yield match.span()


def coordination_numbers(text: str) -> Iterator[Span]:
    """Find samordningsnummer: the day is 60 too large, or 60 where it is unknown."""
    for match, digits in _dated(text):
        if _is_coordinated(digits):
            yield match.span()


def _dated(text: str) -> Iterator[tuple[re.Match[str], str]]:
    for match in _NUMBER.finditer(text):
        digits = digits_of(match[0])
        interim = match["end"][0].isalpha()
        day = digits[:-3] if interim else digits[:-4]
        if not _is_date(day) or not (interim or luhn.is_valid(digits[-10:])):
            continue
        # As many mobile numbers look like this as people born in 2007: the words decide.
        mobile = len(match[0]) == 10 and match[0].startswith("070")
        if mobile and not _SAYS_PERSON.search(before(text, match.start())):
            continue
        yield match, day


def _is_coordinated(day: str) -> bool:
    return int(day[-2:]) >= 60


def _is_date(digits: str) -> bool:
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


def organisation_numbers(text: str) -> Iterator[Span]:
    """Find organisationsnummer by their checksum; without a hyphen only where a word says so."""
    for match in _ORGANISATION.finditer(text):
        digits = digits_of(match[0])
        digits = digits[2:] if len(digits) in (12, 14) and digits[:2] == "16" else digits[:10]
        if not orgnr.is_valid(digits[:10]):
            continue
        said = _SAYS_ORGANISATION.search(before(text, match.start()))
        if said or (not match[0].isdigit() and not is_other_number(text, match.start())):
            yield match.span()
