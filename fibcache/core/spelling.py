"""Slips in the words that tell how a thing is asked: "vad kosatr", "var liger", "öppet tider".

What is asked about is left alone: there a letter may make another word, and a guard listens.
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from .frames import vocabulary
from .lexicon import known

FROM_LETTERS = 4
COMPOUND_FROM_LETTERS = 8


@lru_cache(maxsize=8192)
def respelt(word: str) -> str:
    """Give the asking word that one slip made into no word at all; any other word as it is."""
    if len(word) < FROM_LETTERS or not word.isalpha() or known(word):
        return word
    near = {found for less in _shorter(word) for found in _index().get(less, ())}
    near = {found for found in near if abs(len(found) - len(word)) < 2 and found[0] == word[0]}
    return near.pop() if len(near) == 1 else word


def joined(texts: Sequence[str]) -> int | None:
    """Find where two words stand that are one asking word cut in two; None if nowhere."""
    words = vocabulary()
    for place in range(len(texts) - 1):
        whole = texts[place] + texts[place + 1]
        if len(whole) >= COMPOUND_FROM_LETTERS and whole in words:
            return place
    return None


def _shorter(word: str) -> Iterator[str]:
    yield word
    for at in range(len(word)):
        yield word[:at] + word[at + 1 :]


@cache
def _index() -> dict[str, tuple[str, ...]]:
    """Map each asking word, and each with a letter less, to the words it may come from."""
    found: dict[str, set[str]] = {}
    for word in vocabulary():
        if len(word) >= FROM_LETTERS:
            for less in _shorter(word):
                found.setdefault(less, set()).add(word)
    return {less: tuple(sorted(words)) for less, words in found.items()}
