"""Registration plates of Swedish vehicles."""

import re
from collections.abc import Iterator

from .span import Span, before

_LETTER = "[A-HJ-PR-UW-Z]"  # no I, Q, V
_PLATE = re.compile(
    rf"(?<![\w-]){_LETTER}{{3}}[ \u00a0-]?[0-9]{{2}}(?:[0-9]|[A-HJ-NPR-UW-Z])(?![\w-])",
    re.IGNORECASE,
)
_SAYS_VEHICLE = re.compile(
    r"\breg(?:\b|-?n|ist)|skylt|plåt|\bbil(?:en|ens|ar)?\b|fordon|parker|släpvagn"
    r"|\bmoped|motorcykel|\bmc\b|lastbil|husbil|personbil|volvo|\bsaab|toyota|\bkia\b|\bbmw\b|\baudi\b"
    r"|tesla|skoda|besikt",
    re.IGNORECASE,
)


def plates(text: str) -> Iterator[Span]:
    """Find plates, "ABC 123" and "ABC 12D", where a vehicle is spoken of.

    Other codes look the same ("SEK 500", "USB 300"), so that the form alone says nothing.
    """
    for match in _PLATE.finditer(text):
        near = before(text, match.start()) + " " + text[match.end() : match.end() + 25]
        if _SAYS_VEHICLE.search(near):
            yield match.span()
