"""Words as they are compared: without case, wide letters and signs in between."""

import re
from collections.abc import Sequence
from functools import lru_cache
from unicodedata import normalize

WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """Give the words of a text."""
    return [folded(found.group()) for found in WORD.finditer(text)]


def folded(word: str) -> str:
    """Write a word as it is compared. The beginning of a word gives the beginning of the same."""
    return word.lower() if word.isascii() else "".join(map(_folded, word))


@lru_cache(maxsize=1_597)
def _folded(sign: str) -> str:
    return normalize("NFKC", sign).casefold()


def grams(words: Sequence[str], count: int) -> set[tuple[str, ...]]:
    """Give each `count` words in a row."""
    return {tuple(words[at : at + count]) for at in range(len(words) - count + 1)}
