"""Numbers as people write them: "1 250", "3,5", "sju", "tjugofem"."""

from .words import NUMBERS

_TENS = tuple((word, value) for word, value in NUMBERS.items() if value in range(20, 100, 10))


def figure(word: str) -> str | None:
    """Give one form to every way of writing a number; None for a word that is none.

    A time, a date or a version keeps the form it has.
    """
    if word in NUMBERS:
        return str(NUMBERS[word])
    if word[0].isdigit() and not any(map(str.isalpha, word)):
        plain = word.replace(" ", "").replace("\u00a0", "").replace(",", ".")
        try:
            value = float(plain)
        except ValueError:
            return plain
        return str(int(value)) if value.is_integer() else str(value)
    for tens, value in _TENS:
        if word.startswith(tens):
            ones = NUMBERS.get(word[len(tens) :].strip("-"))
            if ones is not None:
                return str(value + ones)
    return None
