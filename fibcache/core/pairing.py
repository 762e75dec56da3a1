"""Which word of one question answers to which of another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from .figures import figure
from .inflection import form_of, inflected
from .reading import Word, words_of
from .words import (
    ARTICLES,
    DETERMINERS,
    DIRECTIONS,
    FILLERS,
    MOODS,
    NEGATIONS,
    PERSONS,
    PLACES,
    QUESTIONS,
    SCOPES,
    SYNONYMS,
    TIMES,
    UNITS,
)

_KEYS = (  # letters whose keys touch: along the rows, across them, and those that lose their dots
    "qwertyuiopå asdfghjklöä zxcvbnm qawsedrftgyhujikolpöåä azsxdcfvgbhnjmk aå aä oö eé"
)
_BESIDE = frozenset(frozenset(pair) for pair in pairwise(_KEYS))
TYPO_FROM_LETTERS = 6  # in shorter words one letter makes another word too often
_HEARD_ELSEWHERE = (
    FILLERS.union(DIRECTIONS, MOODS, NEGATIONS, PERSONS, QUESTIONS)
    .union(SCOPES, TIMES, UNITS)
    .difference(SYNONYMS)
)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Content words of two questions: pairs of places in them, and words without a counterpart."""

    pairs: tuple[tuple[int, int], ...]
    left: tuple[str, ...]
    right: tuple[str, ...]


@lru_cache(maxsize=1024)
def paired(question: str, other: str) -> Pairing:
    """Pair the words that carry the meaning: the same word inflected, one typo, or cut in two."""
    ours, theirs = words_of(question), words_of(other)
    left, right = _content(ours), _content(theirs)
    pairs = _pair_off(
        left,
        right,
        lambda mine, their: (
            same(ours[mine], theirs[their]) and _one_word(ours, mine, theirs, their)
        ),
    )
    pairs += _rejoin(left, right, ours, theirs)
    pairs += [(mine, their) for their, mine in _rejoin(right, left, theirs, ours)]
    if len(left) == len(right) == 1 and typo(ours[left[0]], theirs[right[0]]):
        pairs.append((left.pop(), right.pop()))
    return Pairing(
        tuple(sorted(pairs)),
        tuple(ours[place].text for place in left),
        tuple(theirs[place].text for place in right),
    )


def carries_meaning(word: Word) -> bool:
    """Tell whether a word needs a counterpart; small words and numbers have guards of their own."""
    return word.text not in _HEARD_ELSEWHERE and figure(word.text) is None


def same(word: Word, other: Word) -> bool:
    """Tell whether two words are one, in any inflection; a name has only its genitive."""
    if word.text == other.text:
        return True
    if _has_digit(word.text) or _has_digit(other.text):
        return False
    if word.named or other.named:
        return word.text in (f"{other.text}s", other.text.removesuffix("s"))
    return inflected(word.text, other.text) or _synonyms(word.text, other.text)


def typo(word: Word, other: Word) -> bool:
    """Tell whether one slip of the finger parts two longish words, inside and not at the ends.

    The key beside, two letters swapped, a vowel or a double missed. Any other letter is as likely
    to make another word: "lärare" and "läkare", "kontrakt" and "kontakt".
    """
    short, long = sorted((word.text, other.text), key=len)
    if word.named or other.named or _has_digit(short + long):
        return False
    if len(short) < TYPO_FROM_LETTERS or short[0] != long[0] or short[-2:] != long[-2:]:
        return False
    at = next(
        (at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b),
        len(short),
    )
    if len(short) == len(long):
        swapped = (
            short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
        )
        return swapped or (
            frozenset((short[at], long[at])) in _BESIDE and short[at + 1 :] == long[at + 1 :]
        )
    missed = long[at]
    return short[at:] == long[at + 1 :] and (missed in "aeiouyåäö" or missed == long[at - 1])


def _one_word(ours: Sequence[Word], mine: int, theirs: Sequence[Word], their: int) -> bool:
    """Tell whether two look-alikes may be one word where they stand.

    After "en" stands a word as the dictionary has it: "en banan" is no form of "en bana", and
    "data" none of "en dator". And a name in the genitive is never the last word.
    """
    one, two = ours[mine].text, theirs[their].text
    determined = _determiner(ours, mine), _determiner(theirs, their)
    if one == two:
        return set(determined) != {"common", "neuter"}  # en plan, ett plan
    if _synonyms(one, two):
        return True
    if ours[mine].named or theirs[their].named:
        longer, place = (ours, mine) if len(one) > len(two) else (theirs, their)
        return place + 1 < len(longer)
    if all(determined):
        return False
    if determined[0]:
        return form_of(two, one)
    return form_of(one, two) if determined[1] else True


def _determiner(words: Sequence[Word], place: int) -> str | None:
    return DETERMINERS.get(words[place - 1].text) if place else None


def _synonyms(one: str, two: str) -> bool:
    idea = SYNONYMS.get(one)
    return idea is not None and idea == SYNONYMS.get(two)


def bound_by(words: Sequence[Word], place: int) -> str | None:
    """Find the preposition that a word stands under, past an article; None for a bare word."""
    before = place - 1
    if before >= 0 and words[before].text in ARTICLES:
        before -= 1
    if before < 0:
        return None
    text = words[before].text
    return DIRECTIONS.get(text) or (text if text in PLACES else None)


def _content(words: Sequence[Word]) -> list[int]:
    return [place for place, word in enumerate(words) if carries_meaning(word)]


def _pair_off(
    left: list[int], right: list[int], alike: Callable[[int, int], bool]
) -> list[tuple[int, int]]:
    pairs = []
    for mine in tuple(left):
        their = next((their for their in right if alike(mine, their)), None)
        if their is not None:
            pairs.append((mine, their))
            left.remove(mine)
            right.remove(their)
    return pairs


def _rejoin(
    left: list[int], right: list[int], ours: Sequence[Word], theirs: Sequence[Word]
) -> list[tuple[int, int]]:
    """Pair a compound with the same compound cut in two: "sjuk penning"."""
    pairs = []
    for first in tuple(left):
        if first not in left or first + 1 not in left:
            continue
        whole = Word(ours[first].text + ours[first + 1].text, False)
        their = next((their for their in right if same(whole, theirs[their])), None)
        if their is not None:
            pairs.append((first, their))
            left.remove(first)
            left.remove(first + 1)
            right.remove(their)
    return pairs


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))
