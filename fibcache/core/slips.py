"""Slips of the finger: "betlar" for "betalar"."""

from functools import lru_cache
from itertools import pairwise

from .lexicon import known

_KEYS = (  # letters whose keys touch: along the rows, across them, and those that lose their dots
    "qwertyuiopå asdfghjklöä zxcvbnm qawsedrftgyhujikolpöåä azsxdcfvgbhnjmk aå aä oö eé"
)
_BESIDE = frozenset(frozenset(pair) for pair in pairwise(_KEYS))
FROM_LETTERS = 6  # in shorter words one letter makes another word too often
UNKNOWN_FROM_LETTERS = 4  # unless what was written is no word at all


@lru_cache(maxsize=8192)
def slip(one: str, other: str) -> bool:
    """Tell whether one slip parts two words.

    Where both are words, "lärare" and "läkare", or neither is, "Lindqvist" and "Lundqvist", the
    slip must be one that fingers make: the key beside, two letters swapped, a vowel or a double
    missed, inside a longish word. Where just one of them is a word, any letter may have gone wrong.
    """
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1 or len(short) < UNKNOWN_FROM_LETTERS:
        return False
    at = next(
        (at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b),
        len(short),
    )
    if known(one) != known(other) and at:
        return _one_edit(short, long, at)
    if known(one) and known(other):
        return False
    if len(short) < FROM_LETTERS or short[0] != long[0] or short[-2:] != long[-2:]:
        return False
    if len(short) == len(long):
        return _swapped(short, long, at) or (
            frozenset((short[at], long[at])) in _BESIDE and short[at + 1 :] == long[at + 1 :]
        )
    missed = long[at]
    return short[at:] == long[at + 1 :] and (missed in "aeiouyåäö" or missed == long[at - 1])


def _one_edit(short: str, long: str, at: int) -> bool:
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    return short[at + 1 :] == long[at + 1 :] or _swapped(short, long, at)


def _swapped(short: str, long: str, at: int) -> bool:
    return short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
