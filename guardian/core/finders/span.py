"""What a finder gives, and the words before a number that say which number it is."""

import re
from collections.abc import Callable, Iterator

Span = tuple[int, int]  # start and end in the text
Finder = Callable[[str], Iterator[Span]]

BEFORE = 40  # characters before a number that may say what it is

_OTHER_NUMBER = re.compile(
    r"(?:order|beställning|artikel|kund|faktura|ärende|serie|parti|spårning|produkt|bokning|ocr"
    r"|isbn|issn|ean|invoice|tracking|version|v)s?(?:[ -]?(?:nr|nummer|number|no|id|kod))?"
    r"(?:et|en)?[.:]?(?: är| is)?[ #:]*$",
    re.IGNORECASE,
)


def digits_of(text: str) -> str:
    """Give the digits of a text alone."""
    return "".join(filter(str.isdigit, text))


def before(text: str, start: int, chars: int = BEFORE) -> str:
    """Give what stands before a place."""
    return text[max(0, start - chars) : start]


def is_other_number(text: str, start: int) -> bool:
    """Tell whether the words before a number call it an order, an ISBN, a version or the like."""
    return _OTHER_NUMBER.search(before(text, start)) is not None
