"""The words that slots are looked for in, as they were meant, and where they stand in the text."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from .mending import Mender
from .tokens import cleaned


class ReadWord(NamedTuple):
    """A word as it was meant, and the place of what was typed for it.

    Attributes:
        mended: whether it is another word than the one that was typed.
    """

    word: str
    start: int
    end: int
    mended: bool = False


def read_words(
    words: Sequence[str], places: Sequence[tuple[int, int]], mender: Mender | None
) -> list[ReadWord]:
    """Mend words that stand at these places of a text; without a mender, give them as they are.

    A typed word that was meant as two has two places, if its letters are theirs.
    """
    if mender is None:
        return [ReadWord(word, *place) for word, place in zip(words, places, strict=True)]
    lower = [cleaned(word) for word in words]
    read: list[ReadWord] = []
    for (first, last), group in groupby(mender.mend(lower), key=itemgetter(1, 2)):
        parts = [one.word for one in group]
        start, end = places[first][0], places[last][1]
        if parts == [lower[first]] and first == last:
            typed = words[first]
            read.append(ReadWord(typed if typed.lower() == lower[first] else parts[0], start, end))
        elif len(parts) > 1 and "".join(parts) == words[first].lower():
            for part in parts:
                read.append(ReadWord(part, start, start + len(part), mended=True))
                start += len(part)
        else:
            read += (ReadWord(part, start, end, mended=True) for part in parts)
    return read
