"""Numbers as people write them: "1 250", "3,5", "sju", "tjugofem"."""

from functools import lru_cache

from .words import NUMBERS

_TENS = tuple((word, value) for word, value in NUMBERS.items() if value in range(20, 100, 10))


@lru_cache(maxsize=8192)
def figure(word: str) -> str | None:
    """Give one form to every way of writing a number; None for a word that is none.

    What is not whole keeps its digits: a time, a date, a version (3.1 and 3.10), and "1,250",
    which some read as a thousand.
    """
    if word in NUMBERS:
        return str(NUMBERS[word])
    if word[0].isdigit() and not any(map(str.isalpha, word)):
        plain = word.replace(" ", "").replace("\u00a0", "")
        return plain.lstrip("0") or "0" if plain.isdecimal() else plain.replace(",", ".")
    for tens, value in _TENS:
        if word.startswith(tens):
            ones = NUMBERS.get(word[len(tens) :].strip("-"))
            if ones is not None:
                return str(value + ones)
    return None
